//! `#[syncfunction]`: an `async fn` for sync callers, in its place or beside it.

use crate::{
    body::{Output, Rewrite, argument_name, is_cfg},
    check,
    item::{Block, Body, Function, ImplBlock, Kind, TraitBlock, kind},
    options::{Options, SYNCFUNCTION},
    report::Report,
    span,
};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, FnArg, GenericParam, Pat, ReceiverKind, Signature, Visibility, parse_quote_spanned};

pub(crate) fn expand(options: TokenStream, item: TokenStream, report: &mut Report) -> TokenStream {
    let options = Options::read(&SYNCFUNCTION, options, report);
    match kind(&item) {
        Kind::Fn => on_fn(&options, &item, report),
        Kind::Impl(_) => on_impl(&options, &item, report),
        Kind::Trait(_) => on_trait(&options, &item, report),
        Kind::Other(keyword) => {
            let guilty = keyword.map_or_else(|| item.clone(), ToTokens::into_token_stream);
            let problem =
                "`#[syncfunction]` can only be applied to an `async fn`, an `impl` block or a `trait`";
            report.error(guilty, problem, "remove the attribute, or move it to an `async fn`");
            Ok(item.clone())
        }
    }
    .unwrap_or_else(|error| {
        report.unread(error);
        item
    })
}

