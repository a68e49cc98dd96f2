//! The attribute macros of asynkit; use them through the `asynkit` crate.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

mod await_method;
mod body;
mod check;
mod generator;
mod item;
mod options;
mod report;
mod span;
mod sync_function;

use proc_macro::TokenStream;

/// `#[syncfunction]`: an `async fn` for sync callers.
#[proc_macro_attribute]
pub fn syncfunction(options: TokenStream, item: TokenStream) -> TokenStream {
    sync_function::expand(options.into(), item.into()).into()
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
/// A type whose body awaits another value of the same type needs a box around the inner await, as an `async fn` does.
#[proc_macro_attribute]
pub fn awaitmethod(options: TokenStream, item: TokenStream) -> TokenStream {
    await_method::expand(options.into(), item.into()).into()
}

/// `#[generator_fn(T)]`: an `async fn` with `ayield!` as a generator of `T`.
#[proc_macro_attribute]
pub fn generator_fn(options: TokenStream, item: TokenStream) -> TokenStream {
    generator::expand(options.into(), item.into()).into()
}
