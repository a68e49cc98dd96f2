//! The program `worker` as a user starts it.

use crate::{Place, common::build};
use std::{
    path::PathBuf,
    process::{Command, Output},
    sync::OnceLock,
};

fn worker() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    Command::new(BUILT.get_or_init(|| build("worker")))
}

fn run(place: &Place, arguments: &[&str]) -> (i32, String, String) {
    let output = worker().args(arguments).current_dir(&place.0).output().unwrap();
    let Output { status, stdout, stderr } = output;
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn without_arguments_it_shows_itself_and_ends() {
    let (code, stdout, stderr) = run(&Place::new("demo"), &[]);
    assert_eq!(code, 0, "{stdout}\n{stderr}");
    for text in
        ["\ntimed out   hurried", "\nreloaded: ", " workers were told", "\nthe reports\n", "sources.sha256"]
    {
        assert!(stdout.contains(text), "{text} in {stdout}");
    }
    assert!(!stdout.contains("failed"), "{stdout}");
    assert!(!stderr.contains('\r'), "no bar where there is no terminal: {stderr}");
}

#[test]
fn it_runs_what_a_file_describes_and_says_what_was_not_done() {
    let place = Place::new("program");
    place.fill("files", 3, 10);
    place.write("worker.conf", "job all count files");
    let (code, stdout, stderr) = run(&place, &["worker.conf"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("done        all (count), 3 of 3 files, 1 kB, "), "{stdout}");
    assert_eq!(place.reports(), ["all.count"]);

    place.write("worker.conf", "job all count limit=0ms files\njob none count nowhere");
    let (code, stdout, stderr) = run(&place, &["worker.conf", "--out", "other"]);
    assert_eq!((code, stderr.as_str()), (1, "worker: 2 jobs were not done\n"));
    assert!(stdout.contains("timed out   all"), "{stdout}");
    assert!(stdout.contains("failed      none (count), 0 of 0 files, 0 kB, 0 ms: nowhere: "), "{stdout}");

    let (code, stdout, stderr) = run(&place, &["missing.conf"]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.starts_with("worker: cannot read missing.conf: "), "{stderr}");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    let place = Place::new("arguments");
    for (arguments, message) in [
        (&["--frob"][..], "there is no option `--frob`"),
        (&["a", "b"], "one file is enough, and `b` is another"),
        (&["a", "--out"], "--out needs a directory"),
        (&["--stay"], "a file is needed that describes the jobs"),
    ] {
        let (code, stdout, stderr) = run(&place, arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(stderr, format!("worker: {message}; `worker --help` tells what there is\n"));
    }
    let (code, stdout, stderr) = run(&place, &["--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("usage: worker CONFIG"), "{stdout}");
}

#[cfg(unix)]
#[test]
fn sighup_reloads_and_ctrl_c_ends_it_in_good_order() {
    use std::{
        io::{BufRead as _, BufReader},
        process::Stdio,
    };
    let place = Place::new("signals");
    place.fill("files", 3, 10);
    place.write("worker.conf", "job first count files");
    let mut worker = worker();
    let worker = worker.args(["worker.conf", "--stay"]).current_dir(&place.0).stdout(Stdio::piped());
    let mut child = worker.spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let kill = |signal: &str| {
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    };
    assert!(lines.next().unwrap().starts_with("done        first"));
    place.write("worker.conf", "job first count files\njob second sha256 files");
    kill("-HUP");
    assert!(
        lines.next().unwrap().starts_with("reloaded: 1 jobs are new, 0 are gone; 4 workers were told, in ")
    );
    assert!(lines.next().unwrap().starts_with("done        second"));
    kill("-INT");
    assert_eq!(lines.next(), None);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
