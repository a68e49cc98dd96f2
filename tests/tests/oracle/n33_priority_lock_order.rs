use crate::{
    compare::{Difference, compare},
    python::{list, quoted, truth},
};
use asynkit::{Executor, InterruptExt as _, Priority, PriorityLock, Task, TaskBuilder, yield_now};
use asynkit_tests::Trace;
use std::{cell::RefCell, rc::Rc};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "released locked=False",
        "released locked=True",
        "it is handed over: between two holders it is never free",
    ),
    (
        "cancel the woken waiter ['p1 cancelled', 'p2', 'p3']",
        "cancel the woken waiter ['p1', 'p2', 'p3']",
        "a lock that was handed over is a value that is ready: it wins over the cancel, which is for the next point",
    ),
    (
        "release unlocked: Lock is not acquired.\nrelease by a non-owner: AssertionError\nrecursive acquire would block: yes",
        "recursive acquire: deadlock",
        "dropping the guard gives the lock back, and nobody else can; a wait for oneself is told so",
    ),
];

type Out = Rc<RefCell<Vec<String>>>;
type Lock = Rc<PriorityLock<()>>;

/// What Python's `use` does; a plain task has priority 0.
fn uses(lock: &Lock, out: &Out, name: &str, priority: f64) -> Task<()> {
    let (lock, out, name) = (Rc::clone(lock), Rc::clone(out), name.to_owned());
    let body = async move {
        match lock.lock().interruptible().await {
            Ok(guard) => {
                let _guard = guard.unwrap();
                out.borrow_mut().push(name);
                yield_now().await;
            }
            Err(_cancelled) => out.borrow_mut().push(format!("{name} cancelled")),
        }
    };
    TaskBuilder::new(body).priority(Priority::new(priority).unwrap()).spawn()
}

fn all(lock: &Lock, out: &Out, priorities: &[f64]) -> Vec<Task<()>> {
    priorities.iter().map(|&p| uses(lock, out, &format!("p{p}"), p)).collect()
}

/// `sleep(0)` on a plain loop, where all that is ready runs before the caller does again.
async fn sleep0() {
    asynkit::sleep_insert(usize::MAX).await;
}

async fn gather(tasks: Vec<Task<()>>) {
    for task in tasks {
        task.await.unwrap();
    }
}

fn took(out: &Out) -> String {
    let names: Vec<_> = out.take().iter().map(|name| quoted(name)).collect();
    list(&names)
}

fn effective(lock: &Lock) -> String {
    lock.effective_priority().map_or("None".to_owned(), |priority| priority.get().to_string())
}

#[test]
fn n33_priority_lock_order() {
    let log = &Trace::new();
    let out = &Out::default();
    Executor::run(async {
        let lock = &Rc::new(PriorityLock::new(()));
        log.log(format!("free: locked={} effective={}", truth(lock.is_locked()), effective(lock)));
        let guard = lock.lock().await.unwrap();
        let mut ts = all(lock, out, &[3.0, 1.0, 2.0, 1.5, -1.0]);
        ts.extend([uses(lock, out, "plain", 0.0), uses(lock, out, "p1#2", 1.0)]);
        sleep0().await;
        log.log(format!("held: locked={} effective={}", truth(lock.is_locked()), effective(lock)));
        drop(guard);
        gather(ts).await;
        log.log(format!("order {} effective={}", took(out), effective(lock)));

        let guard = lock.lock().await.unwrap();
        let ts = all(lock, out, &[1.0, 2.0, 3.0]);
        sleep0().await;
        ts[0].cancel();
        log.log(format!("after cancel of p1 effective={}", effective(lock)));
        sleep0().await;
        log.log(format!("after delivery effective={}", effective(lock)));
        drop(guard);
        gather(ts).await;
        log.log(format!("cancel a waiter {}", took(out)));

        let guard = lock.lock().await.unwrap();
        let ts = all(lock, out, &[1.0, 2.0, 3.0]);
        sleep0().await;
        drop(guard);
        log.log(format!("released locked={}", truth(lock.is_locked())));
        ts[0].cancel();
        for task in ts {
            let _ = task.await;
        }
        log.log(format!("cancel the woken waiter {}", took(out)));

        let guard = lock.lock().await.unwrap();
        let ts = all(lock, out, &[1.0, 2.0]);
        sleep0().await;
        drop(guard);
        let guard = lock.lock().await.unwrap();
        out.borrow_mut().push("main reacquired".to_owned());
        drop(guard);
        gather(ts).await;
        log.log(format!("releaser reacquiring queues up with priority 0 {}", took(out)));

        let guard = lock.lock().await.unwrap();
        let mut ts = all(lock, out, &[5.0]);
        sleep0().await;
        drop(guard);
        ts.push(uses(lock, out, "p-9", -9.0));
        gather(ts).await;
        log.log(format!("a higher task arriving after the wake does not barge {}", took(out)));

        // Python's tasks are all of one priority to its plain loop: so the first one comes first.
        let ts: Vec<_> = [3.0, 1.0, 2.0].iter().map(|&p| uses(lock, out, &format!("u{p}"), p)).collect();
        for (task, position) in ts.iter().zip(0..) {
            asynkit::task_reinsert(task, position).unwrap();
        }
        gather(ts).await;
        log.log(format!("uncontended start, then by priority {}", took(out)));

        let _guard = lock.lock().await.unwrap();
        let recursive = lock.lock().await.map(drop).unwrap_err().to_string();
        log.log(format!("recursive acquire: {}", recursive.split(':').next().unwrap()));
    });
    compare("33_priority_lock_order", &log.take(), DIFFERENCES);
}
