//! `#[generator_fn(T)]`: an `async fn` with `ayield!` as a generator.

use crate::{
    body::Rewrite,
    check,
    item::{Function, Kind, kind},
    options::{GENERATOR_FN, Options},
    report::Report,
    span,
};
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Token, Type,
    parse::{ParseStream, Parser},
    parse_quote_spanned,
};

pub(crate) fn expand(options: TokenStream, item: TokenStream, report: &mut Report) -> TokenStream {
    let (item_type, options) = split_type(options, report);
    let options = Options::read(&GENERATOR_FN, options, report);
    match kind(&item) {
        Kind::Fn => on_fn(&options, item_type.as_ref(), &item, report).unwrap_or_else(|error| {
            report.unread(error);
            item
        }),
        other => {
            check::not_a_function(&GENERATOR_FN, &other, &item, report);
            item
        }
    }
}

/// The type of the items, which comes first, and the options after it.
fn split_type(options: TokenStream, report: &mut Report) -> (Option<Type>, TokenStream) {
    let split = |input: ParseStream<'_>| {
        let is_option = input.peek(Token![crate]) && input.peek2(Token![=]);
        let ty = if input.is_empty() || is_option { None } else { Some(input.parse::<Type>()?) };
        input.parse::<Option<Token![,]>>()?;
        Ok((ty, input.parse::<TokenStream>()?))
    };
    match split.parse2(options.clone()) {
        Ok((Some(ty), rest)) => (Some(ty), rest),
        Ok((None, rest)) => {
            let problem = "`#[generator_fn]` requires the type of the items";
            report.error(TokenStream::new(), problem, "write `#[generator_fn(Type)]`");
            (None, rest)
        }
        Err(_) => {
            report.error(options, "expected the type of the items", "write `#[generator_fn(Type)]`");
            (None, TokenStream::new())
        }
    }
}

fn on_fn(
    options: &Options,
    item_type: Option<&Type>,
    item: &TokenStream,
    report: &mut Report,
) -> syn::Result<TokenStream> {
    let mut function: Function = syn::parse2(item.clone())?;
    let private = options.private();
    let Some(body) = check::async_fn(&GENERATOR_FN, &mut function, &private, report) else {
        return Ok(function.into_token_stream());
    };
    let mut rewrite = Rewrite::new(&function.sig, &body);
    let site = span::ours();
    // All that is written is shown at the braces, where a value that is missing is missing.
    let here = span::ours_at(body.span());
    let private_here = options.private_at(here);
    let (item_type, content, allow) = if let Some(ty) = item_type {
        (ty.to_token_stream(), rewrite.content(options), None)
    } else {
        // What is yielded is of no known type, so nothing of the body can stand.
        let content = quote_spanned!(site=> #private::unreachable());
        (quote_spanned!(site=> ()), content, Some(quote_spanned!(site=> #[allow(unused)])))
    };
    let mut arguments =
        Group::new(Delimiter::Brace, quote_spanned!(here=> ($) (async move) (#item_type) () #content));
    arguments.set_span(here);
    let body = rewrite.outer(&quote_spanned!(here=> #private_here::generator_body! #arguments));
    // The `impl` is ours, so that it captures what an `async fn` captures in every edition.
    let (span, output) = (rewrite.output.span, &rewrite.output.ty);
    rewrite.sig.output = parse_quote_spanned! {span=>
        -> #private::Generator<impl #private::RawGenerator<Item = #item_type, Resume = (), Return = #output>>
    };
    let (attrs, vis, sig) = (&function.attrs, &function.vis, &rewrite.sig);
    Ok(quote!(#(#attrs)* #allow #vis #sig #body))
}
