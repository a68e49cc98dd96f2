//! Spawners: ours, and what another crate would write.

use asynkit::{
    Cancellable, Context, ContextVar, Executor, TaskError, eager_with,
    spawner::{Local, Rest, Spawn, Spawner},
    yield_now,
};
use std::{
    future::Future,
    pin::Pin,
    task::{self, Poll},
};

/// Tasks on tokio's multi-thread runtime, as somebody else might spawn them.
#[derive(Clone, Copy)]
struct Workers;

struct WorkersTask<T>(tokio::task::JoinHandle<T>);

impl<T> Future for WorkersTask<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(cx).map_err(|_| TaskError::Cancelled)
    }
}

impl<T> Cancellable for WorkersTask<T> {
    fn cancel(&self) -> bool {
        let was_running = !self.0.is_finished();
        self.0.abort();
        was_running
    }
}

impl Spawner for Workers {
    type Handle<T: 'static> = WorkersTask<T>;
}

impl<F: Future<Output: Send + 'static> + Send + 'static> Spawn<F> for Workers {
    fn spawn(&self, future: F) -> WorkersTask<F::Output> {
        WorkersTask(tokio::spawn(future))
    }
}

static USER: ContextVar<&str> = ContextVar::new();

#[test]
fn the_rest_of_a_future_is_spawned_with_its_context() {
    fn check_send<T: Send>(_: &T) {}
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let mut context = Context::default();
        context.run(|| USER.set("parent"));
        let scope = context.scope(async {
            let first = std::thread::current().id();
            let started = eager_with(
                async move {
                    assert_eq!(std::thread::current().id(), first, "the first part runs at the call");
                    assert_eq!(USER.get(), Some("parent"));
                    USER.set("child");
                    tokio::task::yield_now().await;
                    USER.get()
                },
                Workers,
            );
            check_send(&started);
            assert!(started.task().is_some());
            assert_eq!(USER.get(), Some("parent"));
            started.await
        });
        assert_eq!(scope.await, Some("child"));
        let ready = eager_with(async { 1 }, Workers);
        assert!(ready.task().is_none());
        assert_eq!(ready.await, 1);
        let cancelled = eager_with(std::future::pending::<()>(), Workers);
        assert!(cancelled.cancel());
        assert!(cancelled.join().await.is_err());
    });
}

#[test]
fn the_first_part_is_out_of_reach_of_what_is_thrown_to_the_caller() {
    let text = asynkit_tests::block_on(async {
        asynkit::start!(let mut c = async {
            let told = asynkit_tests::point().await.unwrap_err();
            let child = eager_with(async { asynkit_tests::now(asynkit_tests::point()).is_some() }, Sync);
            format!("{told}, the child: {}", child.await)
        });
        c.athrow("enough").await.unwrap()
    });
    assert_eq!(text, "interrupted: enough, the child: false");
}

/// Runs nothing but what is ready at its start.
#[derive(Clone, Copy)]
struct Sync;

impl Spawner for Sync {
    type Handle<T: 'static> = asynkit::Task<T>;
}

impl<F: Future<Output: 'static>> Spawn<F> for Sync {
    fn spawn(&self, _: F) -> asynkit::Task<F::Output> {
        unreachable!("the body waits")
    }
}

#[test]
fn ours_is_a_task_of_the_running_executor() {
    fn generic<S: Spawn<F> + Spawn<Rest<F>>, F: Future<Output: 'static>>(
        spawner: S,
        future: F,
    ) -> impl Future<Output = F::Output> {
        eager_with(future, spawner)
    }
    Executor::run(async {
        let me = asynkit::current_task();
        let inside = generic(Local, async {
            let first = asynkit::current_task();
            yield_now().await;
            (first, asynkit::current_task())
        });
        let (first, later) = inside.await;
        assert!(first == later && first != me);
        assert_eq!(Local.spawn(async { 1 }).await.unwrap(), 1);
    });
}
