//! Locks and conditions.

use crate::{
    probe::{Probe, turns},
    table::rows,
};
use asynkit::{PriorityCondition, PriorityGuard, PriorityLock, current_task, spawn};
use std::rc::Rc;

rows! {
    Safe lock: "lock/mutex.rs: lock", "lock/mutex.rs: Lock";
    Safe wait: "lock/condition/mod.rs: wait", "lock/condition/futures.rs: Wait";
    Safe wait_interruptible:
        "lock/condition/mod.rs: wait_interruptible", "lock/condition/futures.rs: WaitInterruptible";
    Safe wait_for: "lock/condition/mod.rs: wait_for", "lock/condition/futures.rs: WaitFor";
}

/// One holds it, the subject waits, and another one behind it.
async fn lock(p: Rc<Probe>) -> String {
    let lock = Rc::new(PriorityLock::new(0));
    let hold = |before: usize| {
        let lock = Rc::clone(&lock);
        spawn(async move {
            turns(before).await;
            let mut held = lock.lock().await.unwrap();
            *held += 1;
            turns(3).await;
        })
    };
    let (holder, behind) = (hold(0), hold(1));
    turns(1).await;
    drop(p.leave(lock.lock()).await);
    behind.await.unwrap();
    assert!(holder.is_finished());
    let seen = format!("{} {}", lock.is_locked(), *lock.lock().await.unwrap());
    assert!(lock.effective_priority().is_none(), "somebody waits");
    let me = current_task().unwrap();
    assert_eq!(me.effective_priority(), me.priority(), "something is lent");
    seen
}

/// What a wait is left among: one that waits behind it, and one notification.
struct Waits {
    lock: PriorityLock<u32>,
    changed: PriorityCondition,
}

impl Waits {
    fn new() -> Rc<Self> {
        Rc::new(Waits { lock: PriorityLock::new(0), changed: PriorityCondition::new() })
    }

    /// `wait` gives whether it was the one that got the notification; where it did not, the other one has to.
    async fn play<'a, F>(self: &'a Rc<Self>, wait: impl FnOnce(PriorityGuard<'a, u32>) -> F) -> String
    where
        F: Future<Output = bool>,
    {
        let guard = self.lock.lock().await.unwrap();
        let waits = Rc::clone(self);
        let behind = spawn(async move {
            let guard = waits.lock.lock().await.unwrap();
            drop(waits.changed.wait(guard).await);
        });
        let waits = Rc::clone(self);
        let notifier = spawn(async move {
            turns(4).await;
            let mut held = waits.lock.lock().await.unwrap();
            *held += 1;
            waits.changed.notify(1);
            turns(3).await;
        });
        if wait(guard).await {
            assert!(!behind.is_finished(), "one notification has woken two");
            self.changed.notify(1);
        }
        notifier.await.unwrap();
        behind.await.unwrap();
        let seen = format!("{} {}", self.lock.is_locked(), *self.lock.lock().await.unwrap());
        assert!(self.lock.effective_priority().is_none(), "somebody waits");
        seen
    }
}

async fn wait(p: Rc<Probe>) -> String {
    let waits = Waits::new();
    waits.play(async |guard| p.leave(waits.changed.wait(guard)).await.is_some()).await
}

async fn wait_interruptible(p: Rc<Probe>) -> String {
    let waits = Waits::new();
    let wait = async |guard| {
        let ended = p.leave(waits.changed.wait_interruptible(guard)).await;
        ended.is_some_and(|(_guard, told)| told.is_ok())
    };
    waits.play(wait).await
}

async fn wait_for(p: Rc<Probe>) -> String {
    let waits = Waits::new();
    waits.play(async |guard| p.leave(waits.changed.wait_for(guard, |n| *n > 0)).await.is_some()).await
}
