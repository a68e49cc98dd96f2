//! Values of coroutines, of sync drives, of context variables.

use super::{Bomb, VAR, explode, explodes, table};
use asynkit::{
    ContextVar, CoroStart, InterruptExt as _, InterruptKind, SyncDrive, aiter_sync, asyncfunction,
    await_sync, context::Context, copy_context, coro_drive, coro_iter, drive_async, syncfunction, throw_when,
};
use asynkit_tests::{Ledger, Misbehaviour, now, poll_once};
use futures::{StreamExt as _, stream};
use std::{
    cell::Cell,
    future::{pending, poll_fn},
    sync::Arc,
    task::Poll,
};

#[test]
fn a_panic_of_a_value_or_an_error_ends_a_coroutine() {
    table(&[
        ("the value of one that is done", |l| {
            let mut c = CoroStart::boxed(async { Bomb::new(l) });
            explodes(|| c.close());
            assert!(c.result().is_none());
            c.close().unwrap();
        }),
        ("what a started one holds", |l| {
            let mut c = CoroStart::boxed(async {
                let _bomb = Bomb::new(l);
                pending::<()>().await;
            });
            explodes(|| c.close());
            c.close().unwrap();
        }),
        ("an error that nobody took", |l| {
            let mut c = CoroStart::boxed(pending::<()>());
            explodes(|| c.throw(Bomb::new(l), 1));
            c.close().unwrap();
        }),
        ("an error that was told", |l| {
            let mut c = CoroStart::boxed(async { drop(pending::<()>().interruptible().await) });
            explodes(|| c.throw(Bomb::new(l), 1));
            c.close().unwrap();
        }),
        ("what a coro_iter holds", |l| {
            let mut c = coro_iter(Box::pin(async {
                let _bomb = Bomb::new(l);
                pending::<()>().await;
            }));
            assert_eq!(c.next(), Some(()));
            explodes(|| c.close());
            assert_eq!(c.next(), None);
        }),
        ("a trigger's drop", |l| {
            let trigger = async {
                let _bomb = Bomb::new(l);
            };
            explodes(|| now(throw_when(trigger, InterruptKind::Cancel, pending::<()>())));
        }),
    ]);
}

#[test]
fn a_panic_in_a_sync_drive_leaves_no_drive_behind() {
    #[syncfunction]
    async fn blocks(l: &Ledger, bomb: Option<Bomb>) {
        let _held = l.value();
        l.leaf().await;
        drop(bomb);
    }
    #[syncfunction(twin)]
    async fn explodes_at_once(l: &Ledger) {
        let _held = l.value();
        explode();
        l.leaf().await;
    }
    table(&[
        ("the future's poll", |l| explodes(|| explodes_at_once_sync(l))),
        ("the poll that looks where it waits", |l| {
            let held = l.value();
            let polls = Cell::new(0);
            let looked_at = poll_fn(move |_| {
                let _ = &held;
                polls.set(polls.get() + 1);
                if polls.get() == 2 {
                    explode();
                }
                Poll::<()>::Pending
            });
            explodes(|| await_sync(looked_at));
        }),
        ("the clean-up", |l| {
            explodes(|| {
                await_sync(async {
                    let _held = l.value();
                    let _told = l.leaf().interruptible().await;
                    explode();
                })
            });
        }),
        ("what a future that blocks holds", |l| explodes(|| blocks(l, Some(Bomb::new(l))))),
        ("an item of a stream", |l| {
            let mut items = aiter_sync(stream::repeat_with(|| {
                explode();
                l.value()
            }));
            explodes(|| items.next());
            drop(items);
        }),
        ("a stream's drop", |l| {
            let source = Box::pin(stream::once(async { l.value() }).chain(stream::pending()));
            let bomb = Bomb::new(l);
            let mut items = aiter_sync(source.map(move |value| (value, &bomb).0));
            assert!(items.next().unwrap().is_ok());
            explodes(|| items.next());
            assert!(items.next().is_none());
        }),
        ("the callback of a drive", |l| {
            let refuses = || {
                explode();
                Ok(())
            };
            explodes(|| drive_async(l.leaf(), refuses));
            explodes(|| coro_drive(l.leaf(), refuses));
        }),
        ("an asyncfunction", |l| {
            let held = l.value();
            let f = asyncfunction(move |()| {
                let _ = &held;
                explode();
            });
            explodes(|| SyncDrive::new().run(f(())));
        }),
    ]);
}

#[test]
fn a_panic_of_a_variables_value_leaves_the_context_usable() {
    static BOMB: ContextVar<Arc<Bomb>> = ContextVar::new();
    fn still_works(context: &mut Context) {
        context.run(|| VAR.set(1));
        assert_eq!(context.run(|| VAR.get()), Some(1));
    }
    table(&[
        ("a value that is replaced", |l| {
            let mut context = Context::default();
            let harmless = Arc::new(Bomb::new(&Ledger::default()));
            context.run(|| BOMB.set(Arc::new(Bomb::new(l))));
            explodes(|| context.run(|| BOMB.set(Arc::clone(&harmless))));
            still_works(&mut context);
            drop(context);
            explodes(|| drop(harmless));
        }),
        ("a value that is reset", |l| {
            let mut context = Context::default();
            let token = context.run(|| BOMB.set(Arc::new(Bomb::new(l))));
            explodes(|| context.run(|| BOMB.reset(token)));
            still_works(&mut context);
        }),
        ("a value of a context that is dropped", |l| {
            let mut context = Context::default();
            context.run(|| BOMB.set(Arc::new(Bomb::new(l))));
            explodes(|| drop(context));
            still_works(&mut copy_context());
        }),
        ("a value of a context that is dropped with its future", |l| {
            let mut context = Context::default();
            let mut scope = Box::pin(context.scope(async {
                let _bomb = Bomb::new(l);
                VAR.set(7);
                pending::<()>().await;
            }));
            assert!(poll_once(scope.as_mut()).is_pending());
            explodes(|| drop(scope));
            still_works(&mut context);
        }),
    ]);
}

#[test]
fn a_leaf_that_panics_in_its_drop_after_an_interrupt_ends_its_coroutine() {
    for how in [Misbehaviour::PanicsInDrop, Misbehaviour::PanicsInPoll] {
        let l = Ledger::default();
        l.misbehave(usize::from(how == Misbehaviour::PanicsInPoll), how);
        let mut c = CoroStart::boxed(async {
            let _held = l.value();
            let _told = l.leaf().interruptible().await;
            l.leaf().await;
        });
        explodes(|| c.throw(l.error(), 1));
        c.close().unwrap();
        drop(c);
        assert_eq!((l.alive(), l.dropped_twice()), (0, 0), "{how:?}");
    }
}
