//! The server against redis' own clients.

use crate::{
    common::{
        has,
        redis::{Session, VERSIONS, assert_benchmark_runs},
    },
    program::Served,
};

const SESSION: Session = Session { commands: "commands.txt", expected: "expected" };

#[test]
fn redis_cli_prints_the_same_as_with_redis_server() {
    if !has("redis-cli", "redis_cli_prints_the_same_as_with_redis_server") {
        return;
    }
    for version in VERSIONS {
        SESSION.assert_same(Served::start().address, version);
    }
}

#[test]
fn what_was_recorded_is_what_redis_server_says() {
    SESSION.assert_recorded("what_was_recorded_is_what_redis_server_says");
}

#[test]
fn redis_benchmark_runs_one_at_a_time_and_pipelined() {
    if !has("redis-benchmark", "redis_benchmark_runs_one_at_a_time_and_pipelined") {
        return;
    }
    let served = Served::start();
    for pipeline in ["1", "16"] {
        let lines = ["PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"];
        let tests = "ping_inline,ping_mbulk,set,get,incr,mset";
        assert_benchmark_runs(served.address, 2000, pipeline, tests, &lines);
    }
}
