//! What runs, in which order, and under which loop.

use asynkit::{Executor, all_tasks, current_task, executor::sleep_until, spawn, yield_now};
use asynkit_tests::Trace;
use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

#[test]
fn a_future_that_borrows_is_run_to_its_value() {
    let names = [String::from("ada"), String::from("bob")];
    let first: &str = Executor::run(async {
        yield_now().await;
        names[0].as_str()
    });
    assert_eq!(first, "ada");
}

#[test]
fn tasks_run_in_the_order_of_their_spawns_and_take_turns() {
    let log = Trace::new();
    Executor::run(async {
        for name in ["a", "b", "c"] {
            let log = log.clone();
            spawn(async move {
                for turn in 0..2 {
                    log.log(format!("{name}{turn}"));
                    yield_now().await;
                }
            });
        }
        for _ in 0..4 {
            yield_now().await;
        }
    });
    assert_eq!(log.take(), "a0\nb0\nc0\na1\nb1\nc1\n");
}

#[test]
fn the_root_is_a_task_like_any_other() {
    Executor::run(async {
        let me = current_task().unwrap();
        assert_eq!(all_tasks(), [me]);
        assert_eq!(me.id().task(), Some(me));
        let other = spawn(async { all_tasks().len() });
        assert_eq!(other.await.unwrap(), 2);
    });
}

#[test]
fn sleeps_end_in_the_order_of_their_deadlines() {
    // On a slow machine the first one may be due before the last one has begun: then they get more time.
    for unit in [10, 100, 1000, 10_000] {
        let log = Trace::new();
        let has_begun_in_time = Executor::run(async {
            let start = Instant::now();
            let tasks = [3, 1, 2].map(|units| {
                let log = log.clone();
                spawn(async move {
                    sleep_until(start + Duration::from_millis(units * unit)).await;
                    log.log(units.to_string());
                })
            });
            yield_now().await;
            let has_begun_in_time = start.elapsed() < Duration::from_millis(unit);
            for task in tasks {
                task.await.unwrap();
            }
            assert!(start.elapsed() >= Duration::from_millis(3 * unit));
            has_begun_in_time
        });
        if has_begun_in_time {
            assert_eq!(log.take(), "1\n2\n3\n");
            return;
        }
    }
    panic!("three tasks did not begin in 10 s");
}

#[test]
fn a_kept_executor_goes_on_where_it_was() {
    let executor = Executor::new();
    let turns = Rc::new(Cell::new(0));
    let task = executor.spawn({
        let turns = Rc::clone(&turns);
        async move {
            loop {
                turns.set(turns.get() + 1);
                yield_now().await;
            }
        }
    });
    executor.block_on(yield_now());
    let so_far = turns.get();
    executor.block_on(yield_now());
    assert!(turns.get() > so_far && !task.is_finished());
}
