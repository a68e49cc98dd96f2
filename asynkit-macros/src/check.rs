//! What the attributes ask of a function: a rule a function. Each reports and, where it can, repairs, so that the
//! expansion that follows is the one that was meant and callers see no second error.

use crate::{
    item::{Body, Function, Kind},
    options::{ALL, Attr},
    report::Report,
    span,
};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Generics, ReturnType, Safety, Signature, Type, spanned::Spanned};

/// All that the attributes on a single `async fn` ask; the body if there is something to expand.
pub(crate) fn async_fn(
    attr: &Attr,
    function: &mut Function,
    options: &TokenStream,
    report: &mut Report,
) -> Option<Group> {
    if function.sig.asyncness.is_none() {
        not_async(attr, &function.sig, report);
        return None;
    }
    repeated(attr, &mut function.attrs, report);
    qualifiers(attr, &mut function.sig, report);
    never(attr, &mut function.sig, options, report);
    match &function.body {
        Body::Block(block) => Some(block.clone()),
        Body::Missing(semicolon) => {
            let name = &function.sig.ident;
            let help = match attr.name {
                "generator_fn" => format!(
                    "apply it in the `impl`; declare the trait method as `fn {name}(…) -> Generator<impl RawGenerator<…>>`"
                ),
                "eager" => {
                    format!("apply it in the `impl`; declare the trait method as `fn {name}(…) -> Eager<…>`")
                }
                _ => format!("apply `#[{}]` to the `trait`", attr.name),
            };
            report.error(semicolon, format_args!("`#[{}]` requires a function body", attr.name), help);
            None
        }
    }
}

/// An attribute that goes on functions alone sits on something else.
pub(crate) fn not_a_function(attr: &Attr, kind: &Kind, item: &TokenStream, report: &mut Report) {
    let name = attr.name;
    match kind {
        Kind::Impl(keyword) | Kind::Trait(keyword) => {
            let noun = if matches!(kind, Kind::Impl(_)) { "an `impl` block" } else { "a `trait`" };
            let problem = format!("`#[{name}]` cannot be applied to {noun}");
            report.error(keyword, problem, "apply it to each `async fn` inside the block");
        }
        Kind::Fn | Kind::Other(_) => {
            let guilty = match kind {
                Kind::Other(Some(keyword)) => keyword.to_token_stream(),
                _ => item.clone(),
            };
            let problem = format!("`#[{name}]` can only be applied to an `async fn`");
            report.error(guilty, problem, "remove the attribute, or move it to an `async fn`");
        }
    }
}

fn not_async(attr: &Attr, sig: &Signature, report: &mut Report) {
    let name = &sig.ident;
    let help = if returns_future(&sig.output) {
        format!("write `async fn {name}`, or call `await_sync({name}(…))` where the value is needed")
    } else {
        format!("write `async fn {name}`, or remove the attribute")
    };
    report.error(sig.fn_token, format_args!("`#[{}]` can only be applied to an `async fn`", attr.name), help);
}

fn returns_future(output: &ReturnType) -> bool {
    fn mentions(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word.to_string().ends_with("Future"),
            TokenTree::Group(group) => mentions(group.stream()),
            _ => false,
        })
    }
    mentions(output.to_token_stream())
}

/// Reports and removes other attributes of ours below the one that expands.
pub(crate) fn repeated(attr: &Attr, attrs: &mut Vec<Attribute>, report: &mut Report) {
    attrs.retain(|found| {
        let Some(name) = ours(found) else { return true };
        let problem = if name == attr.name {
            (format!("`#[{name}]` is applied more than once"), "remove this one")
        } else {
            (format!("`#[{}]` and `#[{name}]` cannot be combined", attr.name), "keep one of them")
        };
        report.error(found, problem.0, problem.1);
        false
    });
}

/// The name of an attribute, if it is one of ours.
pub(crate) fn ours(attr: &Attribute) -> Option<&'static str> {
    let last = attr.path().segments.last()?;
    ALL.iter().map(|ours| ours.name).find(|name| last.ident == name)
}

/// What rustc refuses beside `async`, and would not see any more once `async` is gone.
pub(crate) fn qualifiers(attr: &Attr, sig: &mut Signature, report: &mut Report) {
    if let Some(token) = sig.constness.take() {
        report.error(token, "functions cannot be both `const` and `async`", "remove `const`");
    }
    if let Some(abi) = sig.abi.take() {
        let written =
            abi.name.as_ref().map_or_else(|| "extern".to_owned(), |name| format!("extern {}", quote!(#name)));
        let problem = format!("`#[{}]` functions cannot have an explicit ABI", attr.name);
        report.error(&abi, problem, format_args!("remove `{written}`"));
    }
    if let Some(variadic) = sig.variadic.take() {
        let problem = format!("`#[{}]` functions cannot be variadic", attr.name);
        report.error(variadic.dots, problem, "remove `...`");
    }
}

/// A value of type `!` has no place in a generic type on stable.
pub(crate) fn never(attr: &Attr, sig: &mut Signature, private: &TokenStream, report: &mut Report) {
    let ReturnType::Type(_, output) = &mut sig.output else { return };
    let Type::Never(never) = peeled(output) else { return };
    let problem = format!("`#[{}]` functions cannot return `!`", attr.name);
    report.error(never, problem, "return `std::convert::Infallible`");
    let span = span::ours_at(never.span());
    **output = Type::Verbatim(quote_spanned!(span=> #private::Infallible));
}

/// A type without the invisible groups and the parentheses around it.
pub(crate) fn peeled(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peeled(&group.elem),
        Type::Paren(paren) => peeled(&paren.elem),
        _ => ty,
    }
}

/// Whether `impl Trait` stands somewhere in what was written; its type cannot be named a second time.
pub(crate) fn has_impl_trait(tokens: impl ToTokens) -> bool {
    first_impl_trait(tokens.into_token_stream()).is_some()
}

/// The keyword of the first `impl Trait`.
pub(crate) fn first_impl_trait(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(word) => (word == "impl").then_some(word),
        TokenTree::Group(group) => first_impl_trait(group.stream()),
        _ => None,
    })
}

pub(crate) fn is_unsafe(sig: &Signature) -> bool {
    matches!(sig.safety, Safety::Unsafe(_))
}

/// Whether there are parameters other than lifetimes.
pub(crate) fn is_generic(generics: &Generics) -> bool {
    generics.params.iter().any(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_)))
}

/// What is made names the caller's line; not for functions that rustc calls itself.
pub(crate) fn track_caller(function: &Function) -> Option<TokenStream> {
    let is = |attr: &Attribute, name| attr.path().segments.last().is_some_and(|last| last.ident == name);
    let excluded = function.sig.ident == "main"
        || function
            .attrs
            .iter()
            .any(|attr| is(attr, "track_caller") || is(attr, "test") || is(attr, "bench"));
    (!excluded).then(|| quote_spanned!(span::ours()=> #[track_caller]))
}
