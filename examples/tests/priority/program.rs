//! The program `priority` as a user starts it.

use crate::common::build;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::OnceLock,
};

fn run(arguments: &[&str]) -> (i32, String, String) {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let mut program = Command::new(BUILT.get_or_init(|| build("priority")));
    let Output { status, stdout, stderr } = program.args(arguments).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn it_prints_how_long_each_class_waited_and_draws_it_and_loses_no_request() {
    let chart = Path::new(env!("CARGO_TARGET_TMPDIR")).join("priority.svg");
    let (_, stdout, stderr) = run(&["--seconds", "1", "--chart", chart.to_str().unwrap()]);
    // How much less they wait is a matter of time, which a test under any load must not measure: CI runs the program.
    for text in [
        "health, HIGH",
        "request, NORMAL",
        "report, LOW",
        "\n0 of ",
        " requests were lost\n",
        " times less\n",
    ] {
        assert!(stdout.contains(text), "{text} in {stdout}\n{stderr}");
    }
    let svg = fs::read_to_string(chart).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{svg}");
    assert_eq!(svg.matches("<circle ").count(), 9, "{svg}");
    assert_eq!((svg.matches("<text ").count(), svg.matches("</text>").count()), (20, 20), "{svg}");
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for (arguments, message) in [
        (&["--frob"][..], "there is no option `--frob`"),
        (&["--seconds"], "--seconds needs a number"),
        (&["--seconds", "0"], "--seconds needs a number from 1 to 3600, not `0`"),
        (&["--seconds", "x"], "--seconds needs a number from 1 to 3600, not `x`"),
        (&["--chart"], "--chart needs a file"),
    ] {
        let (code, stdout, stderr) = run(arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{arguments:?}");
        assert_eq!(stderr, format!("priority: {message}; `priority --help` tells what there is\n"));
    }
    let (code, stdout, stderr) = run(&["--help"]);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(stdout.contains("usage: priority"), "{stdout}");
}
