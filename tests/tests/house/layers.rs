//! A file of the library imports from lower layers and from its own folder only.

use crate::sources::{self, Token};
use std::{collections::BTreeMap, fmt};

/// The layers. Whoever adds a module says here where it stands.
const LAYERS: &[(u8, &[&str])] = &[
    (0, &["error", "util"]),
    (1, &["step", "waker", "priority"]),
    (2, &["scope"]),
    (3, &["coro"]),
    (4, &["monitor"]),
    (5, &["generator"]),
    (6, &["context", "drive", "awaitable"]),
    (7, &["queue"]),
    (8, &["engine"]),
    (9, &["task"]),
    (10, &["executor", "spawner"]),
    (11, &["schedule"]),
    (12, &["interrupt", "group", "lock"]),
    // Front doors.
    (13, &["lib", "macros", "attributes", "prelude", "models", "__private"]),
];

#[derive(Debug, Clone, PartialEq, Eq)]
struct Violation {
    file: String,
    line: usize,
    import: String,
    why: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "asynkit/src/{}:{}: `{}` {}", self.file, self.line, self.import, self.why)
    }
}

/// A path from the root of the crate, with the line that it stands on.
type Import = (usize, Vec<String>);

fn layer(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(_, modules)| modules.contains(&module)).map(|&(layer, _)| layer)
}

/// `coro/start.rs` and `coro/mod.rs` are in `coro`, `step.rs` is in `step`.
fn module_of(file: &str) -> &str {
    file.split('/').next().expect("a split has a first part").trim_end_matches(".rs")
}

/// How many `super` lead from the top of `file` to the root of the crate.
fn depth_of(file: &str) -> usize {
    let parts = file.split('/').count();
    if file.ends_with("mod.rs") { parts - 1 } else { parts }
}

/// The names that the root gives to items of modules: `Interrupt` is in `error`.
fn root_names(lib: &str) -> BTreeMap<String, String> {
    let tokens = sources::tokens(lib);
    let mut names = BTreeMap::new();
    for at in 0..tokens.len() {
        let is_reexport = tokens[at].text == "use" && at > 0 && tokens[at - 1].text == "pub";
        if !is_reexport {
            continue;
        }
        for path in use_tree(&tokens, at + 1) {
            if let (Some(module), Some(name)) = (path.first(), path.last()) {
                names.insert(name.clone(), module.clone());
            }
        }
    }
    names
}

/// The paths of the tree that starts at `at`: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn use_tree(tokens: &[Token], at: usize) -> Vec<Vec<String>> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut path = Vec::new();
    let mut at = at;
    loop {
        if text(at) == "{" {
            let mut paths = Vec::new();
            let (mut open, mut starts) = (1, vec![at + 1]);
            while open > 0 {
                at += 1;
                match text(at) {
                    "{" => open += 1,
                    "}" => open -= 1,
                    "," if open == 1 => starts.push(at + 1),
                    "" => break,
                    _ => {}
                }
            }
            for start in starts {
                if text(start) != "}" {
                    paths.extend(use_tree(tokens, start));
                }
            }
            return paths.into_iter().map(|tail| [path.clone(), tail].concat()).collect();
        }
        path.push(text(at).to_owned());
        if (text(at + 1), text(at + 2)) != (":", ":") {
            return vec![path];
        }
        at += 3;
    }
}

/// What `file` takes from the root: `crate::a::b`, `$crate::a::b`, and `super` where it leads out.
fn imports(file: &str, text: &str) -> Vec<Import> {
    let tokens = sources::tokens(text);
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let mut imports = Vec::new();
    let mut inner_modules: Vec<usize> = Vec::new();
    let mut open = 0;
    for at in 0..texts.len() {
        match texts[at] {
            "{" => {
                open += 1;
                if at >= 2 && texts[at - 2] == "mod" {
                    inner_modules.push(open);
                }
            }
            "}" => {
                if inner_modules.last() == Some(&open) {
                    inner_modules.pop();
                }
                open -= 1;
            }
            _ => {}
        }
        let is_head = at < 2 || (texts[at - 2], texts[at - 1]) != (":", ":");
        let is_path = (texts.get(at + 1), texts.get(at + 2)) == (Some(&":"), Some(&":"));
        if !is_head || !is_path || texts[at] != "crate" && texts[at] != "super" {
            continue;
        }
        // `pub(in crate::a)` says who may see an item; it imports nothing.
        if at > 0 && texts[at - 1] == "in" {
            continue;
        }
        let depth = depth_of(file) + inner_modules.len();
        for path in use_tree(&tokens, at) {
            let supers = path.iter().take_while(|part| *part == "super").count();
            let from_root = match path[0].as_str() {
                "crate" => &path[1..],
                _ if supers == depth => &path[supers..],
                _ => continue,
            };
            imports.push((tokens[at].line, from_root.to_vec()));
        }
    }
    imports
}

