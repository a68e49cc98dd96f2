use crate::{
    compare::{Difference, compare},
    python::{list, quoted, truth},
};
use asynkit::{Executor, Task, call_soon, get_scheduling_loop, schedule::call_pos, spawn, yield_now};
use asynkit_tests::Trace;
use std::{cell::RefCell, rc::Rc};

const DIFFERENCES: &[Difference<'_>] =
    &[("ready_remove absent: ValueError", "ready_remove absent: NotScheduled", "a typed error")];

type Out = Rc<RefCell<Vec<String>>>;

fn push(out: &Out, item: String) -> impl FnOnce() + use<> {
    let out = Rc::clone(out);
    move || out.borrow_mut().push(item)
}

async fn main(log: &Trace) {
    for positions in [[0, 1, 2], [2, 1, 0], [0, 0, 0], [1, 1, 1], [5, 0, 3]] {
        let out = Out::default();
        for (i, pos) in positions.into_iter().enumerate() {
            call_pos(pos, push(&out, quoted(&format!("c{i}"))));
        }
        yield_now().await;
        log.log(format!("call_pos {positions:?}: {}", list(&out.borrow())));
    }
    let queue = get_scheduling_loop().expect("an executor runs");
    let out = Out::default();
    let task = |n: usize| {
        let push = push(&out, n.to_string());
        spawn(async move { push() })
    };
    let tasks: Vec<Task<()>> = (0..3).map(task).collect();
    call_soon(push(&out, quoted("cb")));
    call_pos(1, push(&out, quoted("pos1")));
    let index =
        |task: &asynkit::TaskRef| tasks.iter().position(|other| **other == *task).expect("one of them");
    let queued: Vec<_> = queue.queue_tasks().iter().map(|task| index(task).to_string()).collect();
    let shown = |task: Option<asynkit::TaskRef>| task.map_or("'cb'".into(), |task| index(&task).to_string());
    let handles: Vec<_> =
        queue.queue_items().into_iter().map(|handle| shown(queue.task_from_handle(handle))).collect();
    log.log(format!("len={} tasks={} handles={}", queue.queue_len(), list(&queued), list(&handles)));
    let find = |n: usize| queue.queue_find(&mut |handle| queue.task_from_handle(handle) == Some(*tasks[n]));
    let found = find(1);
    let handle = found.expect("it is queued");
    queue.queue_remove(handle).expect("it is queued");
    let again = find(1).map_or("None", |_| "a handle");
    log.log(format!("found={} len={} find again={again}", truth(found.is_some()), queue.queue_len()));
    if queue.queue_remove(handle).is_err() {
        log.log("ready_remove absent: NotScheduled");
    }
    queue.queue_insert(handle).expect("it was taken out");
    let first = find(0).expect("it is queued");
    log.log(format!("find keeps it len={}", queue.queue_len()));
    queue.queue_remove(first).expect("it is queued");
    queue.queue_insert(first).expect("it was taken out");
    yield_now().await;
    log.log(list(&out.borrow()));
}

#[test]
fn queue_operations_in_three_loops() {
    let log = Trace::new();
    // Here they are one.
    for name in ["default", "scheduling", "priority"] {
        log.log(format!("== {name}"));
        Executor::run(main(&log));
    }
    compare("29_queue_ops", &log.take(), DIFFERENCES);
}
