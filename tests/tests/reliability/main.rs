//! What can go wrong anywhere, as tables: every suspension, every panic, every depth.

mod bodies;
mod depth;
mod drives;
mod generators;
mod harness;
mod limits;
mod monitors;
mod panics;
mod reentrancy;
mod soundness;
mod suspensions;
mod threads;

use asynkit_tests::{Ledger, Subject, leave_everywhere, misbehave_everywhere, panic_in_drop_everywhere};

/// Makes a subject that is to be left half-way.
type Make = fn(&Ledger) -> Box<dyn Subject>;

/// Leaves each subject in every way, and has each of its leaves misbehave.
fn everywhere(table: &[(&str, Make)]) {
    for (name, make) in table {
        let (suspensions, leaves) = leave_everywhere(name, make);
        assert!(suspensions >= 3 && leaves >= 2, "{name} has {suspensions} suspensions at {leaves} leaves");
        misbehave_everywhere(name, make);
        // The sub-executor of `futures` leaks the rest of its children where the drop of one panics.
        if !name.contains("children") {
            panic_in_drop_everywhere(name, make);
        }
    }
}
