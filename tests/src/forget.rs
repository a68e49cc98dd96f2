//! Leaking on purpose.

use std::sync::{Mutex, PoisonError};

/// Where the leaked values are: leak checkers report only what nothing points to.
static FORGOTTEN: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// Leaks `value`, as `mem::forget` does, without a report by the leak checkers that the tests run under.
pub fn forget<'a, T: 'a>(value: T) -> &'a T {
    let forgotten = Box::leak(Box::new(value));
    let address = std::ptr::from_mut(forgotten).expose_provenance();
    FORGOTTEN.lock().unwrap_or_else(PoisonError::into_inner).push(address);
    forgotten
}
