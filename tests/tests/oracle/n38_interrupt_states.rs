use crate::{
    asyncio::Raised,
    compare::{Difference, compare},
};
use asynkit::{
    Executor, Interrupt, InterruptExt as _, InterruptKind, Task, TaskError, TaskRef, current_task, spawn,
    task_interrupt, task_switch, yield_now,
};
use asynkit_tests::Trace;
use futures::channel::oneshot;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::{Future, pending, poll_fn},
    rc::Rc,
    task::{Poll, Waker},
};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "sleep(0): None\n  target: 'interrupted'",
        "sleep(0): Refused::Completed\n  target: 'slept'",
        "the `sleep(0)` is over when the error comes: what is ready wins, and the error comes back",
    ),
    ("done: RuntimeError: cannot interrupt task which is done", "done: Refused::Done", "a typed error"),
    (
        "cancelled while blocked: RuntimeError: cannot interrupt a cancelled task",
        "cancelled while blocked: Refused::Stopping",
        "a typed error",
    ),
    (
        "cancelled while ready: RuntimeError: cannot interrupt a cancelled task\n  target: CancelledError: ",
        "cancelled while ready: Refused::Stopping\n  target: 'slept'",
        "a typed error; what is ready wins over a cancel, too",
    ),
    (
        "cancelled while new: RuntimeError: cannot interrupt a cancelled task",
        "cancelled while new: Refused::Stopping",
        "a typed error",
    ),
    ("self: RuntimeError: cannot interrupt self", "self: Refused::Running", "a typed error"),
    (
        "not an exception: TypeError: exception must be an instance deriving from BaseException\n\
         an exception class: TypeError: exception must be an instance deriving from BaseException",
        "",
        "does not compile",
    ),
    (
        "queue.get made ready: None\n  target: 'interrupted, then item'",
        "queue.get made ready: Refused::Completed\n  target: 'item'",
        "the item is there: what is ready wins",
    ),
    (
        "InterruptException: done=True cancelled=True",
        "InterruptException: done=True cancelled=False",
        "`TaskError::Interrupted` with the error; only a cancel gives `Cancelled`",
    ),
    (
        "CancelledError: done=True cancelled=True",
        "CancelledError: done=True cancelled=False",
        "an error of that name is one like any other; a stop is thrown by `cancel`",
    ),
    (
        "new: RuntimeError: cannot interrupt a c-task with a plain __step scheduled\n  target: None\n  ran=1",
        "new: None\n  target: X: x\n  ran=0",
        "there is one kind of tasks, and all can be interrupted",
    ),
    (
        "sleep(0): RuntimeError: cannot interrupt a c-task with a plain __step scheduled",
        "sleep(0): Refused::Completed",
        "there is one kind of tasks; see above",
    ),
];

type Told = Result<&'static str, Interrupt>;

/// `except X: return "interrupted"` around an await that is a point.
fn except_x(told: Result<(), Interrupt>, value: &'static str) -> Told {
    match told {
        Ok(()) => Ok(value),
        Err(told) if Raised::is(&told, "X") => Ok("interrupted"),
        Err(told) => Err(told),
    }
}

async fn atry(log: &Trace, label: &str, t: &TaskRef, error: Raised) {
    match task_interrupt(t, error).await {
        Ok(()) => log.log(format!("{label}: None")),
        Err(refused) => log.log(format!("{label}: Refused::{:?}", refused.why)),
    }
}

fn uncaught(told: &Interrupt) -> String {
    if let Some(Raised(kind, text)) = told.downcast_ref() {
        return format!("{kind}: {text}");
    }
    assert_eq!(told.kind(), InterruptKind::Cancel);
    "CancelledError: ".into()
}

async fn join(log: &Trace, t: &mut Task<Told>) {
    target(log, t.await);
}

fn target(log: &Trace, ended: Result<Told, TaskError>) {
    log.log(match ended {
        Ok(Ok(value)) => format!("  target: '{value}'"),
        Ok(Err(told)) | Err(TaskError::Interrupted(told)) => format!("  target: {}", uncaught(&told)),
        Err(TaskError::Cancelled) => "  target: CancelledError: ".into(),
        Err(other) => panic!("{other}"),
    });
}

