//! What each spawner does alike, as tests that are written once.

/// The same tests for each spawner: `$on` runs a closure's future where the spawner has its executor.
macro_rules! tests_of_a_spawner {
    ($spawner:ident, $handle:ident, $yield_now:path, $on:path) => {
        use asynkit::{
            Cancellable as _, ContextVar, Eager, InterruptExt as _, InterruptKind, TaskError, cancelling,
            current_task, eager_with, shield,
            spawner::{Spawn as _, $handle, $spawner},
        };
        use asynkit_tests::{OnDrop, Woken};
        use std::{
            future::{Future as _, pending, poll_fn, ready},
            pin::Pin,
            sync::{
                Arc, Mutex,
                atomic::{AtomicU32, Ordering},
            },
            task::{Context, Poll, Waker},
        };

        type Log = Arc<Mutex<Vec<&'static str>>>;

        fn push(log: &Log, word: &'static str) {
            log.lock().unwrap().push(word);
        }

        fn take(log: &Log) -> Vec<&'static str> {
            std::mem::take(&mut log.lock().unwrap())
        }

        /// Waits until it has ended, without awaiting it.
        async fn ended<T, H: asynkit::Cancellable>(task: &Eager<T, H>) {
            while !task.is_finished() {
                $yield_now().await;
            }
        }

        #[test]
        fn the_first_part_runs_at_the_call_and_the_rest_is_spawned() {
            $on(async {
                let log = Log::default();
                let started = eager_with(
                    {
                        let log = Arc::clone(&log);
                        async move {
                            push(&log, "first");
                            $yield_now().await;
                            push(&log, "second");
                            7
                        }
                    },
                    $spawner,
                );
                // The rest may run on another thread meanwhile.
                assert_eq!(log.lock().unwrap().first(), Some(&"first"));
                assert!(started.task().is_some());
                assert_eq!(started.await, 7);
                assert_eq!(take(&log), ["first", "second"]);
                let done = eager_with(async { 1 }, $spawner);
                assert!(done.task().is_none() && done.is_finished());
                assert_eq!(done.await, 1);
                assert_eq!($spawner.spawn(async { 2 }).await.unwrap(), 2);
            });
        }

        #[test]
        fn a_wake_of_the_first_poll_is_not_lost() {
            $on(async {
                let polls = Arc::new(AtomicU32::new(0));
                let count = Arc::clone(&polls);
                let started = eager_with(
                    poll_fn(move |cx| {
                        if count.fetch_add(1, Ordering::Relaxed) == 0 {
                            cx.waker().wake_by_ref();
                            return Poll::Pending;
                        }
                        Poll::Ready(())
                    }),
                    $spawner,
                );
                started.await;
                assert_eq!(polls.load(Ordering::Relaxed), 2);
            });
        }

        static USER: ContextVar<&str> = ContextVar::new();

        #[test]
        fn both_parts_have_one_context_of_their_own() {
            $on(async {
                USER.set("caller");
                let child = || async {
                    assert_eq!(USER.get(), Some("caller"));
                    USER.set("child");
                    $yield_now().await;
                    USER.get()
                };
                let started = eager_with(child(), $spawner);
                assert_eq!(USER.get(), Some("caller"));
                let queued = $spawner.spawn(child());
                assert_eq!(started.await, Some("child"));
                assert_eq!(queued.await.unwrap(), Some("child"));
                assert_eq!(current_task(), None);
            });
        }

        #[test]
        fn neither_part_is_a_task_of_the_executor_around_the_caller() {
            $on(async {
                let executor = asynkit::Executor::new();
                let nobody = async {
                    let first = current_task().is_some();
                    $yield_now().await;
                    (first, current_task().is_some())
                };
                let (me, child) = executor
                    .run_until(async {
                        USER.set("grown here");
                        let started = eager_with(
                            async {
                                USER.set("grown there");
                                nobody.await
                            },
                            $spawner,
                        );
                        asynkit::yield_now().await;
                        assert_eq!(USER.get(), Some("grown here"));
                        (current_task(), started.await)
                    })
                    .await;
                assert!(me.is_some());
                assert_eq!(child, (false, false));
            });
        }

        #[test]
        fn a_cancel_is_told_to_the_point_that_waits() {
            $on(async {
                let started = eager_with(
                    async {
                        let told = pending::<()>().interruptible().await.unwrap_err();
                        $yield_now().await; // clean-up may wait
                        told.kind()
                    },
                    $spawner,
                );
                assert!(started.cancel());
                assert_eq!(started.await, InterruptKind::Cancel);
            });
        }

        #[test]
        fn what_does_not_ask_is_dropped_by_a_cancel() {
            $on(async {
                let log = Log::default();
                let held = Arc::clone(&log);
                let started = eager_with(
                    async move {
                        let _guard = OnDrop(move || {
                            assert_eq!(USER.get(), Some("child"));
                            push(&held, "dropped");
                        });
                        USER.set("child");
                        pending::<()>().await;
                    },
                    $spawner,
                );
                assert!(started.cancel());
                started.cancel(); // one that is on its way, or over
                ended(&started).await;
                assert_eq!(take(&log), ["dropped"]);
                assert!(!started.cancel(), "it has ended");
                assert!(matches!(started.join().await, Err(TaskError::Cancelled)));
            });
        }

        #[test]
        fn a_second_cancel_drops_what_was_told() {
            $on(async {
                let told = Arc::new(AtomicU32::new(0));
                let count = Arc::clone(&told);
                let started = eager_with(
                    async move {
                        let _ = pending::<()>().interruptible().await;
                        count.fetch_add(1, Ordering::Relaxed);
                        pending::<()>().await;
                    },
                    $spawner,
                );
                started.cancel();
                while told.load(Ordering::Relaxed) == 0 {
                    $yield_now().await;
                }
                assert!(!started.is_finished());
                started.cancel();
                assert!(matches!(started.join().await, Err(TaskError::Cancelled)));
            });
        }

        #[test]
        fn a_shield_keeps_a_part_and_the_cancel_waits() {
            $on(async {
                let gate = Arc::new(AtomicU32::new(0));
                let open = Arc::clone(&gate);
                let started = eager_with(
                    async move {
                        shield(async {
                            while open.load(Ordering::Relaxed) == 0 {
                                $yield_now().await;
                            }
                        })
                        .await;
                        pending::<()>().interruptible().await.is_err()
                    },
                    $spawner,
                );
                started.cancel();
                for _ in 0..10 {
                    $yield_now().await;
                }
                assert!(!started.is_finished());
                gate.store(1, Ordering::Relaxed);
                assert!(started.await);
            });
        }

        #[test]
        fn an_abort_asks_nobody() {
            $on(async {
                let started = eager_with(shield(pending::<()>().interruptible()), $spawner);
                assert!(started.task().unwrap().abort());
                assert!(matches!(started.join().await, Err(TaskError::Cancelled)));
            });
        }

        #[test]
        fn a_point_behind_a_sub_executor_is_reached() {
            $on(async {
                let started = eager_with(
                    async {
                        let waits = || async { pending::<()>().interruptible().await.is_err() };
                        let mut all: futures::stream::FuturesUnordered<_> =
                            [waits(), waits()].into_iter().collect();
                        let mut told = 0;
                        while let Some(is_told) = futures::StreamExt::next(&mut all).await {
                            told += u32::from(is_told);
                        }
                        told
                    },
                    $spawner,
                );
                assert!(started.cancel());
                assert_eq!(started.await, 2);
            });
        }

        #[test]
        fn a_panic_in_either_part_is_its_awaiters() {
            $on(async {
                for late in [false, true] {
                    let body = async move {
                        if late {
                            $yield_now().await;
                        }
                        ready(()).await;
                        assert!(!late && late, "on purpose");
                    };
                    let Err(TaskError::Panicked(payload)) = eager_with(body, $spawner).join().await else {
                        panic!("it panics")
                    };
                    assert_eq!(payload.message(), Some("on purpose"));
                }
                let awaiter =
                    eager_with(async { eager_with(async { panic!("passed on") }, $spawner).await }, $spawner);
                let Err(TaskError::Panicked(payload)) = awaiter.join().await else { panic!("it panics") };
                assert_eq!(payload.message(), Some("passed on"));
                let in_drop = eager_with(
                    async {
                        let _guard = OnDrop(|| panic!("in a destructor"));
                        pending::<()>().await;
                    },
                    $spawner,
                );
                in_drop.cancel();
                let Err(TaskError::Panicked(payload)) = in_drop.join().await else { panic!("it panics") };
                assert_eq!(payload.message(), Some("in a destructor"));
            });
        }

        #[test]
        fn dropping_a_handle_lets_the_task_go_on_and_a_guard_cancels_it() {
            $on(async {
                let (done, held) = (Arc::new(AtomicU32::new(0)), Log::default());
                let count = Arc::clone(&done);
                drop(eager_with(
                    async move {
                        $yield_now().await;
                        count.fetch_add(1, Ordering::Relaxed);
                    },
                    $spawner,
                ));
                while done.load(Ordering::Relaxed) == 0 {
                    $yield_now().await;
                }
                let log = Arc::clone(&held);
                let guard = cancelling(eager_with(
                    async move {
                        let _guard = OnDrop(move || push(&log, "dropped"));
                        pending::<()>().await;
                    },
                    $spawner,
                ));
                drop(guard);
                while held.lock().unwrap().is_empty() {
                    $yield_now().await;
                }
            });
        }

        #[test]
        fn starts_that_are_nested_too_deep_are_spawned() {
            fn nested(left: u32, deepest: Arc<AtomicU32>) -> Eager<(), $handle<()>> {
                eager_with(
                    async move {
                        deepest.fetch_add(1, Ordering::Relaxed);
                        if left > 0 {
                            nested(left - 1, deepest).await;
                        }
                    },
                    $spawner,
                )
            }
            $on(async {
                let deepest = Arc::new(AtomicU32::new(0));
                nested(100, Arc::clone(&deepest)).await;
                assert_eq!(deepest.load(Ordering::Relaxed), 101);
            });
        }

        #[test]
        fn the_handle_is_woken_and_cancels_from_another_thread() {
            $on(async {
                let started = eager_with(pending::<()>().interruptible(), $spawner);
                let thread = std::thread::spawn(move || {
                    assert!(started.cancel());
                    asynkit_tests::block_on(started).is_err()
                });
                while !thread.is_finished() {
                    $yield_now().await;
                }
                assert!(thread.join().unwrap());
            });
        }

        #[test]
        fn a_handle_that_is_dropped_keeps_no_waker() {
            $on(async {
                let woken = Woken::new();
                let waker = Waker::from(Arc::clone(&woken));
                let mut task = $spawner.spawn(pending::<()>());
                assert!(Pin::new(&mut task).poll(&mut Context::from_waker(&waker)).is_pending());
                drop(waker);
                assert_eq!(Arc::strong_count(&woken), 2);
                drop(task);
                assert_eq!(Arc::strong_count(&woken), 1);
            });
        }
    };
}
pub(crate) use tests_of_a_spawner;
