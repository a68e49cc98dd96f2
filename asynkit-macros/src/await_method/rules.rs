//! What `#[awaitmethod]` asks of a block: a rule a function; each reports and says whether it holds.

use crate::{
    check,
    item::{BlockItem, Body, Function, ImplBlock},
    lifetimes,
    report::Report,
};
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, ReceiverKind, ReturnType, Signature, Type};

/// The type as one would write it.
pub(super) fn written(ty: &Type) -> String {
    let mut text = String::new();
    let mut glued = true;
    for token in ty.to_token_stream() {
        let word = token.to_string();
        let joins =
            matches!(&token, TokenTree::Punct(punct) if !matches!(punct.as_char(), '&' | '\'' | '+' | '*'));
        if !glued && !joins {
            text.push(' ');
        }
        text.push_str(&word);
        glued = matches!(&token, TokenTree::Punct(_));
    }
    text
}

/// `into_future`, and a complaint about everything else.
pub(super) fn the_method(block: &ImplBlock, report: &mut Report) -> Option<Function> {
    let mut method = None;
    for item in &block.items {
        match item {
            BlockItem::Function(function) if method.is_none() && function.sig.ident == "into_future" => {
                method = syn::parse2(function.to_token_stream()).ok();
            }
            BlockItem::Function(function) => extra(function.sig.ident.to_token_stream(), report),
            BlockItem::Other(tokens) => extra(tokens.clone(), report),
        }
    }
    // A function of another name has been reported on its name.
    if method.is_none() && block.items.is_empty() {
        let problem = "`#[awaitmethod]` found no `async fn into_future` in this block";
        report.error(
            block.head.impl_token,
            problem,
            "write `async fn into_future(self) -> Output { … }` in it",
        );
    }
    method
}

fn extra(guilty: TokenStream, report: &mut Report) {
    let written_by_us =
        guilty.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "type"));
    let help = if written_by_us {
        "remove it; the attribute writes the associated types"
    } else {
        "move it to another `impl` block, or name it `into_future` if it is the one to await"
    };
    report.error(guilty, "`#[awaitmethod]` blocks hold one `async fn into_future` and nothing else", help);
}

pub(super) fn is_async(sig: &Signature, report: &mut Report) -> bool {
    if sig.asyncness.is_none() {
        let problem = "`#[awaitmethod]` requires `into_future` to be an `async fn`";
        report.error(sig.fn_token, problem, "write `async fn into_future`, or remove the attribute");
    }
    sig.asyncness.is_some()
}

pub(super) fn has_right_receiver(sig: &Signature, self_ty: &str, report: &mut Report) -> bool {
    let Some(receiver) = sig.receiver() else {
        let mut parentheses = Group::new(proc_macro2::Delimiter::Parenthesis, sig.inputs.to_token_stream());
        parentheses.set_span(sig.paren_token.span.join());
        let help = format!("write `self`, and `impl IntoFuture for &{self_ty}` to await a reference");
        report.error(parentheses, "`#[awaitmethod]` requires a `self` receiver", help);
        return false;
    };
    match &receiver.kind {
        ReceiverKind::Value => return true,
        ReceiverKind::Reference(_, _, mutability) => {
            let and = if mutability.is_some() { "&mut " } else { "&" };
            let problem = format!("`#[awaitmethod]` does not support `{and}self`");
            let help = format!("write `self`, and `impl IntoFuture for {and}{self_ty}` to await a reference");
            report.error(receiver, problem, help);
        }
        ReceiverKind::Typed(_, ty) => {
            let ty_text = written(ty);
            let problem = format!("`#[awaitmethod]` does not support the receiver type `{ty_text}`");
            let help =
                format!("write `self`, and `impl IntoFuture for {}`", ty_text.replace("Self", self_ty));
            report.error(ty, problem, help);
        }
        _ => report.error(receiver, "`#[awaitmethod]` does not support this receiver", "write `self`"),
    }
    false
}

pub(super) fn has_no_arguments(sig: &Signature, report: &mut Report) -> bool {
    let arguments = sig.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_)));
    let guilty = quote!(#(#arguments),*);
    if guilty.is_empty() || sig.receiver().is_none() {
        return true;
    }
    let help = "store the value in `Self`, since `.await` cannot pass arguments";
    report.error(guilty, "`#[awaitmethod]` methods take no arguments besides `self`", help);
    false
}

pub(super) fn has_no_generics(sig: &Signature, report: &mut Report) -> bool {
    let guilty = if sig.generics.params.is_empty() {
        sig.generics.where_clause.to_token_stream()
    } else {
        sig.generics.to_token_stream()
    };
    if guilty.is_empty() {
        return true;
    }
    report.error(
        guilty,
        "`#[awaitmethod]` methods cannot be generic",
        "move the parameters to the `impl` block",
    );
    false
}

pub(super) fn has_no_impl_trait(sig: &Signature, report: &mut Report) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else { return true };
    if !check::has_impl_trait(ty) {
        return true;
    }
    let help = "name the type, or return a `Box<dyn Trait>`";
    report.error(ty, "`#[awaitmethod]` methods cannot return `impl Trait`", help);
    false
}

/// The output is an associated type, where nothing can be elided.
pub(super) fn names_its_lifetimes(sig: &Signature, block: &ImplBlock, report: &mut Report) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else { return true };
    let is_elided = |name: Option<&str>| name.is_none_or(|name| name == "_");
    let Some(elided) = lifetimes::first(ty.to_token_stream(), &is_elided) else { return true };
    let help = match block.head.generics.lifetimes().next() {
        Some(parameter) => format!("write `{}`", parameter.lifetime),
        None => "write `'a`, and `impl<'a> IntoFuture for …` with it".to_owned(),
    };
    report.error(elided, "the type that `#[awaitmethod]` returns must name its lifetimes", help);
    false
}

pub(super) fn is_safe(sig: &Signature, report: &mut Report) -> bool {
    let syn::Safety::Unsafe(token) = &sig.safety else { return true };
    report.error(
        token,
        "`#[awaitmethod]` methods cannot be `unsafe`",
        "remove `unsafe`, since `.await` calls it",
    );
    false
}

pub(super) fn has_body(function: &Function, report: &mut Report) -> bool {
    let Body::Missing(semicolon) = &function.body else { return true };
    report.error(semicolon, "`#[awaitmethod]` requires a function body", "write `{ … }`");
    false
}