fn python(flag: bool) -> &'static str {
    if flag { "True" } else { "False" }
}

/// A queue of asyncio's.
#[derive(Clone, Default)]
struct Queue(Rc<Items>);

type Items = (RefCell<VecDeque<&'static str>>, Cell<Option<Waker>>);

impl Queue {
    fn get(&self) -> impl Future<Output = &'static str> + use<> {
        let queue = self.clone();
        poll_fn(move |cx| {
            let Some(item) = queue.0.0.borrow_mut().pop_front() else {
                queue.0.1.set(Some(cx.waker().clone()));
                return Poll::Pending;
            };
            Poll::Ready(item)
        })
    }

    fn put(&self, item: &'static str) {
        self.0.0.borrow_mut().push_back(item);
        if let Some(waker) = self.0.1.take() {
            waker.wake();
        }
    }
}

fn x() -> Raised {
    Raised("X", "x")
}

async fn section(log: &Trace) {
    let s0 = || spawn(async { except_x(yield_now().interruptible().await, "slept") });
    let blocked = || spawn(async { except_x(pending().interruptible().await, "None") });
    let ran = Rc::new(Cell::new(0));
    let new = || {
        let ran = Rc::clone(&ran);
        spawn(async move {
            ran.set(ran.get() + 1);
            Ok("None")
        })
    };
    let mut t = new();
    atry(log, "new", &t, x()).await;
    join(log, &mut t).await;
    log.log(format!("  ran={}", ran.get()));
    let mut t = s0();
    yield_now().await;
    atry(log, "sleep(0)", &t, x()).await;
    join(log, &mut t).await;
    let mut t = blocked();
    yield_now().await;
    atry(log, "blocked", &t, x()).await;
    join(log, &mut t).await;
    atry(log, "done", &t, x()).await;
    for label in ["cancelled while blocked", "cancelled while ready", "cancelled while new"] {
        let mut t = match label {
            "cancelled while blocked" => blocked(),
            "cancelled while ready" => s0(),
            _ => new(),
        };
        if label != "cancelled while new" {
            // Right before it is looked at, as there.
            task_switch(&t, Some(1)).await.unwrap();
        }
        t.cancel();
        atry(log, label, &t, x()).await;
        join(log, &mut t).await;
    }
    let me = log.clone();
    spawn(async move { atry(&me, "self", &current_task().unwrap(), x()).await }).await.unwrap();
    let q = Queue::default();
    let getter = q.clone();
    let mut t = spawn(async move {
        match getter.get().interruptible().await {
            Ok(item) => Ok(item),
            Err(_told) => Ok("interrupted, then item"),
        }
    });
    yield_now().await;
    q.put("item");
    atry(log, "queue.get made ready", &t, x()).await;
    join(log, &mut t).await;
    log.log("-- uncaught");
    for error in [x(), Raised("InterruptException", "i"), Raised("CancelledError", "c")] {
        let kind = error.0;
        let mut t: Task<Told> = spawn(pending());
        yield_now().await;
        task_interrupt(&t, error).await.unwrap();
        let done = python(t.is_finished());
        let ended = (&mut t).await;
        let cancelled = python(matches!(ended, Err(TaskError::Cancelled)));
        log.log(format!("{kind}: done={done} cancelled={cancelled}"));
        target(log, ended);
    }
    let (open, gate) = oneshot::channel::<()>();
    let mut t = spawn(async {
        let _ignored = pending::<()>().interruptible().await;
        gate.await.unwrap();
        Ok("went on")
    });
    yield_now().await;
    task_interrupt(&t, Raised("InterruptException", "")).await.unwrap();
    log.log(format!("ignored: done={} cancelling=0", python(t.is_finished())));
    open.send(()).unwrap();
    join(log, &mut t).await;
}

#[test]
fn n38_interrupt_states() {
    let log = &Trace::new();
    Executor::run(async {
        for kind in ["== py task", "== c task"] {
            log.log(kind);
            section(log).await;
        }
    });
    compare("38_interrupt_states", &log.take(), DIFFERENCES);
}
