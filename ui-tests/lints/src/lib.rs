//! Under every lint that rustc and clippy have, what the attributes write stays silent.
//!
//! The list is of the lints that are off by default; the code below keeps to them, so a warning is one of ours.
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    closure_returning_async_block,
    deprecated_in_future,
    edition_2024_expr_fragment_specifier,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    ffi_unwind_calls,
    if_let_rescope,
    impl_trait_redundant_captures,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    redundant_imports,
    redundant_lifetimes,
    rust_2018_idioms,
    single_use_lifetimes,
    tail_expr_drop_order,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unsafe_code,
    unused,
    unused_crate_dependencies,
    unused_extern_crates,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings
)]
#![deny(clippy::all, clippy::cargo, clippy::nursery, clippy::pedantic, clippy::restriction)]
#![allow(
    clippy::absolute_paths,
    clippy::arbitrary_source_item_ordering,
    clippy::blanket_clippy_restriction_lints,
    clippy::cargo_common_metadata,
    clippy::implicit_return,
    clippy::missing_docs_in_private_items,
    clippy::future_not_send,
    clippy::missing_inline_in_public_items,
    clippy::missing_trait_methods,
    clippy::multiple_crate_versions,
    clippy::question_mark_used,
    clippy::single_call_fn,
    clippy::unused_async,
    reason = "said about what is written here, not about what is made of it"
)]

use asynkit::{awaitmethod, eager, generator_fn, syncfunction};
use core::future::ready;

/// A job.
#[derive(Debug)]
#[non_exhaustive]
pub struct Job {
    name: String,
}

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> String {
        ready(self.name).await
    }
}

#[awaitmethod]
impl<'job> IntoFuture for &'job Job {
    async fn into_future(self) -> &'job str {
        ready(&self.name).await
    }
}

#[awaitmethod(local)]
impl IntoFuture for &mut Job {
    async fn into_future(self) -> fn(&str) -> &str {
        self.name.clear();
        str::trim
    }
}

/// A pair.
#[derive(Debug)]
#[non_exhaustive]
pub struct Pair<T>(T);

#[awaitmethod]
impl<T: Clone + Send> IntoFuture for Pair<T> {
    async fn into_future(self) -> (T, T) {
        (self.0.clone(), self.0)
    }
}

impl Job {
    /// Patterns, `mut`, unit.
    #[syncfunction]
    pub async fn rename(&mut self, (first, second): (&str, &str), mut suffix: String, _: u8) {
        suffix.push_str(second);
        first.clone_into(&mut self.name);
        self.name.push_str(&suffix);
    }

    /// By value, with attributes.
    #[must_use]
    #[inline]
    #[syncfunction]
    pub async fn into_name(self) -> String {
        self.name
    }

    /// A panic.
    #[must_use]
    #[syncfunction(panic)]
    pub async fn length(&self) -> usize {
        self.name.len()
    }

    /// Both.
    #[syncfunction(twin)]
    pub async fn shout(&self) -> String {
        self.name.to_uppercase()
    }

    /// A task: by value, with patterns and what is not used.
    #[must_use]
    #[eager]
    pub async fn started(mut self, (first, _): (String, u8), _unused: u8, mut suffix: String) -> String {
        suffix.push('!');
        self.name.push_str(&first);
        ready(()).await;
        self.name.push_str(&suffix);
        self.name
    }

    /// In place.
    #[inline]
    #[eager(scoped)]
    pub async fn looked_at(&self, more: &str) -> (&str, usize) {
        ready(()).await;
        (&self.name, more.len())
    }
}

/// What can be loaded.
#[syncfunction]
#[expect(async_fn_in_trait, reason = "as for the trait without the attribute")]
pub trait Store {
    /// Loads it.
    async fn load(&self, key: &str) -> Option<String>;
}

impl Store for Job {
    async fn load(&self, key: &str) -> Option<String> {
        Some([&self.name, key].concat())
    }
}

/// Twins of a block.
#[syncfunction]
impl<T: Clone> Pair<T> {
    /// Makes one.
    pub async fn of(item: T) -> Self {
        Self(item)
    }

    async fn both(&self) -> (T, T) {
        (self.0.clone(), self.0.clone())
    }

    /// Uses the other.
    pub async fn both_and_more(&self) -> (T, T) {
        self.both().await
    }
}

/// Returns a `Result` of its own.
///
/// # Errors
///
/// None, in fact.
#[syncfunction(flatten)]
pub async fn flattened<S: AsRef<str> + Sync>(name: S) -> Result<Job, Box<dyn core::error::Error>> {
    Ok(Job { name: name.as_ref().to_owned() })
}

/// Borrows and returns what it borrows.
#[syncfunction]
pub async fn chars(name: &str) -> impl Iterator<Item = char> {
    name.chars()
}

/// Items, borrowed and counted.
#[generator_fn(&str)]
pub async fn items(names: &[Job], mut limit: usize, (_, extra): (u8, usize), _unused: u8) {
    limit = limit.saturating_add(extra);
    for job in names.iter().take(limit) {
        ayield!(job.name.as_str());
    }
}

/// No items, and a result.
#[generator_fn(u8)]
pub async fn no_items(name: &str) -> Result<usize, core::num::ParseIntError> {
    name.parse()
}

/// Returns nothing, early.
#[syncfunction]
pub async fn early(stop: bool, _unused: u8) {
    if stop {
        return;
    }
    ready(()).await;
}

/// On a spawner, with a result.
#[eager(spawn = asynkit::spawner::Local)]
pub async fn parsed(name: String) -> Result<usize, core::num::ParseIntError> {
    name.parse()
}

/// Nothing is written to be returned.
#[eager]
pub async fn nothing(stop: bool) {
    if stop {
        return;
    }
    ready(()).await;
}

/// A type that has no name.
#[eager(spawn = asynkit::spawner::Local)]
pub async fn letters(name: String) -> impl Iterator<Item = char> {
    name.into_bytes().into_iter().map(char::from)
}
