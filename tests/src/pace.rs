//! Tests of durations, on machines of any speed.

use std::fmt::Debug;

/// Tries what depends on durations, which the machine may be too slow for, or stop in the midst of: `attempt` gets a factor
/// for them, and has to find what it expects with one of the factors.
///
/// # Panics
/// With the last complaint, if it never does.
pub fn at_some_pace<E: Debug>(mut attempt: impl FnMut(u32) -> Result<(), E>) {
    let mut complaint = None;
    for factor in [1, 10, 100, 1000] {
        match attempt(factor) {
            Ok(()) => return,
            Err(found) => complaint = Some(found),
        }
    }
    panic!("not even with durations a thousand times as long: {:?}", complaint.expect("it has tried"));
}
