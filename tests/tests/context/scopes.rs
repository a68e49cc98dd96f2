use asynkit::{Context, ContextVar, copy_context, coro_await};
use futures::{executor::block_on, future::join, poll};
use smol::future::yield_now;
use std::{cell::Cell, pin::pin, sync::Mutex};

static VAR: ContextVar<u32> = ContextVar::new();

#[test]
fn a_scope_is_entered_for_each_poll_only() {
    block_on(async {
        VAR.set(0);
        let mut context = copy_context();
        let mut scope = pin!(context.scope(async {
            VAR.set(1);
            yield_now().await;
            assert_eq!(VAR.get(), Some(1));
            VAR.set(2);
        }));
        assert_eq!(VAR.get(), Some(0), "nothing runs before the first poll");
        assert!(poll!(scope.as_mut()).is_pending());
        assert_eq!(VAR.get(), Some(0));
        VAR.set(5);
        assert!(poll!(scope.as_mut()).is_ready());
        assert_eq!(VAR.get(), Some(5));
    });
}

#[test]
fn what_a_scope_sets_stays_in_the_context() {
    block_on(async {
        let mut context = copy_context();
        coro_await(async { VAR.set(1) }, &mut context).await;
        context.scope(async { VAR.set(VAR.get().unwrap() + 1) }).await;
        assert_eq!(context.run(|| VAR.get()), Some(2));
        assert_eq!(VAR.get(), None);
    });
}

#[test]
fn joined_scopes_do_not_see_each_other() {
    async fn count(from: u32) -> Option<u32> {
        VAR.set(from);
        for _ in 0..3 {
            yield_now().await;
            VAR.set(VAR.get()? + 1);
        }
        VAR.get()
    }
    let (mut a, mut b) = (copy_context(), copy_context());
    let both = block_on(join(a.scope(count(10)), b.scope(count(20))));
    assert_eq!(both, (Some(13), Some(23)));
}

#[test]
fn scopes_nest_and_the_inner_one_is_left_at_each_suspension() {
    let (mut outer, mut inner) = (copy_context(), copy_context());
    block_on(outer.scope(async {
        VAR.set(1);
        let inner = inner.scope(async {
            VAR.set(2);
            yield_now().await;
            VAR.get()
        });
        let beside = async {
            yield_now().await;
            VAR.get()
        };
        assert_eq!(join(inner, beside).await, (Some(2), Some(1)));
    }));
}

#[test]
fn the_future_is_dropped_in_its_context() {
    struct Seen<'a>(&'a Cell<Option<u32>>);
    impl Drop for Seen<'_> {
        fn drop(&mut self) {
            self.0.set(VAR.get());
            VAR.set(9);
        }
    }
    let seen = Cell::new(None);
    let mut context = Context::default();
    block_on(async {
        VAR.set(1);
        let mut scope = Box::pin(context.scope(async {
            let _seen = Seen(&seen);
            VAR.set(2);
            yield_now().await;
        }));
        assert!(poll!(&mut scope).is_pending());
        drop(scope);
        assert_eq!(VAR.get(), Some(1));
    });
    assert_eq!(seen.get(), Some(2));
    assert_eq!(context.run(|| VAR.get()), Some(9));
}

#[test]
fn a_forgotten_scope_leaves_the_context_usable() {
    static KEPT: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    let mut context = Context::default();
    block_on(async {
        let mut scope = Box::pin(context.scope(async {
            VAR.set(1);
            yield_now().await;
        }));
        assert!(poll!(&mut scope).is_pending());
        // Its address lies where a leak checker finds it.
        KEPT.lock().unwrap().push(std::ptr::from_ref(&*scope).addr());
        std::mem::forget(scope);
    });
    assert_eq!(VAR.get(), None);
    assert_eq!(context.run(|| VAR.get()), Some(1));
}

#[test]
fn a_scope_moves_between_threads_with_its_values() {
    let mut context = Context::default();
    let mut scope = Box::pin(context.scope(async {
        VAR.set(1);
        yield_now().await;
        VAR.get()
    }));
    std::thread::scope(|threads| {
        let first_poll = threads.spawn(|| block_on(async { poll!(&mut scope) }));
        assert!(first_poll.join().unwrap().is_pending());
    });
    assert_eq!(VAR.get(), None);
    assert_eq!(block_on(&mut scope), Some(1));
}
