//! The same source on every spawner.

macro_rules! same_source {
    ($spawner:ident, $on:path) => {
        use asynkit::{
            BoxError, ContextVar, GroupError, InterruptExt as _, StartError, group::TaskStatus,
            spawner::$spawner, task_group_on,
        };
        use asynkit_tests::yield_now;
        use std::{
            future::pending,
            io,
            sync::{
                Arc,
                atomic::{AtomicU32, Ordering::Relaxed},
            },
        };

        static USER: ContextVar<&str> = ContextVar::new();

        #[test]
        fn children_run_at_the_call_in_a_copy_of_the_context_and_have_values() {
            $on(async {
                USER.set("caller");
                let all = task_group_on($spawner, async |g| {
                    let begun = Arc::new(AtomicU32::new(0));
                    let count = Arc::clone(&begun);
                    let started = g.start_soon(async move {
                        count.fetch_add(1, Relaxed);
                        yield_now().await;
                        Ok::<_, io::Error>(USER.get())
                    });
                    assert_eq!(begun.load(Relaxed), 1);
                    let spawned = g.spawn(async { Ok::<_, io::Error>(USER.get()) });
                    Ok((started.await?, spawned.await?))
                });
                assert_eq!(all.await.unwrap(), (Some("caller"), Some("caller")));
            });
        }

        #[test]
        fn thousands_of_children_end_with_their_group() {
            $on(async {
                let ended = Arc::new(AtomicU32::new(0));
                task_group_on($spawner, async |g| {
                    for n in 0..2000 {
                        let (ended, inner) = (Arc::clone(&ended), g.clone());
                        let child = async move {
                            yield_now().await;
                            if n % 2 == 0 {
                                let ended = Arc::clone(&ended);
                                inner.spawn(async move {
                                    yield_now().await;
                                    ended.fetch_add(1, Relaxed);
                                });
                            }
                            ended.fetch_add(1, Relaxed);
                        };
                        if n % 3 == 0 {
                            g.spawn(child)
                        } else {
                            g.start_soon(child)
                        };
                    }
                    Ok(())
                })
                .await
                .unwrap();
                assert_eq!(ended.load(Relaxed), 3000);
            });
        }

        #[test]
        fn the_errors_and_panics_of_all_are_kept() {
            $on(async {
                let failed: Result<(), GroupError> = task_group_on($spawner, async |g| {
                    for n in 0..20 {
                        g.start_soon(async move {
                            pending::<()>().interruptible().await.unwrap_err();
                            yield_now().await;
                            assert!(n % 2 == 0, "panic {n}");
                            Err::<(), _>(format!("error {n}"))
                        });
                    }
                    yield_now().await;
                    Err("body".into())
                })
                .await;
                let mut texts = crate::texts(&failed.unwrap_err());
                assert_eq!(texts.remove(0), "body");
                texts.sort();
                let mut expected: Vec<_> = (0..20)
                    .map(|n| if n % 2 == 0 { format!("error {n}") } else { format!("panicked: panic {n}") })
                    .collect();
                expected.sort();
                assert_eq!(texts, expected);
            });
        }

        async fn serve(status: TaskStatus<u16>, port: u16) -> io::Result<()> {
            yield_now().await;
            if port == 0 {
                return Err(io::Error::other("no such port"));
            }
            status.started(port);
            pending::<()>().await;
            Ok(())
        }

        #[test]
        fn a_child_says_when_it_is_ready_and_fails_before_it_to_its_starter() {
            $on(async {
                let ports = task_group_on($spawner, async |g| {
                    let port = g.start(|status| serve(status, 80)).await?;
                    let refused = g.start(|status| serve(status, 0)).await;
                    assert!(matches!(refused, Err(StartError::Failed(_))), "{refused:?}");
                    g.cancel();
                    Ok(port)
                });
                assert_eq!(ports.await.unwrap(), 80);
            });
        }

        #[test]
        fn a_child_that_fails_at_any_time_ends_a_body_that_waits() {
            $on(async {
                for yields in 0..30 {
                    let failed: Result<(), GroupError> = task_group_on($spawner, async |g| {
                        g.spawn(async move {
                            for _ in 0..yields {
                                yield_now().await;
                            }
                            Err::<(), BoxError>("cause".into())
                        });
                        pending().await
                    })
                    .await;
                    assert_eq!(crate::texts(&failed.unwrap_err()), ["cause"]);
                }
            });
        }
    };
}

crate::on_every_spawner!(same_source);

#[test]
fn the_future_of_a_group_is_send_where_its_body_is() {
    use asynkit::{spawner::Tokio, task_group_on};
    crate::on_tokio(async {
        let name = String::from("abc");
        let task = tokio::spawn(async move {
            task_group_on(Tokio, async |g| {
                let n = name.len();
                let length = g.start_soon(async move { Ok::<usize, std::io::Error>(n) });
                tokio::task::yield_now().await;
                let port = g.start(|status| async move { status.started(80_u16) });
                Ok((length.await?, port.await?))
            })
            .await
        });
        assert_eq!(task.await.unwrap().unwrap(), (3, 80));
    });
}
