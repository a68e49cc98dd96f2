//! The comparison of a replay with its recorded log.

use std::{fmt::Write as _, fs, path::Path};

/// A difference on purpose: Python's line, our line, why. Either may be several lines, or empty (no such line).
pub(crate) type Difference<'a> = (&'a str, &'a str, &'a str);

/// Checks `ours` against `logs/{name}.log`, line by line.
///
/// Where the two part, one of `differences` has to say so; it may do so at several places. Each must be met at least
/// once, and must be a row of `docs/from-python.md`.
#[track_caller]
pub(crate) fn compare(name: &str, ours: &str, differences: &[Difference<'_>]) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    if let Err(complaint) = diff(&recorded(name), ours, differences) {
        panic!("{name}: {complaint}\n--- our log ---\n{ours}");
    }
    let page = fs::read_to_string(tests.join("../docs/from-python.md")).expect("docs/from-python.md");
    if let Err(missing) = documented(&page, name, differences) {
        panic!("{name}: docs/from-python.md lacks these rows under \"### {name}\":\n{missing}");
    }
}

/// The same for a scenario of durations, which gives its log for a factor for them: on a slow machine they may have to be
/// longer until nothing is due too soon.
#[track_caller]
pub(crate) fn compare_at_some_pace(name: &str, ours: impl Fn(u32) -> String, differences: &[Difference<'_>]) {
    for factor in [1, 10, 100] {
        let log = ours(factor);
        if factor == 100 || diff(&recorded(name), &log, differences).is_ok() {
            return compare(name, &log, differences);
        }
    }
}

fn recorded(name: &str) -> String {
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/logs");
    fs::read_to_string(logs.join(format!("{name}.log"))).expect("a recorded log")
}

fn diff(python: &str, ours: &str, differences: &[Difference<'_>]) -> Result<(), String> {
    let (python, ours): (Vec<_>, Vec<_>) = (python.lines().collect(), ours.lines().collect());
    let (mut p, mut o) = (0, 0);
    let mut met = vec![false; differences.len()];
    while p < python.len() || o < ours.len() {
        if p < python.len() && o < ours.len() && python[p] == ours[o] {
            (p, o) = (p + 1, o + 1);
            continue;
        }
        let found = differences
            .iter()
            .position(|(theirs, here, _)| starts_with(&python[p..], theirs) && starts_with(&ours[o..], here));
        let Some(found) = found else {
            let at = |lines: &[&str], i: usize| {
                lines.get(i).map_or("(end)".to_owned(), |line| format!("{line:?}"))
            };
            return Err(format!(
                "unlisted difference in line {}\npython: {}\n  ours: {}",
                p + 1,
                at(&python, p),
                at(&ours, o)
            ));
        };
        met[found] = true;
        p += differences[found].0.lines().count();
        o += differences[found].1.lines().count();
    }
    match met.iter().position(|met| !met) {
        Some(unmet) => Err(format!("a listed difference is none: {:?}", differences[unmet])),
        None => Ok(()),
    }
}

fn starts_with(lines: &[&str], block: &str) -> bool {
    let mut lines = lines.iter();
    block.lines().all(|line| lines.next() == Some(&line))
}

/// The rows that are not yet in the section of `name`.
fn documented(page: &str, name: &str, differences: &[Difference<'_>]) -> Result<(), String> {
    let section = page.split("\n### ").find(|section| section.lines().next() == Some(name)).unwrap_or("");
    let mut missing = String::new();
    for (python, ours, why) in differences {
        let row = format!("| {} | {} | {why} |", cell(python), cell(ours));
        if !section.lines().any(|line| line == row) {
            writeln!(missing, "{row}").expect("a String takes all");
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

/// Lines as one cell of a table.
fn cell(lines: &str) -> String {
    if lines.is_empty() {
        return "(no such line)".to_owned();
    }
    let quoted: Vec<_> = lines.lines().map(|line| format!("`{}`", line.replace('|', "\\|"))).collect();
    quoted.join("<br>")
}

#[test]
fn equal_logs_need_no_differences() {
    assert_eq!(diff("a\nb\n", "a\nb\n", &[]), Ok(()));
}

#[test]
fn a_listed_difference_may_be_met_twice() {
    assert_eq!(diff("a\nx\nb\nx\n", "a\ny\nb\ny\n", &[("x", "y", "why")]), Ok(()));
}

#[test]
fn lines_may_be_missing_or_new() {
    assert_eq!(diff("a\nx\nb\n", "a\nb\nz\n", &[("x", "", "why"), ("", "z", "why")]), Ok(()));
}

#[test]
fn an_unlisted_difference_is_reported_with_its_line() {
    let complaint = diff("a\nb\n", "a\nc\n", &[]).unwrap_err();
    assert!(complaint.contains("line 2"), "{complaint}");
    assert!(complaint.contains("ours: \"c\""), "{complaint}");
    assert!(diff("a\nb\n", "a\n", &[]).unwrap_err().contains("ours: (end)"));
}

#[test]
fn a_difference_that_is_none_is_reported() {
    assert!(diff("a\n", "a\n", &[("x", "y", "why")]).unwrap_err().contains("is none"));
}

#[test]
fn an_undocumented_difference_is_reported_as_the_row_to_add() {
    let page = "\n### 01_a\n| `x` | `y` | why |\n\n### 02_b\n";
    let differences = [("x", "y", "why")];
    assert_eq!(documented(page, "01_a", &differences), Ok(()));
    assert_eq!(documented(page, "02_b", &differences), Err("| `x` | `y` | why |\n".into()));
    assert_eq!(cell("a|b\nc"), "`a\\|b`<br>`c`");
}
