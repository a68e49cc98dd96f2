//! The options in the parentheses of an attribute.
//!
//! What is wrong with one is reported on it, and the attribute expands as if the option had not been written (or, for a
//! path that can be mended, as if it had been written right), so that a bad option is one error.

use crate::{report::Report, span};
use proc_macro2::{Ident, Punct, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Path;

/// One of our attributes, with the options that it takes.
pub(crate) struct Attr {
    /// As it is written, without the brackets.
    pub(crate) name: &'static str,
    options: &'static [Spec],
}

struct Spec {
    name: &'static str,
    value: Value,
    /// Options that say something else about the same thing.
    excludes: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq)]
enum Value {
    None,
    /// A name, which may be left out.
    Name,
    /// A path to the library.
    Library,
    /// The type of a spawner.
    Spawner,
}

const CRATE: Spec = Spec { name: "crate", value: Value::Library, excludes: &[] };

const fn flag(name: &'static str, excludes: &'static [&'static str]) -> Spec {
    Spec { name, value: Value::None, excludes }
}

pub(crate) const SYNCFUNCTION: Attr = Attr {
    name: "syncfunction",
    options: &[
        CRATE,
        flag("flatten", &["panic"]),
        flag("panic", &["flatten"]),
        Spec { name: "twin", value: Value::Name, excludes: &[] },
    ],
};

pub(crate) const AWAITMETHOD: Attr = Attr { name: "awaitmethod", options: &[CRATE, flag("local", &[])] };

pub(crate) const GENERATOR_FN: Attr = Attr { name: "generator_fn", options: &[CRATE] };

pub(crate) const EAGER: Attr = Attr {
    name: "eager",
    options: &[
        CRATE,
        flag("scoped", &["spawn"]),
        Spec { name: "spawn", value: Value::Spawner, excludes: &["scoped"] },
    ],
};

/// All of them, to tell one from another.
pub(crate) const ALL: &[Attr] = &[SYNCFUNCTION, AWAITMETHOD, GENERATOR_FN, EAGER];

/// An option as it was written.
struct Given {
    key: Ident,
    value: Option<(Punct, TokenStream)>,
}

/// The options that were given and are right.
pub(crate) struct Options {
    given: Vec<Given>,
    library: TokenStream,
}

impl Options {
    /// Reads them all and reports each mistake.
    pub(crate) fn read(attr: &Attr, tokens: TokenStream, report: &mut Report) -> Self {
        let mut options = Options { given: Vec::new(), library: default_library() };
        for item in split_at_commas(tokens) {
            if let Some(given) = read_one(attr, item, report) {
                options.accept(attr, given, report);
            }
        }
        options
    }

    fn accept(&mut self, attr: &Attr, given: Given, report: &mut Report) {
        let name = given.key.to_string();
        let Some(spec) = attr.options.iter().find(|spec| spec.name == name) else {
            return unknown(attr, &given.key, report);
        };
        if self.get(spec.name).is_some() {
            let problem = format!("option `{name}` is set more than once");
            return report.error(&given.key, problem, "remove this one");
        }
        if let Some(other) = spec.excludes.iter().find(|other| self.get(other).is_some()) {
            let problem = format!("options `{other}` and `{name}` cannot be combined");
            return report.error(&given.key, problem, "keep one of them");
        }
        match (spec.value, &given.value) {
            (Value::None, Some((equals, value))) => {
                let problem = format!("option `{name}` does not take a value");
                report.error(
                    quote_spanned!(span::ours()=> #equals #value),
                    problem,
                    format_args!("write `{name}`"),
                );
            }
            (Value::Library, value) => self.library = library(&given.key, value.as_ref(), report),
            (Value::Spawner, value) => check_spawner(&given.key, value.as_ref(), report),
            (Value::Name, Some((_, value))) if syn::parse2::<Ident>(value.clone()).is_err() => {
                let problem = format!("expected a name, found {}", describe(value));
                let help = match unquoted(value) {
                    Some(_) => "remove the quotes".to_owned(),
                    None => format!("write `{name} = name`, or `{name}`"),
                };
                report.error(value, problem, help);
            }
            _ => {}
        }
        self.given.push(given);
    }

    fn get(&self, name: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.key == name)
    }

    /// The option as it was written, if it was.
    pub(crate) fn flag(&self, name: &str) -> Option<&Ident> {
        self.get(name).map(|given| &given.key)
    }

    /// The value of an option that is a name.
    pub(crate) fn name(&self, name: &str) -> Option<Ident> {
        let (_, value) = self.get(name)?.value.as_ref()?;
        syn::parse2(value.clone()).ok()
    }

    /// The type of the spawner, if one was given that can be one.
    pub(crate) fn spawner(&self) -> Option<Path> {
        let (_, value) = self.get("spawn")?.value.as_ref()?;
        spawner(value).ok()
    }

    /// The path of the hidden module that expansions name everything through.
    pub(crate) fn private(&self) -> TokenStream {
        let library = &self.library;
        quote_spanned!(span::ours()=> #library::__private)
    }

    /// The same, shown somewhere else.
    pub(crate) fn private_at(&self, place: Span) -> TokenStream {
        let library = self.library.clone().into_iter().map(|mut token| {
            token.set_span(token.span().located_at(place));
            token
        });
        quote_spanned!(place=> #(#library)*::__private)
    }
}

fn default_library() -> TokenStream {
    quote_spanned!(span::ours()=> ::asynkit)
}

fn split_at_commas(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut items = vec![Vec::new()];
    for token in tokens {
        match (&token, items.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => items.push(Vec::new()),
            (_, Some(item)) => item.push(token),
            (_, None) => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

fn read_one(attr: &Attr, item: Vec<TokenTree>, report: &mut Report) -> Option<Given> {
    let whole: TokenStream = item.iter().cloned().collect();
    let mut tokens = item.into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(key)), None) => return Some(Given { key, value: None }),
        (Some(TokenTree::Ident(key)), Some(TokenTree::Punct(equals))) if equals.as_char() == '=' => {
            let value: TokenStream = tokens.collect();
            if !value.is_empty() {
                return Some(Given { key, value: Some((equals, value)) });
            }
            report.error(
                &equals,
                "expected a value after `=`",
                format_args!("write `{key} = value`, or `{key}`"),
            );
            return None;
        }
        _ => {}
    }
    report.error(&whole, format_args!("expected an option, found {}", describe(&whole)), available(attr));
    None
}

fn available(attr: &Attr) -> String {
    let names: Vec<_> = attr.options.iter().map(|spec| format!("`{}`", spec.name)).collect();
    format!("the available options are {}", names.join(", "))
}

fn unknown(attr: &Attr, key: &Ident, report: &mut Report) {
    let (name, attr_name) = (key.to_string(), attr.name);
    if let Some(owner) = ALL.iter().find(|other| other.options.iter().any(|spec| spec.name == name)) {
        let problem = format!(
            "option `{name}` is not available for `#[{attr_name}]`; it belongs to `#[{}]`",
            owner.name
        );
        return report.error(key, problem, available(attr));
    }
    let near = attr.options.iter().find(|spec| distance(spec.name, &name) <= 2);
    let help = near.map_or_else(|| available(attr), |spec| format!("write `{}`", spec.name));
    report.error(key, format_args!("unknown option `{name}` for `#[{attr_name}]`"), help);
}

/// How many letters are to be put in, left out or replaced to make one word of the other.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        let mut next = vec![before];
        for (r, above) in right.chars().zip(row.iter().skip(1)) {
            before = (diagonal + usize::from(l != r)).min(above + 1).min(before + 1);
            diagonal = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// The path of the library from `crate = path`.
fn library(key: &Ident, value: Option<&(Punct, TokenStream)>, report: &mut Report) -> TokenStream {
    let Some((_, value)) = value else {
        report.error(key, "option `crate` requires a value", "write `crate = ::path::to::asynkit`");
        return default_library();
    };
    let quoted = unquoted(value);
    let path = quoted.as_deref().map_or_else(|| syn::parse2::<Path>(value.clone()), syn::parse_str::<Path>);
    let Ok(path) = path else {
        let problem = format!("expected a path, found {}", describe(value));
        report.error(value, problem, "write `crate = ::path::to::asynkit`");
        return default_library();
    };
    if quoted.is_some() {
        report.error(value, "expected a path, found a string literal", "remove the quotes");
    }
    let first = path.segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
    match first.as_str() {
        _ if path.leading_colon.is_some() => path.to_token_stream(),
        "crate" | "$crate" => path.to_token_stream(),
        relative => {
            let here = matches!(relative, "self" | "super");
            if quoted.is_none() {
                let help = if here {
                    "write `crate::` and the path from the root of this crate".to_owned()
                } else {
                    let path = written(&path);
                    format!("write `::{path}`, or `crate::{path}` for a module of this crate")
                };
                report.error(&path, "`crate` must be an absolute path", help);
            }
            // What was meant can be reached from here: no second error.
            if here { path.to_token_stream() } else { quote_spanned!(span::ours()=> ::#path) }
        }
    }
}

/// The type in `spawn = Type`; or the path of a function, or nothing that is a path.
fn spawner(value: &TokenStream) -> Result<Path, Option<Path>> {
    let path = match unquoted(value) {
        Some(text) => syn::parse_str::<Path>(&text),
        None => syn::parse2::<Path>(value.clone()),
    };
    let path = path.map_err(|_| None)?;
    let last = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    // By the names that rustc asks for: what begins so is a function.
    if last.trim_start_matches("r#").starts_with(|first: char| first.is_lowercase()) {
        Err(Some(path))
    } else {
        Ok(path)
    }
}

fn check_spawner(key: &Ident, value: Option<&(Punct, TokenStream)>, report: &mut Report) {
    let Some((_, value)) = value else {
        let help = "write `spawn = asynkit::spawner::Tokio`, or another spawner";
        return report.error(key, "option `spawn` requires a value", help);
    };
    match spawner(value) {
        Ok(_) if unquoted(value).is_some() => {
            report.error(value, "expected a path, found a string literal", "remove the quotes");
        }
        Ok(_) => {}
        Err(Some(path)) => {
            let path = written(&path);
            let runtime = match (path.contains("tokio"), path.contains("smol"), path.contains("local")) {
                (true, _, false) => "asynkit::spawner::Tokio",
                (true, _, true) => "asynkit::spawner::TokioLocal",
                (_, true, false) => "asynkit::spawner::Smol",
                (_, true, true) => "asynkit::spawner::SmolLocal",
                _ => "path::to::Spawner",
            };
            let problem = format!("option `spawn` takes the type of a spawner, found the function `{path}`");
            report.error(value, problem, format_args!("write `spawn = {runtime}`"));
        }
        Err(None) => {
            let problem = format!("expected a path, found {}", describe(value));
            report.error(value, problem, "write `spawn = asynkit::spawner::Tokio`, or another spawner");
        }
    }
}

fn written(path: &Path) -> String {
    let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    segments.join("::")
}

/// The text of a value that is one string literal.
fn unquoted(value: &TokenStream) -> Option<String> {
    syn::parse2::<syn::LitStr>(value.clone()).ok().map(|text| text.value())
}

/// What a value is, in rustc's words.
fn describe(value: &TokenStream) -> String {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(literal)), None) => match syn::Lit::new(literal) {
            syn::Lit::Str(_) => "a string literal".to_owned(),
            syn::Lit::Int(_) => "an integer literal".to_owned(),
            _ => "a literal".to_owned(),
        },
        _ => format!("`{value}`"),
    }
}