fn violations(file: &str, text: &str, root: &BTreeMap<String, String>) -> Vec<Violation> {
    let own = module_of(file);
    let violation = |line, import: &[String], why: String| Violation {
        file: file.to_owned(),
        line,
        import: format!("crate::{}", import.join("::")),
        why,
    };
    let Some(own_layer) = layer(own) else {
        return vec![violation(1, &[own.to_owned()], "is in no layer: add it to the table".to_owned())];
    };
    let mut found = Vec::new();
    for (line, path) in imports(file, text) {
        let first = &path[0];
        let module = if layer(first).is_some() { first } else { root.get(first).unwrap_or(first) };
        if module == own || own_layer == 13 {
            continue;
        }
        let why = match layer(module) {
            Some(layer) if layer < own_layer => continue,
            Some(layer) => format!("is in layer {layer}, `{own}` is in layer {own_layer}"),
            None => "is in no layer: add it to the table".to_owned(),
        };
        found.push(violation(line, &path, why));
    }
    found
}

#[test]
fn files_import_from_lower_layers_only() {
    let files = sources::below("asynkit/src");
    let lib = files.iter().find(|file| file.path == "lib.rs").expect("the library has a root");
    let root = root_names(&lib.text);
    let found: Vec<_> = files
        .iter()
        .filter(|file| file.path != "lib.rs")
        .flat_map(|file| violations(&file.path, &file.text, &root))
        .map(|violation| violation.to_string())
        .collect();
    assert!(found.is_empty(), "imports from a layer that is not below:\n{}", found.join("\n"));
}

fn root_of_fixtures() -> BTreeMap<String, String> {
    root_names("pub use error::{BoxError, Interrupt}; pub use drive::await_sync; mod step;")
}

#[test]
fn a_planted_violation_is_found_in_every_form() {
    let planted = [
        ("coro/start.rs", "use crate::monitor::Monitor;", "crate::monitor::Monitor"),
        ("coro/start.rs", "use crate::{error::Interrupt, drive::sync::{a, b}};", "crate::drive::sync::a"),
        ("coro/mod.rs", "fn f() { crate::await_sync(async {}) }", "crate::await_sync"),
        ("coro/start.rs", "use super::super::drive;", "crate::drive"),
        ("coro/start.rs", "mod inner { use super::super::super::drive::x; }", "crate::drive::x"),
        ("step.rs", "use super::coro::Coro;", "crate::coro::Coro"),
        ("error/misuse.rs", "macro_rules! m { () => { $crate::coro::f() } }", "crate::coro::f"),
        ("monitor/call.rs", "use crate::generator::Co;", "crate::generator::Co"),
        // One floor is no free passage: two modules of a layer do not know each other.
        ("drive/sync.rs", "use crate::context::Context;", "crate::context::Context"),
        ("coro/start.rs", "use crate::unheard_of::X;", "crate::unheard_of::X"),
    ];
    for (file, text, import) in planted {
        let found = violations(file, text, &root_of_fixtures());
        assert_eq!(found.first().map(|found| found.import.as_str()), Some(import), "{file}: {text}");
        assert_eq!((found[0].file.as_str(), found[0].line), (file, 1));
    }
    let unknown = violations("cellar/mod.rs", "", &root_of_fixtures());
    assert!(unknown[0].to_string().ends_with("is in no layer: add it to the table"), "{unknown:?}");
}

#[test]
fn what_may_be_imported_is_no_violation() {
    let allowed = [
        ("coro/start.rs", "use crate::{coro::Coro, error::Interrupt, step::Step, BoxError};"),
        ("coro/start.rs", "use super::Coro; mod inner { use super::super::Coro; }"),
        ("coro/start.rs", "/// `crate::drive::await_sync`\nstruct A; // crate::drive"),
        ("coro/start.rs", "#[cfg(test)] mod tests { use crate::drive::await_sync; }"),
        ("monitor/call.rs", "pub(in crate::monitor) fn f() {}"),
        ("generator/object.rs", "use crate::monitor::Monitor;"),
        ("__private.rs", "pub use crate::drive::await_sync;"),
    ];
    for (file, text) in allowed {
        assert_eq!(violations(file, text, &root_of_fixtures()), [], "{text}");
    }
}
