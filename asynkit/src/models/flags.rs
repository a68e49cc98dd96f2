//! Models of the flag that a drive looks at: who finds that it was woken sees what was done before the wake.

use super::orders::explore;
use crate::{
    util::sync::fault::{self, Fault},
    waker::Flag,
};
use core::mem::ManuallyDrop;
use loom::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
};
use std::sync::Arc;

/// Another thread does something and wakes.
fn woken() {
    explore(3, || {
        let (flag, done) = (ManuallyDrop::new(Flag::new()), Arc::new(AtomicU32::new(0)));
        let (waker, doing) = (flag.waker().clone(), Arc::clone(&done));
        let other = thread::spawn(move || {
            doing.store(1, Ordering::Relaxed);
            waker.wake();
        });
        // What a wake has released is looked at, not how many there are: one word, exchanged, can neither lose nor double one.
        if flag.take() {
            assert_eq!(done.load(Ordering::Relaxed), 1, "what was done before the wake is not seen");
        }
        other.join().unwrap();
        drop(ManuallyDrop::into_inner(flag));
    });
}

#[test]
fn a_flag_that_is_found_set_shows_what_was_done_before_the_wake() {
    woken();
}

#[test]
#[should_panic(expected = "is not seen")]
fn a_flag_that_is_set_without_releasing_is_found() {
    fault::plant(Fault::NoRelease);
    woken();
}

#[test]
#[should_panic(expected = "is not seen")]
fn a_flag_that_is_taken_without_acquiring_is_found() {
    fault::plant(Fault::NoAcquire);
    woken();
}
