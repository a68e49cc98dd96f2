//! The crate that the macro tests live in; the cases are under `fail`, `pass` and `lints`.
