//! Tasks that take turns, or wake each other.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Poll, Waker},
};

use asynkit::{Executor, Priority, TaskBuilder};
use asynkit_benches::Row;
use futures::{
    StreamExt,
    executor::LocalPool,
    future::LocalFutureObj,
    stream::FuturesUnordered,
    task::{LocalSpawn as _, LocalSpawnExt as _},
};

use super::{current_thread, jobs::turns, on_compio, on_monoio, queue};

pub(super) fn rows() -> Vec<Row> {
    vec![
        yields::<1>("yield: 1 task"),
        yields::<100>("yield: 100 tasks"),
        yields::<10_000>("yield: 10 000 tasks"),
        priorities(),
        flags(),
    ]
}

fn yields<const TASKS: u32>(name: &'static str) -> Row {
    let lengths = if TASKS > 1000 { (10, 30) } else { (1000, 3000) };
    let row = Row::new(name);
    // One length of the queue is enough, and the shortest one shows what the loop does beside.
    let row = if TASKS <= 100 { row.without_atomics() } else { row };
    row.per_turn(TASKS)
        .lengths(lengths.0, lengths.1)
        .ours(|n| {
            Executor::run(async move {
                let tasks: Vec<_> = (0..TASKS).map(|_| asynkit::spawn(turns(n))).collect();
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .at_most(200.0)
        .by("tokio current-thread", |n| {
            current_thread().block_on(async move {
                let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(turns(n))).collect();
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .by("tokio LocalSet", |n| {
            tokio::task::LocalSet::new().block_on(&current_thread(), async move {
                let tasks: Vec<_> = (0..TASKS).map(|_| tokio::task::spawn_local(turns(n))).collect();
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .by("smol LocalExecutor", |n| {
            let executor = smol::LocalExecutor::new();
            let tasks: Vec<_> = (0..TASKS).map(|_| executor.spawn(turns(n))).collect();
            futures_lite::future::block_on(executor.run(async {
                for task in tasks {
                    task.await;
                }
            }));
        })
        .by("futures LocalPool", |n| {
            let mut pool = LocalPool::new();
            let spawner = pool.spawner();
            for _ in 0..TASKS {
                let task = LocalFutureObj::new(Box::new(turns(n)));
                spawner.spawn_local_obj(task).expect("the pool runs");
            }
            pool.run();
        })
        .by("FuturesUnordered", |n| {
            let mut tasks: FuturesUnordered<_> = (0..TASKS).map(|_| turns(n)).collect();
            futures::executor::block_on(async { while tasks.next().await.is_some() {} });
        })
        .by("monoio", |n| {
            on_monoio(async move {
                let tasks: Vec<_> = (0..TASKS).map(|_| monoio::spawn(turns(n))).collect();
                for task in tasks {
                    task.await;
                }
            });
        })
        .by("compio", |n| {
            on_compio(async move {
                let tasks: Vec<_> = (0..TASKS).map(|_| compio::runtime::spawn(turns(n))).collect();
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .by("async-task + VecDeque", |n| {
            queue::run(async move {
                let tasks: Vec<_> = (0..TASKS).map(|_| queue::spawn(turns(n))).collect();
                for task in tasks {
                    task.await;
                }
            });
        })
}

/// Twenty tasks of each: those that come first have all their turns, while the others are queued.
fn priorities() -> Row {
    Row::new("yield: 100 tasks of five priorities").per_turn(100).at_most(270.0).ours(|n| {
        let priorities = [0.0, -10.0, 10.0, 1.0, 2.5].map(|value| Priority::new(value).expect("a number"));
        Executor::run(async move {
            let spawn = |priority: &Priority| TaskBuilder::new(turns(n)).priority(*priority).spawn();
            let tasks: Vec<_> = priorities.iter().cycle().take(100).map(spawn).collect();
            for task in tasks {
                task.await.expect("it does not panic");
            }
        });
    })
}

/// A flag that one task raises and another waits for.
#[derive(Default)]
struct Flag {
    is_up: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Flag {
    fn raise(&self) {
        self.is_up.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    async fn lower(&self) {
        poll_fn(|cx| {
            if self.is_up.replace(false) {
                return Poll::Ready(());
            }
            *self.waker.borrow_mut() = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

async fn ping(flags: Rc<[Flag; 2]>, n: u32) {
    for _ in 0..n {
        flags[0].raise();
        flags[1].lower().await;
    }
}

async fn pong(flags: Rc<[Flag; 2]>, n: u32) {
    for _ in 0..n {
        flags[0].lower().await;
        flags[1].raise();
    }
}

fn pair(n: u32) -> (impl Future<Output = ()> + 'static, impl Future<Output = ()> + 'static) {
    let flags = Rc::new(<[Flag; 2]>::default());
    (ping(Rc::clone(&flags), n), pong(flags, n))
}

fn flags() -> Row {
    Row::new("flag round trip: two tasks")
        .lengths(10_000, 30_000)
        .without_atomics()
        .ours(|n| {
            let (raises, answers) = pair(n);
            Executor::run(async move {
                let tasks = [asynkit::spawn(boxed(raises)), asynkit::spawn(boxed(answers))];
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .at_most(560.0)
        .by("tokio LocalSet", |n| {
            let (raises, answers) = pair(n);
            tokio::task::LocalSet::new().block_on(&current_thread(), async move {
                let tasks =
                    [tokio::task::spawn_local(boxed(raises)), tokio::task::spawn_local(boxed(answers))];
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .by("smol LocalExecutor", |n| {
            let (raises, answers) = pair(n);
            let executor = smol::LocalExecutor::new();
            let tasks = [executor.spawn(boxed(raises)), executor.spawn(boxed(answers))];
            futures_lite::future::block_on(executor.run(async {
                for task in tasks {
                    task.await;
                }
            }));
        })
        .by("futures LocalPool", |n| {
            let (raises, answers) = pair(n);
            let mut pool = LocalPool::new();
            let spawner = pool.spawner();
            spawner.spawn_local(raises).expect("the pool runs");
            spawner.spawn_local(answers).expect("the pool runs");
            pool.run();
        })
        .by("monoio", |n| {
            let (raises, answers) = pair(n);
            on_monoio(async move {
                let tasks = [monoio::spawn(boxed(raises)), monoio::spawn(boxed(answers))];
                for task in tasks {
                    task.await;
                }
            });
        })
        .by("compio", |n| {
            let (raises, answers) = pair(n);
            on_compio(async move {
                let tasks = [compio::runtime::spawn(boxed(raises)), compio::runtime::spawn(boxed(answers))];
                for task in tasks {
                    task.await.expect("it does not panic");
                }
            });
        })
        .by("async-task + VecDeque", |n| {
            let (raises, answers) = pair(n);
            queue::run(async move {
                let tasks = [queue::spawn(boxed(raises)), queue::spawn(boxed(answers))];
                for task in tasks {
                    task.await;
                }
            });
        })
}

/// One type for both.
fn boxed(future: impl Future<Output = ()> + 'static) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(future)
}
