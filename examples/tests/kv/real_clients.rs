//! The server against redis' own clients.

use crate::{
    common::{
        has,
        redis::{Session, VERSIONS, assert_benchmark_runs},
    },
    program::Started,
};

const SESSION: Session = Session { commands: "commands.txt", expected: "expected" };
const OWN_SESSION: Session = Session { commands: "kv-commands.txt", expected: "kv-expected" };

#[test]
fn redis_cli_prints_the_same_as_with_redis_server() {
    if !has("redis-cli", "redis_cli_prints_the_same_as_with_redis_server") {
        return;
    }
    for version in VERSIONS {
        for threads in ["1", "3"] {
            for session in [SESSION, OWN_SESSION] {
                session.assert_same(Started::new(&["--threads", threads]).address, version);
            }
        }
    }
}

#[test]
fn what_was_recorded_is_what_redis_server_says() {
    OWN_SESSION.assert_recorded("what_was_recorded_is_what_redis_server_says");
}

#[test]
fn redis_benchmark_runs_all_that_is_spoken_without_an_error() {
    if !has("redis-benchmark", "redis_benchmark_runs_all_that_is_spoken_without_an_error") {
        return;
    }
    for (threads, pipeline) in [("1", "1"), ("1", "16"), ("2", "16")] {
        let started = Started::new(&["--threads", threads]);
        let tests = "ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,lrange,mset";
        let lines = [
            "PING_INLINE",
            "PING_MBULK",
            "SET",
            "GET",
            "INCR",
            "LPUSH",
            "RPUSH",
            "LPOP",
            "RPOP",
            "SADD",
            "HSET",
            "SPOP",
            "ZADD",
            "ZPOPMIN",
            "LRANGE_100 (first 100 elements)",
            "LRANGE_600 (first 600 elements)",
            "MSET (10 keys)",
        ];
        assert_benchmark_runs(started.address, 1000, pipeline, tests, &lines);
    }
}
