//! The same server on other runtimes: what is measured against ours must do the same.

use crate::{Served, ask, next, says};
use asynkit_examples::kv::{Asynkit, Runtime, Smol, Tokio};

fn does_everything<R: Runtime>(threads: usize) {
    let served = Served::on::<R>(threads);
    let (one, two) = (&mut served.connect(), &mut served.connect());
    assert!(ask(one, "INFO server").contains(&format!("runtime:{}\r\n", R::NAME)));
    says(one, &[("SET k v PX 20", "+OK"), ("BLPOP none 0.05", "nil"), ("GET k", "nil")]);
    one.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    says(two, &[("RPUSH l a", ":1")]);
    assert_eq!(next(one), "[l a]");
    says(one, &[("WATCH k", "+OK"), ("SUBSCRIBE c", "[subscribe c :1]")]);
    says(two, &[("PUBLISH c x", ":1"), ("MULTI", "+OK"), ("INCR k", "+QUEUED"), ("EXEC", "[:1]")]);
    assert_eq!(next(one), "[message c x]");
    let replies = two.pipeline((0..5000).map(|_| vec!["INCR", "k"])).unwrap();
    assert_eq!(replies.len(), 5000);
    two.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    served.stop.stop();
    assert_eq!(next(two), "-UNBLOCKED the server is shutting down");
    served.ended();
}

#[test]
fn on_ours() {
    does_everything::<Asynkit>(1);
    does_everything::<Asynkit>(2);
}

#[test]
fn on_tokio() {
    does_everything::<Tokio>(1);
    does_everything::<Tokio>(2);
}

#[test]
fn on_smol() {
    does_everything::<Smol>(1);
    does_everything::<Smol>(2);
}
