//! Whatever the tokens are, the attributes do not panic, and a body comes out as it went in.

use super::ATTRIBUTES;
use crate::report::Report;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use proptest::{collection::vec, prelude::*};

fn word() -> impl Strategy<Value = TokenTree> {
    const WORDS: &[&str] = &[
        "async",
        "fn",
        "impl",
        "trait",
        "for",
        "self",
        "Self",
        "mut",
        "ref",
        "where",
        "const",
        "unsafe",
        "extern",
        "crate",
        "pub",
        "struct",
        "type",
        "let",
        "return",
        "into_future",
        "IntoFuture",
        "twin",
        "panic",
        "flatten",
        "local",
        "scoped",
        "spawn",
        "Spawner",
        "x",
        "T",
        "u8",
        "_a",
        "dyn",
        "default",
        "move",
        "await",
        "static",
        "super",
        "in",
        "enum",
        "macro_rules",
    ];
    proptest::sample::select(WORDS).prop_map(|word| TokenTree::Ident(Ident::new(word, Span::call_site())))
}

fn sign() -> impl Strategy<Value = TokenTree> {
    (proptest::sample::select(&b"#!&*<>,;:=-+|?.$@'/"[..]), any::<bool>()).prop_map(|(sign, joint)| {
        // A tick is joined to a word, or it is no token.
        let joint = joint || sign == b'\'';
        TokenTree::Punct(Punct::new(char::from(sign), if joint { Spacing::Joint } else { Spacing::Alone }))
    })
}

fn literal() -> impl Strategy<Value = TokenTree> {
    prop_oneof![
        any::<u8>().prop_map(Literal::u8_suffixed),
        Just(Literal::string("C")),
        Just(Literal::character('c')),
    ]
    .prop_map(TokenTree::Literal)
}

fn tree() -> impl Strategy<Value = TokenTree> {
    prop_oneof![4 => word(), 3 => sign(), 1 => literal()].prop_recursive(3, 24, 8, |inner| {
        let delimiters = [Delimiter::Brace, Delimiter::Bracket, Delimiter::Parenthesis, Delimiter::None];
        (proptest::sample::select(delimiters.to_vec()), vec(inner, 0..8)).prop_map(|(delimiter, content)| {
            TokenTree::Group(Group::new(delimiter, content.into_iter().collect()))
        })
    })
}

fn stream(longest: usize) -> impl Strategy<Value = TokenStream> {
    vec(tree(), 0..longest).prop_map(|trees| trees.into_iter().collect())
}

/// The heads of items that are right or nearly so; `B` stands for the random body.
const ITEMS: &[(usize, &str, &str)] = &[
    (0, "", "async fn f(&self, mut a: u8, (b, _): (u8, u8)) -> Option<&u8> B"),
    (
        0,
        "panic",
        "pub(crate) async unsafe fn f<'a, T: Clone, const N: usize>(self, x: &'a [T; N]) -> T where T: Copy B",
    ),
    (0, "flatten", "#[inline] async fn f(self: Arc<Self>) -> Result<u8, E> B"),
    (0, "twin", "pub async fn f(x: impl Fn()) -> impl Iterator<Item = u8> B"),
    (0, "twin", "impl<T> S<T> { async fn a(&self) B const X: u8 = 1; }"),
    (0, "", "trait T: Sized { async fn a(&self) -> u8 B async fn b(self); }"),
    (1, "", "impl IntoFuture for Job { async fn into_future(self) -> u8 B }"),
    (
        1,
        "local",
        "impl<'a, T> IntoFuture for &'a Job<T> where T: Copy { async fn into_future(self) -> &'a T B }",
    ),
    (2, "u8", "async fn f(self, n: u8) B"),
    (3, "", "pub async fn f(self: Rc<Self>, mut a: u8, (b, _): (u8, u8)) -> Option<u8> B"),
    (
        3,
        "spawn = a::Tokio",
        "#[inline] async fn f<T: Clone + 'static, const N: usize>(x: [T; N]) -> T where T: Copy B",
    ),
    (
        3,
        "scoped",
        "async unsafe fn f<'a>(&'a mut self, x: impl Fn(&u8) -> &u8) -> impl Iterator<Item = u8> B",
    ),
    (2, "&'a str, crate = crate", "pub async fn f<'a>(n: &'a str) -> Result<(), E> B"),
];

/// The tokens, groups opened, with nothing that `TokenStream`'s printing may add.
fn flat(tokens: TokenStream, into: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                into.push(format!("{:?}", group.delimiter()));
                flat(group.stream(), into);
                into.push("end".to_owned());
            }
            token => into.push(token.to_string()),
        }
    }
}

fn flattened(tokens: TokenStream) -> Vec<String> {
    let mut flattened = Vec::new();
    flat(tokens, &mut flattened);
    flattened
}

/// A body that does not start like an inner attribute, which is moved to the braces of the function.
fn body() -> impl Strategy<Value = TokenStream> {
    stream(12).prop_filter("starts with an inner attribute", |body| {
        let mut tokens = body.clone().into_iter().map(|token| token.to_string());
        !(tokens.next().as_deref() == Some("#") && tokens.next().as_deref() == Some("!"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_tokens_never_panic(which in 0..ATTRIBUTES.len(), options in stream(8), item in stream(24)) {
        let mut report = Report::default();
        let expanded = ATTRIBUTES[which].1(options, item, &mut report);
        prop_assert!(!report.after(expanded).to_string().contains('\0'));
    }

    #[test]
    fn arbitrary_options_leave_a_right_item_in_place(which in 0..ITEMS.len(), options in stream(8)) {
        let (attribute, _, item) = ITEMS[which];
        let item: TokenStream = item.replace(" B", " { here() }").parse().expect("tokens");
        let mut report = Report::default();
        let expanded = ATTRIBUTES[attribute].1(options, item, &mut report);
        // Whatever the options are, what comes out are items.
        let parsed = syn::parse2::<syn::File>(expanded.clone());
        prop_assert!(parsed.is_ok(), "{}: {}", parsed.err().unwrap(), expanded);
    }

    #[test]
    fn a_body_is_emitted_as_it_was_written(which in 0..ITEMS.len(), body in body()) {
        let (attribute, options, item) = ITEMS[which];
        let (before, after) = item.split_once(" B").expect("a place for the body");
        let marked = format!("{before} {{ BODY }} {after}");
        let item = put(marked.parse().expect("tokens"), &body);
        let mut report = Report::default();
        let expanded = ATTRIBUTES[attribute].1(options.parse().expect("tokens"), item, &mut report);
        prop_assert!(report.errors().is_empty(), "{:?}", report.errors());
        let (expanded, body) = (flattened(expanded), flattened(body));
        prop_assert!(
            body.is_empty() || expanded.windows(body.len()).any(|window| window == body),
            "{body:?} is not in {expanded:?}"
        );
    }
}

/// Puts the body where its mark is.
fn put(tokens: TokenStream, body: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(word) if word == "BODY" => body.clone(),
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), put(group.stream(), body))).into()
            }
            token => token.into(),
        })
        .collect()
}
