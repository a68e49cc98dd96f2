//! The attributes in edition 2018, where `impl Trait` captures less and `Future` is not in the prelude.
#![forbid(unsafe_code)]

include!("../../shapes.rs");
