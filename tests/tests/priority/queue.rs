//! `PriorityQueue` in plain cases.

use asynkit::{Priority, PriorityQueue};
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

/// Three items of two priorities, the first two equal.
fn queue() -> PriorityQueue<i32, &'static str> {
    PriorityQueue::from_iter([(5, "a"), (5, "b"), (1, "c")])
}

fn order<P: Ord, T: Copy>(queue: &PriorityQueue<P, T>) -> Vec<T> {
    queue.iter().map(|(_, item)| *item).collect()
}

#[test]
fn equal_priorities_are_a_fifo_queue() {
    let mut queue: PriorityQueue<_, _> = (0..100).map(|n| (Priority::NORMAL, n)).collect();
    for n in 0..50 {
        assert_eq!(queue.pop(), Some(n));
        queue.push(Priority::NORMAL, n + 100);
    }
    assert_eq!(order(&queue), (50..150).collect::<Vec<_>>());
}

#[test]
fn a_rescheduled_item_keeps_its_turn_among_equals() {
    let mut queue = queue();
    assert_eq!(queue.reschedule(|item| *item == "a", 9), Some(5));
    assert_eq!(order(&queue), ["c", "b", "a"]);
    assert_eq!(queue.reschedule(|item| *item == "a", 5), Some(9));
    assert_eq!(order(&queue), ["c", "a", "b"]);
    assert_eq!(queue.reschedule(|item| *item == "nobody", 0), None);
}

#[test]
fn of_several_matches_the_first_in_the_order_is_meant() {
    let mut queue = queue();
    assert_eq!(queue.find(|_| true), Some((&1, &"c")));
    assert_eq!(queue.find(|item| *item != "c"), Some((&5, &"a")));
    assert_eq!(queue.remove(|item| *item != "c"), Some((5, "a")));
    assert_eq!(order(&queue), ["c", "b"]);
}

#[test]
fn refreshing_sorts_anew_and_keeps_turns() {
    let mut queue = queue();
    queue.refresh(|priority, item| *priority = if *item == "c" { 7 } else { 3 });
    assert_eq!(order(&queue), ["a", "b", "c"]);
}

#[test]
fn a_refresh_that_panics_leaves_a_sorted_queue() {
    let mut queue: PriorityQueue<i32, i32> = (0..20).map(|n| (n, n)).collect();
    let calls = Cell::new(0);
    let refresh = AssertUnwindSafe(|| {
        queue.refresh(|priority, _| {
            calls.set(calls.get() + 1);
            assert!(calls.get() <= 10, "enough");
            *priority = -*priority;
        });
    });
    assert!(catch_unwind(refresh).is_err());
    let priorities: Vec<i32> = queue.iter().map(|(priority, _)| *priority).collect();
    assert!(priorities.is_sorted() && priorities.iter().any(|&priority| priority < 0), "{priorities:?}");
    assert_eq!(queue.len(), 20);
}

#[test]
fn a_copy_has_the_same_order_and_a_life_of_its_own() {
    let mut queue = queue();
    let copy = queue.clone();
    queue.clear();
    assert_eq!((queue.len(), order(&copy)), (0, vec!["c", "a", "b"]));
}

#[test]
fn iterating_takes_nothing_out() {
    let queue = queue();
    assert_eq!(queue.iter().next(), Some((&1, &"c")));
    assert_eq!(queue.iter().count(), 3);
}

#[test]
fn a_queue_of_things_that_have_no_order_and_no_copies() {
    let mut queue = PriorityQueue::new();
    let thing = Rc::new(|| 1);
    queue.push(Priority::LOW, Rc::clone(&thing));
    queue.push(Priority::HIGH, Rc::clone(&thing));
    drop(queue.pop());
    assert_eq!(Rc::strong_count(&thing), 2);
    drop(queue);
    assert_eq!(Rc::strong_count(&thing), 1);
}

#[test]
fn an_empty_queue_answers_none() {
    let mut queue = PriorityQueue::<Priority, u8>::default();
    assert!(queue.is_empty());
    assert_eq!((queue.peek(), queue.peek_item()), (None, None));
    assert_eq!((queue.pop(), queue.remove(|_| true)), (None, None));
    assert_eq!(queue.iter().next(), None);
    queue.refresh(|_, _| unreachable!("there is nothing"));
    assert_eq!(queue.into_sorted_vec(), []);
}

#[test]
fn debug_shows_pairs() {
    assert_eq!(format!("{:?}", PriorityQueue::from_iter([(1, 'a')])), "[(1, 'a')]");
}

#[test]
fn it_crosses_threads_where_its_items_do() {
    fn is_send<T: Send + Sync>(_: &T) {}
    is_send(&queue());
}
