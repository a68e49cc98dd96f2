//! Tasks: spawned and joined, started at once, taking turns, waking each other; on our executor and on others.
//!
//! What is measured runs inside of a task of each executor, as in a program. `FuturesUnordered` is no executor, but what many
//! use in place of one.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::{Future, poll_fn},
    hint::black_box,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use asynkit::{
    Executor, eager, eager_with,
    spawner::{SmolLocal, Tokio},
};
use asynkit_benches::Row;
use futures::{
    StreamExt,
    executor::{LocalPool, LocalSpawner},
    future::{LocalFutureObj, RemoteHandle},
    stream::FuturesUnordered,
    task::{LocalSpawn as _, LocalSpawnExt as _},
};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows =
        vec![ready(), eager_ready(), eager_on_tokio(), eager_on_smol(), eager_once_on_tokio(), once()];
    rows.extend([yields::<1>(YIELD_1), yields::<100>(YIELD_100), yields::<10_000>(YIELD_10_000)]);
    rows.push(flags());
    rows
}

const YIELD_1: &str = "yield: 1 task";
const YIELD_100: &str = "yield: 100 tasks";
const YIELD_10_000: &str = "yield: 10 000 tasks";

/// Runs the body in a task of the executor, with `spawn` as its way to spawn a task that is awaited to its value.
macro_rules! on {
    (asynkit, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { asynkit::spawn($f).await.unwrap() }
            };
        }
        Executor::run(async move { asynkit::spawn($body).await.unwrap() })
    }};
    (tokio, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { tokio::spawn($f).await.unwrap() }
            };
        }
        current_thread().block_on(async move { tokio::spawn($body).await.unwrap() })
    }};
    (local_set, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { tokio::task::spawn_local($f).await.unwrap() }
            };
        }
        let set = tokio::task::LocalSet::new();
        set.block_on(&current_thread(), async move { tokio::task::spawn_local($body).await.unwrap() })
    }};
    (smol, $spawn:ident => $body:expr) => {{
        let executor = Rc::new(smol::LocalExecutor::new());
        let inner = Rc::clone(&executor);
        macro_rules! $spawn {
            ($f:expr) => {
                inner.spawn($f)
            };
        }
        let task = executor.spawn(async move { $body.await });
        futures_lite::future::block_on(executor.run(task))
    }};
    (local_pool, $spawn:ident => $body:expr) => {{
        let mut pool = LocalPool::new();
        let spawner = pool.spawner();
        macro_rules! $spawn {
            ($f:expr) => {
                pool_spawn(&spawner, $f)
            };
        }
        let inner = pool.spawner();
        let task = pool_spawn(&inner, async move { $body.await });
        pool.run_until(task)
    }};
    (monoio, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                monoio::spawn($f)
            };
        }
        on_monoio(async move { monoio::spawn($body).await })
    }};
    (compio, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                async { compio::runtime::spawn($f).await.unwrap() }
            };
        }
        on_compio(async move { compio::runtime::spawn($body).await.unwrap() })
    }};
    (async_task, $spawn:ident => $body:expr) => {{
        macro_rules! $spawn {
            ($f:expr) => {
                queue::spawn($f)
            };
        }
        queue::run(async move { queue::spawn($body).await })
    }};
}

fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers")
}

/// monoio on epoll, not on io_uring, which not every machine allows.
fn on_monoio<T>(future: impl Future<Output = T>) -> T {
    let runtime = monoio::RuntimeBuilder::<monoio::LegacyDriver>::new().build();
    runtime.expect("a runtime with epoll").block_on(future)
}

/// compio on epoll, too: by its feature `polling`.
fn on_compio<T>(future: impl Future<Output = T>) -> T {
    compio::runtime::Runtime::new().expect("a runtime with epoll").block_on(future)
}

fn pool_spawn<T: 'static>(
    spawner: &LocalSpawner,
    future: impl Future<Output = T> + 'static,
) -> RemoteHandle<T> {
    spawner.spawn_local_with_handle(future).expect("the pool runs")
}

/// A job that is ready, and that the compiler does not know to be.
async fn job(i: u32) -> u32 {
    if black_box(false) {
        Yield(false).await;
    }
    black_box(i)
}

async fn job_once(i: u32) -> u32 {
    Yield(false).await;
    black_box(i)
}

/// Wakes itself, and is ready the next time.
struct Yield(bool);

