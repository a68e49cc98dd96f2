//! The server against redis' own clients.

use crate::{PATIENCE, common::has, program::Started};
use std::{
    fs::File,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

/// What redis-cli prints for a session at `port`.
fn redis_cli(port: u16, version: &str, session: &str) -> String {
    let output = Command::new("redis-cli")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), version, "--no-raw"])
        .stdin(File::open(format!("{DATA}/{session}")).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // Times that are left, and how long it waited.
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !(line.starts_with('(') && line.ends_with("s)")))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// What a real server of version 7.0 was answered: `redis-cli -p PORT VERSION --no-raw <SESSION`.
fn recorded(name: &str, version: &str) -> String {
    std::fs::read_to_string(format!("{DATA}/{name}{version}.txt")).unwrap()
}

#[test]
fn redis_cli_prints_the_same_as_with_redis_server() {
    if !has("redis-cli", "redis_cli_prints_the_same_as_with_redis_server") {
        return;
    }
    for version in ["-2", "-3"] {
        for threads in ["1", "3"] {
            let started = Started::new(&["--threads", threads]);
            let port = started.address.port();
            assert_eq!(redis_cli(port, version, "commands.txt"), recorded("expected", version), "{version}");
            let started = Started::new(&["--threads", threads]);
            let port = started.address.port();
            assert_eq!(
                redis_cli(port, version, "kv-commands.txt"),
                recorded("kv-expected", version),
                "{version}"
            );
        }
    }
}

/// A redis-server that ends with this value.
struct RedisServer(Child);

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_was_recorded_is_what_redis_server_says() {
    const NAME: &str = "what_was_recorded_is_what_redis_server_says";
    if !has("redis-cli", NAME) || !has("redis-server", NAME) {
        return;
    }
    let version = Command::new("redis-server").arg("--version").output().unwrap();
    if !String::from_utf8_lossy(&version.stdout).contains("v=7.0.") {
        eprintln!("{NAME}: skipped, because other versions than 7.0 say some errors in other words");
        return;
    }
    for version in ["-2", "-3"] {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--save", "", "--bind", "127.0.0.1"])
            .current_dir(std::env::temp_dir())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let _server = RedisServer(child);
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "redis-server does not start");
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(
            redis_cli(port, version, "kv-commands.txt"),
            recorded("kv-expected", version),
            "{version}"
        );
    }
}

#[test]
fn redis_benchmark_runs_all_that_is_spoken_without_an_error() {
    if !has("redis-benchmark", "redis_benchmark_runs_all_that_is_spoken_without_an_error") {
        return;
    }
    for (threads, pipeline) in [("1", "1"), ("1", "16"), ("2", "16")] {
        let started = Started::new(&["--threads", threads]);
        let port = started.address.port().to_string();
        let output = Command::new("redis-benchmark")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-n",
                "1000",
                "-c",
                "8",
                "-r",
                "100",
                "-P",
                pipeline,
                "--csv",
            ])
            .args(["-t", "ping,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,lrange,mset"])
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        for test in [
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
        ] {
            assert!(stdout.contains(&format!("\"{test}\",\"")), "{test} in {stdout}");
        }
        assert!(!stdout.to_lowercase().contains("error"), "{stdout}");
    }
}
