//! The program `resp` as a user starts it.

use crate::common::build;
use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::OnceLock,
};

/// The program.
pub(crate) fn resp() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    Command::new(BUILT.get_or_init(|| build("resp")))
}

/// A `resp --serve` at a port of its own, which ends with this value.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Served {
    pub(crate) fn start() -> Self {
        let mut child = resp().args(["--serve", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("it said {line:?}"));
        Served { address: address.parse().unwrap(), child }
    }

    /// Whether it is still there.
    pub(crate) fn is_up(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = resp().args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// A file that is removed again.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("asynkit-resp-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Scratch(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn without_arguments_it_reads_its_session_three_ways_that_agree() {
    let (code, stdout, stderr) = run(&[]);
    // On a slow machine it says how far it is.
    let complaints: Vec<_> = stderr.lines().filter(|line| !line.ends_with(" %")).collect();
    assert_eq!((code, complaints), (0, Vec::new()));
    assert_eq!(stdout.matches("all three agree").count(), 2, "{stdout}");
    for side in ["requests", "replies"] {
        let path = format!("{}/data/session.{side}.resp", env!("CARGO_MANIFEST_DIR"));
        let length = Path::new(&path).metadata().unwrap().len().to_string();
        let table = stdout.split("\n\n").find(|table| table.starts_with(&format!("session.{side}"))).unwrap();
        for (way, line) in ["sync", "generator", "TCP"].into_iter().zip(table.lines().skip(2)) {
            assert!(line.trim().starts_with(way) && line.contains(&length), "{line}");
        }
    }
}

#[test]
fn captures_of_the_user_are_read() {
    let capture = Scratch::new("good", b"+OK\r\n$5\r\nhello\r\nPING\r\n");
    let (code, stdout, stderr) = run(&["--seed", "1", capture.path()]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("cut by seed 1"), "{stdout}");
    let (code, stdout, _) = run(&["--", capture.path(), capture.path()]);
    assert_eq!((code, stdout.matches("all three agree").count()), (0, 2));
    let empty = Scratch::new("empty", b"");
    assert_eq!(run(&[empty.path()]).0, 0);
}

#[test]
fn a_file_that_is_wrong_is_named_with_the_place_and_the_others_are_read() {
    let good = Scratch::new("fine", b"+OK\r\n");
    let bad = Scratch::new("bad", b"+OK\r\n:x\r\n");
    let (code, stdout, stderr) = run(&[bad.path(), "/no/such/file", good.path()]);
    assert_eq!(code, 1);
    assert!(stdout.contains("all three agree"), "{stdout}");
    let expected = format!(
        "resp: {}: byte 6: expected a signed 64-bit integer, found `x`\n\
         resp: /no/such/file: No such file or directory (os error 2)\n\
         resp: 2 files failed\n",
        bad.path()
    );
    assert_eq!(stderr, expected);
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for (arguments, message) in [
        (&["--frob"][..], "there is no option `--frob`"),
        (&["--seed"], "--seed needs a number"),
        (&["--seed", "x"], "--seed needs a number, not `x`"),
        (&["--seed=x"], "--seed needs a number, not `x`"),
        (&["--serve", "127.0.0.1:0", "file"], "--serve goes with neither files nor --seed"),
    ] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(stderr, format!("resp: {message}; `resp --help` tells what there is\n"));
    }
}

#[test]
fn help_is_printed() {
    let (code, stdout, stderr) = run(&["--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("usage: resp"), "{stdout}");
}

#[test]
fn an_address_that_is_in_use_is_an_error() {
    let served = Served::start();
    let address = served.address.to_string();
    let (code, stdout, stderr) = run(&["--serve", &address]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with(&format!("resp: cannot listen on {address}: ")), "{stderr}");
}
