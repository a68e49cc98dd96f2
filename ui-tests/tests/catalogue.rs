//! The table in `README.md` and the files say the same.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The paths in backticks in the rows of the catalogue.
fn named() -> BTreeSet<String> {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let (_, catalogue) = readme.split_once("# The catalogue").expect("the catalogue");
    let rows = catalogue.lines().filter(|line| line.starts_with("| "));
    let shown_by = rows.filter_map(|row| row.split(" | ").last());
    let quoted =
        shown_by.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    quoted.collect()
}

fn cases(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(cases(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.insert(path.strip_prefix(root()).expect("below the root").to_string_lossy().into_owned());
        }
    }
    found
}

#[test]
fn every_file_of_the_table_exists() {
    let missing: Vec<_> = named().into_iter().filter(|path| !root().join(path).is_file()).collect();
    assert!(missing.is_empty(), "in the table, but no files: {missing:?}");
}

#[test]
fn every_case_is_in_the_table_and_has_its_text() {
    let (named, cases) = (named(), cases(&root().join("fail")));
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let unnamed: Vec<_> = cases.difference(&named).collect();
    assert!(unnamed.is_empty(), "not in the table: {unnamed:?}");
    let silent: Vec<_> =
        cases.iter().filter(|case| !root().join(case).with_extension("stderr").is_file()).collect();
    assert!(silent.is_empty(), "without the compiler's text: {silent:?}");
}

#[test]
fn a_help_line_follows_each_error_of_ours() {
    for case in cases(&root().join("fail")) {
        let text = fs::read_to_string(root().join(&case).with_extension("stderr")).expect("the text");
        let lines: Vec<_> = text.lines().collect();
        for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
            let ours = line.starts_with("error: ") && (line.contains("`#[") || line.contains("option"));
            assert!(!ours || next.trim_start().starts_with("help: "), "{case}: {line}");
        }
    }
}
