//! What the tests of the examples share: the programs as users start them, and which of redis' programs are there.

#[allow(dead_code, reason = "not every suite talks to redis' programs")]
pub(crate) mod redis;

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// A program, built as these tests were: `cargo test --test NAME` alone would not build it, or leave an old one.
pub(crate) fn build(example: &str) -> PathBuf {
    // TARGET/[TRIPLE/]PROFILE/deps/resp-0123
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let above = profile.parent().unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--example", example, "--manifest-path"]);
    cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    cargo.arg("--profile").arg(match profile.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    });
    if above.join("CACHEDIR.TAG").exists() {
        cargo.arg("--target-dir").arg(above);
    } else {
        cargo.arg("--target").arg(above.file_name().unwrap());
        cargo.arg("--target-dir").arg(above.parent().unwrap());
    }
    assert!(cargo.status().unwrap().success(), "cannot build the example");
    profile.join("examples").join(example).with_extension(std::env::consts::EXE_EXTENSION)
}

/// Whether `program` is there. If not, the test is skipped by name, or fails where that must not be: the variable
/// names the programs that have to be there.
#[allow(dead_code, reason = "not every suite looks for programs")]
pub(crate) fn has(program: &str, test: &str) -> bool {
    if Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok() {
        return true;
    }
    let why = format!("{test}: skipped, because there is no {program} (see examples/README.md)");
    let required = std::env::var("ASYNKIT_REQUIRE_REDIS").unwrap_or_default();
    assert!(!required.split_whitespace().any(|required| required == program), "{why}");
    eprintln!("{why}");
    false
}