fn on_fn(options: &Options, item: &TokenStream, report: &mut Report) -> syn::Result<TokenStream> {
    let mut function: Function = syn::parse2(item.clone())?;
    let private = options.private();
    if options.flag("twin").is_some() {
        return Ok(fn_with_twin(options, function, report));
    }
    let Some(body) = check::async_fn(&SYNCFUNCTION, &mut function, &private, report) else {
        return Ok(function.into_token_stream());
    };
    let mut rewrite = Rewrite::new(&function.sig, &body);
    let form = Form::new(options);
    let block = rewrite.block(options);
    let place = rewrite.place;
    let drive = form.drive(&private, &rewrite.output, &quote_spanned!(place=> async move #block));
    let body = rewrite.outer(&drive);
    form.set_output(&private, &mut rewrite);
    let track_caller = check::track_caller(&function);
    let attrs = function.attrs.iter().filter(|attr| form.keeps(attr));
    let (vis, sig) = (&function.vis, &rewrite.sig);
    let allow = form.allows();
    Ok(quote!(#(#attrs)* #allow #track_caller #vis #sig #body))
}

fn fn_with_twin(options: &Options, mut function: Function, report: &mut Report) -> TokenStream {
    let kept = function.to_token_stream();
    // What is wrong with it, rustc says about the `async fn` itself.
    if function.sig.asyncness.is_none() || matches!(function.body, Body::Missing(_)) {
        check::async_fn(&SYNCFUNCTION, &mut function, &options.private(), report);
        return kept;
    }
    check::repeated(&SYNCFUNCTION, &mut function.attrs, report);
    let mut unchecked = Report::default();
    check::qualifiers(&SYNCFUNCTION, &mut function.sig, &mut unchecked);
    check::never(&SYNCFUNCTION, &mut function.sig, &options.private(), report);
    let kept = function.to_token_stream();
    let twin = twin(options, &function, Place::of(&function.sig), report);
    quote!(#kept #twin)
}

fn on_impl(options: &Options, item: &TokenStream, report: &mut Report) -> syn::Result<TokenStream> {
    let block = ImplBlock::parse(item.clone())?;
    if block.head.trait_.is_some() {
        let problem = "`#[syncfunction]` cannot be applied to an `impl` of a trait";
        let help = "apply it to the `trait`, which gives the twins to every `impl`";
        report.error(block.head.impl_token, problem, help);
        return Ok(item.clone());
    }
    let twins = twins(options, &block, "impl", report);
    if twins.is_empty() {
        nothing_to_do("impl", block.head.impl_token, report);
    }
    Ok(block.with(twins))
}

fn on_trait(options: &Options, item: &TokenStream, report: &mut Report) -> syn::Result<TokenStream> {
    let block = TraitBlock::parse(item.clone())?;
    let twins = twins(options, &block, "trait", report);
    if twins.is_empty() {
        nothing_to_do("trait", block.head.trait_token, report);
    }
    Ok(block.with(twins))
}

fn nothing_to_do(noun: &str, keyword: impl ToTokens, report: &mut Report) {
    let problem = format!("`#[syncfunction]` found no `async fn` in this `{noun}`");
    report.error(keyword, problem, "remove the attribute");
}

/// The twins of all functions that have no attribute of their own.
fn twins<Head: syn::parse::Parse>(
    options: &Options,
    block: &Block<Head>,
    noun: &str,
    report: &mut Report,
) -> TokenStream {
    if let Some(name) = options.name("twin") {
        let problem = format!("one name cannot be given to all twins of this `{noun}`");
        report.error(name, problem, "write `twin`, or name the twin of one `async fn` by an attribute on it");
    }
    block
        .functions()
        .filter(|function| {
            function.sig.asyncness.is_some() && !function.attrs.iter().any(|attr| check::ours(attr).is_some())
        })
        .map(|function| twin(options, function, Place::Block, report))
        .collect()
}

/// How a twin calls what it is the twin of.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// A function by its name.
    Free,
    /// A method of `Self`, its attribute on itself.
    Method,
    /// A member of the block that has the attribute.
    Block,
}

impl Place {
    fn of(sig: &Signature) -> Self {
        if sig.receiver().is_some() || mentions_self(sig) { Place::Method } else { Place::Free }
    }
}

/// A function without a receiver is one of a block if it says `Self`.
fn mentions_self(sig: &Signature) -> bool {
    fn find(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            proc_macro2::TokenTree::Ident(word) => word == "Self",
            proc_macro2::TokenTree::Group(group) => find(group.stream()),
            _ => false,
        })
    }
    find(sig.to_token_stream())
}

fn twin(options: &Options, function: &Function, place: Place, report: &mut Report) -> TokenStream {
    let form = Form::new(options);
    let private = options.private();
    let original = &function.sig.ident;
    let mut sig = function.sig.clone();
    sig.asyncness = None;
    sig.ident = twin_name(options, original, place, report);
    let mut repaired = Report::default();
    check::never(&SYNCFUNCTION, &mut sig, &private, &mut repaired);
    let output = Output::of(&sig);
    let arguments = pass_arguments(&mut sig);
    let parameters = sig.generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(ty) => Some(&ty.ident),
        GenericParam::Const(constant) => Some(&constant.ident),
        GenericParam::Lifetime(_) => None,
    });
    let site = span::ours();
    let turbofish = check::is_generic(&sig.generics).then(|| quote_spanned!(site=> ::<#(#parameters),*>));
    let path = if place == Place::Free { quote!(#original) } else { quote_spanned!(site=> Self::#original) };
    let mut call = quote_spanned!(site=> #path #turbofish (#(#arguments),*));
    if check::is_unsafe(&sig) {
        call = quote_spanned!(site=> unsafe { #call });
    }
    let drive = form.drive(&private, &output, &call);
    form.set_output_of(&private, &mut sig, &output);
    let docs = form.docs(original);
    let kept = function.attrs.iter().filter(|attr| form.gives_twin(attr));
    // Of the twins of a block, not all may be in use.
    let allowed = (place == Place::Block).then(|| quote_spanned!(site=> #[allow(dead_code)]));
    let track_caller = quote_spanned!(site=> #[track_caller]);
    let vis: &Visibility = &function.vis;
    quote_spanned!(site=> #(#kept)* #docs #allowed #track_caller #vis #sig { #drive })
}

fn twin_name(options: &Options, original: &Ident, place: Place, report: &mut Report) -> Ident {
    let name = format_ident!("{original}_sync", span = original.span());
    match options.name("twin") {
        Some(given) if given == *original && place != Place::Block => {
            let problem = "the twin must differ from the function's own name";
            report.error(given, problem, format_args!("write `twin`, which names it `{name}`"));
            name
        }
        Some(given) if place != Place::Block => given,
        _ => name,
    }
}

/// Names each argument; gives what is passed on.
fn pass_arguments(sig: &mut Signature) -> Vec<TokenStream> {
    let mut arguments = Vec::new();
    for (index, argument) in sig.inputs.iter_mut().enumerate() {
        match argument {
            FnArg::Receiver(receiver) => {
                if !matches!(receiver.kind, ReceiverKind::Reference(..)) {
                    receiver.mutability = None;
                }
                arguments.push(receiver.self_token.to_token_stream());
            }
            FnArg::Typed(typed) => {
                let name = argument_name(index, &typed.pat);
                typed.attrs.retain(is_cfg);
                let cfgs = &typed.attrs;
                arguments.push(quote!(#(#cfgs)* #name));
                *typed.pat = Pat::Verbatim(name.into_token_stream());
            }
        }
    }
    arguments
}

/// What becomes of a drive that has to wait.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `Err(SynchronousError)` around the written type.
    Result,
    /// A panic.
    Panic,
    /// `Err` of the written `Result`.
    Flatten,
}

impl Form {
    fn new(options: &Options) -> Self {
        if options.flag("panic").is_some() {
            Form::Panic
        } else if options.flag("flatten").is_some() {
            Form::Flatten
        } else {
            Form::Result
        }
    }

    fn drive(self, private: &TokenStream, output: &Output, future: &TokenStream) -> TokenStream {
        let site = span::ours();
        let drive = quote_spanned!(site=> #private::await_sync(#future));
        match self {
            Form::Result => drive,
            Form::Panic => quote_spanned!(site=> #private::or_panic(#drive)),
            // On the type, so that one that cannot hold the error is shown.
            Form::Flatten => {
                let flatten = quote_spanned!(output.span=> #private::flatten);
                let ty = (!output.is_impl).then_some(&output.ty).into_iter();
                quote_spanned!(site=> #flatten #(::<#ty>)* (#drive))
            }
        }
    }

    fn set_output(self, private: &TokenStream, rewrite: &mut Rewrite) {
        self.set_output_of(private, &mut rewrite.sig, &rewrite.output);
    }

    fn set_output_of(self, private: &TokenStream, sig: &mut Signature, output: &Output) {
        if self == Form::Result {
            let ty = &output.ty;
            sig.output =
                parse_quote_spanned!(output.span=> -> #private::Result<#ty, #private::SynchronousError>);
        }
    }

    /// `#[must_use]` says nothing on a function that returns a `Result`, and clippy says so.
    fn keeps(self, attr: &Attribute) -> bool {
        self != Form::Result || !matches!(&attr.meta, syn::Meta::Path(path) if path.is_ident("must_use"))
    }

    /// Attributes that hold for a twin as well.
    fn gives_twin(self, attr: &Attribute) -> bool {
        const SHARED: &[&str] = &["allow", "cfg", "deprecated", "deny", "doc", "forbid", "must_use", "warn"];
        SHARED.iter().any(|name| attr.path().is_ident(name)) && self.keeps(attr)
    }

    /// The user documents what was written, which returned no `Result`.
    fn allows(self) -> Option<TokenStream> {
        (self == Form::Result).then(|| quote_spanned!(span::ours()=> #[allow(clippy::missing_errors_doc)]))
    }

    fn docs(self, original: &Ident) -> TokenStream {
        let text = match self {
            Form::Panic => format!(
                "The sync twin of `{original}`.\n\n# Panics\n\nPanics where `{original}` would have to wait."
            ),
            Form::Result | Form::Flatten => format!(
                "The sync twin of `{original}`.\n\n# Errors\n\n`SynchronousError` where `{original}` would have to wait."
            ),
        };
        quote_spanned!(span::ours()=> #[doc = ""] #[doc = #text])
    }
}
