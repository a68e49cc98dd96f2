//! The server against redis' own clients.

use crate::{common::has, program::Served};
use std::{
    fs::File,
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

const COMMANDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/commands.txt");

/// What redis-cli prints for the commands of the test at `port`.
fn redis_cli(port: u16, version: &str) -> String {
    let output = Command::new("redis-cli")
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), version, "--no-raw"])
        .stdin(File::open(COMMANDS).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

/// What a real server of version 7.0 was answered: `redis-cli -p PORT VERSION --no-raw <commands.txt`.
fn recorded(version: &str) -> String {
    let path = format!("{}/tests/data/expected{version}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn redis_cli_prints_the_same_as_with_redis_server() {
    if !has("redis-cli", "redis_cli_prints_the_same_as_with_redis_server") {
        return;
    }
    for version in ["-2", "-3"] {
        let served = Served::start();
        assert_eq!(redis_cli(served.address.port(), version), recorded(version), "redis-cli {version}");
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
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(redis_cli(port, version), recorded(version), "redis-cli {version}");
    }
}

#[test]
fn redis_benchmark_runs_one_at_a_time_and_pipelined() {
    if !has("redis-benchmark", "redis_benchmark_runs_one_at_a_time_and_pipelined") {
        return;
    }
    let served = Served::start();
    let port = served.address.port().to_string();
    for pipeline in ["1", "16"] {
        let output = Command::new("redis-benchmark")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-n",
                "2000",
                "-c",
                "8",
                "-r",
                "100",
                "-P",
                pipeline,
                "--csv",
            ])
            .args(["-t", "ping_inline,ping_mbulk,set,get,incr,mset"])
            .output()
            .unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{output:?}");
        for test in ["PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"] {
            assert!(stdout.contains(&format!("\"{test}\",\"")), "{test} in {stdout}");
        }
        assert!(!stdout.to_lowercase().contains("error"), "{stdout}");
    }
}
