//! One implementation under valgrind.

use std::env::current_exe;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::row::Row;

/// The argument with which the program starts itself: run one implementation so many turns, count nothing.
pub(crate) const RUN: &str = "--run";

/// Instructions per operation of one entry of a row.
pub(crate) fn per_operation(row: &Row, index: (usize, usize)) -> Result<f64, String> {
    let (short, long) = row.lengths;
    let difference = instructions(index, long)?.saturating_sub(instructions(index, short)?);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let difference = difference as f64;
    Ok(difference / f64::from((long - short) * row.per_turn))
}

/// All instructions of a process that does `turns` turns.
fn instructions(index: (usize, usize), turns: u32) -> Result<u64, String> {
    let report = valgrind(Path::new("/dev/null"), &[], index, turns)?;
    // ==1234== Collected : 1234567
    let count = report.lines().find_map(|line| line.split_once("Collected :").map(|(_, count)| count.trim()));
    let count = count.ok_or_else(|| format!("valgrind: no line with a count\n{report}"))?;
    count.parse().map_err(|e| format!("valgrind: {e}\n{report}"))
}

/// Runs a process that does `turns` turns, with callgrind's file at `out`; gives what valgrind prints.
pub(crate) fn valgrind(
    out: &Path,
    options: &[&str],
    (row, entry): (usize, usize),
    turns: u32,
) -> Result<String, String> {
    let this = current_exe().map_err(|e| format!("where this program lies is not known: {e}"))?;
    let output = Command::new("valgrind")
        // Not cachegrind: what it counts includes instructions that valgrind runs ahead of a branch.
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .args(options)
        .arg(this)
        .args([RUN, &row.to_string(), &entry.to_string(), &turns.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .map_err(|e| format!("valgrind did not start: {e}"))?;
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(report) } else { Err(format!("valgrind: {}\n{report}", output.status)) }
}

/// That valgrind is there, or what to do about it.
pub(crate) fn require_valgrind() -> Result<(), String> {
    let found =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    match found {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            Err(format!("`valgrind --version` failed ({status}); it is what counts the instructions"))
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            Err("valgrind was not found; it is what counts the \
            instructions. Install it (`apt install valgrind`, `dnf install valgrind`) and start again"
                .to_owned())
        }
        Err(e) => Err(format!("valgrind did not start: {e}; it is what counts the instructions")),
    }
}
