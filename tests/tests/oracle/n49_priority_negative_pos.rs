use crate::{
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{Executor, runnable_tasks, sleep_insert, spawn, task_reinsert, yield_now};
use asynkit_tests::Trace;

const NOTHING_LOST: &str = "a position is a `usize`, and one that is too large is the end: nothing is lost";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "task_reinsert(-1): AssertionError\nstill queued: False\ndone=False",
        "task_reinsert(-1 as usize): Ok(())\nstill queued: True\nfoo ran\ndone=True",
        NOTHING_LOST,
    ),
    (
        "loop exception handler: AssertionError\nthe loop itself dies: IndexError: index out of range",
        "inserter woke\ninserter done=True",
        NOTHING_LOST,
    ),
];

/// What the bits of -1 say.
const MINUS_ONE: usize = usize::MAX;

async fn main(log: &Trace) {
    let task = spawn({
        let log = log.clone();
        async move { log.log("foo ran") }
    });
    log.log(format!("task_reinsert(-1 as usize): {:?}", task_reinsert(&task, MINUS_ONE)));
    log.log(format!("still queued: {}", truth(runnable_tasks().contains(&task))));
    yield_now().await;
    log.log(format!("done={}", truth(task.is_finished())));
    let inserter = spawn({
        let log = log.clone();
        async move {
            log.log("inserter sleeps");
            sleep_insert(MINUS_ONE).await;
            log.log("inserter woke");
        }
    });
    yield_now().await;
    yield_now().await;
    log.log(format!("inserter done={}", truth(inserter.is_finished())));
}

#[test]
fn negative_positions() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("49_priority_negative_pos", &log.take(), DIFFERENCES);
}
