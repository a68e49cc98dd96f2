//! Life on tokio and on smol: our eager tasks on their executors, and our executor inside of theirs.

mod boxes;
mod hosts;
mod same;
mod smol_tasks;
mod tokio_tasks;
mod within_smol;
mod within_tokio;

use same::tests_of_a_spawner;

/// The same tests for each spawner of one thread.
macro_rules! tests_of_a_local_spawner {
    ($spawner:ident, $on:path) => {
        use asynkit::{
            Cancellable as _, TaskError,
            spawner::{Spawn as _, $spawner},
        };
        use asynkit_tests::OnDrop;
        use std::{cell::Cell, rc::Rc};

        #[test]
        fn a_task_that_was_never_polled_is_dropped_without_a_poll() {
            $on(async {
                let is_dropped = Rc::new(Cell::new(false));
                let guard = OnDrop({
                    let is_dropped = Rc::clone(&is_dropped);
                    move || is_dropped.set(true)
                });
                let task = $spawner.spawn(async move {
                    drop(guard);
                    unreachable!("it was cancelled before");
                });
                assert!(task.cancel());
                assert!(matches!(task.await, Err(TaskError::Cancelled)));
                assert!(is_dropped.get());
            });
        }
    };
}
use tests_of_a_local_spawner;

/// Sockets and timers of `$host` in both parts of eager tasks.
macro_rules! sockets_and_timers_work_in_both_parts {
    ($host:ident, $spawner:ident, $on:path) => {
        #[test]
        fn sockets_and_timers_work_in_both_parts() {
            $on(async {
                let (listener, address) = $host::bind().await;
                let server = eager_with(
                    async move {
                        let stream = $host::accept(&listener).await;
                        $host::sleep(Duration::from_millis(1)).await;
                        $host::answer(stream).await;
                    },
                    $spawner,
                );
                let client = eager_with(async move { $host::ping(address).await }, $spawner);
                assert_eq!(&client.await, b"ping");
                server.await;
            });
        }
    };
}
use sockets_and_timers_work_in_both_parts;
