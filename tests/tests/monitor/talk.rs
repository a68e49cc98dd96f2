//! Sending, answering, and what comes back.

use asynkit::{CoroState as _, CoroStatus, Interrupt, NoOob, Step};
use asynkit_tests::{block_on, now, yield_now};
use std::{
    future::{Future, IntoFuture as _},
    pin::{Pin, pin},
};

with_both_monitors! {
    fn items_go_out_and_answers_come_in() {
        let m = Monitor::<u32, u32>::new();
        let mut c = pin!(async {
            let a = m.oob(1).await?;
            yield_now().await;
            let b = m.oob(a + 1).await?;
            Ok::<_, Interrupt>(a + b)
        });
        block_on(async {
            assert_eq!(m.start(c.as_mut()).await.unwrap(), 1);
            assert_eq!(m.asend(c.as_mut(), 10).await.oob(), Some(11));
            assert_eq!(m.asend(c.as_mut(), 100).await.done().unwrap().unwrap(), 110);
        });
    }

    fn aawait_starts_answers_by_default_and_goes_on() {
        let m = Monitor::<u8, Option<u8>>::new();
        let mut c = pin!(async {
            assert_eq!(m.oob(1).await.unwrap(), None);
            2
        });
        assert_eq!(now(m.aawait(c.as_mut())), Some(Step::Oob(1)));
        assert_eq!(now(m.aawait(c.as_mut())), Some(Step::Done(2)));
    }

    fn start_gives_the_first_item_or_the_value_of_one_that_has_none() {
        let m = Monitor::<u8, String>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        let mut quiet = pin!(async { "quiet" });
        assert_eq!(now(m.start(quiet.as_mut())), Some(Err(NoOob("quiet"))));
        assert_eq!(now(m.asend(c.as_mut(), "x".into())), Some(Step::Done("x".into())));
    }

    fn try_await_drops_the_item_and_keeps_the_coroutine_waiting() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async { m.oob(1).await.unwrap() + m.oob(2).await.unwrap() });
        assert_eq!(now(m.try_await(c.as_mut(), 0)), Some(None));
        assert_eq!(now(m.try_await(c.as_mut(), 10)), Some(None));
        assert_eq!(now(m.try_await(c.as_mut(), 20)), Some(Some(30)));
    }

    fn dyn_coroutines_are_driven() {
        let m = Monitor::<u8, u8>::new();
        let mut boxed: Pin<Box<dyn Future<Output = u8> + '_>> = Box::pin(async { m.oob(1).await.unwrap() });
        assert_eq!(now(m.start(boxed.as_mut())), Some(Ok(1)));
        assert_eq!(now(m.asend(boxed.as_mut(), 7)), Some(Step::Done(7)));
        let mut pinned = pin!(async { m.oob(2).await.unwrap() });
        let mut c: Pin<&mut dyn Future<Output = u8>> = pinned.as_mut();
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(2)));
        assert_eq!(now(m.asend(c.as_mut(), 8)), Some(Step::Done(8)));
    }

    fn items_and_answers_that_allocate_are_moved_not_copied_nor_lost() {
        let m = Monitor::<Vec<u8>, Box<str>>::new();
        let mut c = pin!(async {
            let mut all = String::new();
            for i in 0..3 {
                all += &m.oob(vec![i; 3]).await.unwrap();
            }
            all
        });
        let mut step = m.start(c.as_mut());
        let Some(Ok(mut item)) = now(&mut step) else { panic!() };
        drop(step);
        let all = loop {
            match now(m.asend(c.as_mut(), format!("{item:?}").into())).unwrap() {
                Step::Oob(next) => item = next,
                Step::Done(all) => break all,
            }
        };
        assert_eq!(all, "[0, 0, 0][1, 1, 1][2, 2, 2]");
    }

    fn zero_sized_messages_pass() {
        let m = Monitor::<()>::new();
        let mut c = pin!(async { m.oob(()).await.is_ok() });
        assert_eq!(now(m.aawait(c.as_mut())), Some(Step::Oob(())));
        assert_eq!(now(m.aawait(c.as_mut())), Some(Step::Done(true)));
    }

    fn a_message_may_borrow_what_was_declared_after_the_monitor() {
        let m = Monitor::new();
        let data = vec![1u8];
        let mut c = pin!(async {
            let answer: Result<(), _> = m.oob(&data).await;
            answer.is_ok()
        });
        assert_eq!(now(m.aawait(c.as_mut())).and_then(Step::oob), Some(&data));
        assert_eq!(now(m.aawait(c.as_mut())), Some(Step::Done(true)));
    }

    fn a_bound_coroutine_may_move_and_is_awaited_again_and_again() {
        let m = Monitor::<u8>::new();
        let mut bound = m.bind(Box::pin(async {
            for i in 0..3 {
                m.oob(i).await.unwrap();
            }
            'x'
        }));
        assert_eq!(bound.status(), CoroStatus::New);
        assert_eq!(now((&mut bound).into_future()), Some(Step::Oob(0)));
        let mut moved = Box::new(bound);
        assert_eq!(now((&mut *moved).into_future()), Some(Step::Oob(1)));
        assert_eq!(moved.status(), CoroStatus::Suspended);
        let mut back = *moved;
        assert_eq!(now(back.aawait()), Some(Step::Oob(2)));
        assert_eq!(now(back.aawait()), Some(Step::Done('x')));
        assert_eq!(back.status(), CoroStatus::Finished);
    }

    fn every_call_of_a_bound_coroutine() {
        let m = Monitor::<u8, u8>::new();
        let mut bound = m.bind(Box::pin(async { while m.oob(1).await.is_ok() {} }));
        assert_eq!(now(bound.start()), Some(Ok(1)));
        assert_eq!(now(bound.asend(1)), Some(Step::Oob(1)));
        assert_eq!(now(bound.try_await(1)), Some(None));
        assert_eq!(now(bound.athrow("x")).unwrap().unwrap(), Step::Done(()));
        assert_eq!(now(bound.aclose()), Some(Ok(())));
        assert!(!bound.monitor().is_active());
        assert!(format!("{bound:?}").contains("Finished"));
    }

    fn debug_says_something() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {});
        assert!(format!("{m:?}").contains("is_active: false"));
        assert!(format!("{:?}", m.oob(1)).contains("New"));
        assert!(format!("{:?}", m.asend(c.as_mut(), 1)).contains("Asend"));
        assert!(format!("{:?}", m.start(c.as_mut())).contains("Start"));
        assert!(format!("{:?}", m.try_await(c.as_mut(), 1)).contains("TryAwait"));
        assert!(format!("{:?}", m.athrow(c.as_mut(), "x")).contains('x'));
        assert!(format!("{:?}", m.aclose(c.as_mut())).contains("Aclose"));
    }
}

