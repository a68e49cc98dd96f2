//! What the queue does, in plain cases.

use super::{Operation, Subject};
use crate::priority::Priority;

fn priority(value: f64) -> Priority {
    Priority::new(value).expect("it is a number")
}

/// A queue of the slots 0, 1, .. with these priorities.
fn queue(priorities: &[f64]) -> Subject {
    let mut subject = Subject::default();
    for value in priorities {
        subject.apply(Operation::Push(priority(*value)));
    }
    subject
}

/// Inserts one more slot, with the priority 0.
fn insert_at(subject: &mut Subject, pos: usize) {
    subject.apply(Operation::InsertAt { priority: Priority::NORMAL, pos });
}

/// Gives another priority to the entry at this index of the order.
fn rekey(subject: &mut Subject, which: usize, value: f64) {
    subject.apply(Operation::Rekey { which, priority: priority(value) });
}

#[test]
fn equal_priorities_are_a_fifo_queue() {
    let mut subject = queue(&[0.0, -0.0, 0.0]);
    assert_eq!(subject.apply(Operation::Pop), Some(0));
    subject.apply(Operation::Push(Priority::NORMAL));
    assert_eq!(subject.order(), [1, 2, 0]);
}

#[test]
fn the_lower_priority_runs_first() {
    assert_eq!(queue(&[1.0, f64::INFINITY, -1.0, 0.0, f64::NEG_INFINITY, -1.0]).order(), [4, 2, 5, 3, 0, 1]);
}

#[test]
fn an_inserted_entry_has_its_position_and_those_before_it_keep_theirs() {
    for (pos, order) in [
        (0, [3, 0, 1, 2]),
        (1, [0, 3, 1, 2]),
        (2, [0, 1, 3, 2]),
        (3, [0, 1, 2, 3]),
        (usize::MAX, [0, 1, 2, 3]),
    ] {
        let mut subject = queue(&[0.0, 1.0, 2.0]);
        insert_at(&mut subject, pos);
        assert_eq!(subject.order(), order);
        subject.apply(Operation::Push(priority(-100.0)));
        assert_eq!(subject.order().iter().position(|&slot| slot == 4), Some(pos.min(3) + 1), "after {pos}");
    }
}

#[test]
fn positions_count_the_immediate_entries_too() {
    for (first, second, order) in [
        (0, 0, [4, 3, 0, 1, 2]),
        (0, 2, [3, 0, 4, 1, 2]),
        (1, 1, [0, 4, 3, 1, 2]),
        (3, 0, [4, 0, 1, 2, 3]),
        (3, 9, [0, 1, 2, 3, 4]),
    ] {
        let mut subject = queue(&[0.0, 1.0, 2.0]);
        insert_at(&mut subject, first);
        insert_at(&mut subject, second);
        assert_eq!(subject.order(), order, "{first}, {second}");
    }
}

#[test]
fn a_rekeyed_entry_keeps_its_turn_among_equals() {
    let mut subject = queue(&[1.0, 1.0, 1.0]);
    rekey(&mut subject, 1, 9.0);
    assert_eq!(subject.order(), [0, 2, 1]);
    rekey(&mut subject, 2, 1.0);
    assert_eq!(subject.order(), [0, 1, 2], "it is where it was");
    rekey(&mut subject, 1, -1.0);
    assert_eq!(subject.order(), [1, 0, 2]);
}

#[test]
fn a_rekeyed_immediate_entry_keeps_its_place() {
    let mut subject = queue(&[0.0, 1.0]);
    insert_at(&mut subject, 1);
    rekey(&mut subject, 1, 50.0);
    assert_eq!(subject.order(), [0, 2, 1]);
}

#[test]
fn an_entry_that_is_pushed_again_has_lost_its_position() {
    let mut subject = queue(&[0.0, 0.0]);
    insert_at(&mut subject, 0);
    assert_eq!(subject.apply(Operation::Yield), Some(2));
    assert_eq!(subject.order(), [0, 1, 2]);
}

#[test]
fn more_priorities_than_lists_are_in_order_too() {
    let values: Vec<f64> = (0..200_u8).map(|n| f64::from(n.wrapping_mul(77) % 200)).collect();
    let twice: Vec<f64> = values.iter().chain(&values).copied().collect();
    let mut order: Vec<u32> = (0..).take(twice.len()).collect();
    order.sort_by(|a, b| twice[*a as usize].total_cmp(&twice[*b as usize]));
    let mut subject = queue(&twice);
    assert_eq!(subject.order(), order);
    let popped: Vec<u32> = std::iter::from_fn(|| subject.apply(Operation::Pop)).collect();
    assert_eq!(popped, order);
}

#[test]
fn a_list_that_ran_empty_serves_another_priority() {
    let mut subject = Subject::default();
    for round in 0..1000_u16 {
        subject.apply(Operation::Push(priority(f64::from(round))));
        assert_eq!(subject.apply(Operation::Pop), Some(0));
    }
    assert!(subject.queue.overflow.is_empty());
    subject.apply(Operation::Fill { from: 0, count: 64 });
    assert!(subject.queue.overflow.is_empty(), "64 priorities have a list each");
}

#[test]
fn a_link_is_16_bytes() {
    assert_eq!(size_of::<crate::queue::Link>(), 16);
}
