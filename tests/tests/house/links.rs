//! Links between the pages of `docs` lead somewhere, and every chapter of the guide is found and run.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// The pages of a directory: path and text.
fn pages(directory: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(directory).expect("a readable directory");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages.map(|path| (path.clone(), fs::read_to_string(path).expect("a readable page"))).collect()
}

/// The targets of a page's links: what stands in `](..)`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[test]
fn links_between_pages_lead_to_files() {
    let mut followed = 0;
    for (page, text) in pages(&docs()).into_iter().chain(pages(&docs().join("guide"))) {
        let files = links(&text).filter(|target| !target.contains("://") && !target.starts_with('#'));
        for target in files {
            let file = target.split('#').next().expect("split gives one");
            assert!(page.with_file_name(file).exists(), "{}: `{target}` leads nowhere", page.display());
            followed += 1;
        }
    }
    assert!(followed > 10, "only {followed} links were found");
}

#[test]
fn every_chapter_is_in_the_index_and_runs_as_doctests() {
    let index = fs::read_to_string(docs().join("guide/index.md")).expect("the index of the guide");
    let listed: Vec<_> = links(&index).collect();
    let doctests = include_str!("../../src/guide.rs");
    for (page, text) in pages(&docs().join("guide")) {
        let name = page.file_name().and_then(|name| name.to_str()).expect("names are ASCII");
        if name != "index.md" {
            assert!(listed.contains(&name), "docs/guide/index.md does not link to {name}");
        }
        if text.contains("```rust") {
            assert!(doctests.contains(&format!("guide/{name}\"")), "tests/src/guide.rs does not run {name}");
        }
    }
}
