//! Calls and messages that are dropped, leaked or lost to a panic: the monitor is as good as new.

use asynkit::{NotActive, Step};
use asynkit_tests::{Gate, OnDrop, now, poll_once};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    mem,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    rc::Rc,
    task::Poll,
};

with_both_monitors! {
    fn a_dropped_asend_is_resumed_and_its_answer_was_sent() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(async {
            let n = m.oob(1).await.unwrap();
            gate.wait().await;
            n
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(now(m.asend(c.as_mut(), 5)), None);
        assert!(!m.is_active());
        assert_eq!(now(m.resume(c.as_mut())), None);
        gate.open();
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Done(5)));
    }

    fn an_asend_dropped_before_its_first_poll_sent_nothing() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        now(m.start(c.as_mut())).unwrap().unwrap();
        drop(m.asend(c.as_mut(), 5));
        assert_eq!(now(m.asend(c.as_mut(), 6)), Some(Step::Done(6)));
    }

    fn an_oob_dropped_before_its_item_was_taken_was_never_sent() {
        let m = Monitor::<Rc<()>, u8>::new();
        let item = Rc::new(());
        let gate = Gate::default();
        let mut c = pin!(async {
            {
                let mut oob = pin!(m.oob(Rc::clone(&item)));
                assert!(poll_once(oob.as_mut()).is_pending() || Rc::strong_count(&item) == 1);
            }
            poll_fn(|cx| {
                let mut oob = pin!(m.oob(Rc::clone(&item)));
                assert!(oob.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
            assert_eq!(Rc::strong_count(&item), 1);
            gate.wait().await;
            m.oob(Rc::clone(&item)).await.unwrap()
        });
        assert!(now(m.start(c.as_mut())).is_none(), "nothing was sent");
        gate.open();
        assert!(now(m.start(c.as_mut())).unwrap().is_ok());
        assert_eq!(now(m.asend(c.as_mut(), 2)).and_then(Step::done), Some(2));
        assert_eq!(Rc::strong_count(&item), 1);
    }

    fn an_oob_dropped_after_its_item_was_taken_drops_the_answer() {
        let m = Monitor::<u8, Rc<()>>::new();
        let mut c = pin!(async {
            // Polled once more before it is dropped, with the answer there but unread.
            let mut oob = Box::pin(m.oob(1));
            let mut polls = 0;
            poll_fn(|cx| {
                polls += 1;
                if polls == 1 { oob.as_mut().poll(cx).map(drop) } else { Poll::Ready(()) }
            })
            .await;
            drop(oob);
            m.oob(2).await.is_ok()
        });
        let answer = Rc::new(());
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert_eq!(now(m.asend(c.as_mut(), Rc::clone(&answer))), Some(Step::Oob(2)));
        assert_eq!(Rc::strong_count(&answer), 1);
        assert_eq!(now(m.asend(c.as_mut(), answer)), Some(Step::Done(true)));
    }

    fn an_answer_that_stays_unread_over_a_suspension_is_kept_for_its_oob() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(async {
            let mut oob = pin!(m.oob(1));
            let mut is_first = true;
            poll_fn(|cx| {
                if is_first {
                    is_first = false;
                    return oob.as_mut().poll(cx);
                }
                if gate.is_open() { oob.as_mut().poll(cx) } else { Poll::Pending }
            })
            .await
            .unwrap()
        });
        let mut other = pin!(async { m.oob(7).await.unwrap() });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(now(m.asend(c.as_mut(), 5)), None);
        // Another coroutine takes its turn meanwhile, and gets its own answer.
        assert_eq!(now(m.start(other.as_mut())), Some(Ok(7)));
        assert_eq!(now(m.asend(other.as_mut(), 70)), Some(Step::Done(70)));
        gate.open();
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Done(5)));
    }

    fn a_coroutine_dropped_at_its_oob_leaves_nothing_behind() {
        let m = Monitor::<u8, u8>::new();
        for _ in 0..3 {
            let mut c = Box::pin(async { m.oob(1).await });
            assert!(matches!(now(m.start(c.as_mut())), Some(Ok(1))));
            drop(c);
            assert!(now(m.oob(2)).unwrap().unwrap_err().is::<NotActive>());
        }
    }

    fn a_coroutine_dropped_while_its_call_is_suspended_and_leaked_stays_in_progress() {
        let m = Monitor::<u8, u8>::new();
        let mut c = Box::pin(pending::<()>());
        // Never dropped, and nothing on the heap for a leak checker to find.
        let mut call = mem::ManuallyDrop::new(m.start(c.as_mut()));
        assert!(poll_once(Pin::new(&mut *call)).is_pending());
        assert!(m.is_active());
        // The coroutine itself can be driven on, and dropped.
        assert_eq!(now(m.resume(c.as_mut())), None);
        assert!(!m.is_active());
    }

    fn a_leaked_oob_keeps_its_coroutine_waiting_and_harms_nobody_else() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let mut oob = mem::ManuallyDrop::new(m.oob(1));
            poll_fn(|cx| {
                assert!(Pin::new(&mut *oob).poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
            pending::<()>().await;
        });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        let mut other = pin!(async { m.oob(2).await.unwrap() });
        assert_eq!(now(m.start(other.as_mut())), Some(Ok(2)));
        assert_eq!(now(m.asend(c.as_mut(), 9)), None);
        assert_eq!(now(m.asend(other.as_mut(), 3)), Some(Step::Done(3)));
    }

    fn a_panic_of_the_coroutine_leaves_the_monitor_usable() {
        for at in 0..3 {
            let m = Monitor::<u8, u8>::new();
            let mut c = pin!(async {
                assert!(at != 0, "boom");
                m.oob(1).await.unwrap();
                let mut oob = pin!(m.oob(2));
                poll_fn(|cx| {
                    let polled = oob.as_mut().poll(cx);
                    assert!(at != 1, "boom with an item in the slots");
                    polled
                })
                .await
                .unwrap();
                panic!("boom after the last answer");
            });
            let caught = catch_unwind(AssertUnwindSafe(|| {
                now(m.start(c.as_mut())).unwrap().unwrap();
                assert_eq!(now(m.asend(c.as_mut(), 1)), Some(Step::Oob(2)));
                now(m.asend(c.as_mut(), 2));
            }));
            assert!(caught.is_err());
            assert!(!m.is_active());
            assert!(now(m.oob(9)).unwrap().unwrap_err().is::<NotActive>());
            let mut next = pin!(async { m.oob(5).await.unwrap() });
            assert_eq!(now(m.start(next.as_mut())), Some(Ok(5)));
            assert_eq!(now(m.asend(next.as_mut(), 6)), Some(Step::Done(6)));
        }
    }

    fn dropped_at_every_suspension_it_drops_everything_and_leaves_the_monitor_clean() {
        // Items, answers and the coroutine's own state are counted; `n` is where it is dropped.
        for n in 0..12 {
            let m = Monitor::<Rc<()>, Rc<()>>::new();
            let live = Rc::new(());
            {
                let gate = Gate::default();
                let mut c = Box::pin(async {
                    let _own = Rc::clone(&live);
                    for _ in 0..3 {
                        drop(m.oob(Rc::clone(&live)).await);
                        gate.wait().await;
                        drop(futures::join!(m.oob(Rc::clone(&live)), m.oob(Rc::clone(&live))));
                    }
                });
                let mut steps = 0;
                let mut item = None;
                while steps < n {
                    steps += 1;
                    let answer = item.take();
                    let mut data = answer;
                    let step = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut data, cx)));
                    match step {
                        Some(Ok(Step::Oob(out))) => item = Some(out),
                        Some(Ok(Step::Done(()))) => break,
                        Some(Err(misuse)) => panic!("{misuse}"),
                        None => gate.open(),
                    }
                }
            }
            assert_eq!(Rc::strong_count(&live), 1, "dropped after {n} steps");
            let mut next = pin!(async { m.oob(Rc::clone(&live)).await.is_ok() });
            assert!(now(m.start(next.as_mut())).unwrap().is_ok());
            assert_eq!(now(m.asend(next.as_mut(), Rc::new(()))).and_then(Step::done), Some(true));
        }
    }

    fn an_answer_whose_drop_uses_the_monitor_finds_it_in_order() {
        let m = Rc::new(Monitor::<u8, Box<dyn std::any::Any>>::new());
        let seen = Rc::new(Cell::new(None));
        let mut c: Pin<Box<dyn Future<Output = ()>>> = {
            let m = Rc::clone(&m);
            Box::pin(async move {
                let mut oob = Box::pin(m.oob(1));
                let mut is_first = true;
                poll_fn(|cx| {
                    if mem::take(&mut is_first) { oob.as_mut().poll(cx).map(drop) } else { Poll::Ready(()) }
                })
                .await;
                drop(oob); // with the answer unread
            })
        };
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        let answer = {
            let (m, seen) = (Rc::clone(&m), Rc::clone(&seen));
            OnDrop(move || seen.set(Some((m.is_active(), now(m.oob(2)).is_none()))))
        };
        assert!(now(m.asend(c.as_mut(), Box::new(answer))).is_some());
        assert_eq!(seen.get(), Some((true, true)), "it ran inside the call, and its own oob would have waited");
    }
}
