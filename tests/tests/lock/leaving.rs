//! A program with locks and a condition, left in every way before each of its polls: no lock stays held, no wake is lost,
//! nothing that was lent stays lent.

use crate::{at, task};
use asynkit::{
    Executor, InterruptExt as _, PriorityCondition, PriorityLock, Task, current_task, sleep_insert,
    task_throw, yield_now,
};
use asynkit_tests::poll_once;
use std::{
    cell::Cell,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

/// What the tasks share.
struct Shared {
    outer: PriorityLock<u32>,
    inner: PriorityLock<u32>,
    changed: PriorityCondition,
    /// How many have been through.
    done: Cell<u32>,
}

impl Shared {
    fn new() -> Rc<Self> {
        Rc::new(Shared {
            outer: PriorityLock::new(0),
            inner: PriorityLock::new(0),
            changed: PriorityCondition::new(),
            done: Cell::new(0),
        })
    }

    fn is_free(&self) -> bool {
        !self.outer.is_locked() && !self.inner.is_locked()
    }
}

/// Takes both locks, waits for what another one changes, and gives them back.
async fn program(shared: Rc<Shared>, is_told: bool) {
    let mut outer = if is_told {
        let Ok(outer) = shared.outer.lock().interruptible().await else { return };
        outer.unwrap()
    } else {
        shared.outer.lock().await.unwrap()
    };
    *outer += 1;
    yield_now().await;
    let inner = shared.inner.lock().await.unwrap();
    if is_told {
        let (inner, told) = shared.changed.wait_interruptible(inner).await;
        drop(inner);
        if told.is_err() {
            return;
        }
    } else {
        drop(shared.changed.wait(inner).await);
    }
    yield_now().await;
    let inner = shared.inner.lock().await.unwrap();
    drop(outer);
    yield_now().await;
    drop(inner);
    shared.done.set(shared.done.get() + 1);
}

/// Others that do the same with the inner lock, and notify.
fn neighbour(shared: &Rc<Shared>, priority: f64) -> Task<()> {
    let shared = Rc::clone(shared);
    task("neighbour", priority, async move {
        for _ in 0..3 {
            let mut inner = shared.inner.lock().await.unwrap();
            *inner += 1;
            yield_now().await;
            shared.changed.notify(1);
            drop(inner);
            yield_now().await;
        }
    })
}

/// Waits for a notification, and for nothing else.
fn witness(shared: &Rc<Shared>) -> Task<()> {
    let shared = Rc::clone(shared);
    task("witness", 20.0, async move {
        let inner = shared.inner.lock().await.unwrap();
        drop(shared.changed.wait(inner).await);
    })
}

/// How the program is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Never,
    Drop,
    Panic,
    Cancel,
    Abort,
    Throw,
}

/// Ends after so many polls, in some way; counts them.
fn left<F: Future<Output = ()>>(
    future: F,
    at: usize,
    exit: Exit,
    polls: Rc<Cell<usize>>,
) -> impl Future<Output = ()> {
    let mut future = Some(Box::pin(future));
    poll_fn(move |cx| {
        if polls.get() == at && matches!(exit, Exit::Drop | Exit::Panic) {
            assert!(exit == Exit::Drop, "left by a panic");
            future = None;
            return Poll::Ready(());
        }
        polls.set(polls.get() + 1);
        future.as_mut().expect("it has not ended").as_mut().poll(cx)
    })
}

/// One run, that is left before its poll of this number; whether it came to that.
fn run(exit: Exit, number: usize, is_told: bool) -> bool {
    Executor::run(async {
        let shared = Shared::new();
        let polls = Rc::new(Cell::new(0));
        let subject = task(
            "subject",
            -3.0,
            left(program(Rc::clone(&shared), is_told), number, exit, Rc::clone(&polls)),
        );
        let second = task("second", -1.0, program(Rc::clone(&shared), false));
        let neighbours = [neighbour(&shared, -5.0), neighbour(&shared, 5.0), neighbour(&shared, 30.0)];
        let witness = witness(&shared);
        current_task().unwrap().set_priority(at(100.0));
        let mut was_left = false;
        for _ in 0..60 {
            if polls.get() == number && !was_left && !subject.is_finished() {
                was_left = true;
                match exit {
                    Exit::Cancel => assert!(subject.cancel()),
                    Exit::Abort => assert!(subject.abort()),
                    Exit::Throw => task_throw(&subject, "go").unwrap(),
                    Exit::Never | Exit::Drop | Exit::Panic => {}
                }
            }
            sleep_insert(1).await;
        }
        // Those that are left get all the wakes that they need: none went astray.
        for _ in 0..3 {
            shared.changed.notify(1);
            for _ in 0..20 {
                sleep_insert(usize::MAX).await;
            }
        }
        let place = format!("{exit:?} at {number}, told: {is_told}");
        assert!(subject.is_finished(), "{place}: the subject hangs");
        for other in [&second, &witness].into_iter().chain(&neighbours) {
            assert!(other.is_finished(), "{place}: {:?} hangs", other.name());
        }
        assert!(shared.is_free(), "{place}: a lock is held");
        assert!(shared.outer.effective_priority().is_none() && shared.inner.effective_priority().is_none());
        assert_eq!(current_task().unwrap().effective_priority(), at(100.0), "{place}");
        let is_poisoned = shared.outer.poisoned() || shared.inner.poisoned();
        assert!(!is_poisoned || exit == Exit::Panic, "{place}");
        was_left || polls.get() == number
    })
}

#[test]
fn a_task_with_locks_may_be_left_before_each_of_its_polls() {
    run(Exit::Never, usize::MAX, false);
    for exit in [Exit::Drop, Exit::Panic, Exit::Cancel, Exit::Abort, Exit::Throw] {
        for is_told in [false, true] {
            let reached = (0..40).filter(|&number| run(exit, number, is_told)).count();
            assert!(reached >= 6, "{exit:?} was met at {reached} polls only");
        }
    }
}

#[test]
fn a_waker_that_panics_leaves_the_lock_as_it_is() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a waker");
        }
    }
    let lock = PriorityLock::new(0);
    let waker = Waker::from(Arc::new(Panics));
    let guard = lock.try_lock().unwrap();
    let mut wait = Box::pin(lock.lock());
    assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| drop(guard))).is_err());
    assert!(lock.is_locked(), "it was handed over before");
    assert!(poll_once(wait.as_mut()).is_ready());
    drop(wait);
    assert!(!lock.is_locked());
}
