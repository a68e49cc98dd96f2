//! `#[awaitmethod]`: `impl IntoFuture for T { async fn into_future(self) -> R {..} }`.
//!
//! ```text
//! impl<'a> IntoFuture for &'a Query { async fn into_future(self) -> Rows { user } }
//!
//! const _: () = {
//!     trait __AsynkitIntoFuture {                                   // asks that the future is `Send`
//!         type Output;
//!         fn into_future_body(self) -> impl Future<Output = Self::Output> + Send;
//!     }
//!     impl<'a> __AsynkitIntoFuture for &'a Query {                  // the user's function, word for word but for its name
//!         type Output = Rows;
//!         async fn into_future_body(self) -> Rows { user }
//!     }
//!     pub struct __AsynkitBody;                                     // says how it is started
//!     impl<T: __AsynkitIntoFuture> __private::AwaitBody<T> for __AsynkitBody { .. }
//!     impl<'a> IntoFuture for &'a Query {                      // the future gets a name, `Await`
//!         type Output = Rows;
//!         type IntoFuture = __private::Await<Self, Sendable<__AsynkitBody>, { slot_size::<&'static Query, _>() }, ..>;
//!         fn into_future(self) -> Self::IntoFuture { Await::new(self) }
//!     }
//! };
//! ```
//!
//! The function needs another name: inside an implementation of a trait its methods are in scope, and the body may call
//! `into_future` of something. The traits are the block's own, so that two blocks for one type are one error.

mod rules;

use crate::{
    body::{Output, is_cfg},
    check,
    item::{Function, ImplBlock, Kind, kind},
    options::{AWAITMETHOD, Options},
    report::Report,
    span,
};
use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use syn::{Attribute, ReturnType};

pub(crate) fn expand(options: TokenStream, item: TokenStream, report: &mut Report) -> TokenStream {
    let options = Options::read(&AWAITMETHOD, options, report);
    let guilty = match kind(&item) {
        Kind::Impl(_) => {
            return on_impl(&options, &item, report).unwrap_or_else(|error| {
                report.unread(error);
                item
            });
        }
        Kind::Fn => {
            syn::parse2::<Function>(item.clone()).map(|function| function.sig.fn_token.to_token_stream()).ok()
        }
        Kind::Trait(keyword) | Kind::Other(Some(keyword)) => Some(keyword.to_token_stream()),
        Kind::Other(None) => None,
    };
    report.error(
        guilty.unwrap_or_else(|| item.clone()),
        "`#[awaitmethod]` can only be applied to an `impl IntoFuture` block",
        "write `#[awaitmethod] impl IntoFuture for Type { async fn into_future(self) -> Output { … } }`",
    );
    item
}

fn on_impl(options: &Options, item: &TokenStream, report: &mut Report) -> syn::Result<TokenStream> {
    let mut block = ImplBlock::parse(item.clone())?;
    let self_ty = rules::written(&block.head.self_ty);
    match &block.head.trait_ {
        Some((path, _)) if path.segments.last().is_some_and(|last| last.ident == "IntoFuture") => {}
        other => {
            let guilty = other
                .as_ref()
                .map_or(block.head.impl_token.to_token_stream(), |(path, _)| path.to_token_stream());
            let problem = "`#[awaitmethod]` can only be applied to an `impl IntoFuture` block";
            report.error(guilty, problem, format_args!("write `impl IntoFuture for {self_ty}`"));
            return Ok(item.clone());
        }
    }
    check::repeated(&AWAITMETHOD, &mut block.head.attrs, report);
    let Some(mut function) = rules::the_method(&block, report) else {
        return Ok(placeholder(options, &block, &quote_spanned!(span::ours()=> ())));
    };
    check::repeated(&AWAITMETHOD, &mut function.attrs, report);
    check::qualifiers(&AWAITMETHOD, &mut function.sig, report);
    check::never(&AWAITMETHOD, &mut function.sig, &options.private(), report);
    let right = [
        rules::is_async(&function.sig, report),
        rules::has_right_receiver(&function.sig, &self_ty, report),
        rules::has_no_arguments(&function.sig, report),
        rules::has_no_generics(&function.sig, report),
        rules::has_no_impl_trait(&function.sig, report),
        rules::names_its_lifetimes(&function.sig, &block, report),
        rules::is_safe(&function.sig, report),
        rules::has_body(&function, report),
    ];
    if right == [true; 8] {
        return Ok(implementation(options, &block, &function));
    }
    // What cannot be named here, or is not there, would be the second error.
    let output = match &function.sig.output {
        ReturnType::Type(_, ty) if right[4] && right[5] => ty.to_token_stream(),
        _ => quote_spanned!(span::ours()=> ()),
    };
    Ok(placeholder(options, &block, &output))
}

