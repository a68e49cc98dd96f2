//! The queue beside a plain model of it: the same operations, and after each the same order.
//!
//! `machine` draws operations at random, the fuzz target takes them from bytes, and `faults` shows that the comparison
//! finds what it has to find.

mod model;
mod operation;
mod subject;

#[cfg(test)]
mod behaviour;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod machine;
#[cfg(test)]
mod stragglers;

use crate::priority::Boost;
use model::Model;
use operation::Operation;
use subject::Subject;

/// Runs the operations that any bytes are on the queue and on the model.
///
/// # Panics
/// Where the two differ.
pub(crate) fn any_bytes(bytes: &[u8]) {
    let (mut subject, mut model) = (Subject::default(), Model::with(Boost::OFF));
    for operation in operation::decoded(bytes) {
        model.apply(operation);
        subject.apply(operation);
        subject.compare(&model);
    }
    subject.drain(&mut model);
}
