//! Channels and those who listen.

use crate::{Served, ask, next, says};

#[test]
fn a_message_reaches_those_who_listen_and_the_sender_is_told_how_many() {
    let served = Served::start();
    let (one, two, sender) = (&mut served.connect(), &mut served.connect(), &mut served.connect());
    says(one, &[("SUBSCRIBE news", "[subscribe news :1]")]);
    says(two, &[("PSUBSCRIBE n*", "[psubscribe n* :1]"), ("SUBSCRIBE news", "[subscribe news :2]")]);
    says(sender, &[("PUBLISH news hello", ":3"), ("PUBLISH night x", ":1"), ("PUBLISH other x", ":0")]);
    assert_eq!(next(one), "[message news hello]");
    assert_eq!(next(two), "[message news hello]");
    assert_eq!(next(two), "[pmessage n* news hello]");
    assert_eq!(next(two), "[pmessage n* night x]");
    says(
        sender,
        &[("PUBSUB CHANNELS", "[news]"), ("PUBSUB NUMSUB news x", "[news :2 x :0]"), ("PUBSUB NUMPAT", ":1")],
    );
}

#[test]
fn several_channels_are_confirmed_one_by_one_and_left_again() {
    let served = Served::start();
    let (caller, sender) = (&mut served.connect(), &mut served.connect());
    says(caller, &[("SUBSCRIBE b a b", "[subscribe b :1]")]);
    assert_eq!((next(caller), next(caller)), ("[subscribe a :2]".to_owned(), "[subscribe b :2]".to_owned()));
    says(caller, &[("UNSUBSCRIBE a", "[unsubscribe a :1]")]);
    says(sender, &[("PUBLISH a 1", ":0"), ("PUBLISH b 1", ":1")]);
    // The message was first.
    says(caller, &[("UNSUBSCRIBE", "[message b 1]")]);
    assert_eq!(next(caller), "[unsubscribe b :0]");
    says(
        caller,
        &[
            ("UNSUBSCRIBE", "[unsubscribe nil :0]"),
            ("PUNSUBSCRIBE x", "[punsubscribe x :0]"),
            ("PING", "+PONG"),
        ],
    );
}

#[test]
fn in_resp2_who_listens_can_do_little_else() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[
            ("SUBSCRIBE a", "[subscribe a :1]"),
            (
                "GET k",
                "-ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in \
                 this context",
            ),
            ("PING", "[pong ]"),
            ("PING hi", "[pong hi]"),
            ("RESET", "+RESET"),
            ("PING", "+PONG"),
            ("PUBLISH a x", ":0"),
        ],
    );
}

#[test]
fn in_resp3_messages_are_pushes_between_the_replies() {
    let served = Served::start();
    let caller = &mut served.connect();
    ask(caller, "HELLO 3");
    says(caller, &[("SUBSCRIBE a", ">[subscribe a :1]"), ("SET k v", "+OK"), ("GET k", "v")]);
    // Its own message comes behind the reply.
    says(caller, &[("PUBLISH a hello", ":1")]);
    assert_eq!(next(caller), ">[message a hello]");
    says(caller, &[("UNSUBSCRIBE a", ">[unsubscribe a :0]")]);
}

#[test]
fn a_listener_that_hangs_up_is_forgotten() {
    let served = Served::start();
    let (mut listener, sender) = (served.connect(), &mut served.connect());
    says(&mut listener, &[("SUBSCRIBE a", "[subscribe a :1]")]);
    drop(listener);
    let start = std::time::Instant::now();
    while ask(sender, "PUBLISH a x") != ":0" {
        assert!(start.elapsed() < crate::PATIENCE);
    }
    says(sender, &[("PUBSUB CHANNELS", "[]")]);
}

#[test]
fn a_listener_that_does_not_read_is_closed_before_it_holds_too_much() {
    let served = Served::start();
    let (listener, sender) = (&mut served.connect(), &mut served.connect());
    says(listener, &[("SUBSCRIBE a", "[subscribe a :1]")]);
    let publish = format!("PUBLISH a {}", "x".repeat(1 << 20));
    // What fits into the sockets, and 32 MiB.
    let sent = (0..100).take_while(|_| ask(sender, &publish) == ":1").count();
    assert!((32..100).contains(&sent), "{sent} MiB");
    says(sender, &[("PING", "+PONG")]);
}

#[test]
fn a_client_that_does_not_read_its_replies_can_be_closed() {
    let served = Served::start();
    let (stuck, caller) = (&mut served.connect(), &mut served.connect());
    says(caller, &[(&format!("SET k {}", "x".repeat(1 << 20)), "+OK")]);
    for _ in 0..50 {
        stuck.send(["GET", "k"]).unwrap();
    }
    says(caller, &[("CLIENT KILL ID 1", ":1")]);
    assert!(stuck.receive_all(50).is_err(), "it is closed");
    while ask(caller, "CLIENT LIST").contains("id=1 ") {}
}
