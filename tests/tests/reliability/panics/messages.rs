//! Items, answers and errors on their way.

use super::{Bomb, explodes, table};
use asynkit::{
    AsyncGenerator as _, Co, Interrupt, Monitor, Step, generator,
    generator::{RawGenerator as _, Resume},
};
use asynkit_tests::{Chosen, Value, Woken, forget, now, poll_once};
use futures::StreamExt as _;
use std::{
    future::{pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::pin,
    task::{Context as Cx, Poll, Waker},
};

#[test]
fn a_panic_of_a_message_leaves_a_monitor_usable() {
    fn still_works(m: &Monitor<Option<Bomb>, Option<Bomb>>) {
        let mut c = pin!(async { m.oob(None).await.is_ok() });
        assert!(matches!(now(m.start(c.as_mut())), Some(Ok(None))));
        assert!(matches!(now(m.asend(c.as_mut(), None)), Some(Step::Done(true))));
        assert!(!m.is_active());
    }
    table(&[
        ("an item that was not taken", |l| {
            let m = Monitor::new();
            let mut c = Box::pin(async {
                let mut oob = Box::pin(m.oob(Some(Bomb::new(l))));
                poll_fn(|cx| Poll::Ready(oob.as_mut().poll(cx).is_pending())).await;
                drop(oob);
            });
            explodes(|| now(m.aawait(c.as_mut())));
            still_works(&m);
        }),
        ("an answer that was not read", |l| {
            let m = Monitor::new();
            let mut c = Box::pin(async {
                let mut oob = Box::pin(m.oob(None));
                let mut polls = 0;
                poll_fn(|cx| {
                    polls += 1;
                    if polls == 1 { oob.as_mut().poll(cx).map(drop) } else { Poll::Ready(()) }
                })
                .await;
                drop(oob);
            });
            assert!(matches!(now(m.start(c.as_mut())), Some(Ok(None))));
            explodes(|| now(m.asend(c.as_mut(), Some(Bomb::new(l)))));
            still_works(&m);
        }),
        ("an answer that is for nobody", |l| {
            let m = Monitor::<Option<Bomb>, Option<Bomb>>::new();
            let mut c = pin!(async {});
            let refused = catch_unwind(AssertUnwindSafe(|| {
                let answer = Some(Bomb::new(l));
                now(m.asend(c.as_mut(), answer))
            }));
            assert!(refused.is_err());
            still_works(&m);
        }),
        ("a letter of a coroutine that is dropped", |l| {
            let m = Monitor::new();
            let mut c = Box::pin(async {
                drop(futures::join!(m.oob(None), m.oob(Some(Bomb::new(l)))));
            });
            assert!(matches!(now(m.start(c.as_mut())), Some(Ok(None))));
            explodes(|| drop(c));
            still_works(&m);
        }),
        ("a letter that is refused", |l| {
            let m = Monitor::new();
            let mut helper = Box::pin(m.oob(Some(Bomb::new(l))));
            let waker = Waker::from(Woken::new());
            {
                let mut c = pin!(poll_fn(|_| {
                    assert!(helper.as_mut().poll(&mut Cx::from_waker(&waker)).is_pending());
                    Poll::Ready(())
                }));
                explodes(|| now(m.aawait(c.as_mut())));
            }
            assert!(now(helper.as_mut()).unwrap().is_err());
            drop(helper);
            still_works(&m);
        }),
        ("an item that try_await drops", |l| {
            let m = Monitor::new();
            let mut c = pin!(async { m.oob(Some(Bomb::new(l))).await.is_ok() });
            explodes(|| now(m.try_await(c.as_mut(), None)));
            assert!(matches!(now(m.asend(c.as_mut(), None)), Some(Step::Done(true))));
            still_works(&m);
        }),
        ("an error that nobody took", |l| {
            let m = Monitor::new();
            let mut c = pin!(pending::<()>());
            assert!(poll_once(pin!(m.aawait(c.as_mut()))).is_pending());
            explodes(|| now(m.athrow(c.as_mut(), Bomb::new(l))));
            still_works(&m);
        }),
        ("the default answer", |l| {
            struct Odd;
            impl Default for Odd {
                fn default() -> Self {
                    resume_unwind(Box::new(Chosen))
                }
            }
            let m = Monitor::<Value, Odd>::new();
            let mut c = pin!(async { m.oob(l.value()).await.is_ok() });
            explodes(|| now(m.aawait(c.as_mut())));
            assert!(now(m.start(c.as_mut())).unwrap().is_ok());
            assert!(matches!(now(m.asend(c.as_mut(), Odd)), Some(Step::Done(true))));
        }),
    ]);
}

#[test]
fn a_panic_of_a_message_ends_a_generator_or_leaves_it_where_it_was() {
    struct Picky(#[expect(dead_code, reason = "it is counted")] Option<Value>);
    impl Resume for Picky {
        type Value = Option<Value>;
        fn from_value(value: Option<Value>) -> Self {
            Picky(value)
        }
        fn from_interrupt(_: Interrupt) -> Result<Self, Interrupt> {
            resume_unwind(Box::new(Chosen))
        }
    }
    table(&[
        ("an item that was not taken", |l| {
            let mut g = pin!(generator(async |mut co: Co<'_, Bomb>| {
                let mut item = Box::pin(co.ayield(Bomb::new(l)));
                assert!(poll_once(item.as_mut()).is_pending());
                drop(item);
            }));
            explodes(|| now(g.next()));
            assert!(g.is_finished() && now(g.next()).unwrap().is_none());
        }),
        ("an item of a generator that is dropped", |l| {
            let g = generator(async |mut co: Co<'_, Bomb>| {
                let mut item = Box::pin(co.ayield(Bomb::new(l)));
                assert!(poll_once(item.as_mut()).is_pending());
                forget(item);
            });
            let mut g = Box::pin(g);
            let _ = catch_unwind(AssertUnwindSafe(|| drop(now(g.next()))));
            let _ = catch_unwind(AssertUnwindSafe(|| drop(g)));
        }),
        ("an answer that was not read", |l| {
            let mut g = pin!(generator(async |mut co: Co<'_, u8, Result<Option<Bomb>, Interrupt>>| {
                let mut item = Box::pin(co.ayield(1));
                poll_fn(|cx| item.as_mut().poll(cx).map(drop)).await;
            }));
            assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
            explodes(|| now(g.as_mut().asend(Some(Bomb::new(l)))));
            assert!(g.is_finished());
        }),
        ("an error that nobody took", |l| {
            let mut g = pin!(generator(async |mut co: Co<'_, u8>| co.ayield(1).await));
            assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
            explodes(|| now(g.as_mut().athrow(Bomb::new(l))));
            assert!(g.is_finished());
        }),
        ("from_interrupt", |l| {
            let mut g = Box::pin(generator(async |mut co: Co<'_, u8, Picky>| {
                let _held = l.value();
                co.ayield(1).await;
            }));
            assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
            explodes(|| now(g.as_mut().athrow("x")));
            // Whatever it made of it: it can be driven, closed or dropped.
            let _ = catch_unwind(AssertUnwindSafe(|| now(g.as_mut().asend(Some(l.value())))));
            drop(g);
        }),
        ("an item of a called body that is dropped", |l| {
            let own = l.clone();
            let mut g = Box::pin(generator(async |mut co: Co<'_, u8>| {
                co.call(async move |mut co: Co<'_, u8>| {
                    let _bomb = Bomb::new(&own);
                    co.ayield(1).await;
                })
                .await;
            }));
            assert_eq!(now(g.next()), Some(Some(1)));
            explodes(|| now(g.as_mut().aclose()));
            assert!(g.is_finished());
        }),
    ]);
}
