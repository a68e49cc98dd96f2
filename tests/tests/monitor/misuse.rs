//! What is refused: at the caller's line, with nothing taken and nothing harmed.

use asynkit::{MonitorError, NotActive, Step};
use asynkit_tests::{now, panic_text, poll_once};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Once,
};

thread_local!(static PANICKED_AT: Cell<(u32, bool)> = const { Cell::new((0, false)) });

/// The line of this file that `f` panics at.
fn panic_line<R>(f: impl FnOnce() -> R) -> u32 {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let next = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let at = info.location().expect("always known");
            PANICKED_AT.set((at.line(), at.file().ends_with("misuse.rs")));
            next(info);
        }));
    });
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err(), "it did not panic");
    let (line, is_here) = PANICKED_AT.get();
    assert!(is_here, "it panicked in another file");
    line
}

with_both_monitors! {
    fn an_answer_that_no_oob_waits_for_panics_at_the_await() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        let line = panic_line(|| now(async {
            m.asend(c.as_mut(), 5).await
        }));
        assert_eq!(line, line!() - 2);
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)), "the coroutine was not polled");
        assert_eq!(now(m.asend(c.as_mut(), 5)), Some(Step::Done(5)));
    }

    fn every_call_panics_at_its_await() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        now(m.start(c.as_mut())).unwrap().unwrap();
        assert_eq!(panic_line(|| now(async { m.resume(c.as_mut()).await })), line!());
        assert_eq!(panic_line(|| now(async { m.start(c.as_mut()).await.is_ok() })), line!());
        let mut suspended = pin!(pending::<()>());
        let mut call = pin!(m.start(suspended.as_mut()));
        assert!(poll_once(call.as_mut()).is_pending());
        assert_eq!(panic_line(|| now(async { m.try_await(c.as_mut(), 1).await })), line!());
        assert_eq!(panic_line(|| now(async { m.aawait(c.as_mut()).await })), line!());
        assert_eq!(panic_line(|| now(async { m.athrow(c.as_mut(), "x").await })), line!());
        assert_eq!(panic_line(|| now(async { m.aclose(c.as_mut()).await })), line!());
    }

    fn the_panics_say_what_to_do() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        let text = panic_text(|| now(m.asend(c.as_mut(), 1)));
        assert!(text.contains("waits at no `oob` of this monitor"), "{text}");
        now(m.start(c.as_mut())).unwrap().unwrap();
        let text = panic_text(|| now(m.resume(c.as_mut())));
        assert!(text.contains("answer it with `asend`"), "{text}");
        let mut call = pin!(m.asend(c.as_mut(), 1));
        assert!(poll_once(call.as_mut()).is_ready());
        let text = panic_text(|| poll_once(call.as_mut()));
        assert!(text.contains("polled after it had resolved"), "{text}");
    }

    fn poll_asend_says_it_by_an_error_and_keeps_the_data() {
        let m = Monitor::<u8, String>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        let mut data = Some("x".to_owned());
        let refused = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut data, cx)));
        assert_eq!(refused, Some(Err(MonitorError::NotWaiting)));
        assert_eq!(data.as_deref(), Some("x"));
        let started = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut None, cx)));
        assert_eq!(started, Some(Ok(Step::Oob(1))));
        let unanswered = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut None, cx)));
        assert_eq!(unanswered, Some(Err(MonitorError::Unanswered)));
        let done = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut data, cx)));
        assert_eq!((done, data), (Some(Ok(Step::Done("x".into()))), None));
    }

    fn poll_asend_left_suspended_keeps_nobody_out() {
        let m = Monitor::<u8, u8>::new();
        let mut waits = pin!(pending::<()>());
        assert_eq!(now(poll_fn(|cx| m.poll_asend(waits.as_mut(), &mut None, cx))), None);
        assert!(m.is_active());
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert!(!m.is_active());
    }

    fn re_entry_is_refused_and_the_call_around_it_goes_on() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let mut inner = pin!(async { 1 });
            let mut data = None;
            let refused = poll_fn(|cx| m.poll_asend(inner.as_mut(), &mut data, cx)).await;
            assert_eq!(refused, Err(MonitorError::Reentered));
            let text = panic_text(|| now(m.start(inner.as_mut())));
            assert!(text.contains("cannot be re-entered"), "{text}");
            m.oob(3).await.unwrap()
        });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(3)));
        assert_eq!(now(m.asend(c.as_mut(), 4)), Some(Step::Done(4)));
    }

    fn one_call_at_a_time_even_when_the_other_is_suspended() {
        let m = Monitor::<u8, u8>::new();
        let mut waits = pin!(pending::<()>());
        let mut other = pin!(async { m.oob(1).await.unwrap() });
        {
            let mut call = pin!(m.start(waits.as_mut()));
            assert!(poll_once(call.as_mut()).is_pending());
            assert!(m.is_active());
            let refused = now(poll_fn(|cx| m.poll_asend(other.as_mut(), &mut None, cx)));
            assert_eq!(refused, Some(Err(MonitorError::Reentered)));
            assert!(poll_once(call.as_mut()).is_pending(), "it goes on");
        }
        assert!(!m.is_active());
        assert_eq!(now(m.start(other.as_mut())), Some(Ok(1)));
    }

    fn an_answer_for_the_wrong_coroutine_is_refused_and_the_right_one_still_waits() {
        let m = Monitor::<u8, u8>::new();
        let mut waits = pin!(async { m.oob(1).await.unwrap() });
        let polled = Cell::new(false);
        let mut new = pin!(async {
            polled.set(true);
            m.oob(2).await.unwrap()
        });
        assert_eq!(now(m.start(waits.as_mut())), Some(Ok(1)));
        let mut data = Some(9);
        let refused = now(poll_fn(|cx| m.poll_asend(new.as_mut(), &mut data, cx)));
        assert_eq!((refused, data, polled.get()), (Some(Err(MonitorError::NotWaiting)), Some(9), false));
        assert_eq!(now(m.start(new.as_mut())), Some(Ok(2)));
        assert_eq!(now(m.asend(waits.as_mut(), 5)), Some(Step::Done(5)));
        assert_eq!(now(m.asend(new.as_mut(), 6)), Some(Step::Done(6)));
    }

    fn an_oob_that_nobody_drives_is_not_active() {
        let m = Monitor::<u8, u8>::new();
        let error = now(m.oob(1)).unwrap().unwrap_err();
        assert!(error.is::<NotActive>());
        // Neither is the coroutine that is awaited directly.
        let mut c = pin!(async { m.oob(1).await });
        assert!(now(c.as_mut()).unwrap().unwrap_err().is::<NotActive>());
    }

    fn a_coroutine_that_waits_and_is_awaited_directly_gets_an_error_and_no_hang() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap_err() });
        assert_eq!(now(m.start(c.as_mut())).and_then(Result::ok), Some(1));
        assert!(now(c.as_mut()).unwrap().is::<NotActive>());
        assert!(now(m.oob(2)).unwrap().unwrap_err().is::<NotActive>(), "nothing waits any more");
    }

    fn an_oob_that_was_polled_to_its_end_says_so() {
        let m = Monitor::<u8, u8>::new();
        let mut oob = pin!(m.oob(1));
        assert!(poll_once(oob.as_mut()).is_ready());
        let text = panic_text(|| poll_once(oob.as_mut()));
        assert!(text.contains("polled after it had resolved"), "{text}");
    }

    fn a_handle_that_was_moved_is_found_again() {
        let m = Monitor::<u8, u8>::new();
        let boxed: Pin<Box<dyn Future<Output = u8> + '_>> = Box::pin(async {
            m.oob(1).await.unwrap() + m.oob(2).await.unwrap()
        });
        let mut here = boxed;
        assert_eq!(now(m.start(Pin::new(&mut here))), Some(Ok(1)));
        let mut there = Box::new(here);
        assert_eq!(now(m.asend(Pin::new(&mut *there), 10)), Some(Step::Oob(2)));
        let mut back = *there;
        assert_eq!(now(m.asend(Pin::new(&mut back), 20)), Some(Step::Done(30)));
    }

    fn a_new_handle_is_told_from_one_that_was_moved() {
        let m = Monitor::<u8, u8>::new();
        let mut waits = pin!(async { m.oob(1).await.unwrap() });
        assert_eq!(now(m.start(waits.as_mut())), Some(Ok(1)));
        let mut new = Box::pin(async { m.oob(2).await.unwrap() });
        let mut handle = &mut new;
        let mut data = Some(3);
        let refused = now(poll_fn(|cx| m.poll_asend(Pin::new(&mut handle), &mut data, cx)));
        assert_eq!((refused, data), (Some(Err(MonitorError::NotWaiting)), Some(3)));
        assert_eq!(now(m.start(Pin::new(&mut handle))), Some(Ok(2)), "its item was not lost");
        assert_eq!(now(m.asend(waits.as_mut(), 5)), Some(Step::Done(5)));
        assert_eq!(now(m.asend(Pin::new(&mut handle), 6)), Some(Step::Done(6)));
    }
}
