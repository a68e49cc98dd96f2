//! Commands that run together.

use crate::{Served, ask, next, says};
use std::{thread, time::Duration};

#[test]
fn queued_commands_run_together_and_errors_among_them_stop_nothing() {
    let served = Served::start();
    let (caller, other) = (&mut served.connect(), &mut served.connect());
    says(
        caller,
        &[("MULTI", "+OK"), ("SET k 1", "+QUEUED"), ("LPUSH k x", "+QUEUED"), ("INCR k", "+QUEUED")],
    );
    says(other, &[("GET k", "nil")]);
    says(caller, &[("EXEC", "[+OK -WRONGTYPE Operation against a key holding the wrong kind of value :2]")]);
    says(other, &[("GET k", "2")]);
    says(caller, &[("MULTI", "+OK"), ("EXEC", "[]"), ("EXEC", "-ERR EXEC without MULTI")]);
}

#[test]
fn a_wrong_command_spoils_it() {
    let served = Served::start();
    says(
        &mut served.connect(),
        &[
            ("MULTI", "+OK"),
            ("SET k 1", "+QUEUED"),
            ("NOSUCH", "-ERR unknown command 'NOSUCH', with args beginning with: "),
            ("EXEC", "-EXECABORT Transaction discarded because of previous errors."),
            ("MULTI", "+OK"),
            ("GET", "-ERR wrong number of arguments for 'get' command"),
            ("MULTI", "-ERR MULTI calls can not be nested"),
            ("WATCH k", "-ERR WATCH inside MULTI is not allowed"),
            ("DISCARD", "+OK"),
            ("DISCARD", "-ERR DISCARD without MULTI"),
            ("MULTI", "+OK"),
            ("SET k 2", "+QUEUED"),
            ("EXEC", "[+OK]"),
        ],
    );
}

#[test]
fn a_watched_key_that_changes_stops_it() {
    let served = Served::start();
    let (caller, other) = (&mut served.connect(), &mut served.connect());
    for (before, change) in [
        ("SET k 1", "SET k 2"),
        ("SET k 1", "INCR k"),
        ("DEL k", "SET k 1"),
        ("SET k 1", "DEL k"),
        ("SET k 1", "EXPIRE k 100"),
        ("SET k 1", "FLUSHALL"),
        ("DEL k", "RPUSH k a"),
    ] {
        ask(other, before);
        says(caller, &[("WATCH none k", "+OK"), ("MULTI", "+OK"), ("SET done 1", "+QUEUED")]);
        ask(other, change);
        says(caller, &[("EXEC", "nil"), ("EXISTS done", ":0")]);
    }
    // It holds for one transaction only.
    says(other, &[("SET k 1", "+OK")]);
    says(caller, &[("MULTI", "+OK"), ("EXEC", "[]")]);
}

#[test]
fn a_watched_key_that_is_only_read_or_watched_no_more_does_not() {
    let served = Served::start();
    let (caller, other) = (&mut served.connect(), &mut served.connect());
    says(other, &[("SET k 1", "+OK")]);
    says(caller, &[("WATCH k", "+OK"), ("MULTI", "+OK"), ("GET k", "+QUEUED")]);
    says(other, &[("GET k", "1"), ("SET k 2 NX", "nil"), ("SET x 2", "+OK"), ("DEL none", ":0")]);
    says(caller, &[("EXEC", "[1]"), ("WATCH k", "+OK"), ("UNWATCH", "+OK")]);
    says(other, &[("SET k 3", "+OK")]);
    says(caller, &[("MULTI", "+OK"), ("GET k", "+QUEUED"), ("EXEC", "[3]")]);
    says(caller, &[("WATCH k", "+OK"), ("MULTI", "+OK"), ("DISCARD", "+OK")]);
    says(other, &[("SET k 4", "+OK")]);
    says(caller, &[("MULTI", "+OK"), ("GET k", "+QUEUED"), ("EXEC", "[4]")]);
}

#[test]
fn a_watched_key_that_ends_stops_it() {
    let served = Served::start();
    let caller = &mut served.connect();
    // It has to be there still when it is watched: on a slow machine it gets more time.
    let times = [30, 300, 3000, 30_000];
    let time = times.into_iter().find(|time| {
        says(caller, &[(&format!("SET k 1 PX {time}"), "+OK"), ("WATCH k", "+OK")]);
        ask(caller, "EXISTS k") == ":1"
    });
    let time = time.expect("the server answers within 30 s");
    says(caller, &[("MULTI", "+OK"), ("PING", "+QUEUED")]);
    thread::sleep(Duration::from_millis(time + 10));
    says(caller, &[("EXEC", "nil")]);
}

#[test]
fn nothing_waits_inside_and_who_waits_outside_is_served_afterwards() {
    let served = Served::start();
    let (caller, waiting) = (&mut served.connect(), &mut served.connect());
    waiting.send(["BLPOP", "l", "0"]).unwrap();
    served.until_blocked(1);
    says(
        caller,
        &[
            ("MULTI", "+OK"),
            ("BLPOP none 0", "+QUEUED"),
            ("RPUSH l a b", "+QUEUED"),
            ("LLEN l", "+QUEUED"),
            ("SUBSCRIBE x", "-ERR Command not allowed inside a transaction"),
            ("EXEC", "-EXECABORT Transaction discarded because of previous errors."),
            ("MULTI", "+OK"),
            ("BLPOP none 0", "+QUEUED"),
            ("RPUSH l a b", "+QUEUED"),
            ("LLEN l", "+QUEUED"),
            ("EXEC", "[nil :2 :2]"),
            ("LRANGE l 0 -1", "[b]"),
        ],
    );
    assert_eq!(next(waiting), "[l a]");
}
