//! Tasks to throw into: each waits in its own way.

use asynkit::{CoroStart, Interrupt, InterruptExt as _, Monitor, Step, shield, task_timeout};
use futures::{StreamExt as _, future::join, stream::FuturesUnordered};
use std::{
    cell::{Cell, RefCell},
    error::Error,
    fmt,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Poll, Waker},
    time::Duration,
};

/// What the victim waits for, and what it has seen.
#[derive(Clone, Default)]
pub(crate) struct World(pub(crate) Rc<Inner>);

#[derive(Default)]
pub(crate) struct Inner {
    waiting: RefCell<Vec<(Rc<Cell<bool>>, Waker)>>,
    pub(crate) told: RefCell<Vec<Interrupt>>,
    /// How many points there were, and how many of them were told.
    pub(crate) waits: Cell<u32>,
    told_points: Cell<u32>,
    /// The victim is being stopped.
    pub(crate) is_stopping: Cell<bool>,
    /// How many points have waited since, and were not told.
    pub(crate) missed: Cell<u32>,
}

impl World {
    /// One suspension; ready at the next [`tick`](Self::tick), and not by being polled.
    pub(crate) fn wait(&self) -> impl Future<Output = ()> + use<> {
        let (world, fired) = (self.clone(), Rc::new(Cell::new(false)));
        poll_fn(move |cx| {
            if fired.get() {
                return Poll::Ready(());
            }
            world.0.waiting.borrow_mut().push((Rc::clone(&fired), cx.waker().clone()));
            Poll::Pending
        })
    }

    /// The same, as a point.
    pub(crate) async fn ask(&self) {
        self.0.waits.set(self.0.waits.get() + 1);
        let has_waited = Cell::new(false);
        let mut wait = pin!(self.wait());
        let noted = poll_fn(|cx| {
            let polled = wait.as_mut().poll(cx);
            has_waited.set(has_waited.get() || polled.is_pending() && self.0.is_stopping.get());
            polled
        });
        let told = noted.interruptible().await;
        self.0.missed.set(self.0.missed.get() + u32::from(told.is_ok() && has_waited.get()));
        self.note(told);
    }

    fn note(&self, told: Result<(), Interrupt>) {
        if let Err(told) = told {
            self.0.told_points.set(self.0.told_points.get() + 1);
            self.0.told.borrow_mut().push(told);
        }
    }

    pub(crate) fn tick(&self) {
        for (fired, waker) in self.0.waiting.take() {
            fired.set(true);
            waker.wake();
        }
    }
}

pub(crate) type Body = Pin<Box<dyn Future<Output = u32>>>;
pub(crate) type Victim = (&'static str, fn(World) -> Body);

/// Victims, each with what it does between its first poll and its end.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(crate) fn victims() -> Vec<Victim> {
    vec![
        ("waits plainly", |w| {
            Box::pin(async move {
                for _ in 0..3 {
                    w.wait().await;
                }
                7
            })
        }),
        ("asks", |w| {
            Box::pin(async move {
                for _ in 0..3 {
                    w.ask().await;
                }
                7
            })
        }),
        ("asks and waits in turn", |w| {
            Box::pin(async move {
                for _ in 0..2 {
                    w.ask().await;
                    w.wait().await;
                }
                7
            })
        }),
        ("two points in a join", |w| {
            Box::pin(async move {
                for _ in 0..2 {
                    join(w.ask(), w.ask()).await;
                }
                7
            })
        }),
        ("a point and a wait in a join", |w| {
            Box::pin(async move {
                join(w.ask(), w.wait()).await;
                w.ask().await;
                7
            })
        }),
        ("a shield between points", |w| {
            Box::pin(async move {
                w.ask().await;
                shield(async {
                    w.ask().await;
                    w.wait().await;
                })
                .await;
                w.ask().await;
                7
            })
        }),
        ("a shield at the end", |w| {
            Box::pin(async move {
                w.ask().await;
                shield(w.wait()).await;
                7
            })
        }),
        ("a point in a timeout", |w| {
            Box::pin(async move {
                let long = Duration::from_secs(3600);
                task_timeout(long, w.ask()).await.unwrap();
                task_timeout(long, task_timeout(None, w.wait())).await.unwrap().unwrap();
                7
            })
        }),
        ("points under a sub-executor", |w| {
            Box::pin(async move {
                let asks: FuturesUnordered<_> = (0..4).map(|_| w.ask()).collect();
                asks.collect::<()>().await;
                w.ask().await;
                7
            })
        }),
        ("a started coroutine", |w| {
            Box::pin(async move {
                let inside = w.clone();
                let c = CoroStart::boxed(async move {
                    inside.ask().await;
                    inside.wait().await;
                });
                w.ask().await;
                c.await;
                7
            })
        }),
        ("a coroutine under a monitor", |w| {
            Box::pin(async move {
                let monitor = Monitor::<(), ()>::new();
                let mut c = pin!(async {
                    w.ask().await;
                    // An `oob` is a point, too.
                    w.note(monitor.oob(()).await);
                    w.wait().await;
                });
                while monitor.aawait(c.as_mut()).await == Step::Oob(()) {
                    w.ask().await;
                }
                7
            })
        }),
    ]
}

/// An error, with its number, of which we know how many there are.
#[derive(Debug)]
pub(crate) struct Tracked(Arc<AtomicU32>, u32);

impl Tracked {
    pub(crate) fn new(alive: &Arc<AtomicU32>, number: u32) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Tracked(Arc::clone(alive), number)
    }
}

impl Tracked {
    pub(crate) fn number(&self) -> u32 {
        self.1
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Display for Tracked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tracked")
    }
}

impl Error for Tracked {}
