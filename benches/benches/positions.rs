//! What moving a task costs, by how many tasks are queued; draws `docs/positions.svg`.
//!
//! `cargo bench -p asynkit-benches --bench positions`, with the same harness as the table of instructions.

use std::cell::Cell;
use std::collections::VecDeque;
use std::hint::black_box;
use std::process::ExitCode;
use std::rc::Rc;

use asynkit::{
    Executor, Priority, Task, TaskBuilder, current_task, get_scheduling_loop, sleep_insert, spawn,
    task_reinsert, task_switch, yield_now,
};
use asynkit_benches::{Chart, Row};

/// A row with an entry for each length of the queue.
macro_rules! lengths {
    ($name:literal, $run:ident) => {
        Row::new($name)
            .by("10", $run::<10>)
            .by("100", $run::<100>)
            .by("1 000", $run::<1_000>)
            .by("10 000", $run::<10_000>)
            .by("100 000", $run::<100_000>)
    };
}

fn main() -> ExitCode {
    let chart = Chart {
        title: "Instructions to move a task, by the number of tasks in the ready queue",
        file: concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/positions.svg"),
        flat: vec![
            lengths!("queue_remove and queue_insert", remove),
            lengths!("task_reinsert", reinsert),
            lengths!("sleep_insert(1), with the other's turn", sleep),
            lengths!("task_switch there and back", switch),
            lengths!("yield before tasks of five priorities", turns).lengths(10_000, 30_000),
        ],
        logarithmic: vec![
            lengths!("set_priority there and back, all different", distinct),
            lengths!("yield behind all others, all different", rounds),
        ],
        others: vec![
            lengths!("set_priority", reprioritise),
            lengths!("VecDeque: find, remove, push", deque).lengths(100, 300),
        ],
    };
    chart.main()
}

/// Numbers below `len` in no order, the same in each run.
fn any(len: usize) -> impl FnMut() -> usize {
    let mut state = 0x2545_f491_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits") % len
    }
}

fn ready(len: usize) -> Vec<Task<()>> {
    (0..len).map(|_| spawn(async {})).collect()
}

fn remove<const LEN: usize>(n: u32) {
    Executor::run(async {
        let _tasks = ready(LEN);
        let queue = get_scheduling_loop().expect("an executor runs");
        let (handles, mut any) = (queue.queue_items(), any(LEN));
        for _ in 0..n {
            let handle = handles[any()];
            queue.queue_remove(handle).expect("it is queued");
            queue.queue_insert(black_box(handle)).expect("it is not");
        }
    });
}

fn reinsert<const LEN: usize>(n: u32) {
    Executor::run(async {
        let (tasks, mut any) = (ready(LEN), any(LEN));
        for _ in 0..n {
            task_reinsert(&tasks[any()], black_box(0)).expect("it is queued");
        }
    });
}

fn sleep<const LEN: usize>(n: u32) {
    Executor::run(async {
        let _tasks = ready(LEN);
        let other = spawn(async move {
            for _ in 0..n {
                sleep_insert(black_box(1)).await;
            }
        });
        task_switch(&other, Some(1)).await.expect("it is queued");
        for _ in 0..n {
            sleep_insert(black_box(1)).await;
        }
    });
}

fn switch<const LEN: usize>(n: u32) {
    Executor::run(async {
        let _tasks = ready(LEN);
        let me = current_task().expect("it runs in a task");
        let other = spawn(async move {
            for _ in 0..n {
                task_switch(&me, Some(1)).await.expect("it is queued");
            }
        });
        for _ in 0..n {
            task_switch(&other, Some(1)).await.expect("it is queued");
        }
    });
}

fn reprioritise<const LEN: usize>(n: u32) {
    Executor::run(async {
        let (tasks, mut any) = (ready(LEN), any(LEN));
        let mut priorities =
            [0.0, -10.0, 10.0].map(|value| Priority::new(value).expect("a number")).into_iter().cycle();
        let mut sort = |at: usize| tasks[at].set_priority(priorities.next().expect("it is endless"));
        // So many are queued at each priority, and in the midst of others, at the begin as at the end: what it costs to end
        // them is the same, however many are sorted.
        for _ in 0..4 * LEN {
            sort(any());
        }
        for _ in 0..n {
            sort(any());
        }
    });
}

fn priority(value: usize) -> Priority {
    let value = u32::try_from(value).expect("few tasks");
    Priority::new(value.into()).expect("a number")
}

/// Two tasks take turns; the others wait at five priorities.
fn turns<const LEN: usize>(n: u32) {
    async fn yields(n: u32) {
        for _ in 0..n {
            yield_now().await;
        }
    }
    Executor::run(async move {
        let waiting = |at| TaskBuilder::new(async {}).priority(priority(1 + at % 5)).spawn();
        let _others: Vec<_> = (0..LEN).map(waiting).collect();
        let [first, second] = [0, 1].map(|half| spawn(yields(u32::midpoint(n, half))));
        first.await.expect("it returns");
        second.await.expect("it returns");
    });
}

/// Tasks of as many priorities.
fn different(len: usize) -> Vec<Task<()>> {
    (0..len).map(|at| TaskBuilder::new(async {}).priority(priority(1 + at)).spawn()).collect()
}

fn distinct<const LEN: usize>(n: u32) {
    Executor::run(async {
        let (tasks, mut any) = (different(LEN), any(LEN));
        for at in 0..n as usize {
            let task = &tasks[any()];
            let own = task.priority();
            // No other one has it.
            task.set_priority(priority(1 + LEN + at));
            task.set_priority(own);
        }
    });
}

/// Whoever runs goes behind all others.
fn rounds<const LEN: usize>(n: u32) {
    Executor::run(async move {
        let last = Rc::new(Cell::new(LEN));
        let limit = LEN + n as usize;
        let body = |last: Rc<Cell<usize>>| async move {
            let me = current_task().expect("a task runs this");
            while last.get() < limit {
                last.set(last.get() + 1);
                me.set_priority(priority(last.get()));
                yield_now().await;
            }
        };
        let spawn = |at| TaskBuilder::new(body(Rc::clone(&last))).priority(priority(at)).spawn();
        let tasks: Vec<_> = (0..LEN).map(spawn).collect();
        for task in tasks {
            task.await.expect("it returns");
        }
    });
}

/// What most executors have for a queue.
fn deque<const LEN: usize>(n: u32) {
    let mut queue: VecDeque<usize> = (0..LEN).collect();
    let mut any = any(LEN);
    for _ in 0..n {
        let task = black_box(any());
        let at = queue.iter().position(|&other| other == task).expect("it is queued");
        queue.remove(at);
        queue.push_back(task);
    }
    black_box(&queue);
}
