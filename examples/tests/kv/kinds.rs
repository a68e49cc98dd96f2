//! Lists, sets, hashes and sorted sets.

use crate::{Served, ask, says};

#[test]
fn lists_have_two_ends() {
    let served = Served::start();
    says(
        &mut served.connect(),
        &[
            ("RPUSH l c d", ":2"),
            ("LPUSH l b a", ":4"),
            ("LLEN l", ":4"),
            ("LRANGE l 0 -1", "[a b c d]"),
            ("LRANGE l -2 100", "[c d]"),
            ("LRANGE l 1 1", "[b]"),
            ("LRANGE l 3 1", "[]"),
            ("LRANGE l 9223372036854775807 9223372036854775807", "[]"),
            ("LRANGE l -9223372036854775808 0", "[a]"),
            ("LPOP l", "a"),
            ("RPOP l 2", "[d c]"),
            ("LPOP l -1", "-ERR value is out of range, must be positive"),
            ("LPOP l 0", "[]"),
            ("LPOP l 5", "[b]"),
            ("EXISTS l", ":0"),
            ("LPOP l", "nil"),
            ("LPOP l 1", "nil"),
        ],
    );
}

#[test]
fn sets_have_each_member_once() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[
            ("SADD s a b a", ":2"),
            ("SADD s b c", ":1"),
            ("SCARD s", ":3"),
            ("SISMEMBER s a", ":1"),
            ("SISMEMBER s x", ":0"),
            ("SREM s a x", ":1"),
        ],
    );
    let mut popped = [ask(caller, "SPOP s"), ask(caller, "SPOP s")];
    popped.sort();
    assert_eq!(popped, ["b", "c"]);
    says(caller, &[("SPOP s", "nil"), ("SPOP s 2", "[]"), ("EXISTS s", ":0"), ("SMEMBERS s", "[]")]);
}

#[test]
fn hashes_have_fields() {
    let served = Served::start();
    says(
        &mut served.connect(),
        &[
            ("HSET h a 1 b 2", ":2"),
            ("HSET h a 3", ":0"),
            ("HSET h a", "-ERR wrong number of arguments for 'hset' command"),
            ("HSET h a 1 b", "-ERR wrong number of arguments for 'hset' command"),
            ("HGET h a", "3"),
            ("HGET h x", "nil"),
            ("HLEN h", ":2"),
            ("HDEL h b x", ":1"),
            ("HGETALL h", "[a 3]"),
            ("HDEL h a", ":1"),
            ("EXISTS h", ":0"),
        ],
    );
}

#[test]
fn sorted_sets_go_by_score() {
    let served = Served::start();
    let caller = &mut served.connect();
    says(
        caller,
        &[
            ("ZADD z 2 b 1 a 3 c", ":3"),
            ("ZADD z 5 a", ":0"),
            ("ZADD z CH 6 a 2 b", ":1"),
            ("ZADD z NX 9 a 1.5 d", ":1"),
            ("ZADD z XX 9 x", ":0"),
            ("ZADD z GT CH 1 a", ":0"),
            ("ZADD z NX XX 1 a", "-ERR XX and NX options at the same time are not compatible"),
            ("ZADD z 1 a x b", "-ERR value is not a valid float"),
            ("ZADD z nan a", "-ERR value is not a valid float"),
            ("ZADD z 1 a 2", "-ERR syntax error"),
            ("ZSCORE z a", "6"),
            ("ZSCORE z x", "nil"),
            ("ZCARD z", ":4"),
            ("ZPOPMIN z", "[d 1.5]"),
            ("ZPOPMIN z 2", "[b 2 c 3]"),
            ("ZREM z a x", ":1"),
            ("ZPOPMIN z", "[]"),
            ("ZADD none XX 1 a", ":0"),
            ("EXISTS none", ":0"),
            ("ZADD z -inf low +inf high", ":2"),
        ],
    );
    says(caller, &[("ZSCORE z low", "-inf"), ("HELLO 3 FROB", "-ERR Syntax error in HELLO option 'FROB'")]);
    ask(caller, "HELLO 3");
    says(caller, &[("ZPOPMIN z 2", "[[low ,-inf] [high ,inf]]"), ("SADD s a", ":1"), ("SMEMBERS s", "~[a]")]);
}
