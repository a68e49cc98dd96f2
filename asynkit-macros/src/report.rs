//! Collects what is wrong, and says it after the item: the item comes first, so that one mistake is one error and
//! completion goes on working.

use core::fmt::Display;
use proc_macro2::TokenStream;
use quote::ToTokens;

/// What was found wrong.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<syn::Error>,
}

impl Report {
    /// A problem that explains itself, on the guilty tokens.
    pub(crate) fn problem(&mut self, guilty: impl ToTokens, problem: impl Display) {
        self.errors.push(syn::Error::new_spanned(guilty, problem));
    }

    /// A problem on the guilty tokens, and what to write instead.
    pub(crate) fn error(&mut self, guilty: impl ToTokens, problem: impl Display, help: impl Display) {
        self.problem(guilty, format_args!("{problem}\nhelp: {help}"));
    }

    /// What `syn` could not read.
    pub(crate) fn unread(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// The item, then one `compile_error!` for each problem.
    pub(crate) fn after(self, mut item: TokenStream) -> TokenStream {
        item.extend(self.errors.into_iter().map(syn::Error::into_compile_error));
        item
    }

    #[cfg(test)]
    pub(crate) fn errors(&self) -> &[syn::Error] {
        &self.errors
    }
}
