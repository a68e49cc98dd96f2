//! `docs/from-python.md` says where each public name of Python's asynkit went.

use crate::sources::below;
use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/from-python.md");

/// The public names of Python's asynkit 0.17.6 and 0.20.0.
const NAMES: &str = include_str!("python_names.txt");

/// The code in the cells of one column of the page's tables.
fn code(column: usize) -> impl Iterator<Item = &'static str> {
    let tables = PAGE.split("\n## Differences on purpose").next().expect("the page begins with the tables");
    let cells = tables.lines().filter_map(move |line| line.strip_prefix("| ")?.split(" | ").nth(column));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c != '_' && !c.is_alphanumeric())
}

/// The names in the first cells of the page's tables.
fn documented() -> Vec<&'static str> {
    code(0).map(|code| words(code).next().expect("split gives one")).collect()
}

#[test]
fn every_public_python_name_is_a_row_of_the_page() {
    let documented = documented();
    let missing: Vec<_> = NAMES.lines().filter(|name| !documented.contains(name)).collect();
    assert!(missing.is_empty(), "docs/from-python.md lacks {missing:?}");
}

#[test]
fn the_list_of_python_names_is_whole() {
    let names: Vec<_> = NAMES.lines().collect();
    assert_eq!(names.len(), 102);
    assert!(names.is_sorted_by(|a, b| a < b), "sorted, and each of them once");
    let python = |name: &str| name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric());
    assert!(names.iter().all(|name| python(name)));
}

#[test]
fn what_the_rows_name_is_in_the_library() {
    let sources: Vec<_> = ["asynkit/src", "asynkit-macros/src"].into_iter().flat_map(below).collect();
    let known: BTreeSet<_> = sources.iter().flat_map(|source| words(&source.text)).collect();
    // What stands for the user's own.
    let own = ["func", "args"];
    let names = code(1).flat_map(words).filter(|word| word.len() > 3 && !own.contains(word));
    let unknown: Vec<_> = names.filter(|name| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "docs/from-python.md leads to {unknown:?}");
}

#[test]
fn the_tests_that_the_page_names_are_there() {
    let section = PAGE.split("\n### ").find(|section| section.starts_with("Priorities, locks, interrupts"));
    let tests = below("tests/tests");
    let mut named = 0;
    for row in section.expect("it is there").lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cell = row.trim_end_matches(" |").rsplit(" | ").next().expect("a last cell");
        let mut text = None;
        for name in cell.split('`').skip(1).step_by(2) {
            if name.contains('.') {
                text = tests.iter().find(|source| source.path.ends_with(name)).map(|source| &source.text);
                assert!(text.is_some(), "docs/from-python.md names {name}");
            } else {
                let is_there = text.is_some_and(|text| text.contains(&format!("#[test]\nfn {name}()")));
                assert!(is_there, "docs/from-python.md names {name}");
                named += 1;
            }
        }
        assert!(text.is_some(), "a row without a test: {row}");
    }
    assert!(named > 12, "only {named} tests were found");
}

#[test]
fn rows_of_one_table_have_as_many_cells_as_its_head() {
    for table in PAGE.split("\n\n").filter(|block| block.starts_with("| ")) {
        let cells = |line: &str| line.replace("\\|", "").matches('|').count();
        let head = cells(table.lines().next().expect("a head"));
        for row in table.lines() {
            assert_eq!(cells(row), head, "{row}");
        }
    }
}
