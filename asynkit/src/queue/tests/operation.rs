//! [`Operation`]: what is done to the queue, valid in every state.

use crate::priority::{Boost, Priority};

#[derive(Debug, Clone, Copy)]
pub(super) enum Operation {
    /// Pushes the lowest slot that is not queued.
    Push(Priority),
    /// Pushes as many slots as are told, with the priorities `from`, `from + 1`, and so on.
    Fill {
        from: i8,
        count: u8,
    },
    Pop,
    /// Of the entry at the index `which` of the order, modulo its length.
    Remove {
        which: usize,
    },
    /// Inserts the lowest slot that is not queued.
    InsertAt {
        priority: Priority,
        pos: usize,
    },
    /// Of the entry at the index `which` of the order, modulo its length.
    Rekey {
        which: usize,
        priority: Priority,
    },
    /// Pops one and pushes it again: a task that yields.
    Yield,
    SetBoost(Boost),
}

/// A priority of one byte: whole numbers, and both infinities.
fn priority(byte: u8) -> Priority {
    let value = match i8::from_le_bytes([byte]) {
        i8::MIN => f64::NEG_INFINITY,
        i8::MAX => f64::INFINITY,
        value => f64::from(value),
    };
    Priority::new(value).expect("it is a number")
}

/// The operations that any bytes are: four bytes each.
pub(super) fn decoded(bytes: &[u8]) -> impl Iterator<Item = Operation> {
    bytes.chunks_exact(4).map(|bytes| match *bytes {
        [0..=63, a, ..] => Operation::Push(priority(a)),
        [64..=67, a, b, _] => Operation::Fill { from: i8::from_le_bytes([a]), count: b },
        [68..=103, ..] => Operation::Pop,
        [104..=135, a, b, _] => Operation::Remove { which: usize::from(u16::from_le_bytes([a, b])) },
        [136..=159, a, b, _] => Operation::InsertAt { priority: priority(a), pos: b.into() },
        [160..=207, a, b, c] => {
            Operation::Rekey { which: usize::from(u16::from_le_bytes([b, c])), priority: priority(a) }
        }
        [208..=247, ..] => Operation::Yield,
        [_, a, b, _] => {
            let boost = Boost::new(f64::from(a) / 100.0).expect("it is a number");
            Operation::SetBoost(boost.seed(b.into()))
        }
        _ => unreachable!("they are chunks of four"),
    })
}
