//! Everything that makes no sense inside of an executor, from everywhere where users' code runs in it: each is refused by a
//! typed error or a panic that says why, and the executor goes on.

use asynkit::{
    ContextVar, Executor, ScheduleError, TaskRef, all_tasks, call_soon, current_task, eager, sleep_insert,
    spawn, task_reinsert, task_switch, yield_now,
};
use asynkit_tests::{OnDrop, block_on, now, panic_text};
use futures::{FutureExt as _, future::LocalBoxFuture};
use std::{
    cell::{Cell, RefCell},
    future::{Future, pending},
    pin::{Pin, pin},
    rc::Rc,
    sync::{Arc, Mutex},
    task::{Context, Wake, Waker},
};

/// What is tried.
type Attempt = fn(&Rc<Executor>);

const ATTEMPTS: [(&str, Attempt); 11] = [
    ("try_run", |_| assert!(Executor::try_run(async {}).is_err())),
    ("run", |_| assert!(panic_text(|| Executor::run(async {})).contains("runs on this thread already"))),
    ("block_on of its own executor", |executor| {
        let text = panic_text(|| executor.block_on(async {}));
        assert!(text.contains("runs on this thread already"));
    }),
    ("block_on of another executor", |_| {
        let text = panic_text(|| Executor::new().block_on(async {}));
        assert!(text.contains("runs on this thread already"));
    }),
    ("a poll of the executor", |executor| {
        let text = panic_text(|| {
            let mut run = pin!(executor.run_until(async {}).boxed_local());
            let _ = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        });
        assert_eq!(text, "an executor was polled by one of its own tasks");
    }),
    ("another executor as a future", |_| {
        let inner = Executor::new();
        assert_eq!(block_on(inner.run_until(async { spawn(async { 1 }).await.unwrap() })), 1);
    }),
    ("a switch to oneself", |_| {
        let Some(me) = current_task() else { return };
        assert_eq!(now(task_switch(&me, Some(0))), Some(Err(ScheduleError::NotScheduled)));
        assert_eq!(task_reinsert(&me, 0), Err(ScheduleError::NotScheduled));
    }),
    ("a task of another executor", |_| {
        let elsewhere = Executor::new();
        let foreign = elsewhere.spawn(async {});
        assert_eq!(task_reinsert(&foreign, 0), Err(ScheduleError::WrongExecutor));
        // A callback is no task that could switch.
        let told =
            if current_task().is_some() { ScheduleError::WrongExecutor } else { ScheduleError::NoExecutor };
        assert_eq!(now(task_switch(&foreign, None)), Some(Err(told)));
    }),
    ("a task of an executor that is gone", |_| {
        let gone = {
            let elsewhere = Executor::new();
            *elsewhere.spawn(async {})
        };
        assert!(gone.is_finished() && !gone.cancel() && !gone.abort() && gone.name().is_none());
        assert!(task_reinsert(&gone, 0).is_err());
    }),
    ("spawning, and dropping what was spawned", |_| {
        let task = spawn(async { pending::<()>().await });
        task.abort();
        drop(task);
        drop(eager(async {}));
    }),
    ("a look at all tasks", |_| {
        let _debug = format!("{:?}", all_tasks());
    }),
];

/// Code of a user's that runs somewhere in an executor.
type Code = Box<dyn FnOnce()>;

/// Has it run there; how often tasks have to go on until it has.
type Position = fn(Code) -> LocalBoxFuture<'static, ()>;

/// A value that runs it when it is dropped.
fn in_drop(code: Code) -> OnDrop<impl FnMut()> {
    let mut code = Some(code);
    OnDrop(move || code.take().into_iter().for_each(|code| code()))
}

thread_local! {
    /// For what has to be `Send`.
    static STORED: RefCell<Option<Code>> = const { RefCell::new(None) };
}

/// Runs what is stored when it is woken or dropped.
struct Stored;

impl Drop for Stored {
    fn drop(&mut self) {
        STORED.take().into_iter().for_each(|code| code());
    }
}

impl Wake for Stored {
    fn wake(self: Arc<Self>) {
        STORED.take().into_iter().for_each(|code| code());
    }
}

