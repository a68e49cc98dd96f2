use crate::{
    compare::{Difference, compare},
    python::{list, quoted},
};
use asynkit::{
    Executor, Priority, TaskBuilder, TaskRef, get_scheduling_loop, runnable_tasks, schedule::Handle,
    sleep_insert, task_reinsert,
};
use asynkit_tests::Trace;

const DIFFERENCES: &[Difference<'_>] = &[
    ("insert(-1) AssertionError", "", "a position is a `usize`: negative ones do not compile"),
    ("remove absent ValueError", "remove absent NotScheduled", "a typed error"),
    (
        "popleft empty IndexError",
        "popleft empty: the caller goes on",
        "it is the executor that pops; where nothing is ready the caller's turn comes at once",
    ),
];

/// A queue of tasks that note their names when they are popped.
struct Queue(Trace);

impl Queue {
    /// A queue with nothing else in it.
    async fn of(log: &Trace, items: &[(&'static str, f64)]) -> Self {
        while !runnable_tasks().is_empty() {
            sleep_insert(usize::MAX).await;
        }
        drop(log.take());
        let queue = Queue(log.clone());
        for &(name, priority) in items {
            queue.append(name, priority);
        }
        queue
    }

    fn append(&self, name: &'static str, priority: f64) -> TaskRef {
        let log = self.0.clone();
        let task = TaskBuilder::new(async move { log.log(name) }).name(name);
        *task.priority(Priority::new(priority).expect("a number")).spawn()
    }

    fn insert(&self, pos: usize, name: &'static str, priority: f64) {
        task_reinsert(&self.append(name, priority), pos).expect("it is queued");
    }

    fn find(name: &str) -> Option<Handle> {
        let queue = get_scheduling_loop().expect("an executor runs");
        queue.queue_find(&mut |handle| {
            queue.task_from_handle(handle).is_some_and(|task| task.name().as_deref() == Some(name))
        })
    }

    fn task(name: &str) -> Option<TaskRef> {
        runnable_tasks().into_iter().find(|task| task.name().as_deref() == Some(name))
    }

    fn reschedule(name: &str, priority: f64) {
        Self::task(name).expect("it is queued").set_priority(Priority::new(priority).expect("a number"));
    }

    fn list() -> String {
        let name = |task: &TaskRef| quoted(&task.name().expect("it was named"));
        list(&runnable_tasks().iter().map(name).collect::<Vec<_>>())
    }
}

const BASE: &[(&str, f64)] = &[("c", 3.0), ("a", 1.0), ("b", 2.0)];

async fn main(log: &Trace) {
    let popped = Trace::new();
    let of = |items| Queue::of(&popped, items);
    of(BASE).await;
    log.log(format!("iter {}", Queue::list()));
    for pos in 0..6 {
        of(BASE).await.insert(pos, "X", 99.0);
        log.log(format!("insert at {pos}: {}", Queue::list()));
    }
    for x in [0, 1, 3] {
        for y in [0, 1, 2, 4, 9] {
            let queue = of(BASE).await;
            queue.insert(x, "X", 99.0);
            queue.insert(y, "Y", 98.0);
            log.log(format!("insert X at {x}, Y at {y}: {}", Queue::list()));
        }
    }
    for pos in [0, 2] {
        let queue = of(BASE).await;
        queue.insert(pos, "X", 99.0);
        queue.append("lo", -100.0);
        log.log(format!("append -100 after insert {pos}: {}", Queue::list()));
    }
    of(BASE).await;
    for priority in [0.0, 9.0] {
        Queue::reschedule("b", priority);
        log.log(format!("reschedule b to {priority}: b {}", Queue::list()));
    }
    log.log(format!("reschedule absent: {}", Queue::task("absent").map_or("None", |_| "a task")));
    of(&[("a", 1.0), ("b", 1.0), ("c", 1.0)]).await;
    Queue::reschedule("a", 1.0);
    log.log(format!("reschedule to the same priority keeps order: {}", Queue::list()));
    Queue::reschedule("a", 5.0);
    Queue::reschedule("a", 1.0);
    log.log(format!("away and back keeps its old sequence: {}", Queue::list()));
    of(&[("a", 1.0), ("b", 2.0), ("c", 3.0)]).await.insert(0, "X", 50.0);
    for (name, priority) in [("a", -1.0), ("b", -2.0), ("c", -3.0), ("X", -50.0)] {
        Queue::reschedule(name, priority);
    }
    log.log(format!("reschedule_all after negation: {}", Queue::list()));
    take_out(log, &of(BASE).await).await;
}

async fn take_out(log: &Trace, x: &Queue) {
    let queue = get_scheduling_loop().expect("an executor runs");
    let b = Queue::find("b").expect("it is queued");
    log.log(format!("find b {}", Queue::list()));
    queue.queue_remove(b).expect("it is queued");
    log.log(format!("find remove b {}", Queue::list()));
    log.log(format!("find absent {}", Queue::find("b").map_or("None", |_| "a handle")));
    x.append("z", 2.0);
    log.log(format!("append_pri 2: {}", Queue::list()));
    let z = Queue::find("z").expect("it is queued");
    queue.queue_remove(z).expect("it is queued");
    log.log(format!("remove: {}", Queue::list()));
    if queue.queue_remove(z).is_err() {
        log.log("remove absent NotScheduled");
    }
    while queue.queue_len() > 0 {
        sleep_insert(1).await;
        log.log(format!("popleft {}", x.0.take().trim_end()));
    }
    sleep_insert(1).await;
    assert_eq!(x.0.take(), "");
    log.log("popleft empty: the caller goes on");
}

#[test]
fn the_queue_of_priorities_and_positions() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("31_pos_priority_queue", &log.take(), DIFFERENCES);
}
