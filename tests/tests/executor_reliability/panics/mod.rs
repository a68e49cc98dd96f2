//! A panic at each place around a task, in a poll, in a drop and in a wake: it is told once, to whoever it is for; what it
//! goes through is dropped once, and the others go on.

mod bodies;
mod locks;
mod scopes;
mod surroundings;

use asynkit::{Executor, PanicPayload, TaskError, TaskRef, spawn, yield_now};
use futures::future::LocalBoxFuture;
use std::{
    cell::Cell,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

/// What panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Poll,
    Drop,
    Wake,
}

/// Panics once, where a place has put it; counts that, and its drops.
struct Charge {
    kind: Kind,
    fired: Arc<AtomicU32>,
    drops: Arc<AtomicU32>,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::Relaxed);
    }
}

impl Charge {
    fn fire(&self) {
        self.fired.fetch_add(1, Ordering::Relaxed);
        resume_unwind(Box::new("planted"));
    }

    /// It in a future, which panics after it was suspended.
    fn leaf(self) -> Leaf {
        Leaf { charge: self, is_second: false }
    }

    /// It in code that runs now.
    fn strike(self) {
        match self.kind {
            Kind::Poll => self.fire(),
            Kind::Drop => drop(self.leaf()),
            Kind::Wake => self.waker().wake(),
        }
    }

    /// It in a waker.
    fn waker(self) -> Waker {
        Waker::from(Arc::new(Awake(Mutex::new(Some(self)))))
    }

    /// It in a value.
    fn value(self) -> Valuable {
        Valuable(Some(self))
    }
}

/// Panics where it is woken.
struct Awake(Mutex<Option<Charge>>);

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        let charge = self.0.lock().unwrap().take();
        if let Some(charge) = charge {
            if charge.kind == Kind::Wake { charge.fire() } else { charge.strike() }
        }
    }
}

/// Panics where it is dropped.
struct Valuable(Option<Charge>);

impl Drop for Valuable {
    fn drop(&mut self) {
        if let Some(charge) = self.0.take() {
            charge.strike();
        }
    }
}

struct Leaf {
    charge: Charge,
    is_second: bool,
}

impl Future for Leaf {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !std::mem::replace(&mut self.is_second, true) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match self.charge.kind {
            Kind::Poll => self.charge.fire(),
            Kind::Drop => {}
            Kind::Wake => {
                let waker =
                    Charge { kind: Kind::Wake, fired: Arc::clone(&self.charge.fired), drops: Arc::default() };
                waker.waker().wake();
            }
        }
        Poll::Ready(())
    }
}

impl Drop for Leaf {
    fn drop(&mut self) {
        if self.charge.kind == Kind::Drop && !thread::panicking() {
            self.charge.fire();
        }
    }
}

/// Whom a panic is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Whoever awaits the task that the place is run by.
    Awaiter,
    /// The hook for panics that nobody awaits.
    Hook,
    /// Somebody at the place itself.
    Place,
}

/// The future that a task runs to have it panic there.
type Place = fn(Charge) -> LocalBoxFuture<'static, ()>;

/// What a task gives goes on here.
fn unwrap<T>(result: Result<T, TaskError>) -> T {
    match result {
        Ok(value) => value,
        Err(TaskError::Panicked(payload)) => payload.resume(),
        Err(error) => panic!("{error}"),
    }
}

/// Runs each place with each kind, and a hook that panics too, and looks at what it leaves.
fn table(places: &[(&str, Told, Place)]) {
    for &(name, told, place) in places {
        for kind in [Kind::Poll, Kind::Drop, Kind::Wake] {
            for hook_panics in [false, true] {
                look(
                    &format!("{name}, {kind:?}, the hook panics: {hook_panics}"),
                    kind,
                    hook_panics,
                    told,
                    place,
                );
            }
        }
    }
}

fn look(at: &str, kind: Kind, hook_panics: bool, told: Told, place: Place) {
    let (fired, drops, hooked) = (Arc::default(), Arc::default(), Rc::new(Cell::new(0)));
    let charge = Charge { kind, fired: Arc::clone(&fired), drops: Arc::clone(&drops) };
    let counted = Rc::clone(&hooked);
    let hook = move |_: TaskRef, _: &PanicPayload| {
        counted.set(counted.get() + 1);
        if hook_panics {
            resume_unwind(Box::new("the hook"));
        }
    };
    let executor = Executor::builder().panic_hook(hook).build();
    let (others, awaiter) = executor.block_on(async move {
        let other = spawn(async {
            for _ in 0..10 {
                yield_now().await;
            }
            7
        });
        let ended = spawn(async move { place(charge).await }).await;
        (other.await.unwrap(), u32::from(matches!(ended, Err(TaskError::Panicked(_)))))
    });
    assert_eq!(others, 7, "{at}: the others go on");
    assert_eq!(executor.block_on(async { spawn(async { 8 }).await.unwrap() }), 8, "{at}: it works");
    assert_eq!(fired.load(Ordering::Relaxed), 1, "{at}: it has panicked once");
    assert_eq!(drops.load(Ordering::Relaxed), 1, "{at}: it was dropped once");
    let expected = (u32::from(told == Told::Awaiter), u32::from(told == Told::Hook));
    assert_eq!((awaiter, hooked.get()), expected, "{at}: told to whoever awaits, to the hook");
    assert!(catch_unwind(AssertUnwindSafe(|| drop(executor))).is_ok(), "{at}: its end is quiet");
    assert!(asynkit::current_task().is_none() && !asynkit::in_sync_drive(), "{at}: all is left");
}
