//! An error at every suspension of a victim, in every state that it may be in there: seen once, or given back.

use asynkit::{
    CoroStart, Executor, Interrupt, InterruptExt as _, InterruptKind, Monitor, Refused, Step, TaskError,
    shield, spawn, task_interrupt, task_timeout, yield_now,
};
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
struct World(Rc<Inner>);

#[derive(Default)]
struct Inner {
    waiting: RefCell<Vec<(Rc<Cell<bool>>, Waker)>>,
    told: RefCell<Vec<Interrupt>>,
    /// How often a point waited and was ready, and how often one was told.
    waits: Cell<u32>,
    told_points: Cell<u32>,
}

impl World {
    /// One suspension; ready at the next [`tick`](Self::tick), and not by being polled.
    fn wait(&self) -> impl Future<Output = ()> + use<> {
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
    async fn ask(&self) {
        self.0.waits.set(self.0.waits.get() + 1);
        self.note(self.wait().interruptible().await);
    }

    fn note(&self, told: Result<(), Interrupt>) {
        if let Err(told) = told {
            self.0.told_points.set(self.0.told_points.get() + 1);
            self.0.told.borrow_mut().push(told);
        }
    }

    fn tick(&self) {
        for (fired, waker) in self.0.waiting.take() {
            fired.set(true);
            waker.wake();
        }
    }
}

type Body = Pin<Box<dyn Future<Output = u32>>>;
type Victim = (&'static str, fn(World) -> Body);

/// Victims, each with what it does between its first poll and its end.
#[expect(clippy::too_many_lines, reason = "a table")]
fn victims() -> Vec<Victim> {
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

/// An error of which we know how many there are.
#[derive(Debug)]
struct Tracked(Arc<AtomicU32>);

impl Tracked {
    fn new(alive: &Arc<AtomicU32>) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Tracked(Arc::clone(alive))
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has woken it.
    Blocked,
    /// What it waits for is there, and it is queued.
    Woken,
    /// It was cancelled in the same turn.
    Cancelled,
    Aborted,
    /// The error before this one is not delivered yet.
    ThrownTo,
}

const STATES: [State; 5] = [State::Blocked, State::Woken, State::Cancelled, State::Aborted, State::ThrownTo];

/// Runs `victim` to its suspension `at` (0: it was never polled), puts it into `state`, throws; `false`: it had ended.
fn throw_at(name: &str, victim: fn(World) -> Body, at: u32, state: State) -> bool {
    let (world, alive) = (World::default(), Arc::new(AtomicU32::new(0)));
    let context = format!("{name}, suspension {at}, {state:?}");
    let reached = Executor::run(async {
        let mut task = spawn(victim(world.clone()));
        for _ in 0..at {
            world.tick();
            yield_now().await;
        }
        let had_ended = task.is_finished();
        let first = match state {
            State::Woken => {
                world.tick();
                None
            }
            State::Cancelled => {
                task.cancel();
                None
            }
            State::Aborted => {
                task.abort();
                None
            }
            State::ThrownTo => Some(asynkit::task_throw(&task, Tracked::new(&alive)).is_ok()),
            State::Blocked => None,
        };
        let ticks = async {
            // What comes after: it goes on to its end.
            for _ in 0..20 {
                yield_now().await;
                world.tick();
            }
        };
        let (thrown, ()) = join(task_interrupt(&task, Tracked::new(&alive)), ticks).await;
        for _ in 0..20 {
            world.tick();
            yield_now().await;
        }
        assert!(task.is_finished(), "{context}: it hangs");
        let ended = (&mut task).await;
        let mut seen = world.0.told.take();
        let kept = match ended {
            Ok(value) => {
                assert_eq!(value, 7, "{context}");
                None
            }
            Err(TaskError::Interrupted(told)) => Some(told),
            Err(TaskError::Cancelled) => {
                assert!(matches!(state, State::Cancelled | State::Aborted), "{context}");
                None
            }
            Err(other) => panic!("{context}: {other}"),
        };
        seen.extend(kept);
        let errors = seen.iter().filter(|told| told.is::<Tracked>()).count();
        match (&thrown, first) {
            (Ok(()), None) => assert_eq!(errors, 1, "{context}: seen once"),
            (Err(refused), None) => {
                assert_eq!(errors, 0, "{context}: given back, and not seen");
                let expected: &[Refused] = match state {
                    _ if had_ended => &[Refused::Done],
                    State::Cancelled | State::Aborted => &[Refused::Stopping],
                    _ => &[Refused::Completed, Refused::Done],
                };
                assert!(expected.contains(&refused.why), "{context}: {refused}");
            }
            // Of the first, which has no receipt, we know that it was not seen twice.
            (Ok(()), Some(_)) => assert!((1..=2).contains(&errors), "{context}: {errors} seen"),
            (Err(_), Some(_)) => assert!(errors <= 1, "{context}: {errors} seen"),
        }
        if let Err(refused) = thrown {
            assert!(refused.error.is::<Tracked>(), "{context}: the error itself comes back");
        }
        !had_ended
    });
    drop(world);
    assert_eq!(alive.load(Ordering::Relaxed), 0, "{context}: none is left over");
    reached
}

#[test]
fn an_error_at_every_suspension_is_seen_once_or_given_back() {
    for (name, victim) in victims() {
        for state in STATES {
            let suspensions = (0..100).take_while(|&at| throw_at(name, victim, at, state)).count();
            assert!(suspensions >= 3, "{name}: {suspensions}");
        }
    }
}

/// Cancels at the suspension `at`; gives how many points waited in all, how many were told, and whether it had ended.
fn cancel_at(victim: fn(World) -> Body, at: u32, woken: bool) -> (u32, u32, Result<u32, TaskError>, bool) {
    let world = World::default();
    Executor::run(async {
        let mut task = spawn(victim(world.clone()));
        for _ in 0..at {
            world.tick();
            yield_now().await;
        }
        let had_ended = task.is_finished();
        if woken {
            world.tick();
        }
        task.cancel();
        for _ in 0..20 {
            yield_now().await;
            world.tick();
        }
        assert!(task.is_finished(), "it hangs");
        let told = world.0.told.take();
        assert!(told.iter().all(|told| told.kind() == InterruptKind::Cancel));
        (world.0.waits.get(), world.0.told_points.get(), (&mut task).await, had_ended)
    })
}

#[test]
fn a_cancel_at_every_suspension_is_told_to_every_point_that_would_wait() {
    let asks = |w: World| -> Body {
        Box::pin(async move {
            for _ in 0..4 {
                w.ask().await;
            }
            7
        })
    };
    for woken in [false, true] {
        for at in 1..=4 {
            let (waits, told, ended, _) = cancel_at(asks, at, woken);
            assert_eq!((waits, ended.unwrap()), (4, 7));
            assert_eq!(told, 4 - (at - 1) - u32::from(woken), "at {at}, woken {woken}: what is ready wins");
        }
    }
    for (name, victim) in victims() {
        for woken in [false, true] {
            for at in 0.. {
                let (_, told, ended, had_ended) = cancel_at(victim, at, woken);
                match ended {
                    Ok(7) => {}
                    Err(TaskError::Cancelled) => {
                        assert!(
                            told == 0 || name.contains("sub-executor"),
                            "{name} at {at}: told, and dropped"
                        );
                    }
                    other => panic!("{name} at {at}: {other:?}"),
                }
                if had_ended {
                    assert_eq!(told, 0);
                    break;
                }
            }
        }
    }
}
