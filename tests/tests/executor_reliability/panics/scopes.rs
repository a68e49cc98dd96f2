//! Panics inside of what a task awaits: interrupt points and shields, timeouts, generators, monitors, contexts, drives.

use super::{Charge, Told, table, unwrap};
use asynkit::{
    AsyncGenerator as _, Co, ContextVar, GeneratorObject, Interrupt, InterruptExt as _, InterruptKind,
    Monitor, await_sync, copy_context, coro_await, generator, generator_fn, shield, spawn, syncfunction,
    task_timeout, throw_when, yield_now,
};
use asynkit_tests::{OnDrop, point};
use futures::{FutureExt as _, StreamExt as _};
use std::{future::pending, pin::pin, time::Duration};

#[generator_fn(u8)]
async fn items(charge: Charge) {
    charge.leaf().await;
    ayield!(1);
}

#[syncfunction]
async fn sync(charge: Charge) {
    charge.strike();
}

#[test]
fn a_panic_inside_of_an_interrupts_scope_is_told_once() {
    table(&[
        ("an interrupt point", Told::Awaiter, |charge| {
            async { charge.leaf().interruptible().await.unwrap() }.boxed_local()
        }),
        ("a shield", Told::Awaiter, |charge| async { shield(charge.leaf()).await }.boxed_local()),
        ("a shield that is held against a cancel", Told::Awaiter, |charge| {
            async {
                let task = spawn(async { shield(charge.leaf()).await });
                yield_now().await;
                task.cancel();
                unwrap(task.await);
            }
            .boxed_local()
        }),
        ("the clean-up of a task that was cancelled", Told::Awaiter, |charge| {
            async {
                let task = spawn(async {
                    assert!(point().await.is_err());
                    charge.leaf().await;
                });
                yield_now().await;
                task.cancel();
                unwrap(task.await);
            }
            .boxed_local()
        }),
        ("a body with a time limit", Told::Awaiter, |charge| {
            async { task_timeout(Duration::MAX, charge.leaf()).await.unwrap() }.boxed_local()
        }),
        ("the clean-up of a body whose time is over", Told::Awaiter, |charge| {
            async {
                let limited = task_timeout(Duration::from_millis(1), async {
                    assert!(point().await.is_err());
                    charge.leaf().await;
                });
                limited.grace(Duration::MAX).await.unwrap();
            }
            .boxed_local()
        }),
        ("throw_when: what is waited for", Told::Awaiter, |charge| {
            async {
                let told = throw_when(charge.leaf(), InterruptKind::Cancel, pending::<()>()).await;
                told.unwrap();
            }
            .boxed_local()
        }),
        ("throw_when: the body", Told::Awaiter, |charge| {
            async { throw_when(pending::<()>(), InterruptKind::Cancel, charge.leaf()).await.unwrap() }
                .boxed_local()
        }),
    ]);
}

#[test]
fn a_panic_inside_of_a_generator_or_a_monitor_is_told_once() {
    table(&[
        ("a generator's body", Told::Awaiter, |charge| {
            async {
                let mut g = pin!(generator(async move |mut co: Co<'_, u8>| {
                    charge.leaf().await;
                    co.ayield(1).await;
                }));
                g.next().await;
            }
            .boxed_local()
        }),
        ("a #[generator_fn]", Told::Awaiter, |charge| {
            async {
                pin!(items(charge)).next().await;
            }
            .boxed_local()
        }),
        ("a generator's clean-up", Told::Awaiter, |charge| {
            async {
                let mut g = pin!(generator(async move |mut co: Co<'_, u8, Result<(), Interrupt>>| {
                    assert!(co.ayield(1).await.is_err());
                    charge.leaf().await;
                }));
                g.next().await;
                g.as_mut().aclose().await.unwrap();
            }
            .boxed_local()
        }),
        ("the body of a generator by handle", Told::Awaiter, |charge| {
            async {
                let g = GeneratorObject::<u8>::new();
                let mut items = pin!(g.iterate(charge.leaf()));
                items.next().await;
            }
            .boxed_local()
        }),
        ("a coroutine of a monitor", Told::Awaiter, |charge| {
            async {
                let m = Monitor::<u8, u8>::new();
                let mut c = pin!(async {
                    m.oob(1).await.unwrap();
                    charge.leaf().await;
                });
                assert_eq!(m.start(c.as_mut()).await.unwrap(), 1);
                let _ended = m.asend(c.as_mut(), 2).await;
            }
            .boxed_local()
        }),
        ("the clean-up of a coroutine of a monitor", Told::Awaiter, |charge| {
            async {
                let m = Monitor::<u8, u8>::new();
                let mut c = pin!(async {
                    assert!(m.oob(1).await.is_err());
                    charge.leaf().await;
                });
                assert_eq!(m.start(c.as_mut()).await.unwrap(), 1);
                drop(m.athrow(c.as_mut(), "stop").await);
            }
            .boxed_local()
        }),
        ("the owner of a monitor, between two turns", Told::Awaiter, |charge| {
            async {
                let m = Monitor::<u8, u8>::new();
                let mut c = pin!(async { m.oob(1).await.unwrap() });
                assert_eq!(m.start(c.as_mut()).await.unwrap(), 1);
                charge.leaf().await;
            }
            .boxed_local()
        }),
    ]);
}

static VAR: ContextVar<u32> = ContextVar::new();

#[test]
fn a_panic_inside_of_a_context_or_a_drive_is_told_once() {
    table(&[
        ("what runs in a context", Told::Awaiter, |charge| {
            async {
                let mut context = copy_context();
                let _outside = OnDrop(|| assert!(VAR.get().is_none(), "the context was left"));
                let inside = async {
                    let _token = VAR.set(1);
                    charge.leaf().await;
                };
                coro_await(inside, &mut context).await;
            }
            .boxed_local()
        }),
        ("a closure in a context", Told::Awaiter, |charge| {
            async { copy_context().run(|| charge.strike()) }.boxed_local()
        }),
        ("what is driven by sync code", Told::Awaiter, |charge| {
            async { await_sync(async { charge.strike() }).unwrap() }.boxed_local()
        }),
        ("a #[syncfunction]", Told::Awaiter, |charge| async { sync(charge).unwrap() }.boxed_local()),
    ]);
}
