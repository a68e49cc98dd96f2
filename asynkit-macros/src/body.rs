//! The rewrite that all attributes on an `async fn` share: its signature without `async`, and its body as the content of
//! an `async move` block that behaves as the `async fn` did.
//!
//! ```text
//! async fn f(self, mut k: u8, (a, _): Pair) -> T { user }
//!
//!       fn f(self, k: u8, arg2: Pair) -> ... {
//!           ... async move {
//!               let _ = &self;                              // owns all of it
//!               let mut k = k;                              // owns the argument to the end, used or not
//!               let arg2 = arg2; let (a, _) = arg2;         // own it, then take it apart
//!               if false { return unreachable::<T>(); }     // a wrong value is reported on itself
//!               user
//!           }
//!       }
//! ```

use crate::{check, options::Options, span};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, FnArg, Pat, PatType, Receiver, ReceiverKind, ReturnType, Signature, spanned::Spanned};

/// What an `async fn` was written to return.
pub(crate) struct Output {
    pub(crate) ty: TokenStream,
    /// Ours on the type, or on the name of the function where none was written.
    pub(crate) span: Span,
    /// The user's.
    place: Span,
    pub(crate) is_impl: bool,
}

impl Output {
    pub(crate) fn of(sig: &Signature) -> Self {
        match &sig.output {
            ReturnType::Default => {
                let (place, span) = (sig.ident.span(), span::ours_at(sig.ident.span()));
                Output { ty: quote_spanned!(span=> ()), span, place, is_impl: false }
            }
            ReturnType::Type(_, ty) => Output {
                ty: ty.to_token_stream(),
                span: span::ours_at(ty.span()),
                place: ty.span(),
                is_impl: check::has_impl_trait(ty),
            },
        }
    }
}

/// A function taken apart for its rewrite.
pub(crate) struct Rewrite {
    /// Without `async`; the output still as it was written.
    pub(crate) sig: Signature,
    pub(crate) output: Output,
    /// `#![..]` at the head of the body.
    inner_attrs: TokenStream,
    /// Takes the arguments over.
    own: TokenStream,
    /// The user's tokens.
    user: TokenStream,
    braces: Span,
    /// Where `async` was.
    pub(crate) place: Span,
}

impl Rewrite {
    pub(crate) fn new(sig: &Signature, body: &Group) -> Self {
        let mut sig = sig.clone();
        let place =
            span::ours_at(sig.asyncness.take().map_or_else(|| sig.fn_token.span, |token| token.span()));
        let output = Output::of(&sig);
        let own = own_arguments(&mut sig);
        let (inner_attrs, user) = split_inner_attrs(body.stream());
        Rewrite { sig, output, inner_attrs, own, user, braces: body.span(), place }
    }

    /// What runs: the arguments, the return edge, the user's tokens.
    pub(crate) fn content(&self, options: &Options) -> TokenStream {
        let Rewrite { own, user, output, .. } = self;
        let edge = edge(options, output);
        quote!(#own #edge #user)
    }

    /// The same in the braces of the function.
    pub(crate) fn block(&self, options: &Options) -> Group {
        self.braced(self.content(options))
    }

    /// The braces of the function.
    pub(crate) fn outer(&self, content: &TokenStream) -> Group {
        let attrs = &self.inner_attrs;
        self.braced(quote!(#attrs #content))
    }

    /// With the user's braces: lints such as `dead_code` look at them.
    fn braced(&self, content: TokenStream) -> Group {
        let mut group = Group::new(Delimiter::Brace, content);
        group.set_span(self.braces);
        group
    }
}

/// A `return` that never runs, of the written type: it tells rustc what the block returns. It claims to be written by
/// the user where the type is, so that rustc shows it there.
fn edge(options: &Options, output: &Output) -> TokenStream {
    if output.is_impl {
        return TokenStream::new();
    }
    let (private, ty) = (options.private_at(output.place), &output.ty);
    // A path of the user's, from `crate = ..`, may be longer than it has to be here.
    quote_spanned!(output.place=> #[allow(unused_qualifications)] if false { return #private::unreachable::<#ty>(); })
}

/// Gives each argument a name that can be mentioned, and the statements that make of it what was written.
fn own_arguments(sig: &mut Signature) -> TokenStream {
    let mut own = TokenStream::new();
    for (index, argument) in sig.inputs.iter_mut().enumerate() {
        own.extend(match argument {
            FnArg::Receiver(receiver) => own_receiver(receiver),
            FnArg::Typed(typed) => own_argument(index, typed),
        });
    }
    own
}

/// A block captures what it mentions, field by field; an `async fn` owns all of `self`.
fn own_receiver(receiver: &Receiver) -> TokenStream {
    if matches!(receiver.kind, ReceiverKind::Reference(..)) {
        return TokenStream::new();
    }
    let this = &receiver.self_token;
    quote_spanned!(span::ours()=> let _ = &#this;)
}

fn own_argument(index: usize, typed: &mut PatType) -> TokenStream {
    let pattern = typed.pat.clone();
    let name = argument_name(index, &pattern);
    // What is said about the pattern goes with it; `cfg` decides about both.
    let (cfgs, attrs): (Vec<_>, Vec<_>) = typed.attrs.drain(..).partition(is_cfg);
    let site = span::ours();
    let own = if is_simple(&pattern) {
        // `let x = x;` is what the name in the signature is for.
        quote_spanned!(site=> #(#cfgs)* #(#attrs)* #[allow(clippy::no_effect_underscore_binding, clippy::shadow_same, clippy::used_underscore_binding)] let #pattern = #name;)
    } else {
        quote_spanned!(site=> #(#cfgs)* let #name = #name; #(#cfgs)* #(#attrs)* let #pattern = #name;)
    };
    typed.attrs = cfgs;
    *typed.pat = Pat::Verbatim(name.into_token_stream());
    own
}

pub(crate) fn is_cfg(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")
}

/// A name alone, `mut` or not: what is shown in documentation as it is.
fn is_simple(pattern: &Pat) -> bool {
    matches!(pattern, Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none())
}

/// The user's own name, or one of ours for a pattern.
pub(crate) fn argument_name(index: usize, pattern: &Pat) -> Ident {
    match pattern {
        Pat::Ident(name) if is_simple(pattern) => name.ident.clone(),
        pattern => format_ident!("arg{index}", span = span::ours_at(pattern.span())),
    }
}

/// Attributes of the block itself may only stand first in it.
fn split_inner_attrs(body: TokenStream) -> (TokenStream, TokenStream) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let is = |at: usize, sign: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let mut end = 0;
    while is(end, '#') && is(end + 1, '!') && matches!(tokens.get(end + 2), Some(TokenTree::Group(_))) {
        end += 3;
    }
    let mut tokens = tokens.into_iter();
    (tokens.by_ref().take(end).collect(), tokens.collect())
}
