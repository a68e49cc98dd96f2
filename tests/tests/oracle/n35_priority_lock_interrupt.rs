use crate::{
    asyncio::Raised,
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{
    Executor, InterruptExt as _, Priority, PriorityLock, Task, TaskBuilder, sleep_insert, spawn,
    task_interrupt, task_switch, yield_now,
};
use asynkit_tests::Trace;
use std::rc::Rc;

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "t1 interrupted\ninterrupt returned\nt2 got it",
        "t1 got it\ninterrupt returned: Completed\nt2 got it",
        "a lock that was handed over is a value that is ready: it wins, and the error comes back to its thrower",
    ),
    (
        "H AssertionError (two owners)\nA leaves",
        "A leaves\nH has it\nH leaves",
        "one wake: who is woken has the lock already",
    ),
];

type Lock = Rc<PriorityLock<()>>;

fn f(log: &Trace, lock: &Lock, name: &'static str) -> Task<()> {
    let (log, lock) = (log.clone(), Rc::clone(lock));
    spawn(async move {
        let Ok(guard) = lock.lock().interruptible().await else {
            return log.log(format!("{name} interrupted"));
        };
        let _guard = guard.unwrap();
        log.log(format!("{name} got it"));
    })
}

fn g(log: &Trace, lock: &Lock, name: &'static str, priority: f64) -> Task<()> {
    let (log, lock) = (log.clone(), Rc::clone(lock));
    let body = async move {
        let Ok(guard) = lock.lock().interruptible().await else {
            return log.log(format!("{name} interrupted"));
        };
        let _guard = guard.unwrap();
        log.log(format!("{name} has it"));
        yield_now().await;
        log.log(format!("{name} leaves"));
    };
    TaskBuilder::new(body).priority(Priority::new(priority).unwrap()).spawn()
}

async fn interrupt(log: &Trace, task: &Task<()>) {
    match task_interrupt(task, Raised("InterruptException", "")).await {
        Ok(()) => log.log("interrupt returned"),
        Err(refused) => log.log(format!("interrupt returned: {:?}", refused.why)),
    }
}

#[test]
fn n35_priority_lock_interrupt() {
    let log = &Trace::new();
    Executor::run(async {
        // There is one kind of lock here.
        for kind in ["Lock", "PriorityLock"] {
            log.log(format!("== {kind}: interrupt the woken waiter"));
            let lock = &Rc::new(PriorityLock::new(()));
            let guard = lock.lock().await.unwrap();
            let (t1, t2) = (f(log, lock, "t1"), f(log, lock, "t2"));
            yield_now().await;
            drop(guard);
            interrupt(log, &t1).await;
            t1.await.unwrap();
            t2.await.unwrap();
            log.log(format!("locked={}", truth(lock.is_locked())));
            log.log(format!("== {kind}: interrupt a waiter that was not woken"));
            let guard = lock.lock().await.unwrap();
            let (t1, t2) = (f(log, lock, "t1"), f(log, lock, "t2"));
            yield_now().await;
            interrupt(log, &t2).await;
            drop(guard);
            t1.await.unwrap();
            t2.await.unwrap();
            log.log(format!("locked={}", truth(lock.is_locked())));
        }
        log.log(
            "== double wake: woken A(5) not yet run; H(-9) arrives; B(6) interrupted while the lock is free",
        );
        let lock = &Rc::new(PriorityLock::new(()));
        let guard = lock.lock().await.unwrap();
        let (a, b) = (g(log, lock, "A", 5.0), g(log, lock, "B", 6.0));
        sleep_insert(usize::MAX).await;
        let h = g(log, lock, "H", -9.0);
        drop(guard);
        task_switch(&h, Some(1)).await.unwrap();
        let told = task_interrupt(&b, Raised("InterruptException", ""));
        told.await.unwrap();
        for task in [a, b, h] {
            task.await.unwrap();
        }
        log.log(format!("locked={}", truth(lock.is_locked())));
    });
    compare("35_priority_lock_interrupt", &log.take(), DIFFERENCES);
}
