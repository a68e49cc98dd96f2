use crate::{
    asyncio::Raised,
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{
    Executor, Interrupt, PriorityCondition, PriorityGuard, PriorityLock, Task, spawn, task_interrupt,
    yield_now,
};
use asynkit_tests::Trace;
use std::rc::Rc;

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "interrupted args=(), lock held=True\nleft, lock held=False\ninterrupt returned\n== InterruptCondition: interrupted while waiting for notify",
        "woken normally\nleft, lock held=False\ninterrupt returned: Completed\n== InterruptCondition: interrupted while waiting for notify",
        "it was notified and the lock was handed over: what is ready wins, and the error comes back",
    ),
    (
        "interrupted args=(), lock held=True\nleft, lock held=False\ninterrupt returned\n== PriorityCondition: interrupted while waiting for notify",
        "woken normally\nleft, lock held=False\ninterrupt returned: Completed\n== PriorityCondition: interrupted while waiting for notify",
        "it was notified and the lock was handed over: what is ready wins, and the error comes back",
    ),
    (
        "== Semaphore\nt1 interrupted\nt2 got it\n== BoundedSemaphore\nt1 interrupted\nt2 got it",
        "",
        "there is no semaphore here: those of other crates work in our tasks",
    ),
];

/// A condition with its lock, which guards what is waited for.
type Shared = Rc<(PriorityLock<Vec<u32>>, PriorityCondition)>;

/// `wait_for`, as an interrupt point.
async fn wait_for_wake<'a>(
    condition: &PriorityCondition,
    mut guard: PriorityGuard<'a, Vec<u32>>,
) -> (PriorityGuard<'a, Vec<u32>>, Result<(), Interrupt>) {
    while guard.is_empty() {
        let (locked, told) = condition.wait_interruptible(guard).await;
        guard = locked;
        if told.is_err() {
            return (guard, told);
        }
    }
    (guard, Ok(()))
}

fn f(log: &Trace, shared: &Shared) -> Task<()> {
    let (log, shared) = (log.clone(), Rc::clone(shared));
    spawn(async move {
        let (lock, condition) = &*shared;
        let guard = lock.lock().await.unwrap();
        let (guard, told) = wait_for_wake(condition, guard).await;
        match told {
            Ok(()) => log.log("woken normally"),
            Err(told) => {
                let Raised(_, text) = told.downcast_ref::<Raised>().unwrap();
                let args = if text.is_empty() { "()".to_owned() } else { format!("('{text}',)") };
                log.log(format!("interrupted args={args}, lock held={}", truth(lock.is_locked())));
            }
        }
        drop(guard);
        log.log(format!("left, lock held={}", truth(lock.is_locked())));
    })
}

async fn interrupt(log: &Trace, task: &Task<()>) {
    match task_interrupt(task, Raised("InterruptException", "")).await {
        Ok(()) => log.log("interrupt returned"),
        Err(refused) => log.log(format!("interrupt returned: {:?}", refused.why)),
    }
}

#[test]
fn n41_interrupt_condition() {
    let log = &Trace::new();
    Executor::run(async {
        for kind in ["InterruptCondition", "PriorityCondition"] {
            log.log(format!("== {kind}: interrupted while re-acquiring"));
            let shared = &Rc::new((PriorityLock::new(Vec::new()), PriorityCondition::new()));
            let (lock, condition) = &**shared;
            let t = f(log, shared);
            yield_now().await;
            let mut guard = lock.lock().await.unwrap();
            guard.push(1);
            condition.notify(1);
            yield_now().await;
            drop(guard);
            interrupt(log, &t).await;
            t.await.unwrap();

            log.log(format!("== {kind}: interrupted while waiting for notify"));
            lock.lock().await.unwrap().clear();
            let t = f(log, shared);
            yield_now().await;
            interrupt(log, &t).await;
            t.await.unwrap();

            log.log(format!(
                "== {kind}: interrupted twice during re-acquire: the last exception wins, the lock is held"
            ));
            let t = f(log, shared);
            yield_now().await;
            let guard = lock.lock().await.unwrap();
            condition.notify(1);
            yield_now().await;
            for text in ["1", "2"] {
                task_interrupt(&t, Raised("InterruptException", text)).await.unwrap();
                log.log(format!("done={}", truth(t.is_finished())));
            }
            drop(guard);
            t.await.unwrap();
        }
    });
    compare("41_interrupt_condition", &log.take(), DIFFERENCES);
}