fn implementation(options: &Options, block: &ImplBlock, function: &Function) -> TokenStream {
    let private = options.private();
    let head = &block.head;
    let (generics, _, bounds) = head.generics.split_for_impl();
    let (self_ty, output) = (&head.self_ty, Output::of(&function.sig).ty);
    let site = span::ours();
    let (start, launch, send) = if options.flag("local").is_some() {
        (
            quote_spanned!(site=> #private::AwaitBodyLocal),
            quote_spanned!(site=> #private::Local<__AsynkitBody>),
            None,
        )
    } else {
        let send = quote_spanned!(site=> + #private::Send);
        (
            quote_spanned!(site=> #private::AwaitBody),
            quote_spanned!(site=> #private::Sendable<__AsynkitBody>),
            Some(send),
        )
    };
    let slot = if check::is_generic(&head.generics) {
        quote_spanned!(site=> { #private::GENERIC_SIZE }, { #private::GENERIC_ALIGN })
    } else {
        // A constant cannot mention the lifetimes of the block; the layout does not depend on them.
        let lifetimes: Vec<_> =
            head.generics.lifetimes().map(|parameter| parameter.lifetime.ident.clone()).collect();
        let for_ever = with_static(self_ty.to_token_stream(), &lifetimes);
        quote_spanned!(site=>
            { #private::slot_size::<#for_ever, #launch>() },
            { #private::slot_align::<#for_ever, #launch>() }
        )
    };
    let (outer, inner): (Vec<_>, Vec<_>) = head.attrs.iter().partition(|attr| is_outer(attr));
    let (method_docs, method_attrs): (Vec<_>, Vec<_>) =
        function.attrs.iter().partition(|attr| attr.path().is_ident("doc"));
    let Function { vis, body, .. } = function;
    let mut sig = function.sig.clone();
    sig.ident = Ident::new("into_future_body", sig.ident.span());
    let conversion = conversion(
        block,
        &output,
        &quote_spanned!(site=> #private::Await<Self, #launch, #slot>),
        &quote_spanned!(site=> #private::Await::<Self, #launch, #slot>::new(self)),
        &quote!(#(#method_docs)*),
    );
    quote_spanned! {site=>
        #(#outer)*
        const _: () = {
            pub trait __AsynkitIntoFuture {
                type Output;
                fn into_future_body(self) -> impl #private::Future<Output = Self::Output> #send;
            }
            impl #generics __AsynkitIntoFuture for #self_ty #bounds {
                type Output = #output;
                // A function pointer in the output is taken for a promise that the trait does not make.
                #[allow(refining_impl_trait)]
                #(#method_attrs)* #vis #sig #body
            }
            pub struct __AsynkitBody;
            impl<T: __AsynkitIntoFuture> #start<T> for __AsynkitBody {
                type Output = T::Output;
                #[inline]
                fn start(target: T) -> impl #private::Future<Output = T::Output> #send {
                    target.into_future_body()
                }
            }
            #(#inner)*
            #conversion
        };
    }
}

/// What stands in for a block that is wrong: whoever awaits the type sees no second error.
fn placeholder(options: &Options, block: &ImplBlock, output: &TokenStream) -> TokenStream {
    let private = options.private();
    let attrs = &block.head.attrs;
    let future = quote_spanned!(span::ours()=> #private::Pending<#output>);
    let make = quote_spanned!(span::ours()=> #private::pending());
    let conversion = conversion(block, output, &future, &make, &TokenStream::new());
    quote!(#(#attrs)* #conversion)
}

fn conversion(
    block: &ImplBlock,
    output: &TokenStream,
    future: &TokenStream,
    make: &TokenStream,
    docs: &TokenStream,
) -> TokenStream {
    let head = &block.head;
    let (generics, _, bounds) = head.generics.split_for_impl();
    let self_ty = &head.self_ty;
    let into_future = head.trait_.as_ref().map(|(path, _)| path);
    quote_spanned! {span::ours()=>
        impl #generics #into_future for #self_ty #bounds {
            type Output = #output;
            type IntoFuture = #future;
            #docs
            #[inline]
            fn into_future(self) -> #future { #make }
        }
    }
}

/// What decides about all that is written: whether it exists, and which lints are on.
fn is_outer(attr: &Attribute) -> bool {
    const LEVELS: &[&str] = &["allow", "deny", "expect", "forbid", "warn"];
    is_cfg(attr) || LEVELS.iter().any(|level| attr.path().is_ident(level))
}

/// The tokens with `'static` for each of these lifetimes.
fn with_static(tokens: TokenStream, lifetimes: &[Ident]) -> TokenStream {
    let mut replaced = TokenStream::new();
    let mut in_lifetime = false;
    for token in tokens {
        let is_tick = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'' && punct.spacing() == Spacing::Joint);
        match token {
            TokenTree::Ident(word) if in_lifetime && lifetimes.contains(&word) => {
                replaced.append(Ident::new("static", word.span()));
            }
            TokenTree::Group(group) => {
                let mut same = Group::new(group.delimiter(), with_static(group.stream(), lifetimes));
                same.set_span(group.span());
                replaced.append(same);
            }
            token => replaced.append(token),
        }
        in_lifetime = is_tick;
    }
    replaced
}