#[test]
fn a_shared_monitor_and_its_futures_are_send_and_sync() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    fn sync<T: Sync>(_: &T) {}

    static SHARED: asynkit::Monitor<u8, u8> = asynkit::Monitor::new();
    let m = asynkit::Monitor::<u8, u8>::new();
    sync(&m);
    let mut c = pin!(send(async { m.oob(1).await.is_ok() }));
    drop(send(m.asend(c.as_mut(), 1)));
    drop(send(m.athrow(c.as_mut(), "x")));
    drop(send(m.aclose(c.as_mut())));
    drop(send(SHARED.oob(1)));
}

#[test]
fn a_monitor_whose_messages_are_not_send_is_not_sync() {
    trait Ambiguous<Marker> {
        fn is_sync() -> bool {
            false
        }
    }
    struct Sync_;
    impl<T: ?Sized> Ambiguous<()> for T {}
    impl<T: ?Sized + Sync> Ambiguous<Sync_> for T {}
    // Each resolves because exactly one implementation applies: with `Sync` it would be ambiguous.
    assert!(!<asynkit::Monitor<std::rc::Rc<u8>, ()> as Ambiguous<_>>::is_sync());
    assert!(!<asynkit::Monitor<(), std::cell::RefCell<std::rc::Rc<u8>>> as Ambiguous<_>>::is_sync());
    assert!(!<asynkit::LocalMonitor<u8, u8> as Ambiguous<_>>::is_sync());
}

#[test]
fn cell_messages_of_a_shared_monitor_need_only_be_send() {
    fn sync<T: Sync>() {}
    sync::<asynkit::Monitor<std::cell::Cell<u8>, std::cell::Cell<u8>>>();
}
