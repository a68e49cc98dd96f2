//! [`each`]: what is done with each of several, whatever one of them does.

/// Calls `f` for each of them, also where a call panics; the first panic goes on then.
#[cfg(feature = "std")]
pub(crate) fn each<T>(all: impl IntoIterator<Item = T>, mut f: impl FnMut(T)) {
    use core::panic::AssertUnwindSafe;
    use std::panic::{catch_unwind, resume_unwind};

    let call = |one| catch_unwind(AssertUnwindSafe(|| f(one))).err();
    let panics: Vec<_> = all.into_iter().filter_map(call).collect();
    if let Some(panic) = panics.into_iter().next() {
        resume_unwind(panic);
    }
}

/// The same where no panic can be caught.
#[cfg(not(feature = "std"))]
pub(crate) fn each<T>(all: impl IntoIterator<Item = T>, f: impl FnMut(T)) {
    all.into_iter().for_each(f);
}
