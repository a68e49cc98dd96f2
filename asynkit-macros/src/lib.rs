//! The attribute macros of asynkit; use them through the `asynkit` crate.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

mod await_method;
mod body;
mod check;
mod eager;
mod generator;
mod item;
mod lifetimes;
mod options;
mod report;
mod span;
mod sync_function;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use report::Report;

/// Expands, then says what was wrong.
fn run(
    expand: fn(proc_macro2::TokenStream, proc_macro2::TokenStream, &mut Report) -> proc_macro2::TokenStream,
    options: TokenStream,
    item: TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    let expanded = expand(options.into(), item.into(), &mut report);
    report.after(expanded).into()
}

/// `#[syncfunction]`: an `async fn` for sync callers.
///
/// It goes on an `async fn`, on an `impl` block of a type, or on a `trait`.
///
/// | option | `async fn f(..) -> T` becomes |
/// |---|---|
/// | none | `fn f(..) -> Result<T, SynchronousError>` |
/// | `panic` | `fn f(..) -> T`, which panics with the error |
/// | `flatten` | `fn f(..) -> T` for `T = Result<_, E>` with `E: From<SynchronousError>` |
/// | `twin` | itself, and `fn f_sync(..)` in one of the three forms above; the only form on a block, and the default there |
/// | `twin = name` | the same, the twin named so |
/// | `crate = ::path` | where asynkit is, when it is not `::asynkit` |
///
/// A function of a block that has an attribute of its own gets no twin from the block's. An associated function without
/// `self` whose signature does not say `Self` looks like a free function: there, `twin` goes on the block.
#[proc_macro_attribute]
pub fn syncfunction(options: TokenStream, item: TokenStream) -> TokenStream {
    run(sync_function::expand, options, item)
}

/// `#[awaitmethod]`: an `async fn` as the `IntoFuture` of a type.
///
/// It goes on the whole block: `impl IntoFuture for Type { async fn into_future(self) -> Output { .. } }`, where `Type`
/// may be `&T` or `&mut T`. The associated types are written by the attribute.
///
/// | option | meaning |
/// |---|---|
/// | `local` | the future need not be `Send`; without it the compiler proves that it is |
/// | `crate = ::path` | where asynkit is, when it is not `::asynkit` |
///
/// The expansion contains no `unsafe`.
#[proc_macro_attribute]
pub fn awaitmethod(options: TokenStream, item: TokenStream) -> TokenStream {
    run(await_method::expand, options, item)
}

/// `#[generator_fn(T)]`: an `async fn` with `ayield!` as a generator of `T`.
///
/// | form | meaning |
/// |---|---|
/// | `#[generator_fn(T)]` | the type of the items, which is always written |
/// | `#[generator_fn(T, crate = ::path)]` | where asynkit is, when it is not `::asynkit` |
#[proc_macro_attribute]
pub fn generator_fn(options: TokenStream, item: TokenStream) -> TokenStream {
    run(generator::expand, options, item)
}

/// `#[eager]`: an `async fn` that runs at the call, to its first suspension.
///
/// | form | `async fn f(..) -> T` becomes |
/// |---|---|
/// | `#[eager]` | `fn f(..) -> Eager<T>`: the rest runs as a task of the executor that runs the caller |
/// | `#[eager(spawn = S)]` | `fn f(..) -> Eager<T, <S as Spawner>::Handle<T>>`: the rest runs as a task of `S`, a unit struct |
/// | `#[eager(scoped)]` | `fn f(..) -> CoroStart<Box<Coro<impl Future<Output = T>>>>`: the rest runs where it is awaited; it may borrow |
/// | `crate = ::path`, in each form | where asynkit is, when it is not `::asynkit` |
#[proc_macro_attribute]
pub fn eager(options: TokenStream, item: TokenStream) -> TokenStream {
    run(eager::expand, options, item)
}
