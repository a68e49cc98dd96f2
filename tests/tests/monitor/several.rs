//! Several coroutines, several monitors.

use asynkit::{MonitorError, Step};
use asynkit_tests::{block_on, now, poll_once, yield_now};
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
};

with_both_monitors! {
    fn coroutines_of_different_types_take_turns_each_at_its_own_oob() {
        let m = Monitor::<u8, u8>::new();
        let mut a = pin!(async { m.oob(1).await.unwrap() + m.oob(2).await.unwrap() });
        let mut b = pin!(async { (m.oob(11).await.unwrap(), m.oob(12).await.unwrap()) });
        let mut c = pin!(async { format!("{}", m.oob(21).await.unwrap()) });
        assert_eq!(now(m.start(a.as_mut())), Some(Ok(1)));
        assert_eq!(now(m.start(b.as_mut())), Some(Ok(11)));
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(21)));
        assert_eq!(now(m.asend(b.as_mut(), 100)), Some(Step::Oob(12)));
        assert_eq!(now(m.asend(a.as_mut(), 10)), Some(Step::Oob(2)));
        assert_eq!(now(m.asend(c.as_mut(), 5)), Some(Step::Done("5".into())));
        assert_eq!(now(m.asend(a.as_mut(), 20)), Some(Step::Done(30)));
        assert_eq!(now(m.asend(b.as_mut(), 101)), Some(Step::Done((100, 101))));
    }

    fn a_thousand_coroutines_in_turn_get_their_own_answers() {
        let m = &Monitor::<usize, usize>::new();
        let mut all: Vec<Pin<Box<dyn Future<Output = usize> + '_>>> = Vec::new();
        for i in 0..1000 {
            all.push(Box::pin(async move { m.oob(i).await.unwrap() + m.oob(i).await.unwrap() }));
        }
        for (i, c) in all.iter_mut().enumerate() {
            assert_eq!(now(m.start(c.as_mut())), Some(Ok(i)));
        }
        for (i, c) in all.iter_mut().enumerate().rev() {
            assert_eq!(now(m.asend(c.as_mut(), i)), Some(Step::Oob(i)));
        }
        for (i, c) in all.iter_mut().enumerate() {
            assert_eq!(now(m.asend(c.as_mut(), 1)), Some(Step::Done(i + 1)));
        }
    }

    fn dropping_one_of_several_leaves_the_others() {
        let m = Monitor::<u8, u8>::new();
        let mut a = Box::pin(async { m.oob(1).await.unwrap() });
        let mut b = Box::pin(async { m.oob(2).await.unwrap() });
        let mut c = Box::pin(async { m.oob(3).await.unwrap() });
        for c in [a.as_mut() as Pin<&mut dyn Future<Output = u8>>, b.as_mut(), c.as_mut()] {
            assert!(now(m.start(c)).unwrap().is_ok());
        }
        drop(b);
        assert_eq!(now(m.asend(a.as_mut(), 1)), Some(Step::Done(1)));
        drop(a);
        assert_eq!(now(m.asend(c.as_mut(), 3)), Some(Step::Done(3)));
        assert!(now(m.oob(9)).unwrap().is_err(), "nothing waits any more");
    }

    fn a_leaf_talks_to_the_outer_of_two_monitors() {
        let outer = Monitor::<&str, u8>::new();
        let inner = Monitor::<u8, u8>::new();
        let mut middle = pin!(async {
            let mut leaf = pin!(async {
                let a = inner.oob(1).await.unwrap();
                let b = outer.oob("from the leaf").await.unwrap();
                let c = inner.oob(2).await.unwrap();
                a + b + c
            });
            assert_eq!(inner.start(leaf.as_mut()).await, Ok(1));
            assert_eq!(inner.asend(leaf.as_mut(), 10).await, Step::Oob(2));
            inner.asend(leaf.as_mut(), 1).await.done().unwrap()
        });
        assert_eq!(now(outer.start(middle.as_mut())), Some(Ok("from the leaf")));
        assert!(inner.is_active(), "its call is suspended");
        assert_eq!(now(outer.asend(middle.as_mut(), 100)), Some(Step::Done(111)));
        assert!(!inner.is_active());
    }

    fn monitors_nest_a_hundred_deep() {
        fn level(m: &Monitor<u16, u16>, depth: u16) -> Pin<Box<dyn Future<Output = u16> + '_>> {
            Box::pin(async move {
                if depth == 0 {
                    return m.oob(0).await.unwrap();
                }
                let own = Monitor::<u16, u16>::new();
                let mut c = level(m, depth - 1);
                match own.aawait(c.as_mut()).await {
                    Step::Done(n) => n + 1,
                    Step::Oob(_) => unreachable!("the leaf talks to the outermost"),
                }
            })
        }
        let m = Monitor::<u16, u16>::new();
        let mut c = level(&m, 100);
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(0)));
        assert_eq!(now(m.asend(c.as_mut(), 7)), Some(Step::Done(107)));
    }

    fn real_awaits_pass_to_whatever_polls() {
        let m = Monitor::<u8, u8>::new();
        block_on(async {
            let mut c = pin!(async {
                yield_now().await;
                let n = m.oob(1).await.unwrap();
                yield_now().await;
                smol::Timer::after(std::time::Duration::from_millis(1)).await;
                n
            });
            assert_eq!(m.start(c.as_mut()).await, Ok(1));
            assert_eq!(m.asend(c.as_mut(), 4).await, Step::Done(4));
        });
    }

    fn joined_branches_of_two_coroutines_are_not_mixed_up() {
        let m = Monitor::<u8, u8>::new();
        let mut a = pin!(async { futures::join!(async { m.oob(1).await.unwrap() }, async { m.oob(2).await.unwrap() }) });
        let mut b = pin!(async { futures::join!(async { m.oob(11).await.unwrap() }, async { m.oob(12).await.unwrap() }) });
        assert_eq!(now(m.start(a.as_mut())).and_then(Result::ok), Some(1));
        assert_eq!(now(m.start(b.as_mut())).and_then(Result::ok), Some(11));
        assert_eq!(now(m.asend(b.as_mut(), 21)).and_then(Step::oob), Some(12));
        assert_eq!(now(m.asend(a.as_mut(), 3)).and_then(Step::oob), Some(2));
        assert_eq!(now(m.asend(a.as_mut(), 4)).and_then(Step::done), Some((3, 4)));
        assert_eq!(now(m.asend(b.as_mut(), 22)).and_then(Step::done), Some((21, 22)));
    }

    fn bound_coroutines_of_one_monitor_swap_places() {
        let m = Monitor::<u8, u8>::new();
        let make = |n| {
            let m = &m;
            m.bind(Box::pin(async move { m.oob(n).await.unwrap() }))
        };
        let (mut a, mut b) = (make(1), make(2));
        assert_eq!(now(a.start()), Some(Ok(1)));
        assert_eq!(now(b.start()), Some(Ok(2)));
        std::mem::swap(&mut a, &mut b);
        assert_eq!(now(a.asend(20)), Some(Step::Done(20)));
        assert_eq!(now(b.asend(10)), Some(Step::Done(10)));
    }

    fn the_same_coroutine_cannot_answer_twice() {
        let m = Monitor::<u8, u8>::new();
        let mut c = pin!(async {
            let n = m.oob(1).await.unwrap();
            yield_now().await;
            n
        });
        assert_eq!(now(m.start(c.as_mut())), Some(Ok(1)));
        assert!(poll_once(pin!(m.asend(c.as_mut(), 5))).is_pending());
        let twice = now(poll_fn(|cx| m.poll_asend(c.as_mut(), &mut Some(6), cx)));
        assert_eq!(twice, Some(Err(MonitorError::NotWaiting)));
        assert_eq!(now(m.resume(c.as_mut())), Some(Step::Done(5)));
    }
}
