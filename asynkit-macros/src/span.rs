//! Where the tokens that we write claim to come from.
//!
//! The user's own tokens keep their spans. Ours are hygienic as `macro_rules!` tokens are (`mixed_site`: locals cannot
//! collide, items resolve at the caller), and lie on the token of the user's that they stand for, so that an error in
//! them is shown there. Keywords whose meaning depends on the edition are ours too: `impl` captures what it captures in
//! this crate's edition, whatever the user's is.

use proc_macro2::Span;

/// A token of ours, shown at the attribute.
pub(crate) fn ours() -> Span {
    Span::mixed_site()
}

/// A token of ours, shown at a token of the user's.
pub(crate) fn ours_at(place: Span) -> Span {
    Span::mixed_site().located_at(place)
}
