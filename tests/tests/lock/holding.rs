//! One holder at a time, and what a lock tells of it.

use crate::{settle, shared, task};
use asynkit::{Executor, PriorityCondition, PriorityGuard, PriorityLock, await_sync, spawn, yield_now};
use asynkit_tests::{panic_text, poll_once};
use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    rc::Rc,
};

#[test]
fn one_holds_it_at_a_time() {
    Executor::run(async {
        let (lock, inside) = (shared(0), Rc::new(Cell::new(0)));
        let tasks: Vec<_> = (0..50)
            .map(|n| {
                let (lock, inside) = (Rc::clone(&lock), Rc::clone(&inside));
                spawn(async move {
                    for round in 0..20 {
                        let mut guard = lock.lock().await.unwrap();
                        assert_eq!(inside.replace(1), 0, "two hold it");
                        *guard += 1;
                        for _ in 0..(n + round) % 3 {
                            yield_now().await;
                        }
                        assert_eq!(inside.replace(0), 1);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*lock.lock().await.unwrap(), 1000);
        assert!(!lock.is_locked());
    });
}

#[test]
fn a_free_lock_is_had_without_an_executor() {
    let lock = PriorityLock::new(1);
    let mut guard = await_sync(lock.lock()).unwrap().unwrap();
    *guard = 2;
    assert!(lock.is_locked() && lock.try_lock().is_none());
    assert!(await_sync(lock.lock()).is_err(), "it would wait");
    drop(guard);
    assert_eq!(*lock.try_lock().unwrap(), 2);
    assert_eq!(lock.into_inner(), 2);
}

#[test]
fn a_lock_that_is_waited_for_is_not_to_be_had_by_trying() {
    Executor::run(async {
        let lock = shared(());
        let guard = lock.lock().await.unwrap();
        let waits = Rc::clone(&lock);
        let task = spawn(async move {
            let _guard = waits.lock().await.unwrap();
            yield_now().await;
        });
        yield_now().await;
        drop(guard);
        assert!(lock.is_locked(), "it was handed over");
        assert!(lock.try_lock().is_none());
        task.await.unwrap();
        assert!(lock.try_lock().is_some());
    });
}

#[test]
fn the_value_may_be_of_a_type_without_a_size() {
    let lock: Box<PriorityLock<[u8]>> = Box::new(PriorityLock::new([1, 2, 3]));
    await_sync(async { lock.lock().await.unwrap()[1] = 5 }).unwrap();
    assert_eq!(*lock.try_lock().unwrap(), [1, 5, 3]);
    let texts: &PriorityLock<dyn ToString> = &PriorityLock::new(7);
    assert_eq!(texts.try_lock().unwrap().to_string(), "7");
}

#[test]
fn it_may_be_where_its_value_may_be() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    fn is_sync<T: Sync>(_: &T) {}
    let (lock, condition) = (PriorityLock::new(1), PriorityCondition::new());
    is_sync(&is_send(PriorityLock::new(Cell::new(1))));
    is_sync(&lock);
    is_sync(&condition);
    drop(is_send(lock.lock()));
    let guard = is_send(lock.try_lock().unwrap());
    is_sync(&guard);
    let wait = is_send(condition.wait(guard));
    drop(wait);
    drop(is_send(condition.wait_interruptible(lock.try_lock().unwrap())));
}

#[test]
fn it_is_made_and_shown_as_others_are() {
    static LOCK: PriorityLock<u8> = PriorityLock::new(3);
    static CONDITION: PriorityCondition = PriorityCondition::new();
    CONDITION.notify_all();
    assert_eq!(*LOCK.try_lock().unwrap(), 3);
    let lock: PriorityLock<u8> = 4.into();
    assert_eq!(PriorityLock::<u8>::default().into_inner(), 0);
    assert_eq!(format!("{lock:?}"), "PriorityLock { value: 4, poisoned: false, .. }");
    let guard = lock.try_lock().unwrap();
    assert_eq!((format!("{guard:?}"), format!("{guard}")), ("4".into(), "4".into()));
    assert!(format!("{lock:?}").contains("<locked>"));
    assert!(std::ptr::eq(PriorityGuard::lock(&guard), &raw const lock));
}

#[test]
fn a_holder_that_panics_gives_it_back_and_it_says_so() {
    Executor::run(async {
        let lock = shared(0);
        let inner = Rc::clone(&lock);
        let panicking = task("p", 0.0, async move {
            let mut guard = inner.lock().await.unwrap();
            yield_now().await;
            *guard = 1;
            panic!("half-way");
        });
        let waits = Rc::clone(&lock);
        let waiting = task("w", 0.0, async move { *waits.lock().await.unwrap() });
        settle().await;
        assert!(panicking.await.is_err());
        assert_eq!(waiting.await.unwrap(), 1);
        assert!(lock.poisoned() && !lock.is_locked());
    });
}

#[test]
fn a_lock_that_is_used_while_another_panic_unwinds_is_not_poisoned() {
    struct Uses<'a>(&'a PriorityLock<u8>);
    impl Drop for Uses<'_> {
        fn drop(&mut self) {
            *self.0.try_lock().unwrap() += 1;
        }
    }
    let (mut lock, bystander) = (PriorityLock::new(0), PriorityLock::new(0));
    let held = bystander.try_lock();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _uses = Uses(&lock);
        panic!("on");
    }));
    drop(held);
    assert!(panicked.is_err());
    assert_eq!((*lock.get_mut(), lock.poisoned(), bystander.poisoned()), (1, false, false));
}

#[test]
fn polled_again_after_its_end_it_says_so() {
    let lock = PriorityLock::new(());
    let mut future = pin!(lock.lock());
    drop(poll_once(future.as_mut()));
    assert!(panic_text(|| drop(poll_once(future.as_mut()))).contains("awaited again"));
}

#[test]
fn what_is_forgotten_harms_nobody_but_those_that_wait() {
    Executor::run(async {
        // A guard: the lock stays locked.
        let lock = Box::new(PriorityLock::new(1));
        std::mem::forget(lock.try_lock());
        assert!(lock.is_locked());
        assert_eq!(lock.into_inner(), 1);
        // A wait: the lock and its queue can go.
        let lock = PriorityLock::new(2);
        let guard = lock.try_lock().unwrap();
        let mut waits = lock.lock();
        assert!(poll_once(pin!(&mut waits)).is_pending());
        asynkit_tests::forget(waits);
        std::mem::forget(guard);
        assert_eq!(lock.into_inner(), 2);
    });
}
