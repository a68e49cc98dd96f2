//! The docs say of each future what its row says, and no future is without a row.

use crate::{Verdict, rows};
use std::{collections::BTreeSet, fs, path::Path};

/// Futures without a row, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("group/member.rs: Member", "what spawners run, and nobody awaits"),
    ("task/rest.rs: Rest", "what spawners run, and nobody awaits"),
    ("awaitable.rs: launch", "it is called by `Await`, which has the row"),
    ("awaitable.rs: start", "it is called by `Await`, which has the row"),
    ("executor/local.rs: new", "it makes an executor: `Executor` has the row"),
    ("executor/builder.rs: build", "it makes an executor: `Executor` has the row"),
    ("task/spawner.rs: start", "a trait: the handles have their rows"),
];

/// A function or type of the sources.
#[derive(Debug)]
struct Item {
    /// `file: name`
    name: String,
    docs: Vec<String>,
    /// What it returns; of types nothing.
    gives: String,
}

impl Item {
    /// The lines of the section on cancel safety.
    fn section(&self) -> Option<String> {
        let start = self.docs.iter().position(|line| line == "# Cancel safety")? + 1;
        let lines = self.docs[start..].iter().take_while(|line| !line.starts_with('#'));
        Some(lines.map(String::as_str).collect::<Vec<_>>().join(" ").trim().to_owned())
    }

    fn short(&self) -> &str {
        self.name.rsplit(' ').next().expect("it has a name")
    }
}

fn collect(directory: &Path, top: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, top, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(top).expect("it is below").to_str().expect("names are ASCII");
            files.push((name.replace('\\', "/"), fs::read_to_string(&path).expect("sources are readable")));
        }
    }
}

/// The words of a signature.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The name after `keyword`, where the line declares a public item, or one of a trait.
fn declared<'a>(line: &'a str, keyword: &str) -> Option<&'a str> {
    let mut words = words(line);
    let first = words.next()?;
    let is_public = first == "pub" && !line.starts_with("pub(");
    if !is_public && (first != keyword || keyword == "struct") {
        return None;
    }
    let mut rest = words.skip_while(|word| ["const", "async", "unsafe"].contains(word));
    if is_public && rest.next()? != keyword {
        return None;
    }
    if is_public { rest.next() } else { line.split_whitespace().nth(1)?.split(['(', '<']).next() }
}

/// Every documented item of a file that is declared by `keyword`, with the rest of its signature.
fn items(file: &str, text: &str, keyword: &str) -> Vec<Item> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut docs = Vec::new();
    let mut is_attribute = false;
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(doc) = line.strip_prefix("///") {
            docs.push(doc.trim().to_owned());
            continue;
        }
        // An attribute ends at its bracket.
        let was_attribute = is_attribute || line.starts_with('#');
        is_attribute = was_attribute && !line.ends_with(']');
        if was_attribute {
            continue;
        }
        let docs = std::mem::take(&mut docs);
        if let Some(name) = declared(line, keyword).filter(|_| !docs.is_empty()) {
            let signature = lines[at..].iter().take_while(|line| !line.starts_with("where"));
            let mut head = String::new();
            for line in signature {
                head.push_str(line);
                if line.ends_with(['{', ';']) {
                    break;
                }
            }
            let gives = head.rsplit_once("->").map_or("", |(_, gives)| gives);
            let is_async = keyword == "fn" && head.starts_with("pub async");
            let gives = if is_async { "impl Future".to_owned() } else { gives.to_owned() };
            found.push(Item { name: format!("{file}: {name}"), docs, gives });
        }
    }
    found
}

/// The types of the library that are futures, or become some.
fn futures(files: &[(String, String)]) -> BTreeSet<(String, String)> {
    let mut names = BTreeSet::new();
    for (file, text) in files {
        let module = file.split(['/', '.']).next().expect("a split has a first part");
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("impl")) {
            if let Some((_, target)) = line.split_once("Future for ") {
                let name = words(target).find(|word| word.starts_with(char::is_uppercase));
                names.extend(name.map(|name| (module.to_owned(), name.to_owned())));
            }
        }
    }
    names
}

