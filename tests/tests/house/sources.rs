//! The sources of the repository, as tokens: comments, doc examples and test modules are not in them.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A source file; `path` is relative to the directory that was asked for, with `/` between its parts.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Every `.rs` file below `directory` (from the top of the repository), sorted by path.
pub(crate) fn below(directory: &str) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate has a parent").join(directory);
    let mut paths = Vec::new();
    collect(&top, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "no source below `{}`", top.display());
    let read = |path: PathBuf| Source {
        path: path
            .strip_prefix(&top)
            .expect("it was found there")
            .components()
            .map(|part| part.as_os_str().to_str().expect("names are ASCII"))
            .collect::<Vec<_>>()
            .join("/"),
        text: fs::read_to_string(&path).expect("sources are readable"),
    };
    paths.into_iter().map(read).collect()
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// A token of a flattened source: delimiters are tokens too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// The tokens of `text`, without what is `#[cfg(test)]`.
///
/// # Panics
/// Where `text` is no Rust.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let stream: TokenStream = text.parse().expect("sources are Rust");
    let mut flat = Vec::new();
    flatten(stream, &mut flat);
    flat
}

fn flatten(stream: TokenStream, flat: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    let push = |flat: &mut Vec<Token>, text: &str, span: Span| {
        flat.push(Token { text: text.to_owned(), line: span.start().line });
    };
    while let Some(tree) = trees.next() {
        let is_attribute = matches!(&tree, TokenTree::Punct(p) if p.as_char() == '#');
        if is_attribute && matches!(trees.peek(), Some(TokenTree::Group(g)) if is_cfg_test(g)) {
            // The item ends at its body or at its semicolon.
            let ends = |tree: &TokenTree| match tree {
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Punct(punct) => punct.as_char() == ';',
                _ => false,
            };
            trees.find(ends);
            continue;
        }
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                push(flat, open, group.span_open());
                flatten(group.stream(), flat);
                push(flat, close, group.span_close());
            }
            leaf => push(flat, &leaf.to_string(), leaf.span()),
        }
    }
}

fn is_cfg_test(group: &proc_macro2::Group) -> bool {
    group.stream().to_string().replace(' ', "") == "cfg(test)"
}

#[test]
fn comments_strings_and_test_modules_hold_no_tokens() {
    let text = r#"
        // crate::a
        /// crate::b
        const TEXT: &str = "crate::c";
        #[cfg(test)]
        mod tests { use crate::d; }
        #[cfg(test)]
        use crate::e;
        const AFTER: u8 = 0;
    "#;
    let idents: Vec<_> = tokens(text).into_iter().map(|token| token.text).collect();
    assert!(!idents.iter().any(|text| text == "crate"), "{idents:?}");
    assert!(idents.iter().any(|text| text == "AFTER"), "{idents:?}");
}

#[test]
fn a_token_knows_its_line() {
    let found = tokens("use a;\n\nuse crate::b;").into_iter().find(|token| token.text == "crate");
    assert_eq!(found.map(|token| token.line), Some(3));
}
