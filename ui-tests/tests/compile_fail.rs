//! Programs that must not compile, and what the compiler says about them.
//!
//! The texts are those of the toolchain in `rust-toolchain.toml`; `TRYBUILD=overwrite cargo test -p asynkit-ui-tests`
//! writes them anew. The catalogue that they follow is in `README.md`.

#[test]
fn programs_that_must_not_compile_are_refused_with_these_texts() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("fail/*/*.rs");
}
