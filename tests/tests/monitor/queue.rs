//! An `oob` that the driver does not poll itself: joined branches, sub-executors, other tasks.

use asynkit::{Interrupt, NotActive, Step};
use asynkit_tests::{Gate, block_on, now, poll_once};
use futures::{StreamExt as _, stream::FuturesUnordered, task::noop_waker};
use std::{
    cell::RefCell,
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Count {
    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

with_both_monitors! {
    fn joined_branches_wait_their_turn() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            futures::join!(
                async { m.oob(1).await.unwrap() + m.oob(4).await.unwrap() },
                async { m.oob(2).await.unwrap() },
                async { m.oob(3).await.unwrap() },
            )
        });
        let mut items = vec![now(m.start(c.as_mut())).unwrap().ok().unwrap()];
        let done = loop {
            let answer = items.last().unwrap() * 10;
            match now(m.asend(c.as_mut(), answer)).unwrap() {
                Step::Oob(item) => items.push(item),
                Step::Done(value) => break value,
            }
        };
        assert_eq!(done, (50, 20, 30));
        items.sort_unstable();
        assert_eq!(items, [1, 2, 3, 4]);
    }

    fn children_of_a_futures_unordered_are_woken_by_their_answers() {
        let m = Monitor::<u32, u32>::new();
        let mut c = pin!(async {
            let mut children: FuturesUnordered<_> = (0..50u32)
                .map(|i| {
                    let m = &m;
                    async move { m.oob(i).await.unwrap() + m.oob(i + 100).await.unwrap() }
                })
                .collect();
            let mut sum = 0;
            while let Some(n) = children.next().await {
                sum += n;
            }
            sum
        });
        let mut step = Step::Oob(now(m.start(c.as_mut())).unwrap().ok().unwrap());
        let mut rounds = 0;
        let sum = loop {
            match step {
                Step::Oob(item) => {
                    rounds += 1;
                    step = now(m.asend(c.as_mut(), item)).expect("woken, so that it goes on at once");
                }
                Step::Done(sum) => break sum,
            }
        };
        assert_eq!(rounds, 100);
        assert_eq!(sum, (0..50).sum::<u32>() * 2 + 50 * 100);
    }

    fn an_oob_that_moves_into_a_sub_executor_gets_its_answer_there() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let mut oob = Box::pin(m.oob(1));
            let mut is_first = true;
            poll_fn(|cx| {
                if std::mem::take(&mut is_first) {
                    assert!(oob.as_mut().poll(cx).is_pending());
                    return Poll::Pending;
                }
                Poll::Ready(())
            })
            .await;
            let mut children: FuturesUnordered<_> = [oob].into_iter().collect();
            children.next().await.unwrap().unwrap()
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(now(m.asend(c.as_mut(), 5)), Some(Step::Done(5)));

        // The same, where it was sent but its item not taken yet.
        let mut c = pin!(async {
            let mut oob = Box::pin(m.oob(1));
            poll_fn(|cx| {
                assert!(oob.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
            let mut children: FuturesUnordered<_> = [oob].into_iter().collect();
            children.next().await.unwrap().unwrap()
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(now(m.asend(c.as_mut(), 6)), Some(Step::Done(6)));
    }

    fn an_oob_of_another_task_wakes_the_owner_and_its_answer_wakes_that_task() {
        let m = Monitor::<u8, u8>::new();
        let (owner, helper) = (Arc::new(Count::default()), Arc::new(Count::default()));
        let (own_waker, helper_waker) = (Waker::from(Arc::clone(&owner)), Waker::from(Arc::clone(&helper)));
        let mut c = pin!(pending::<()>());
        let mut call = Box::pin(m.start(c.as_mut()));
        assert!(call.as_mut().poll(&mut Context::from_waker(&own_waker)).is_pending());
        let mut oob = pin!(m.oob(7));
        assert!(oob.as_mut().poll(&mut Context::from_waker(&helper_waker)).is_pending());
        assert_eq!((owner.get(), helper.get()), (1, 0));
        let Poll::Ready(Ok(7)) = call.as_mut().poll(&mut Context::from_waker(&own_waker)) else { panic!() };
        drop(call);
        assert!(poll_once(oob.as_mut()).is_pending(), "it waits for its answer");
        assert!(oob.as_mut().poll(&mut Context::from_waker(&helper_waker)).is_pending());
        let mut call = Box::pin(m.asend(c.as_mut(), 8));
        assert!(call.as_mut().poll(&mut Context::from_waker(&own_waker)).is_pending());
        assert_eq!(helper.get(), 1);
        let Poll::Ready(Ok(8)) = poll_once(oob.as_mut()) else { panic!("answered") };
    }

    fn several_letters_are_served_in_the_order_of_writing() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(pending::<()>());
        let mut call = Box::pin(m.start(c.as_mut()));
        assert!(poll_once(call.as_mut()).is_pending());
        let mut oobs: Vec<_> = (1..=3).map(|i| Box::pin(m.oob(i))).collect();
        for oob in &mut oobs {
            assert!(poll_once(oob.as_mut()).is_pending());
        }
        assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Ok(1))));
        drop(call);
        assert_eq!(now(m.asend(c.as_mut(), 10)), Some(Step::Oob(2)));
        assert_eq!(now(m.asend(c.as_mut(), 20)), Some(Step::Oob(3)));
        assert_eq!(now(m.asend(c.as_mut(), 30)), None);
        let answers: Vec<_> = oobs.iter_mut().map(|oob| now(oob).unwrap().unwrap()).collect();
        assert_eq!(answers, [10, 20, 30]);
    }

    fn letters_are_not_starved_by_a_coroutine_that_sends_all_the_time() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            loop {
                m.oob(0).await.unwrap();
            }
        });
        let mut step = now(m.start(c.as_mut())).map(|started: Result<u8, asynkit::NoOob<()>>| started.ok());
        let mut oob = pin!(m.oob(1));
        assert!(poll_once(oob.as_mut()).is_pending());
        for _ in 0..3 {
            if step == Some(Some(1)) {
                break;
            }
            step = now(m.asend(c.as_mut(), 5)).map(Step::oob);
        }
        assert_eq!(step, Some(Some(1)), "served after a turn or two");
        let _ = now(m.asend(c.as_mut(), 6));
        assert_eq!(now(oob).and_then(Result::ok), Some(6));
    }

    fn a_letter_that_is_dropped_before_it_was_served_was_never_sent() {
        let m = Monitor::<Rc<()>, u8>::new();
        let item = Rc::new(());
        let mut c = pin!(pending::<()>());
        let mut call = Box::pin(m.start(c.as_mut()));
        assert!(poll_once(call.as_mut()).is_pending());
        let mut oob = Box::pin(m.oob(Rc::clone(&item)));
        assert!(poll_once(oob.as_mut()).is_pending());
        drop(oob);
        assert_eq!(Rc::strong_count(&item), 1);
        assert!(poll_once(call.as_mut()).is_pending());
    }

    fn the_owner_may_answer_a_letter_whose_task_is_gone() {
        let m = Monitor::<u8, Rc<()>>::new();
        let gate = Gate::default();
        let mut c = pin!(gate.wait());
        let mut call = Box::pin(m.start(c.as_mut()));
        assert!(poll_once(call.as_mut()).is_pending());
        let mut oob = Box::pin(m.oob(1));
        assert!(poll_once(oob.as_mut()).is_pending());
        assert!(matches!(poll_once(call.as_mut()), Poll::Ready(Ok(1))));
        drop(call);
        drop(oob);
        let answer = Rc::new(());
        assert_eq!(now(m.asend(c.as_mut(), Rc::clone(&answer))), None, "no panic: the owner could not know");
        assert_eq!(Rc::strong_count(&answer), 1);
        gate.open();
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Done(())));
    }

    fn letters_of_a_coroutine_that_has_ended_are_refused() {
        let m = Monitor::<u8, u8>::new();
        let gate = Gate::default();
        let mut c = pin!(gate.wait());
        let mut call = Box::pin(m.start(c.as_mut()));
        assert!(poll_once(call.as_mut()).is_pending());
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut oob = pin!(m.oob(1));
        assert!(oob.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        gate.open();
        assert!(poll_once(call.as_mut()).is_ready());
        assert_eq!(count.get(), 1, "woken to hear of it");
        assert!(now(oob).unwrap().unwrap_err().is::<NotActive>());
    }

    fn a_letter_waits_for_a_call_that_was_given_up_and_is_resumed() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(pending::<()>());
        let mut oob = pin!(m.oob(1));
        {
            let mut call = pin!(m.start(c.as_mut()));
            assert!(poll_once(call.as_mut()).is_pending());
            assert!(poll_once(oob.as_mut()).is_pending());
        }
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Oob(1)));
        assert_eq!(now(m.asend(c.as_mut(), 2)), None);
        assert_eq!(now(oob).and_then(Result::ok), Some(2));
    }

    fn a_helper_may_send_between_two_calls_of_the_owner() {
        let m = Monitor::<&str, u8>::new();
        let mut c = pin!(async {
            m.oob("own").await.unwrap();
            pending::<()>().await;
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        let mut helper = pin!(m.oob("helper"));
        assert!(poll_once(helper.as_mut()).is_pending(), "the coroutine waits at its oob: it is in progress");
        assert_eq!(now(m.asend(c.as_mut(), 1)), Some(Step::Oob("helper")));
        assert_eq!(now(m.asend(c.as_mut(), 2)), None);
        assert_eq!(now(helper).and_then(Result::ok), Some(2));
    }

    fn an_oob_in_a_task_that_was_started_eagerly_inside_the_coroutine() {
        // The helper's first part is polled on the coroutine's stack, the rest by its executor.
        type Tasks<'a> = RefCell<Vec<Pin<Box<dyn Future<Output = ()> + 'a>>>>;
        let m = Monitor::<u8, u8>::new();
        let results = RefCell::new(Vec::new());
        let tasks = Tasks::default();
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut c = pin!(async {
            let mut helper: Pin<Box<dyn Future<Output = ()> + '_>> =
                Box::pin(async {
                    let answer = m.oob(1).await.unwrap();
                    results.borrow_mut().push(answer);
                });
            assert!(helper.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            tasks.borrow_mut().push(helper);
            pending::<()>().await;
        });
        assert_eq!(now(m.start(c.as_mut())).and_then(Result::ok), Some(1));
        assert_eq!(now(m.asend(c.as_mut(), 5)), None);
        assert_eq!(count.get(), 1);
        for task in &mut *tasks.borrow_mut() {
            assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready());
        }
        assert_eq!(*results.borrow(), [5]);
    }

    fn is_active_while_a_call_is_in_progress() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            assert!(m.is_active());
            m.oob(1).await.unwrap();
            pending::<()>().await;
        });
        assert!(!m.is_active());
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert!(!m.is_active(), "between two calls");
        let mut call = Box::pin(m.asend(c.as_mut(), 1));
        assert!(!m.is_active(), "not polled yet");
        assert!(poll_once(call.as_mut()).is_pending());
        assert!(m.is_active(), "suspended");
        drop(call);
        assert!(!m.is_active());
    }

    fn wakers_of_an_oob_are_replaced_and_spurious_polls_change_nothing() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(pending::<()>());
        let mut call = Box::pin(m.start(c.as_mut()));
        let (first, second) = (Arc::new(Count::default()), Arc::new(Count::default()));
        let mut oob = pin!(m.oob(1));
        assert!(poll_once(call.as_mut()).is_pending());
        for count in [&first, &second] {
            let waker = Waker::from(Arc::clone(count));
            for _ in 0..3 {
                assert!(oob.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            }
        }
        let waker = noop_waker();
        assert!(matches!(call.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Ready(Ok(1))));
        drop(call);
        assert_eq!(now(m.asend(c.as_mut(), 2)), None);
        assert_eq!((first.get(), second.get()), (0, 1));
        assert_eq!(now(oob).and_then(Result::ok), Some(2));
    }

    fn spurious_polls_of_the_coroutine_lose_nothing() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let mut oob = pin!(m.oob(1));
            // Polled twice in each poll: it is told nothing new.
            poll_fn(|cx| match oob.as_mut().poll(cx) {
                Poll::Pending => oob.as_mut().poll(cx),
                ready @ Poll::Ready(_) => ready,
            })
            .await
            .unwrap()
        });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(now(m.asend(c.as_mut(), 3)), Some(Step::Done(3)));
    }
}

#[test]
fn helpers_on_a_local_executor_talk_to_the_owner() {
    let ex = smol::LocalExecutor::new();
    let m = Rc::new(asynkit::LocalMonitor::<u32, u32>::new());
    block_on(ex.run(async {
        let mut c = pin!(async {
            let helpers: Vec<_> = (0..5)
                .map(|i| {
                    let m = Rc::clone(&m);
                    ex.spawn(async move { m.oob(i).await })
                })
                .collect();
            let mut sum = 0;
            for helper in helpers {
                sum += helper.await?;
            }
            Ok::<_, Interrupt>(sum)
        });
        let mut items = vec![m.start(c.as_mut()).await.ok().unwrap()];
        let sum = loop {
            match m.asend(c.as_mut(), items.last().unwrap() * 10).await {
                Step::Oob(item) => items.push(item),
                Step::Done(sum) => break sum.unwrap(),
            }
        };
        items.sort_unstable();
        assert_eq!((items, sum), (vec![0, 1, 2, 3, 4], 100));
    }));
}
