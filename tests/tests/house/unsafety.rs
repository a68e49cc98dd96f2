//! Unsafe code stands only in the files that `docs/unsafe.md` describes.

use crate::sources;
use std::{collections::BTreeSet, fs, path::Path};

/// Whether `text` has unsafe code, or allows some.
fn is_unsafe(text: &str) -> bool {
    sources::tokens(text).iter().any(|token| token.text == "unsafe" || token.text == "unsafe_code")
}

fn unsafe_files() -> BTreeSet<String> {
    let library = sources::below("asynkit/src");
    library.into_iter().filter(|file| is_unsafe(&file.text)).map(|file| file.path).collect()
}

/// The sections of the page: a heading ``## `path` `` and its text.
fn described() -> Vec<(String, String)> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/unsafe.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let sections = page.split("\n## `").skip(1);
    sections
        .filter_map(|section| section.split_once('`'))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

#[test]
fn every_file_with_unsafe_code_is_described() {
    let described: BTreeSet<_> = described().into_iter().map(|(file, _)| file).collect();
    assert_eq!(unsafe_files(), described, "left: files with unsafe code; right: sections of docs/unsafe.md");
}

#[test]
fn every_description_says_what_holds_and_which_tests_show_it() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (file, section) in described() {
        assert!(section.contains("Invariants:"), "{file}: no invariants");
        let (_, shown) = section.split_once("Shown by:").unwrap_or_else(|| panic!("{file}: no tests"));
        let tests: Vec<_> = shown.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{file}: no tests");
        for test in tests {
            assert!(top.join(test).exists(), "{file}: `{test}` is not there");
        }
    }
}

#[test]
fn a_file_that_allows_unsafe_code_says_so_at_its_top_and_why() {
    for file in sources::below("asynkit/src") {
        let is_described_at_its_top = file.text.starts_with("//!")
            && file.text.split_whitespace().collect::<String>().contains("#![allow(unsafe_code,reason=");
        assert!(!is_unsafe(&file.text) || is_described_at_its_top, "asynkit/src/{}", file.path);
    }
}

#[test]
fn unsafe_code_is_told_from_talk_about_it() {
    assert!(is_unsafe("fn f() { unsafe { g() } }"));
    assert!(is_unsafe("#![allow(unsafe_code, reason = \"\")]"));
    assert!(!is_unsafe("// unsafe\n/// unsafe\nconst A: &str = \"unsafe\";"));
}

#[test]
fn the_macros_forbid_it() {
    let lib = sources::below("asynkit-macros/src").into_iter().find(|file| file.path == "lib.rs");
    assert!(lib.is_some_and(|file| file.text.contains("#![forbid(unsafe_code)]")));
}
