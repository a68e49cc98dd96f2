//! `athrow` and `aclose`.

use asynkit::{CoroState as _, CoroStatus, IgnoredClose, Interrupt, InterruptKind, Step, shield};
use asynkit_tests::{Gate, OnDrop, block_on, now, point, poll_once, yield_now};
use futures::{StreamExt as _, stream::FuturesUnordered};
use std::{
    cell::Cell,
    future::{Future as _, pending},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

with_both_monitors! {
    fn an_error_is_told_to_the_oob_that_waits() {
        let m = Monitor::<&str, u32>::new();
        let mut c = pin!(async {
            loop {
                match m.oob("size?").await {
                    Ok(n) => break n * 2,
                    Err(told) if told.kind() == InterruptKind::Close => {
                        yield_now().await;
                        break 0;
                    }
                    Err(_) => drop(m.oob("again").await),
                }
            }
        });
        block_on(async {
            assert_eq!(m.start(c.as_mut()).await, Ok("size?"));
            assert_eq!(m.athrow(c.as_mut(), "x").await.unwrap(), Step::Oob("again"));
            assert_eq!(m.asend(c.as_mut(), 1).await, Step::Oob("size?"));
            assert_eq!(m.aclose(c.as_mut()).await, Ok(()), "the clean-up was awaited");
        });
    }

    fn the_error_arrives_as_it_was_thrown() {
        let m = Monitor::<u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap_err() });
        now(m.start(c.as_mut())).unwrap().unwrap();
        let told = now(m.athrow(c.as_mut(), std::io::Error::from_raw_os_error(32))).unwrap().unwrap().done().unwrap();
        assert_eq!(told.downcast_ref::<std::io::Error>().unwrap().raw_os_error(), Some(32));
    }

    fn a_close_lasts_as_long_as_the_call() {
        let m = Monitor::<&str, u8>::new();
        let mut c = pin!(async {
            while m.oob("stubborn").await.is_ok() {}
            assert!(m.oob("withdrawn").await.is_err());
            yield_now().await;
            assert!(m.oob("withdrawn, too").await.is_err());
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(block_on(m.aclose(c.as_mut())), Ok(()));
    }

    fn an_item_from_within_a_shield_ignores_the_close_and_the_coroutine_lives_on_unstopped() {
        let m = Monitor::<&str, u8>::new();
        let mut c = pin!(async {
            while m.oob("stubborn").await.is_ok() {}
            let answer = shield(m.oob("shielded")).await.unwrap();
            answer + m.oob("unstopped").await.unwrap()
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        let _: IgnoredClose = now(m.aclose(c.as_mut())).unwrap().unwrap_err();
        assert_eq!(now(m.asend(c.as_mut(), 1)), Some(Step::Oob("unstopped")));
        assert_eq!(now(m.asend(c.as_mut(), 2)), Some(Step::Done(3)));
    }

    fn an_error_that_nobody_takes_comes_back_and_the_coroutine_stays() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(async {
            gate.wait().await;
            m.oob(1).await.unwrap()
        });
        assert_eq!(now(m.start(c.as_mut())), None);
        let back = now(m.athrow(c.as_mut(), "x")).unwrap().unwrap_err();
        assert_eq!(back.to_string(), "interrupted: x");
        let _: IgnoredClose = now(m.aclose(c.as_mut())).unwrap().unwrap_err();
        gate.open();
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert_eq!(now(m.asend(c.as_mut(), 2)), Some(Step::Done(2)));
    }

    fn what_is_bound_is_dropped_by_an_error_that_nobody_takes() {
        let m = Monitor::<u8, u8>::new();
        let dropped = Cell::new(false);
        let mut bound = m.bind(Box::pin(async {
            let _guard = OnDrop(|| dropped.set(true));
            pending::<()>().await;
        }));
        assert_eq!(now(bound.start()), None);
        assert!(now(bound.athrow("x")).unwrap().is_err());
        assert!(dropped.get());
        assert_eq!(bound.status(), CoroStatus::Finished);
        assert!(now(bound.athrow("y")).unwrap().is_err(), "finished before");
        assert_eq!(now(bound.aclose()), Some(Ok(())));
        assert!(!m.is_active());
    }

    fn what_is_bound_is_told_at_a_point_under_a_sub_executor() {
        let m = Monitor::<u8>::new();
        let gate = Gate::default();
        let mut bound = m.bind(Box::pin(async {
            let mut children: FuturesUnordered<_> = [point_or(&gate)].into_iter().collect();
            drop(m.oob(1).await);
            children.next().await.unwrap().unwrap_err().to_string()
        }));
        assert_eq!(now(bound.start()), Some(Ok(1)));
        // Polled here, and not woken since.
        assert_eq!(now(bound.aawait()), None);
        let step = now(bound.athrow("x")).expect("it was woken").unwrap();
        assert_eq!(step, Step::Done("interrupted: x".to_owned()));
    }

    fn what_is_bound_and_new_never_runs() {
        let m = Monitor::<u8, u8>::new();
        let mut bound = m.bind(Box::pin(async { panic!("never runs") }));
        assert_eq!(now(bound.aclose()), Some(Ok(())));
        let mut bound = m.bind(Box::pin(async { panic!("never runs") }));
        assert_eq!(now(bound.athrow("x")).unwrap().unwrap_err().to_string(), "interrupted: x");
    }

    fn points_inside_are_told() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let told = point().await.unwrap_err();
            m.oob(1).await.unwrap();
            told.to_string()
        });
        assert_eq!(now(m.start(c.as_mut())), None);
        assert_eq!(now(m.athrow(c.as_mut(), "x")).unwrap().unwrap(), Step::Oob(1));
        assert_eq!(now(m.asend(c.as_mut(), 1)), Some(Step::Done("interrupted: x".into())));
    }

    fn an_item_that_was_not_taken_when_the_error_came_was_never_sent() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(async {
            gate.wait().await;
            m.oob(1).await.is_err()
        });
        assert_eq!(now(m.start(c.as_mut())), None);
        gate.open();
        assert_eq!(now(m.athrow(c.as_mut(), "x")).unwrap().unwrap(), Step::Done(true));
    }

    fn an_item_sent_in_a_shield_while_the_error_comes_back_is_kept_for_the_next_call() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(async {
            gate.wait().await;
            let answer = shield(m.oob(1)).await.unwrap();
            (answer, m.oob(2).await.is_err())
        });
        assert_eq!(now(m.start(c.as_mut())), None);
        gate.open();
        // The shield holds the error back: the item comes first.
        let step = now(m.athrow(c.as_mut(), "x")).unwrap().unwrap();
        assert_eq!(step, Step::Oob(1));
        assert_eq!(now(m.asend(c.as_mut(), 5)), Some(Step::Oob(2)), "the throw ended with its call");
        assert_eq!(now(m.asend(c.as_mut(), 6)), Some(Step::Done((5, false))));
    }

    fn a_value_counts_whether_it_was_told_or_not() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(gate.wait());
        assert_eq!(now(m.start(c.as_mut())), None);
        gate.open();
        assert_eq!(now(m.athrow(c.as_mut(), "x")).unwrap().unwrap(), Step::Done(()));
    }

    fn an_error_reaches_an_oob_in_a_futures_unordered() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let mut children: FuturesUnordered<_> = [m.oob(1), m.oob(2)].into_iter().collect();
            let first = children.next().await.unwrap().is_err();
            (first, children.next().await.unwrap().is_err())
        });
        assert_eq!(now(m.start(c.as_mut())).and_then(Result::ok), Some(1));
        assert_eq!(now(m.athrow(c.as_mut(), "x")).unwrap().unwrap(), Step::Oob(2));
        assert_eq!(now(m.asend(c.as_mut(), 1)), Some(Step::Done((true, false))));

        let mut c = pin!(async {
            let mut children: FuturesUnordered<_> = [m.oob(1), m.oob(2)].into_iter().collect();
            let first = children.next().await.unwrap().is_err();
            first && children.next().await.unwrap().is_err()
        });
        assert_eq!(now(m.start(c.as_mut())).and_then(Result::ok), Some(1));
        assert_eq!(now(m.aclose(c.as_mut())), Some(Ok(())));
    }

    fn an_error_reaches_the_oob_of_another_task_that_the_owner_has_an_item_of() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(gate.wait());
        let mut call = Box::pin(m.start(c.as_mut()));
        let mut oob = pin!(m.oob(1));
        assert!(poll_once(call.as_mut()).is_pending());
        assert!(poll_once(oob.as_mut()).is_pending());
        assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Ok(1))));
        drop(call);
        assert!(now(m.athrow(c.as_mut(), "x")).is_none(), "the coroutine goes on");
        assert_eq!(now(oob).unwrap().unwrap_err().to_string(), "interrupted: x");
        gate.open();
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Done(())));
    }

    fn an_outer_throw_reaches_the_leaf_of_an_inner_coroutine() {
        let (outer, inner) = (Monitor::<u8, u8>::new(), Monitor::<u8, u8>::new());
        let mut c = pin!(async {
            let mut leaf = pin!(async { outer.oob(1).await.is_err() });
            matches!(inner.aawait(leaf.as_mut()).await, Step::Done(true))
        });
        assert_eq!(now(outer.start(c.as_mut())), Some(Ok(1)));
        assert_eq!(now(outer.athrow(c.as_mut(), "x")).unwrap().unwrap(), Step::Done(true));
        assert!(!inner.is_active());
    }

    fn an_inner_throw_at_an_outer_oob_is_told_there() {
        let (outer, inner) = (Monitor::<u8, u8>::new(), Monitor::<u8, u8>::new());
        let mut c = pin!(async {
            let mut leaf = pin!(async { outer.oob(1).await.is_err() });
            {
                let mut call = pin!(inner.aawait(leaf.as_mut()));
                futures::future::poll_fn(|cx| {
                    assert!(call.as_mut().poll(cx).is_pending());
                    Poll::Ready(())
                })
                .await;
            }
            inner.athrow(leaf.as_mut(), "x").await.unwrap().done()
        });
        assert_eq!(now(outer.aawait(c.as_mut())), Some(Step::Done(Some(true))), "its item was never sent");
    }

    fn a_throw_that_is_dropped_leaves_the_coroutine_where_it_is() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(async {
            assert!(m.oob(1).await.is_err());
            gate.wait().await;
            m.oob(2).await.unwrap()
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        drop(m.athrow(c.as_mut(), "never polled"));
        {
            let mut call = pin!(m.aclose(c.as_mut()));
            assert!(poll_once(call.as_mut()).is_pending());
            assert!(m.is_active());
        }
        assert!(!m.is_active());
        gate.open();
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Oob(2)), "told no more");
        assert_eq!(now(m.asend(c.as_mut(), 3)), Some(Step::Done(3)));
    }

    fn a_panic_after_being_told_leaves_the_monitor_usable() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let _ = m.oob(1).await;
            panic!("boom");
        });
        assert_eq!(now(m.start(c.as_mut())).and_then(|r: Result<u8, asynkit::NoOob<()>>| r.ok()), Some(1));
        assert!(catch_unwind(AssertUnwindSafe(|| now(m.aclose(c.as_mut())))).is_err());
        assert!(!m.is_active());
        let mut next = pin!(async { m.oob(5).await.unwrap() });
        assert_eq!(now(m.start(next.as_mut())), Some(Ok(5)));
        assert_eq!(now(m.asend(next.as_mut(), 6)), Some(Step::Done(6)));
    }

    fn a_swallowing_loop_ends_by_giving_the_close_back() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            loop {
                let _ = m.oob(1).await;
            }
        });
        assert_eq!(now(m.start(c.as_mut())).and_then(|r: Result<u8, asynkit::NoOob<()>>| r.ok()), Some(1));
        let _: IgnoredClose = now(m.aclose(c.as_mut())).unwrap().unwrap_err();
        let mut bound = m.bind(Box::pin(async {
            loop {
                let _ = m.oob(1).await;
            }
        }));
        assert_eq!(now(bound.start()).and_then(|r: Result<u8, asynkit::NoOob<()>>| r.ok()), Some(1));
        assert_eq!(now(bound.aclose()), Some(Ok(())));
        assert_eq!(bound.status(), CoroStatus::Finished);
    }

    fn interrupted_at_every_suspension_it_hears_of_it_once() {
        for at in 0..8 {
            let m = Monitor::<u8, u8>::new();
            let gate = Gate::default();
            let told = Cell::new(0);
            let mut c = pin!(async {
                let tell = |result: Result<u8, Interrupt>| told.set(told.get() + u32::from(result.is_err()));
                for i in 0..3 {
                    tell(m.oob(i).await);
                    tell(point_or(&gate).await);
                    let (a, b) = futures::join!(m.oob(i), m.oob(i));
                    tell(a);
                    tell(b);
                }
            });
            let (mut steps, mut item, mut thrown) = (0, None, false);
            loop {
                let step = if steps == at && !thrown {
                    thrown = true;
                    item = None;
                    now(m.athrow(c.as_mut(), "x")).map(Result::unwrap)
                } else if let Some(item) = item.take() {
                    now(m.asend(c.as_mut(), item))
                } else {
                    now(m.resume(c.as_mut()))
                };
                steps += 1;
                match step {
                    Some(Step::Oob(out)) => item = Some(out),
                    Some(Step::Done(())) => break,
                    None => gate.open(),
                }
                assert!(steps < 100, "it does not end");
            }
            assert_eq!(told.get(), u32::from(thrown), "thrown at {at}");
            assert!(!m.is_active());
        }
    }
}

async fn point_or(gate: &Gate) -> Result<u8, Interrupt> {
    use asynkit::InterruptExt as _;
    gate.wait().interruptible().await.map(|()| 0)
}
