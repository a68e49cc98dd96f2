//! Redis' own clients, and its server, as they are installed.

use super::has;
use std::{
    fs::{File, read_to_string},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A session that was recorded with a real server of version 7.0: `redis-cli -p PORT -2 --no-raw <COMMANDS >EXPECTED-2.txt`,
/// and the same with `-3`.
pub(crate) struct Session {
    pub(crate) commands: &'static str,
    pub(crate) expected: &'static str,
}

impl Session {
    /// What the server at this address is to answer in one session, and answers.
    #[track_caller]
    pub(crate) fn assert_same(&self, address: SocketAddr, version: &str) {
        let Session { commands, expected } = self;
        let expected = read_to_string(format!("{DATA}/{expected}{version}.txt")).unwrap();
        let said = redis_cli(address, version, commands);
        assert_eq!(said, expected, "redis-cli {version} <{commands}");
    }

    /// The same with redis-server, if it is installed in the version that was recorded.
    pub(crate) fn assert_recorded(&self, test: &str) {
        if !has("redis-cli", test) || !has("redis-server", test) {
            return;
        }
        let version = Command::new("redis-server").arg("--version").output().unwrap();
        if !String::from_utf8_lossy(&version.stdout).contains("v=7.0.") {
            eprintln!("{test}: skipped, because other versions than 7.0 say some errors in other words");
            return;
        }
        for version in VERSIONS {
            let server = RedisServer::start();
            self.assert_same(server.address, version);
        }
    }
}

/// The versions of the protocol, as redis-cli is asked for them.
pub(crate) const VERSIONS: [&str; 2] = ["-2", "-3"];

/// What redis-cli prints for a file of commands.
fn redis_cli(address: SocketAddr, version: &str, commands: &str) -> String {
    let output = Command::new("redis-cli")
        .args(["-h", "127.0.0.1", "-p", &address.port().to_string(), version, "--no-raw"])
        .stdin(File::open(format!("{DATA}/{commands}")).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // Without the lines that tell how long it waited, `(0.05s)`.
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !(line.starts_with('(') && line.ends_with("s)")))
        .fold(String::new(), |text, line| text + line + "\n")
}

/// A redis-server that ends with this value.
struct RedisServer {
    child: Child,
    address: SocketAddr,
}

impl RedisServer {
    fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new("redis-server")
            .args(["--port", &address.port().to_string(), "--save", "", "--bind", "127.0.0.1"])
            .current_dir(std::env::temp_dir())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let server = RedisServer { child, address };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(start.elapsed() < PATIENCE, "redis-server does not start");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// redis-benchmark asks for `tests` with so many requests each, and prints a result for each of `lines`, and no error.
#[track_caller]
pub(crate) fn assert_benchmark_runs(
    address: SocketAddr,
    requests: u32,
    pipeline: &str,
    tests: &str,
    lines: &[&str],
) {
    let output = Command::new("redis-benchmark")
        .args(["-h", "127.0.0.1", "-p", &address.port().to_string(), "-n", &requests.to_string()])
        .args(["-c", "8", "-r", "100", "-P", pipeline, "--csv", "-t", tests])
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    for line in lines {
        assert!(stdout.contains(&format!("\"{line}\",\"")), "{line} in {stdout}");
    }
    assert!(!stdout.to_lowercase().contains("error"), "{stdout}");
}