const POSITIONS: [(&str, Position); 10] = [
    ("in the root", |code| async { code() }.boxed_local()),
    ("in a task", |code| async { spawn(async { code() }).await.unwrap() }.boxed_local()),
    ("in an eager part", |code| async { eager(async { code() }).await }.boxed_local()),
    ("in a callback", |code| {
        async {
            call_soon(code);
            sleep_insert(usize::MAX).await;
        }
        .boxed_local()
    }),
    ("in a drop at a task's end", |code| {
        async {
            let held = in_drop(code);
            spawn(async move {
                let _held = held;
                yield_now().await;
            })
            .await
            .unwrap();
        }
        .boxed_local()
    }),
    ("in a drop by an abort", |code| {
        async {
            let held = in_drop(code);
            let task = spawn(async move {
                let _held = held;
                pending::<()>().await;
            });
            yield_now().await;
            task.abort();
            assert!(task.await.is_err());
        }
        .boxed_local()
    }),
    ("in a drop by a cancel", |code| {
        async {
            let held = in_drop(code);
            let task = spawn(async move {
                let _held = held;
                pending::<()>().await;
            });
            yield_now().await;
            task.cancel();
            assert!(task.await.is_err());
        }
        .boxed_local()
    }),
    ("in the drop of a value that nobody awaits", |code| {
        async {
            let held = in_drop(code);
            drop(spawn(async move { held }));
            sleep_insert(usize::MAX).await;
        }
        .boxed_local()
    }),
    ("in the drop of a value of a variable", |code| {
        static VAR: ContextVar<Arc<Stored>> = ContextVar::new();
        async {
            STORED.set(Some(code));
            spawn(async { drop(VAR.set(Arc::new(Stored))) }).await.unwrap();
        }
        .boxed_local()
    }),
    ("in a waker at a task's end", |code| {
        async {
            STORED.set(Some(code));
            let mut task = spawn(async {});
            let waker = Waker::from(Arc::new(Stored));
            assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
            yield_now().await;
            task.await.unwrap();
        }
        .boxed_local()
    }),
];

#[test]
fn what_makes_no_sense_is_refused_wherever_it_is_tried_and_the_executor_goes_on() {
    for (at, position) in POSITIONS {
        for (name, attempt) in ATTEMPTS {
            let executor = Rc::new(Executor::new());
            let tried = Rc::new(Cell::new(0));
            let (inside, counted) = (Rc::clone(&executor), Rc::clone(&tried));
            let code: Code = Box::new(move || {
                attempt(&inside);
                counted.set(counted.get() + 1);
            });
            println!("{name}, {at}");
            let run = async {
                let other = spawn(async {
                    yield_now().await;
                    7
                });
                position(code).await;
                other.await.unwrap()
            };
            let others = executor.block_on(run);
            assert_eq!((others, tried.get()), (7, 1), "{name}, {at}");
            assert_eq!(executor.block_on(async { spawn(async { 8 }).await.unwrap() }), 8, "{name}, {at}");
        }
    }
}

#[test]
fn an_executor_is_dropped_by_what_its_own_end_drops() {
    // The last handle of another executor, and a task's handle, lie in a task that is dropped with the executor.
    let (outer, inner) = (Executor::new(), Executor::new());
    let drops = Rc::new(Cell::new(0));
    for _ in 0..3 {
        let counted = Rc::clone(&drops);
        drop(inner.spawn(async move {
            let _held = OnDrop(|| counted.set(counted.get() + 1));
            pending::<()>().await;
        }));
    }
    block_on(inner.run_until(yield_now()));
    drop(outer.spawn(async move {
        let _inner = inner;
        pending::<()>().await;
    }));
    outer.block_on(yield_now());
    drop(outer);
    assert_eq!(drops.get(), 3);
}

#[test]
fn a_hook_and_a_factory_may_use_the_executor_that_calls_them() {
    let seen = Rc::new(Cell::new(0));
    let (in_hook, in_factory) = (Rc::clone(&seen), Rc::clone(&seen));
    let last = Rc::new(Mutex::new(None::<TaskRef>));
    let told = Rc::clone(&last);
    let executor = Executor::builder()
        .panic_hook(move |task, _| {
            assert!(Executor::try_run(async {}).is_err());
            drop(spawn(async {}));
            *told.lock().unwrap() = Some(task);
            in_hook.set(in_hook.get() + 1);
        })
        .task_factory(move |spec| {
            assert!(Executor::try_run(async {}).is_err());
            let _debug = format!("{:?} {:?}", all_tasks(), current_task());
            in_factory.set(in_factory.get() + 10);
            spec
        })
        .build();
    executor.block_on(async {
        drop(spawn(async { std::panic::resume_unwind(Box::new("planted")) }));
        for _ in 0..3 {
            yield_now().await;
        }
    });
    assert_eq!(seen.get(), 21, "a hook, and two tasks");
    assert!(last.lock().unwrap().is_some());
}
