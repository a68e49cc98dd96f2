use crate::{
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{
    Cancellable, Eager, Executor, Task, TaskBuilder, TaskError, eager, eager_with,
    spawner::{Spawn, Spawner},
    yield_now,
};
use asynkit_tests::Trace;
use std::{
    cell::Cell,
    future::{Ready, ready},
    rc::Rc,
};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "cancelled_while_suspended: raised CancelledError(why)\n\
         cancelled_while_suspended: after done=True cancelled=True",
        "cancelled_while_suspended: value=3\n\
         cancelled_while_suspended: after done=True cancelled=False",
        "the `sleep(0)` is over when the cancel arrives: a value that is ready wins",
    ),
    (
        "default task name=eager_task",
        "default task name=None",
        "tasks have no names but those that they are given",
    ),
    (
        "eager(int): TypeError(need coroutine or function)\n\
         eager accepts function\n\
         eager(method): TypeError(need coroutine or function)\n\
         eager(builtin_function_or_method): TypeError(need coroutine or function)",
        "",
        "what is no future does not compile",
    ),
];

/// An exception is the value of the coroutine.
type Raises = Result<u32, &'static str>;

fn returns(value: u32) -> Ready<Raises> {
    ready(Ok(value))
}

fn fails(error: &'static str) -> Ready<Raises> {
    ready(Err(error))
}

async fn later(result: Raises) -> Raises {
    yield_now().await;
    result
}

async fn show(log: &Trace, label: &str, future: Eager<Raises>) {
    let kind = if future.task().is_some() { "Task" } else { "Future" };
    log.log(format!("{label}: kind={kind} done={} cancelled=False", truth(future.is_finished())));
    let joined = future.join().await;
    match &joined {
        Ok(Ok(value)) => log.log(format!("{label}: value={value}")),
        Ok(Err(error)) => log.log(format!("{label}: raised {error}")),
        Err(TaskError::Cancelled) => log.log(format!("{label}: raised CancelledError()")),
        Err(error) => panic!("{error}"),
    }
    let is_cancelled = matches!(joined, Err(TaskError::Cancelled));
    log.log(format!("{label}: after done=True cancelled={}", truth(is_cancelled)));
}

/// A `create_task` of one's own.
struct Custom(Rc<Cell<u32>>);

impl Spawner for Custom {
    type Handle<T: 'static> = Task<T>;
}

impl<F: Future<Output: 'static> + 'static> Spawn<F> for Custom {
    fn spawn(&self, future: F) -> Task<F::Output> {
        self.0.set(self.0.get() + 1);
        TaskBuilder::new(future).name("custom").spawn()
    }
}

async fn main(log: &Trace) {
    show(log, "ret", eager(returns(1))).await;
    show(log, "boom", eager(fails("ValueError(boom)"))).await;
    show(log, "later", eager(later(Ok(2)))).await;
    show(log, "later_boom", eager(later(Err("ValueError(late)")))).await;
    show(log, "cancels_at_start", eager(fails("CancelledError(self)"))).await;
    let future = eager(later(Ok(3)));
    future.cancel();
    show(log, "cancelled_while_suspended", future).await;
    let future = eager(returns(4));
    log.log(format!("cancel on done returns {}", truth(future.cancel())));
    show(log, "cancel_done", future).await;

    let calls = Rc::new(Cell::new(0));
    let custom = || Custom(Rc::clone(&calls));
    let future = eager_with(returns(5), custom());
    log.log(format!("custom create_task calls when done: {}", calls.get()));
    future.await.expect("it returns");
    let future = eager_with(later(Ok(6)), custom());
    let name = future.task().and_then(|task| task.name()).expect("it was named");
    log.log(format!("custom create_task calls when suspended: {} name={name}", calls.get()));
    future.await.expect("it returns");
    let future = eager(later(Ok(7)));
    let name = future.task().and_then(|task| task.name());
    log.log(format!("default task name={}", name.as_deref().unwrap_or("None")));
    future.await.expect("it returns");
}

#[test]
fn eager_paths() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("02_eager_paths", &log.take(), DIFFERENCES);
}