impl Future for Yield {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn ready() -> Row {
    macro_rules! body {
        ($n:ident, $spawn:ident) => {
            async move {
                for i in 0..$n {
                    black_box($spawn!(job(i)).await);
                }
            }
        };
    }
    Row::new("spawn and join: a ready body")
        .without_atomics()
        .ours(|n| on!(asynkit, spawn => body!(n, spawn)))
        .at_most(760.0)
        .by("tokio current-thread", |n| on!(tokio, spawn => body!(n, spawn)))
        .by("tokio LocalSet", |n| on!(local_set, spawn => body!(n, spawn)))
        .by("smol LocalExecutor", |n| on!(smol, spawn => body!(n, spawn)))
        .by("futures LocalPool", |n| on!(local_pool, spawn => body!(n, spawn)))
        .by("FuturesUnordered", |n| unordered_jobs(n, job))
        .by("monoio", |n| on!(monoio, spawn => body!(n, spawn)))
        .by("compio", |n| on!(compio, spawn => body!(n, spawn)))
        .by("async-task + VecDeque", |n| on!(async_task, spawn => body!(n, spawn)))
}

fn eager_ready() -> Row {
    Row::new("eager start and await: a ready body")
        .without_atomics()
        .ours(|n| {
            Executor::run(async move {
                asynkit::spawn(async move {
                    for i in 0..n {
                        black_box(eager(job(i)).await);
                    }
                })
                .await
                .expect("it does not panic");
            });
        })
        .at_most_hoped(280.0, 195.0)
}

/// The operation, so many times, in a task of a runtime of one thread.
fn in_a_task_of_tokio<F: Future<Output = ()> + Send + 'static>(body: F) {
    current_thread().block_on(async move { tokio::spawn(body).await.expect("it does not panic") });
}

fn eager_on_tokio() -> Row {
    Row::new("on tokio: eager start and await, a ready body")
        .ours(|n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(eager_with(job(i), Tokio).await);
                }
            });
        })
        .at_most(265.0)
        .by("tokio's spawn and join", |n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(tokio::spawn(job(i)).await.expect("it does not panic"));
                }
            });
        })
}

fn eager_on_smol() -> Row {
    Row::new("on smol's LocalExecutor: eager start and await, a ready body")
        .ours(|n| {
            let executor = Rc::new(smol::LocalExecutor::new());
            let task = executor.spawn(async move {
                for i in 0..n {
                    black_box(eager_with(job(i), SmolLocal).await);
                }
            });
            futures_lite::future::block_on(SmolLocal::run(&executor, task));
        })
        .at_most(221.0)
        .by("smol's spawn and join", |n| {
            let executor = Rc::new(smol::LocalExecutor::new());
            let inner = Rc::clone(&executor);
            let task = executor.spawn(async move {
                for i in 0..n {
                    black_box(inner.spawn(job(i)).await);
                }
            });
            futures_lite::future::block_on(executor.run(task));
        })
}

fn eager_once_on_tokio() -> Row {
    Row::new("on tokio: eager start and await, a body that yields once")
        .ours(|n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(eager_with(job_once(i), Tokio).await);
                }
            });
        })
        .by("tokio's spawn and join", |n| {
            in_a_task_of_tokio(async move {
                for i in 0..n {
                    black_box(tokio::spawn(job_once(i)).await.expect("it does not panic"));
                }
            });
        })
}

fn once() -> Row {
    macro_rules! body {
        ($n:ident, $spawn:ident) => {
            async move {
                for i in 0..$n {
                    black_box($spawn!(job_once(i)).await);
                }
            }
        };
    }
    Row::new("spawn and join: a body that yields once")
        .without_atomics()
        .ours(|n| on!(asynkit, spawn => body!(n, spawn)))
        .by("tokio current-thread", |n| on!(tokio, spawn => body!(n, spawn)))
        .by("tokio LocalSet", |n| on!(local_set, spawn => body!(n, spawn)))
        .by("smol LocalExecutor", |n| on!(smol, spawn => body!(n, spawn)))
        .by("futures LocalPool", |n| on!(local_pool, spawn => body!(n, spawn)))
        .by("FuturesUnordered", |n| unordered_jobs(n, job_once))
        .by("monoio", |n| on!(monoio, spawn => body!(n, spawn)))
        .by("compio", |n| on!(compio, spawn => body!(n, spawn)))
        .by("async-task + VecDeque", |n| on!(async_task, spawn => body!(n, spawn)))
}

fn unordered_jobs<F: Future<Output = u32>>(n: u32, job: fn(u32) -> F) {
    futures::executor::block_on(async {
        let mut jobs = FuturesUnordered::new();
        for i in 0..n {
            jobs.push(job(i));
            black_box(jobs.next().await);
        }
    });
}

/// A task that yields so many times.
async fn turns(n: u32) {
    for _ in 0..n {
        Yield(false).await;
    }
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
        .at_most_hoped(220.0, 200.0)
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
        .at_most_hoped(690.0, 560.0)
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

/// The least executor that is built on async-task: a queue of what is ready.
mod queue {
    use super::{Future, RefCell, VecDeque};
    use async_task::{Runnable, Task};

    thread_local! {
        static QUEUE: RefCell<VecDeque<Runnable>> = const { RefCell::new(VecDeque::new()) };
    }

    pub(super) fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> Task<T> {
        let (runnable, task) = async_task::spawn_local(future, |runnable| {
            QUEUE.with_borrow_mut(|queue| queue.push_back(runnable));
        });
        runnable.schedule();
        task
    }

    pub(super) fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
        let task = spawn(future);
        while let Some(runnable) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
            runnable.run();
        }
        futures_lite::future::block_on(task)
    }
}
