//! `PriorityQueue` beside a vector that is sorted anew after each operation.

use asynkit::PriorityQueue;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy)]
enum Operation {
    Push(u8),
    Pop,
    /// Of the item with this number, modulo how many were pushed.
    Remove(usize),
    Reschedule(usize, u8),
    Refresh(u8),
    Clear,
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let operation = prop_oneof![
        40 => (0_u8..6).prop_map(Operation::Push),
        15 => Just(Operation::Pop),
        10 => any::<usize>().prop_map(Operation::Remove),
        20 => (any::<usize>(), 0_u8..6).prop_map(|(which, priority)| Operation::Reschedule(which, priority)),
        4 => (0_u8..6).prop_map(Operation::Refresh),
        1 => Just(Operation::Clear),
    ];
    prop::collection::vec(operation, 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_does_what_a_sorted_vector_does(operations in operations()) {
        let mut queue = PriorityQueue::new();
        // Priority and number; the numbers are in the order of the pushes.
        let mut model: Vec<(u8, usize)> = Vec::new();
        let mut pushed = 0;
        for operation in operations {
            match operation {
                Operation::Push(priority) => {
                    queue.push(priority, pushed);
                    model.push((priority, pushed));
                    pushed += 1;
                }
                Operation::Pop => {
                    let first = if model.is_empty() { None } else { Some(model.remove(0)) };
                    prop_assert_eq!(queue.pop_item(), first);
                }
                Operation::Remove(which) => {
                    let number = which.checked_rem(pushed);
                    let at = model.iter().position(|&(_, other)| Some(other) == number);
                    prop_assert_eq!(queue.remove(|&other| Some(other) == number), at.map(|at| model.remove(at)));
                }
                Operation::Reschedule(which, priority) => {
                    let number = which.checked_rem(pushed);
                    let found = model.iter_mut().find(|(_, other)| Some(*other) == number);
                    let former = found.map(|(former, _)| std::mem::replace(former, priority));
                    prop_assert_eq!(queue.reschedule(|&other| Some(other) == number, priority), former);
                }
                Operation::Refresh(by) => {
                    queue.refresh(|priority, _| *priority ^= by);
                    for (priority, _) in &mut model {
                        *priority ^= by;
                    }
                }
                Operation::Clear => {
                    queue.clear();
                    model.clear();
                }
            }
            model.sort_unstable();
            prop_assert_eq!(queue.len(), model.len());
            prop_assert_eq!(queue.peek_item(), model.first().map(|(priority, number)| (priority, number)));
            let order = queue.iter().map(|(&priority, &number)| (priority, number));
            prop_assert_eq!(order.collect::<Vec<_>>(), model.clone());
        }
        prop_assert_eq!(queue.into_sorted_vec(), model);
    }
}
