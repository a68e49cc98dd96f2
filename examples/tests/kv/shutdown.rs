//! How a server ends.

use crate::{Served, next, says};
use asynkit_examples::{kv::Caller, resp::Value};

#[test]
fn what_was_asked_is_answered_and_who_waits_is_told() {
    let served = Served::start();
    let (waiting, idle, listening) = (&mut served.connect(), &mut served.connect(), &mut served.connect());
    says(idle, &[("PING", "+PONG")]);
    says(listening, &[("SUBSCRIBE a", "[subscribe a :1]")]);
    waiting.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    let mut busy = served.connect();
    let replies = busy.pipeline((0..1000).map(|_| vec!["INCR", "n"])).unwrap();
    assert_eq!(replies.last(), Some(&Value::Integer(1000)));
    served.stop.stop();
    assert_eq!(next(waiting), "-UNBLOCKED the server is shutting down");
    for caller in [waiting, idle, listening] {
        assert!(caller.receive().is_err(), "it is closed");
    }
    let address = served.address;
    served.ended();
    assert!(Caller::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn the_command_ends_it_too_without_a_reply() {
    let served = Served::start();
    let (caller, waiting) = (&mut served.connect(), &mut served.connect());
    waiting.send(["BRPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    says(caller, &[("SHUTDOWN FROB", "-ERR syntax error"), ("PING", "+PONG")]);
    caller.send(["SHUTDOWN", "NOSAVE"]).unwrap();
    assert!(caller.receive().is_err(), "it is closed");
    assert_eq!(next(waiting), "-UNBLOCKED the server is shutting down");
    served.ended();
}
