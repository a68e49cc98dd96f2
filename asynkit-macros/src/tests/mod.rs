//! The macros as functions on tokens.

mod errors;
mod errors_of_eager;
mod property;
mod snapshots;

use crate::report::Report;
use proc_macro2::TokenStream;

type Expand = fn(TokenStream, TokenStream, &mut Report) -> TokenStream;

const ATTRIBUTES: [(&str, Expand); 4] = [
    ("syncfunction", crate::sync_function::expand),
    ("awaitmethod", crate::await_method::expand),
    ("generator_fn", crate::generator::expand),
    ("eager", crate::eager::expand),
];

/// The function behind an attribute.
fn expander(name: &str) -> Expand {
    ATTRIBUTES.iter().find(|(known, _)| *known == name).expect("one of ours").1
}

/// Splits `#[name(options)] item`, the way rustc does.
fn expand(source: &str) -> (TokenStream, Report) {
    let source = source.trim();
    let rest = source.strip_prefix("#[").expect("starts with the attribute");
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let tokens: TokenStream = source.parse().expect("tokens");
    let mut tokens = tokens.into_iter().skip(1);
    let brackets = tokens.next().expect("brackets");
    let proc_macro2::TokenTree::Group(brackets) = brackets else { panic!("expected brackets") };
    let options = brackets.stream().into_iter().nth(1).map(|options| match options {
        proc_macro2::TokenTree::Group(group) => group.stream(),
        other => panic!("expected parentheses, found {other}"),
    });
    let mut report = Report::default();
    let expanded = expander(&name)(options.unwrap_or_default(), tokens.collect(), &mut report);
    (expanded, report)
}
