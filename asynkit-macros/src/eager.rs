//! `#[eager]`: an `async fn` that runs at the call, to its first suspension.

use crate::{
    body::{Rewrite, argument_name},
    check,
    item::{Function, Kind, kind},
    lifetimes,
    options::{EAGER, Options},
    report::Report,
    span,
};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, FnArg, Path, Receiver, ReceiverKind, Signature, parse_quote_spanned};

pub(crate) fn expand(options: TokenStream, item: TokenStream, report: &mut Report) -> TokenStream {
    let options = Options::read(&EAGER, options, report);
    match kind(&item) {
        Kind::Fn => on_fn(&options, &item, report).unwrap_or_else(|error| {
            report.unread(error);
            item
        }),
        other => {
            check::not_a_function(&EAGER, &other, &item, report);
            item
        }
    }
}

fn on_fn(options: &Options, item: &TokenStream, report: &mut Report) -> syn::Result<TokenStream> {
    let mut function: Function = syn::parse2(item.clone())?;
    let private = options.private();
    let Some(body) = check::async_fn(&EAGER, &mut function, &private, report) else {
        return Ok(function.into_token_stream());
    };
    let form = Form::new(options);
    let is_main = is_main(&function.sig, report);
    let stands = !is_main && (matches!(form, Form::Scoped) || owns_its_arguments(&function.sig, report));
    let mut rewrite = Rewrite::new(&function.sig, &body);
    let (site, place) = (span::ours(), rewrite.place);
    let content = if stands {
        let block = rewrite.block(options);
        form.start(&private, &quote_spanned!(place=> async move #block))
    } else {
        // What was written is wrong for a task; its type is right for whoever calls it.
        quote_spanned!(site=> #private::unreachable())
    };
    let allow = (!stands).then(|| quote_spanned!(site=> #[allow(unused)]));
    let body = rewrite.outer(&content);
    if !is_main {
        form.set_output(&private, &mut rewrite);
    }
    let track_caller = check::track_caller(&function);
    let attrs = function.attrs.iter().filter(|attr| !is_must_use(attr));
    let (vis, sig) = (&function.vis, &rewrite.sig);
    Ok(quote!(#(#attrs)* #allow #track_caller #vis #sig #body))
}

/// All forms return a type that says it itself, and clippy says so.
fn is_must_use(attr: &Attribute) -> bool {
    matches!(&attr.meta, syn::Meta::Path(path) if path.is_ident("must_use"))
}

fn is_main(sig: &Signature, report: &mut Report) -> bool {
    let is_main = sig.ident == "main" && sig.inputs.is_empty();
    if is_main {
        let problem = "`#[eager]` on `main` returns a value nobody awaits";
        report.error(
            TokenStream::new(),
            problem,
            "use `#[syncfunction]`, or `Executor::run` in a plain `main`",
        );
    }
    is_main
}

/// A task may outlive the call, so it borrows nothing from it.
fn owns_its_arguments(sig: &Signature, report: &mut Report) -> bool {
    let mut owns = true;
    for (index, argument) in sig.inputs.iter().enumerate() {
        let (name, borrow) = match argument {
            FnArg::Receiver(receiver) => ("`self`".to_owned(), borrowed_receiver(receiver)),
            FnArg::Typed(typed) => {
                let name = argument_name(index, &typed.pat);
                let is_named = matches!(&*typed.pat, syn::Pat::Ident(_));
                let name = if is_named { format!("`{name}`") } else { "an argument".to_owned() };
                (name, borrow(typed.ty.to_token_stream()))
            }
        };
        let Some(guilty) = borrow else { continue };
        owns = false;
        let owned = if name == "`self`" { "`self: Rc<Self>` (or an owned value)" } else { "an owned value" };
        report.error(
            guilty,
            format_args!("`#[eager]` functions that may be spawned cannot borrow {name}"),
            format_args!("take {owned}, or use `#[eager(scoped)]` to await it in place"),
        );
    }
    owns
}

fn borrowed_receiver(receiver: &Receiver) -> Option<TokenStream> {
    match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, _) => {
            let is_static = lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
            (!is_static).then(|| and.to_token_stream())
        }
        ReceiverKind::Typed(_, ty) => borrow(ty.to_token_stream()),
        _ => None,
    }
}

fn borrow(ty: TokenStream) -> Option<TokenStream> {
    lifetimes::first(ty, &|name| name != Some("static"))
}

/// Where the rest runs.
enum Form {
    /// In a task of the executor that runs the caller.
    Task,
    /// Where it is awaited.
    Scoped,
    /// In a task of a spawner.
    Spawn(Path),
}

impl Form {
    fn new(options: &Options) -> Self {
        if options.flag("scoped").is_some() {
            Form::Scoped
        } else {
            options.spawner().map_or(Form::Task, Form::Spawn)
        }
    }

    fn start(&self, private: &TokenStream, future: &TokenStream) -> TokenStream {
        let site = span::ours();
        match self {
            Form::Task => quote_spanned!(site=> #private::eager(#future)),
            Form::Scoped => quote_spanned!(site=> #private::scoped(#future)),
            Form::Spawn(spawner) => quote_spanned!(site=> #private::eager_with(#future, #spawner)),
        }
    }

    fn set_output(&self, private: &TokenStream, rewrite: &mut Rewrite) {
        let output = &rewrite.output;
        let (span, ty): (Span, _) = (output.span, &output.ty);
        rewrite.sig.output = match self {
            Form::Task => parse_quote_spanned!(span=> -> #private::Eager<#ty>),
            // The `impl` is ours, so that it captures what an `async fn` captures in every edition.
            Form::Scoped => parse_quote_spanned! {span=>
                -> #private::CoroStart<#private::Box<#private::Coro<impl #private::Future<Output = #ty>>>>
            },
            // Each `impl` that is written is a type of its own, so it is written once.
            Form::Spawn(spawner) if output.is_impl => {
                parse_quote_spanned!(span=> -> #private::EagerOn<#ty, #spawner>)
            }
            Form::Spawn(spawner) => parse_quote_spanned! {span=>
                -> #private::Eager<#ty, <#spawner as #private::Spawner>::Handle<#ty>>
            },
        };
    }
}
