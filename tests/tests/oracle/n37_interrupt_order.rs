use crate::{
    asyncio::Raised,
    compare::{Difference, compare},
};
use asynkit::{Executor, InterruptExt as _, Task, TaskRef, spawn, task_interrupt, task_throw, yield_now};
use asynkit_tests::Trace;
use futures::channel::oneshot;
use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Poll, Waker},
};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "t caught second",
        "t caught first",
        "the first is told first; the second has the next turn, in which the `sleep(0)` is over and wins",
    ),
    (
        "t caught i\no0 runs\no1 runs\ncaller back; future result v\nt after",
        "t normal\no0 runs\no1 runs\nrefused: Completed\ncaller back; future result v",
        "a value that is ready is never lost: it wins, and the error comes back to its thrower",
    ),
    ("t caught t\nt after", "t normal", "a value that is ready wins; the place in the queue is the same"),
    (
        "task failed with 2",
        "t after\nsecond: Completed",
        "the `sleep(0)` is over when the second comes: what is ready wins, and the error comes back",
    ),
];

/// A future of asyncio's: somebody sets its result.
#[derive(Clone, Default)]
struct Fut(Rc<State>);

type State = (Cell<Option<&'static str>>, RefCell<Vec<Waker>>);

impl Fut {
    fn set_result(&self, value: &'static str) {
        self.0.0.set(Some(value));
        for waker in self.0.1.take() {
            waker.wake();
        }
    }

    fn wait(&self) -> impl Future<Output = ()> + use<> {
        let fut = self.clone();
        poll_fn(move |cx| {
            if fut.0.0.get().is_some() {
                return Poll::Ready(());
            }
            fut.0.1.borrow_mut().push(cx.waker().clone());
            Poll::Pending
        })
    }
}

async fn target(log: Trace, fut: impl Future<Output = ()>) {
    match fut.interruptible().await {
        Ok(()) => log.log("t normal"),
        Err(told) => {
            log.log(format!("t caught {}", told.downcast_ref::<Raised>().unwrap().1));
            yield_now().await;
            log.log("t after");
        }
    }
}

fn others(log: &Trace) -> [Task<()>; 2] {
    ["o0 runs", "o1 runs"].map(|line| {
        let log = log.clone();
        spawn(async move { log.log(line) })
    })
}

async fn setup(log: &Trace) -> (Fut, Task<()>, [Task<()>; 2]) {
    let fut = Fut::default();
    let t = spawn(target(log.clone(), fut.wait()));
    yield_now().await;
    (fut, t, others(log))
}

async fn interrupt(log: &Trace, label: &str, t: &TaskRef, text: &'static str) {
    if let Err(refused) = task_interrupt(t, Raised("X", text)).await {
        log.log(format!("{label}: {:?}", refused.why));
    }
}

async fn join(log: &Trace, t: Task<()>) {
    if let Err(error) = t.await {
        log.log(format!("t: {}", error.to_string().replace("X: ", "")));
    }
}

#[test]
fn n37_interrupt_order() {
    let log = &Trace::new();
    Executor::run(async {
        log.log("== interrupt of a blocked task");
        let (f, t, _os) = setup(log).await;
        interrupt(log, "refused", &t, "i").await;
        let done = if f.0.0.get().is_some() { "True" } else { "False" };
        log.log(format!("caller back; future done={done} cancelled=False"));
        join(log, t).await;
        log.log("== throw into a blocked task");
        let (_f, t, _os) = setup(log).await;
        task_throw(&t, Raised("X", "t")).unwrap();
        log.log("caller goes on");
        join(log, t).await;
        log.log("== throw twice: the second replaces the first");
        let (_f, t, _os) = setup(log).await;
        task_throw(&t, Raised("X", "first")).unwrap();
        task_throw(&t, Raised("X", "second")).unwrap();
        join(log, t).await;
        log.log(
            "== interrupt of a task made ready by its future: the value is lost to the task, kept in the future",
        );
        let (f, t, _os) = setup(log).await;
        f.set_result("v");
        interrupt(log, "refused", &t, "i").await;
        log.log(format!("caller back; future result {}", f.0.0.get().unwrap()));
        join(log, t).await;
        log.log("== throw into a ready task moves it to the end of the queue");
        let f = Fut::default();
        let t = spawn(target(log.clone(), f.wait()));
        yield_now().await;
        f.set_result("1");
        let _os = others(log);
        task_throw(&t, Raised("X", "t")).unwrap();
        join(log, t).await;
        log.log("== two interrupts in a row");
        let (_f, t, _os) = setup(log).await;
        interrupt(log, "refused", &t, "1").await;
        interrupt(log, "second", &t, "2").await;
        join(log, t).await;
        log.log("== a task awaiting a task");
        let (open, gate) = oneshot::channel::<()>();
        let inner = Rc::new(RefCell::new(spawn(async {
            gate.await.unwrap();
            "inner ok"
        })));
        let awaited = || {
            let inner = Rc::clone(&inner);
            poll_fn(move |cx| Pin::new(&mut *inner.borrow_mut()).poll(cx))
        };
        let awaits = awaited();
        let t = spawn(target(log.clone(), async {
            awaits.await.unwrap();
        }));
        yield_now().await;
        interrupt(log, "refused", &t, "i").await;
        log.log(if inner.borrow().is_finished() { "inner done" } else { "inner done=False cancelled=False" });
        open.send(()).unwrap();
        log.log(awaited().await.unwrap());
        join(log, t).await;
    });
    compare("37_interrupt_order", &log.take(), DIFFERENCES);
}
