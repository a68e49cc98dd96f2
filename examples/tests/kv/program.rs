//! The program `kv` as a user starts it.

use crate::{PATIENCE, common::build, next, says};
use asynkit_examples::kv::Caller;
use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::OnceLock,
};

/// The program.
pub(crate) fn kv() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    Command::new(BUILT.get_or_init(|| build("kv")))
}

/// A `kv` at a port of its own, which ends with this value.
pub(crate) struct Started {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Started {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        let mut command = kv();
        command.args(["--addr", "127.0.0.1:0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("it said {line:?}"));
        Started { address: address.parse().unwrap(), child }
    }

    fn connect(&self) -> Caller {
        let caller = Caller::connect(self.address).unwrap();
        caller.set_patience(Some(PATIENCE)).unwrap();
        caller
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = kv().args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn the_demo_shows_what_there_is() {
    let (code, stdout, stderr) = run(&["--demo"]);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    let lines: Vec<_> =
        stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "a> GET greeting \"hello\"",
        "60 milliseconds later",
        "b> is told [\"message\", \"news\", \"extra!\"]",
        "b> is served [\"jobs\", \"first\"]",
        "a> BLPOP jobs 0.05 (nil)",
        "a> EXEC [OK, 1]",
        "a> EXEC (nil)",
        "the server has ended",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line} in {stdout}");
    }
    assert_eq!(lines.iter().filter(|line| *line == "a> GET session (nil)").count(), 1, "{stdout}");
    assert!(stdout.contains("10000 replies"), "{stdout}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_in_good_order() {
    for arguments in [&[][..], &["--threads", "2"], &["--runtime", "tokio"], &["--runtime", "smol"]] {
        let mut started = Started::new(arguments);
        let (mut caller, mut waiting) = (started.connect(), started.connect());
        says(&mut caller, &[("SET k v", "+OK")]);
        waiting.send(["BLPOP", "l", "0"]).unwrap();
        while !crate::ask(&mut caller, "INFO clients").contains("blocked_clients:1") {}
        let pid = started.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert_eq!(next(&mut waiting), "-UNBLOCKED the server is shutting down");
        assert!(caller.receive().is_err(), "it is closed");
        assert_eq!(started.child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for (arguments, message) in [
        (&["--frob"][..], "there is no option `--frob`"),
        (&["file"], "there is no option `file`"),
        (&["--addr"], "--addr needs an address"),
        (&["--threads", "0"], "--threads needs a number from 1 to 256, not `0`"),
        (&["--threads=x"], "--threads needs a number from 1 to 256, not `x`"),
        (&["--demo=1"], "--demo takes no value, not `1`"),
        (&["--demo", "--threads", "2"], "--demo goes with no other option"),
        (&["--runtime", "other"], "there is no runtime `other`"),
    ] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(stderr, format!("kv: {message}; `kv --help` tells what there is\n"));
    }
}

#[test]
fn help_is_printed() {
    let (code, stdout, stderr) = run(&["--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("usage: kv"), "{stdout}");
}

#[test]
fn an_address_that_cannot_be_had_is_an_error() {
    let started = Started::new(&[]);
    for address in [started.address.to_string(), "nowhere".to_owned()] {
        let (code, stdout, stderr) = run(&["--addr", &address]);
        assert_eq!((code, stdout.as_str()), (1, ""));
        assert!(stderr.starts_with(&format!("kv: cannot listen on {address}: ")), "{stderr}");
    }
}
