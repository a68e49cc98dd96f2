//! Tasks of late priorities run although earlier ones are always ready.

use asynkit::{
    Executor, Priority, Task, TaskBuilder, current_task, priority::Boost, sleep_insert, spawn, task_reinsert,
    yield_now,
};
use proptest::prelude::*;
use std::{cell::RefCell, rc::Rc};

fn priority(value: u32) -> Priority {
    Priority::new(value.into()).unwrap()
}

/// Of tasks that yield for ever, with these priorities: who has each of the first `turns` turns.
fn turns_of(boost: Boost, priorities: &[Priority], turns: usize) -> Vec<usize> {
    let order = Rc::new(RefCell::new(Vec::new()));
    let executor = Executor::builder().boost(boost).build();
    executor.block_on(async {
        let body = |n| {
            let order = Rc::clone(&order);
            async move {
                while order.borrow().len() < turns {
                    order.borrow_mut().push(n);
                    yield_now().await;
                }
            }
        };
        let spawn = |(n, &priority)| TaskBuilder::new(body(n)).priority(priority).spawn();
        let spawned: Vec<Task<()>> = priorities.iter().enumerate().map(spawn).collect();
        for task in spawned {
            task.await.unwrap();
        }
    });
    order.take()
}

/// The same of so many tasks, each less urgent than the one before.
fn turns(boost: Boost, tasks: u32, turns: usize) -> Vec<usize> {
    turns_of(boost, &(0..tasks).map(priority).collect::<Vec<_>>(), turns)
}

/// A part of nearly always more than 1.
fn certain() -> Boost {
    Boost::new(1e9).unwrap()
}

#[test]
fn without_boosts_the_first_one_starves_the_others() {
    for boost in [Boost::OFF, Boost::new(0.0).unwrap()] {
        assert_eq!(turns(boost, 10, 5000)[..5000], vec![0; 5000]);
    }
}

#[test]
fn the_lowest_of_1000_runs_within_2000_turns_where_boosts_are_certain() {
    for seed in 0..5 {
        let order = turns(certain().seed(seed), 1000, 2000);
        assert_eq!((0..1000).find(|n| !order.contains(n)), None, "with the seed {seed}");
    }
}

#[test]
fn all_of_1000_run_by_and_by_with_the_usual_boosts() {
    for seed in 0..3 {
        let order = turns(Boost::default().seed(seed), 1000, 60_000);
        assert_eq!((0..1000).find(|n| !order.contains(n)), None, "with the seed {seed}");
        let first = order.iter().filter(|&&n| n == 0).count();
        assert!(first > order.len() / 2, "the first one has had {first} turns only");
    }
}

#[test]
fn the_same_seed_gives_the_same_order_and_another_one_another() {
    let run = |seed| turns(Boost::default().seed(seed), 20, 1000);
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn a_boost_changes_no_priority_and_is_gone_in_the_next_turn() {
    let executor = Executor::builder().boost(certain()).build();
    executor.block_on(async {
        let low = TaskBuilder::new(async {
            for _ in 0..2 {
                assert_eq!(current_task().unwrap().priority(), Priority::LOW);
                yield_now().await;
            }
        });
        let low = low.priority(Priority::LOW).spawn();
        let mut turns = 0;
        while !low.is_finished() {
            yield_now().await;
            turns += 1;
        }
        // Three turns of it, each after a search of its own.
        assert!((30..60).contains(&turns), "{turns}");
        assert_eq!(low.priority(), Priority::NORMAL, "it has ended");
    });
}

#[test]
fn what_has_a_position_is_not_moved() {
    let executor = Executor::builder().boost(certain()).build();
    executor.block_on(async {
        let low = TaskBuilder::new(async {}).priority(Priority::LOW).spawn();
        let pinned = spawn(async {});
        task_reinsert(&pinned, 1).unwrap();
        // Both are immediate now, in this order, and we go before them.
        for _ in 0..100 {
            sleep_insert(0).await;
        }
        assert!(!low.is_finished() && !pinned.is_finished());
        sleep_insert(1).await;
        assert!(low.is_finished() && !pinned.is_finished(), "the first of them has run");
    });
}

#[test]
fn a_search_is_due_again_after_the_queue_ran_empty() {
    let executor = Executor::builder().boost(certain()).build();
    for round in 0..5 {
        executor.block_on(async {
            let low = TaskBuilder::new(async {}).priority(Priority::LOW).spawn();
            let mut turns = 0;
            while !low.is_finished() {
                yield_now().await;
                turns += 1;
                assert!(turns < 30, "in round {round}");
            }
        });
    }
}

/// Random priorities, many of which are the same.
fn priorities() -> impl Strategy<Value = Vec<f64>> {
    let any = prop_oneof![(-1e6..1e6), (-9..9_i8).prop_map(f64::from), Just(f64::MAX), Just(f64::MIN)];
    prop_oneof![3 => prop::collection::vec(any.clone(), 1..100), 1 => prop::collection::vec(any, 1000)]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_waits_for_twice_as_many_turns_at_most_whatever_their_priorities(values in priorities(), seed in any::<u64>()) {
        let priorities: Vec<_> = values.iter().map(|&value| Priority::new(value).unwrap()).collect();
        // A search is not due more often than every tenth turn.
        let most = 2 * priorities.len().max(10);
        let order = turns_of(certain().seed(seed), &priorities, 3 * most);
        // The turn after its last one.
        let mut since = vec![0; priorities.len()];
        for (turn, &n) in order.iter().enumerate() {
            prop_assert!(turn - since[n] <= most, "{} waits from {} to {}", n, since[n], turn);
            since[n] = turn + 1;
        }
        for (n, since) in since.into_iter().enumerate() {
            prop_assert!(since + most >= 3 * most, "{} waits from {} on", n, since);
        }
    }
}
