//! Strings, counters, and the commands of all keys.

use crate::{Served, ask, says};

const WRONG: &str = "-WRONGTYPE Operation against a key holding the wrong kind of value";

#[test]
fn strings_are_set_read_and_changed() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[
            ("SET k v", "+OK"),
            ("GET k", "v"),
            ("GET none", "nil"),
            ("SET k w NX", "nil"),
            ("SET none w XX", "nil"),
            ("SET k w XX GET", "v"),
            ("APPEND k xyz", ":4"),
            ("APPEND new abc", ":3"),
            ("STRLEN k", ":4"),
            ("STRLEN none", ":0"),
            ("GETSET k 1", "wxyz"),
            ("GETDEL k", "1"),
            ("GETDEL k", "nil"),
            ("SETNX k 1", ":1"),
            ("SETNX k 2", ":0"),
            ("MSET a 1 b 2", "+OK"),
            ("MGET a none b k", "[1 nil 2 1]"),
            ("SET k v FROB", "-ERR syntax error"),
            ("GET", "-ERR wrong number of arguments for 'get' command"),
            ("NOSUCH a", "-ERR unknown command 'NOSUCH', with args beginning with: 'a' "),
            ("XADD s * a 1", "-ERR unknown command 'XADD', with args beginning with: 's' '*' 'a' '1' "),
        ],
    );
}

#[test]
fn counters_count_and_refuse_what_is_no_number() {
    let served = Served::start();
    says(
        &mut served.connect(),
        &[
            ("INCR n", ":1"),
            ("INCRBY n 41", ":42"),
            ("DECR n", ":41"),
            ("DECRBY n 50", ":-9"),
            ("GET n", "-9"),
            ("INCRBY n x", "-ERR value is not an integer or out of range"),
            ("DECRBY n -9223372036854775808", "-ERR decrement would overflow"),
            ("SET n 9223372036854775807", "+OK"),
            ("INCR n", "-ERR increment or decrement would overflow"),
            ("SET n 1.5", "+OK"),
            ("INCR n", "-ERR value is not an integer or out of range"),
        ],
    );
}

#[test]
fn keys_are_counted_found_and_deleted() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[
            ("MSET one 1 two 2 three 3", "+OK"),
            ("RPUSH list a", ":1"),
            ("DBSIZE", ":4"),
            ("EXISTS one two none one", ":3"),
            ("TYPE one", "+string"),
            ("TYPE list", "+list"),
            ("TYPE none", "+none"),
            ("KEYS t[wh]o", "[two]"),
            ("SCAN 0 TYPE list COUNT 100", "[0 [list]]"),
            ("DEL one none", ":1"),
            ("UNLINK two", ":1"),
            ("DBSIZE", ":2"),
            ("FLUSHALL", "+OK"),
            ("FLUSHALL FROB", "-ERR syntax error"),
            ("DBSIZE", ":0"),
        ],
    );
}

#[test]
fn a_key_of_another_kind_is_refused_by_every_command_and_left_as_it_is() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(caller, &[("SET text 1", "+OK"), ("RPUSH list 1", ":1"), ("SADD set 1", ":1")]);
    for command in
        ["GET list", "INCR list", "APPEND set x", "GETDEL list", "GETEX list", "STRLEN list", "GETSET set x"]
    {
        assert_eq!(ask(caller, command), WRONG, "{command}");
    }
    for command in [
        "LPUSH text x",
        "LPOP text",
        "LLEN set",
        "LRANGE text 0 -1",
        "BLPOP text 1",
        "SADD text x",
        "SPOP list",
    ] {
        assert_eq!(ask(caller, command), WRONG, "{command}");
    }
    for command in
        ["HSET text a 1", "HGETALL list", "ZADD text 1 x", "ZPOPMIN set", "SMEMBERS list", "ZSCORE list a"]
    {
        assert_eq!(ask(caller, command), WRONG, "{command}");
    }
    says(
        caller,
        &[
            ("GET text", "1"),
            ("LRANGE list 0 -1", "[1]"),
            ("SMEMBERS set", "[1]"),
            ("MGET text list", "[1 nil]"),
        ],
    );
    // But a plain SET replaces anything.
    says(caller, &[("SET list now-text", "+OK"), ("GET list", "now-text")]);
}

#[test]
fn clients_have_numbers_and_names_and_can_be_closed() {
    let served = Served::start();
    let (one, two) = (&mut served.connect(), &mut served.connect());
    says(
        one,
        &[
            ("CLIENT ID", ":1"),
            ("CLIENT GETNAME", "nil"),
            ("CLIENT SETNAME first", "+OK"),
            ("CLIENT GETNAME", "first"),
        ],
    );
    says(two, &[("CLIENT ID", ":2"), ("SELECT 0", "+OK"), ("SELECT 1", "-ERR DB index is out of range")]);
    let list = ask(one, "CLIENT LIST");
    assert!(list.contains("id=1 ") && list.contains("name=first") && list.contains("id=2 "), "{list}");
    says(
        one,
        &[
            ("CLIENT KILL ID 99", ":0"),
            ("CLIENT KILL ID 2", ":1"),
            ("CLIENT FROB", "-ERR unknown subcommand 'FROB'. Try CLIENT HELP."),
        ],
    );
    assert!(two.receive().is_err(), "it is closed");
    says(one, &[("RESET", "+RESET"), ("CLIENT GETNAME", "nil"), ("QUIT", "+OK")]);
    assert!(one.receive().is_err(), "it is closed");
}
