//! Clients that wait for lists.

use crate::{Served, ask, next, says};
use std::time::{Duration, Instant};

#[test]
fn an_element_that_is_there_is_given_at_once() {
    let served = Served::start();
    says(
        &mut served.connect(),
        &[
            ("RPUSH b 1 2 3", ":3"),
            ("BLPOP a b 0", "[b 1]"),
            ("BRPOP a b 0", "[b 3]"),
            ("BLPOP b x", "-ERR timeout is not a float or out of range"),
            ("BLPOP b -1", "-ERR timeout is negative"),
            ("BLPOP b 1e300", "-ERR timeout is out of range"),
            ("LLEN b", ":1"),
        ],
    );
}

#[test]
fn those_who_wait_are_served_in_the_order_that_they_came_in() {
    let served = Served::start();
    let mut waiting: Vec<_> = (0..4).map(|_| served.connect()).collect();
    for (at, caller) in waiting.iter_mut().enumerate() {
        caller.send(["BLPOP", "other", "jobs", "0"]).unwrap();
        served.until_blocked(at + 1);
    }
    let sender = &mut served.connect();
    // Elements are given after the whole command: the first one in the list goes to the first client.
    says(sender, &[("LPUSH jobs a b c", ":3"), ("LLEN jobs", ":0")]);
    for (caller, reply) in waiting.iter_mut().zip(["[jobs c]", "[jobs b]", "[jobs a]"]) {
        assert_eq!(next(caller), reply);
    }
    says(
        sender,
        &[
            ("RPUSH other x y", ":2"),
            ("LRANGE other 0 -1", "[y]"),
            ("RPUSH jobs z", ":1"),
            ("LLEN jobs", ":1"),
        ],
    );
    assert_eq!(next(&mut waiting[3]), "[other x]");
}

#[test]
fn both_ends_can_be_waited_for() {
    let served = Served::start();
    let (left, right) = (&mut served.connect(), &mut served.connect());
    right.send(["BRPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    left.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(2);
    says(&mut served.connect(), &[("RPUSH l a b c", ":3"), ("LRANGE l 0 -1", "[b]")]);
    assert_eq!((next(left), next(right)), ("[l a]".to_owned(), "[l c]".to_owned()));
}

#[test]
fn a_wait_ends_with_its_time_and_its_place_goes_to_the_next() {
    let served = Served::start();
    let caller = &mut served.connect();
    let start = Instant::now();
    says(caller, &[("BLPOP l 0.05", "nil")]);
    assert!(start.elapsed() >= Duration::from_millis(50));
    let waiting = &mut served.connect();
    waiting.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    // Not to the one whose time was up.
    says(caller, &[("RPUSH l a", ":1"), ("LLEN l", ":0"), ("RPUSH l b", ":1"), ("LLEN l", ":1")]);
    assert_eq!(next(waiting), "[l a]");
}

#[test]
fn who_hangs_up_while_waiting_takes_nothing() {
    let served = Served::start();
    let mut waiting = served.connect();
    waiting.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    drop(waiting);
    served.until_blocked(0);
    says(&mut served.connect(), &[("RPUSH l a", ":1"), ("LRANGE l 0 -1", "[a]")]);
}

#[test]
fn what_is_sent_while_waiting_is_answered_afterwards() {
    let served = Served::start();
    let caller = &mut served.connect();
    caller.send(["BLPOP", "l", "0"]).unwrap();
    caller.send(["SET", "k", "v"]).unwrap();
    served.until_blocked(1);
    caller.send(["GET", "k"]).unwrap();
    let sender = &mut served.connect();
    says(sender, &[("GET k", "nil"), ("RPUSH l a", ":1")]);
    assert_eq!([next(caller), next(caller), next(caller)], ["[l a]", "+OK", "v"]);
}

#[test]
fn messages_reach_a_client_of_resp3_that_waits() {
    let served = Served::start();
    let caller = &mut served.connect();
    ask(caller, "HELLO 3");
    says(caller, &[("SUBSCRIBE news", ">[subscribe news :1]")]);
    caller.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    let sender = &mut served.connect();
    says(sender, &[("PUBLISH news x", ":1")]);
    assert_eq!(next(caller), ">[message news x]");
    says(sender, &[("RPUSH l a", ":1")]);
    assert_eq!(next(caller), "[l a]");
}

#[test]
fn a_value_of_another_kind_serves_nobody() {
    let served = Served::start();
    let waiting = &mut served.connect();
    waiting.send(["BLPOP", "k", "0"]).unwrap();
    served.until_blocked(1);
    let sender = &mut served.connect();
    says(sender, &[("SADD k a", ":1"), ("DEL k", ":1"), ("RPUSH k b", ":1")]);
    assert_eq!(next(waiting), "[k b]");
}
