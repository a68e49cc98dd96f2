//! Messages on their way: each is dropped once, wherever it is; and coroutines whose addresses no turn can tell.

use asynkit::{Interrupt, MonitorError, NotActive, Step};
use asynkit_tests::{now, panic_text, poll_once};
use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// A message that counts its drops.
struct Message(Arc<AtomicUsize>, &'static str);

impl Drop for Message {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Drops(Arc<AtomicUsize>);

impl Drops {
    fn message(&self, text: &'static str) -> Message {
        Message(Arc::clone(&self.0), text)
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A coroutine of bytes, which keeps what it does elsewhere: any address is good enough for it. It is no handle, either.
struct Bytes([u8; 17]);

impl Bytes {
    fn eight() -> [Self; 8] {
        [0, 1, 2, 3, 4, 5, 6, 7].map(|n| Bytes([n; 17]))
    }
}

/// A waker that must not be woken.
struct Panics;

impl Wake for Panics {
    fn wake(self: Arc<Self>) {
        panic!("woken, on purpose");
    }
}

type Kept = Rc<RefCell<Pin<Box<dyn Future<Output = Result<u8, Interrupt>>>>>>;

/// The coroutine at this place awaits what is kept outside of it.
fn keep(place: usize, oob: impl Future<Output = Result<u8, Interrupt>> + 'static) -> Kept {
    let kept: Kept = Rc::new(RefCell::new(Box::pin(oob)));
    INSIDE.with_borrow_mut(|all| {
        let kept = Rc::clone(&kept);
        all.resize_with(8, || None);
        all[place] =
            Some(Box::pin(async move { poll_fn(|cx| kept.borrow_mut().as_mut().poll(cx)).await.unwrap() }));
    });
    kept
}

type Inside = Vec<Option<Pin<Box<dyn Future<Output = u8>>>>>;

thread_local! {
    static INSIDE: RefCell<Inside> = const { RefCell::new(Vec::new()) };
}

impl Future for Bytes {
    type Output = u8;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u8> {
        let place = usize::from(self.0[0]);
        let mut inside = INSIDE.with_borrow_mut(|all| all[place].take()).expect("it is there");
        let polled = inside.as_mut().poll(cx);
        INSIDE.with_borrow_mut(|all| all[place] = Some(inside));
        polled
    }
}

with_both_monitors! {
    fn an_item_that_is_never_polled_is_dropped_once() {
        let drops = Drops::default();
        let m = Monitor::<Message>::new();
        drop(m.oob(drops.message("never sent")));
        assert_eq!(drops.count(), 1);
    }

    fn an_item_that_is_refused_is_dropped_once() {
        let drops = Drops::default();
        let m = Monitor::<Message>::new();
        let mut oob = pin!(m.oob(drops.message("nobody drives")));
        assert!(matches!(poll_once(oob.as_mut()), Poll::Ready(Err(_))));
        assert_eq!(drops.count(), 1);
    }

    fn an_item_that_passes_is_dropped_by_its_owner_alone() {
        let drops = Drops::default();
        let m = Monitor::<Message, Message>::new();
        let mut c = pin!(async {
            for text in ["a", "b", "c"] {
                let answer = m.oob(drops.message(text)).await.unwrap();
                assert_eq!(answer.1, "answer");
            }
        });
        let mut items = vec![now(m.start(c.as_mut())).unwrap().unwrap()];
        while let Some(Step::Oob(item)) = now(m.asend(c.as_mut(), drops.message("answer"))) {
            items.push(item);
        }
        assert_eq!(items.iter().map(|item| item.1).collect::<String>(), "abc");
        assert_eq!(drops.count(), 3, "the answers");
        drop(items);
        assert_eq!(drops.count(), 6);
    }

    fn an_answer_to_a_coroutine_that_ends_without_reading_it_is_dropped_once() {
        let drops = Drops::default();
        let m = Monitor::<u8, Message>::new();
        let mut polls = 0;
        let mut oob = Some(Box::pin(m.oob(1)));
        let mut c = pin!(poll_fn(|cx| {
            polls += 1;
            if polls == 2 {
                drop(oob.take());
                return Poll::Ready(());
            }
            oob.as_mut().unwrap().as_mut().poll(cx).map(|_| ())
        }));
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert_eq!(drops.count(), 0);
        assert!(matches!(now(m.asend(c.as_mut(), drops.message("unread"))), Some(Step::Done(()))));
        assert_eq!(drops.count(), 1);
    }

    fn an_answer_that_is_left_for_a_later_poll_is_read_then() {
        let drops = Drops::default();
        let m = Monitor::<u8, Message>::new();
        let mut polls = 0;
        let mut oob = Box::pin(m.oob(1));
        let mut c = pin!(poll_fn(|cx| {
            polls += 1;
            if polls == 2 { Poll::Pending } else { oob.as_mut().poll(cx).map(|answer| answer.unwrap().1) }
        }));
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        {
            let mut call = pin!(m.asend(c.as_mut(), drops.message("late")));
            assert!(poll_once(call.as_mut()).is_pending());
            assert_eq!(drops.count(), 0);
            assert!(matches!(poll_once(call), Poll::Ready(Step::Done("late"))));
        }
        assert_eq!(drops.count(), 1);
    }

    fn a_panic_while_an_answer_waits_drops_it_once() {
        let drops = Drops::default();
        let m = Monitor::<u8, Message>::new();
        let mut polls = 0;
        let mut oob = Box::pin(m.oob(1));
        let mut c = pin!(poll_fn(|cx| {
            polls += 1;
            assert!(polls < 2, "on purpose");
            oob.as_mut().poll(cx).map(|_| ())
        }));
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        let answer = drops.message("unread");
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| now(m.asend(c.as_mut(), answer))));
        assert!(panic.is_err());
        assert_eq!(drops.count(), 1);
        assert!(!m.is_active());
    }

    fn coroutines_at_odd_addresses_side_by_side_get_their_own_answers() {
        let m = Rc::new(Monitor::<u8, u8>::new());
        INSIDE.with_borrow_mut(|all| {
            all.clear();
            for n in 0..8_u8 {
                let m = Rc::clone(&m);
                all.push(Some(Box::pin(async move {
                    let mut sum = 0;
                    for _ in 0..3 {
                        sum += m.oob(n).await.unwrap();
                    }
                    sum
                })));
            }
        });
        let mut all = Bytes::eight();
        for c in &mut all {
            let n = c.0[0];
            assert_eq!(now(m.start(Pin::new(c))), Some(Ok(n)));
        }
        for round in 1..=3 {
            for c in &mut all {
                let n = c.0[0];
                let step = if round < 3 { Step::Oob(n) } else { Step::Done(n * 3) };
                assert_eq!(now(m.asend(Pin::new(c), n)), Some(step));
            }
        }
        INSIDE.with_borrow_mut(Vec::clear);
        assert!(!m.is_active());
        assert!(now(m.oob(9)).unwrap().is_err(), "nothing waits any more");
    }

    fn what_follows_a_coroutine_that_was_dropped_at_its_oob_starts_anew_at_any_address() {
        for place in 0..8 {
            let m = Rc::new(Monitor::<u8, u8>::new());
            let ask = |n| {
                let m = Rc::clone(&m);
                Some(Box::pin(async move { m.oob(n).await.unwrap() }) as Pin<Box<dyn Future<Output = u8>>>)
            };
            INSIDE.with_borrow_mut(|all| *all = (0..8).map(ask).collect());
            let mut all = Bytes::eight();
            for c in &mut all {
                let n = c.0[0];
                assert_eq!(now(m.start(Pin::new(c))), Some(Ok(n)));
            }
            drop(INSIDE.with_borrow_mut(|all| all[place].take()));
            INSIDE.with_borrow_mut(|all| all[place] = ask(100));
            assert_eq!(now(m.start(Pin::new(&mut all[place]))), Some(Ok(100)));
            for c in &mut all {
                let n = c.0[0];
                assert_eq!(now(m.asend(Pin::new(c), n + 10)), Some(Step::Done(n + 10)));
            }
            INSIDE.with_borrow_mut(Vec::clear);
        }
    }

    fn an_oob_kept_outside_of_a_coroutine_at_any_address_is_told_that_nobody_drives() {
        for place in 0..8 {
            let m = Rc::new(Monitor::<u8, u8>::new());
            let kept = keep(place, { let m = Rc::clone(&m); async move { m.oob(7).await } });
            let mut all = Bytes::eight();
            assert_eq!(now(m.start(Pin::new(&mut all[place]))), Some(Ok(7)));
            INSIDE.with_borrow_mut(Vec::clear);
            let polled = poll_once(kept.borrow_mut().as_mut());
            assert!(matches!(polled, Poll::Ready(Err(e)) if e.is::<NotActive>()), "place {place}");
            assert!(!m.is_active());
        }
    }

    fn an_oob_kept_outside_of_a_coroutine_at_any_address_keeps_its_answer() {
        for place in 0..8 {
            let m = Rc::new(Monitor::<u8, u8>::new());
            let kept = keep(place, { let m = Rc::clone(&m); async move { m.oob(7).await } });
            let mut all = Bytes::eight();
            assert_eq!(now(m.start(Pin::new(&mut all[place]))), Some(Ok(7)));
            let text = panic_text(|| now(m.start(Pin::new(&mut all[place]))));
            assert_eq!(text, MonitorError::Unanswered.to_string());
            assert_eq!(now(m.asend(Pin::new(&mut all[place]), 8)), Some(Step::Done(8)));
            drop(kept);
            INSIDE.with_borrow_mut(Vec::clear);
        }
    }

    fn an_answer_that_is_read_under_another_waker_leaves_the_way_free_at_any_address() {
        for place in 0..8 {
            let m = Rc::new(Monitor::<u8, u8>::new());
            let c = { let m = Rc::clone(&m); async move {
                let mut first = Box::pin(m.oob(1));
                let mut is_sent = false;
                let answer = poll_fn(|cx| {
                    if is_sent {
                        return first.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    }
                    is_sent = true;
                    first.as_mut().poll(cx)
                });
                let answer = answer.await.unwrap();
                answer + m.oob(2).await.unwrap()
            } };
            INSIDE.with_borrow_mut(|all| {
                all.resize_with(8, || None);
                all[place] = Some(Box::pin(c));
            });
            let mut all = Bytes::eight();
            assert_eq!(now(m.start(Pin::new(&mut all[place]))), Some(Ok(1)));
            assert_eq!(now(m.asend(Pin::new(&mut all[place]), 10)), Some(Step::Oob(2)));
            assert_eq!(now(m.asend(Pin::new(&mut all[place]), 20)), Some(Step::Done(30)));
            INSIDE.with_borrow_mut(Vec::clear);
        }
    }

    fn a_waker_that_panics_as_its_letter_is_answered_gives_up_the_call_and_loses_nothing() {
        let m = Monitor::<u8, u8>::new();
        let waker = Waker::from(Arc::new(Panics));
        let mut oob = Box::pin(m.oob(1));
        let mut c = pin!(poll_fn(|_| oob.as_mut().poll(&mut Context::from_waker(&waker)).map(Result::unwrap)));
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert_eq!(panic_text(|| now(m.asend(c.as_mut(), 9))), "woken, on purpose");
        assert!(!m.is_active());
        assert_eq!(now(m.aawait(c.as_mut())), Some(Step::Done(9)));
        assert!(!m.is_active());
    }

    fn a_waker_that_panics_as_an_error_is_thrown_gives_up_the_call() {
        let m = Monitor::<u8, u8>::new();
        let waker = Waker::from(Arc::new(Panics));
        let mut oob = Box::pin(m.oob(1));
        let mut c = pin!(poll_fn(|_| oob.as_mut().poll(&mut Context::from_waker(&waker)).map(Result::unwrap)));
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert_eq!(panic_text(|| now(m.athrow(c.as_mut(), "not told"))), "woken, on purpose");
        assert!(!m.is_active());
        // The waker was used up.
        assert_eq!(now(m.asend(c.as_mut(), 9)), Some(Step::Done(9)));
    }
}
