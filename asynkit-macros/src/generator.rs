//! `#[generator_fn(T)]`: an `async fn` with `ayield!` as a generator.

use crate::{
    body::Rewrite,
    check,
    item::{Function, Kind, kind},
    options::{GENERATOR_FN, Options},
    report::Report,
    span,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Token, Type,
    parse::{ParseStream, Parser},
    parse_quote_spanned,
};

pub(crate) fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let (item_type, options) = split_type(options, &mut report);
    let options = Options::read(&GENERATOR_FN, options, &mut report);
    let expanded = match kind(&item) {
        Kind::Fn => on_fn(&options, item_type.as_ref(), &item, &mut report).unwrap_or_else(|error| {
            report.unread(error);
            item
        }),
        other => {
            refuse(&other, &item, &mut report);
            item
        }
    };
    report.after(expanded)
}

fn refuse(kind: &Kind, item: &TokenStream, report: &mut Report) {
    match kind {
        Kind::Impl(keyword) | Kind::Trait(keyword) => {
            let noun = if matches!(kind, Kind::Impl(_)) { "an `impl` block" } else { "a `trait`" };
            let problem = format_args!("`#[generator_fn]` cannot be applied to {noun}");
            report.error(keyword, problem, "apply it to each `async fn` inside the block");
        }
        Kind::Fn | Kind::Other(_) => {
            let guilty = match kind {
                Kind::Other(Some(keyword)) => keyword.to_token_stream(),
                _ => item.clone(),
            };
            let problem = "`#[generator_fn]` can only be applied to an `async fn`";
            report.error(guilty, problem, "remove the attribute, or move it to an `async fn`");
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
    let (item_type, block) = match item_type {
        Some(ty) => (ty.to_token_stream(), rewrite.block(&private, &local_ayield())),
        // What is yielded is of no known type, so nothing of the body can stand.
        None => (quote_spanned!(site=> ()), rewrite.outer(&quote_spanned!(site=> #private::unreachable()))),
    };
    let body = rewrite.outer(&quote_spanned! {site=>
        #private::generator(async move |#[allow(unused_mut)] mut co: #private::Co<'_, #item_type, ()>| #block)
    });
    // The `impl` is ours, so that it captures what an `async fn` captures in every edition.
    let (span, output) = (rewrite.output.span, &rewrite.output.ty);
    rewrite.sig.output = parse_quote_spanned! {span=>
        -> #private::Generator<impl #private::RawGenerator<Item = #item_type, Resume = (), Return = #output>>
    };
    let (attrs, vis, sig) = (&function.attrs, &function.vis, &rewrite.sig);
    Ok(quote!(#(#attrs)* #vis #sig #body))
}

/// The same `ayield!` that `generator!` opens.
fn local_ayield() -> TokenStream {
    quote_spanned! {span::ours()=>
        #[allow(unused_macros)]
        macro_rules! ayield {
            () => { ::core::compile_error!("`ayield!` requires a value\nhelp: write `ayield!(())`") };
            ($item:expr $(,)?) => { co.ayield($item).await };
            ($($items:tt)*) => { ::core::compile_error!("`ayield!` takes one value\nhelp: write `ayield!((…, …))`") };
        }
    }
}
