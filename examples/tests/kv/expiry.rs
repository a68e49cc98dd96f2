//! Keys that end.

use crate::{Served, ask, says};
use std::{thread, time::Duration};

fn number(reply: &str) -> i64 {
    reply.strip_prefix(':').and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("{reply}"))
}

#[test]
fn a_key_is_there_until_its_time_and_then_it_is_not() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[("SET k v PX 900000", "+OK"), ("RPUSH l a", ":1"), ("PEXPIRE l 900000", ":1"), ("DBSIZE", ":2")],
    );
    assert!((1..=900_000).contains(&number(&ask(caller, "PTTL k"))));
    // Soon, but only now, as nobody knows when a slow machine would look.
    says(caller, &[("SET k v PX 50", "+OK"), ("PEXPIRE l 50", ":1")]);
    thread::sleep(Duration::from_millis(70));
    says(caller, &[("GET k", "nil"), ("LLEN l", ":0"), ("TTL k", ":-2"), ("DBSIZE", ":0")]);
}

#[test]
fn ends_are_set_told_and_taken_back() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(caller, &[("SET k v", "+OK"), ("TTL k", ":-1"), ("EXPIRE none 10", ":0"), ("EXPIRE k 1000", ":1")]);
    assert!((990..=1000).contains(&number(&ask(caller, "TTL k"))));
    says(caller, &[("EXPIRE k 10 NX", ":0"), ("EXPIRE k 2000 GT", ":1"), ("PEXPIRE k 3000000 LT", ":0")]);
    assert!((1_990_000..=2_000_000).contains(&number(&ask(caller, "PTTL k"))));
    says(caller, &[("PERSIST k", ":1"), ("PERSIST k", ":0"), ("TTL k", ":-1")]);
    says(
        caller,
        &[
            ("EXPIREAT k 4102444800", ":1"),
            ("EXPIRETIME k", ":4102444800"),
            ("PEXPIRETIME k", ":4102444800000"),
        ],
    );
    says(caller, &[("PEXPIREAT k 4102444800001", ":1"), ("PEXPIRETIME k", ":4102444800001")]);
    // What has passed already ends it at once.
    says(
        caller,
        &[("EXPIREAT k 1", ":1"), ("EXISTS k", ":0"), ("SET k v EXAT 1", "+OK"), ("EXISTS k", ":0")],
    );
}

#[test]
fn writing_a_value_forgets_the_end_and_changing_it_does_not() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[("SETEX k 1000 1", "+OK"), ("INCR k", ":2"), ("APPEND k 0", ":2"), ("SET k 5 KEEPTTL", "+OK")],
    );
    assert!((990..=1000).contains(&number(&ask(caller, "TTL k"))));
    says(
        caller,
        &[
            ("SET k 6", "+OK"),
            ("TTL k", ":-1"),
            ("PSETEX k 1000000 7", "+OK"),
            ("GETSET k 8", "7"),
            ("TTL k", ":-1"),
        ],
    );
    says(caller, &[("GETEX k EX 1000", "8"), ("GETEX k", "8")]);
    assert!((990..=1000).contains(&number(&ask(caller, "TTL k"))));
    says(
        caller,
        &[
            ("GETEX k PERSIST", "8"),
            ("TTL k", ":-1"),
            ("GETEX none EX 1", "nil"),
            ("GETEX k FROB", "-ERR syntax error"),
        ],
    );
    says(
        caller,
        &[
            ("SETEX k 0 v", "-ERR invalid expire time in 'setex' command"),
            ("GETEX k PX 0", "-ERR invalid expire time in 'getex' command"),
            ("SET k v EX 10 PX 10", "-ERR syntax error"),
            ("PEXPIRE k 9223372036854775807", "-ERR invalid expire time in 'pexpire' command"),
            ("GET k", "8"),
        ],
    );
}