/// The public functions and types of the library that are, give or become futures.
fn all() -> Vec<Item> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../asynkit/src");
    let mut files = Vec::new();
    collect(&top, &top, &mut files);
    files.retain(|(file, _)| {
        !["models/", "engine/", "__private"].iter().any(|hidden| file.starts_with(hidden))
    });
    files.sort();
    let futures = futures(&files);
    let mut all = Vec::new();
    let mut public = BTreeSet::new();
    for (file, text) in &files {
        let module = file.split(['/', '.']).next().expect("a split has a first part");
        let types = items(file, text, "struct").into_iter();
        for item in types.filter(|item| futures.contains(&(module.to_owned(), item.short().to_owned()))) {
            public.insert(item.short().to_owned());
            all.push(item);
        }
    }
    for (file, text) in &files {
        // `Option<&H>` and the like are looks, no futures.
        let gives = |item: &Item| {
            let mut words = words(&item.gives);
            let first = words.next().unwrap_or_default();
            let second = words.next().unwrap_or_default();
            let is_named = |word: &str| public.contains(word);
            first == "impl" && second == "Future" || is_named(first) || first == "Result" && is_named(second)
        };
        all.extend(items(file, text, "fn").into_iter().filter(gives));
    }
    all
}

#[test]
fn every_public_future_has_a_row_and_every_row_is_of_public_futures() {
    let found: BTreeSet<_> = all().into_iter().map(|item| item.name).collect();
    assert!(found.len() > 80, "the scan finds too little: {found:#?}");
    let known: BTreeSet<_> = rows().flat_map(|row| row.items).map(ToString::to_string).collect();
    let excepted: BTreeSet<_> = EXCEPTIONS.iter().map(|(item, _)| ToString::to_string(item)).collect();
    let missing: Vec<_> =
        found.iter().filter(|item| !known.contains(*item) && !excepted.contains(*item)).collect();
    assert!(missing.is_empty(), "these have no row: {missing:#?}");
    let is_gone = |item: &&String| !found.contains(*item);
    let gone: Vec<_> = known.iter().chain(&excepted).filter(is_gone).collect();
    assert!(gone.is_empty(), "these are no futures of the library: {gone:#?}");
}

#[test]
fn every_section_on_cancel_safety_begins_with_the_words_of_its_row() {
    let all = all();
    let mut wrong = Vec::new();
    for row in rows() {
        let of_row: Vec<_> = all.iter().filter(|item| row.items.contains(&item.name.as_str())).collect();
        let has_section = |item: &&&Item| item.section().is_some();
        let told: Vec<_> = of_row.iter().filter(has_section).collect();
        // The first item has a section of its own, or gives a type that has one.
        let first = of_row.iter().find(|item| item.name == row.items[0]).expect("it is there");
        let is_told =
            |item: &Item| item.name == first.name || words(&first.gives).next() == Some(item.short());
        if !told.iter().any(|item| is_told(item)) {
            wrong.push(format!("{} has no section", first.name));
        }
        for item in told {
            let section = item.section().unwrap_or_default();
            // A type that two rows share says what one of them says.
            let verdicts =
                rows().filter(|row| row.items.contains(&item.name.as_str())).map(|row| row.verdict);
            if !verdicts.into_iter().any(|verdict| section.starts_with(verdict.words())) {
                wrong.push(format!("{} is {:?}, and says: {section}", item.name, row.verdict));
            }
        }
    }
    assert!(wrong.is_empty(), "docs and table differ:\n{}", wrong.join("\n"));
}

#[test]
fn no_section_on_cancel_safety_is_of_anything_else() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../asynkit/src");
    let mut files = Vec::new();
    collect(&top, &top, &mut files);
    let mut sections = 0;
    for (file, text) in &files {
        sections += text.matches("/// # Cancel safety").count();
        for (line, next) in text.lines().zip(text.lines().skip(1)) {
            if line.trim() == "/// # Cancel safety" {
                let begins = Verdict::ALL
                    .iter()
                    .any(|verdict| next.trim_start().trim_start_matches("/// ").starts_with(verdict.words()));
                assert!(begins, "{file}: a section begins with `{}`", next.trim());
            }
        }
    }
    let told = all().iter().filter(|item| item.section().is_some()).count();
    assert_eq!(sections, told, "a section stands where no future is");
}
