//! On other executors, on several threads, on two executors of ours.

use crate::{at, settle, task};
use asynkit::{
    Executor, Priority, PriorityCondition, PriorityLock, Remote, TaskBuilder, current_task, sleep, yield_now,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

fn multi_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap()
}

#[test]
fn tasks_of_tokio_take_it_in_turn_on_several_threads() {
    multi_thread().block_on(async {
        let lock = Arc::new(PriorityLock::new(0_u64));
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let lock = Arc::clone(&lock);
                tokio::spawn(async move {
                    for round in 0..500 {
                        let mut guard = lock.lock().await.unwrap();
                        let before = *guard;
                        if (n + round) % 3 == 0 {
                            tokio::task::yield_now().await;
                        }
                        *guard = before + 1;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*lock.lock().await.unwrap(), 4000);
        assert!(!lock.is_locked());
    });
}

#[test]
fn conditions_carry_work_between_tasks_of_tokio() {
    multi_thread().block_on(async {
        let shared = Arc::new((PriorityLock::new(Vec::new()), PriorityCondition::new()));
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let mut sum = 0_u32;
                    loop {
                        let guard = shared.0.lock().await.unwrap();
                        let mut guard =
                            shared.1.wait_for(guard, |jobs: &mut Vec<u32>| !jobs.is_empty()).await;
                        match guard.pop() {
                            Some(0) | None => return sum,
                            Some(job) => sum += job,
                        }
                    }
                })
            })
            .collect();
        for job in 1..=1000 {
            shared.0.lock().await.unwrap().push(job);
            shared.1.notify(1);
        }
        while !shared.0.lock().await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
        shared.0.lock().await.unwrap().extend([0; 4]);
        shared.1.notify_all();
        let mut sum = 0;
        for worker in workers {
            sum += worker.await.unwrap();
        }
        assert_eq!(sum, 500_500);
    });
}

#[test]
fn waits_of_tokio_that_are_dropped_leave_nothing() {
    multi_thread().block_on(async {
        let lock = Arc::new(PriorityLock::new(0));
        let tasks: Vec<_> = (0..200)
            .map(|n| {
                let lock = Arc::clone(&lock);
                tokio::spawn(async move {
                    let guard = lock.lock().await.unwrap();
                    tokio::task::yield_now().await;
                    drop(guard);
                    n
                })
            })
            .collect();
        for (n, task) in tasks.into_iter().enumerate() {
            if n % 2 == 0 {
                task.abort();
            } else {
                task.await.unwrap();
            }
        }
        drop(lock.lock().await.unwrap());
        assert_eq!(lock.effective_priority(), None);
    });
}

#[test]
fn tasks_of_smol_wait_with_the_normal_priority() {
    smol::block_on(async {
        let lock = Arc::new(PriorityLock::new(Vec::new()));
        let executor = smol::Executor::new();
        let guard = lock.lock().await.unwrap();
        let tasks: Vec<_> = (0..5)
            .map(|n| {
                let lock = Arc::clone(&lock);
                executor.spawn(async move { lock.lock().await.unwrap().push(n) })
            })
            .collect();
        while executor.try_tick() {}
        assert_eq!(lock.effective_priority(), Some(Priority::NORMAL));
        drop(guard);
        executor
            .run(async {
                for task in tasks {
                    task.await;
                }
            })
            .await;
        assert_eq!(*lock.lock().await.unwrap(), [0, 1, 2, 3, 4]);
    });
}

#[test]
fn two_who_wait_for_each_other_elsewhere_are_told_nothing() {
    // Who is no task of ours cannot be proved to be stuck: it is as with any other mutex there.
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
        let lock = PriorityLock::new(());
        let _guard = lock.lock().await.unwrap();
        let waits = tokio::time::timeout(Duration::from_millis(5), lock.lock());
        assert!(waits.await.is_err());
    });
}

/// Another executor on a thread of its own, until the end of a test.
struct Other(Remote, mpsc::Sender<()>, Option<thread::JoinHandle<()>>);

impl Other {
    fn new() -> Self {
        let (sender, remote) = mpsc::channel();
        let (end, ends) = mpsc::channel();
        let thread = thread::spawn(move || {
            let executor = Executor::new();
            sender.send(executor.remote()).unwrap();
            executor.block_on(async {
                while ends.try_recv().is_err() {
                    sleep(Duration::from_millis(1)).await;
                }
            });
        });
        Other(remote.recv().unwrap(), end, Some(thread))
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.1.send(());
        let _ = self.2.take().unwrap().join();
    }
}

#[test]
fn a_holder_on_another_executor_inherits_too_and_gives_back() {
    let other = Other::new();
    let lock = Arc::new(PriorityLock::new(()));
    let (sender, said) = mpsc::channel();
    let inner = Arc::clone(&lock);
    let holds = other.0.spawn(move || async move {
        let me = current_task().unwrap();
        let guard = inner.lock().await.unwrap();
        sender.send(me.effective_priority()).unwrap();
        while me.effective_priority() == Priority::NORMAL {
            yield_now().await;
        }
        sender.send(me.effective_priority()).unwrap();
        drop(guard);
        while me.effective_priority() != Priority::NORMAL {
            yield_now().await;
        }
        me.set_priority(at(3.0));
        sender.send(me.effective_priority()).unwrap();
    });
    let holds = holds.unwrap();
    assert_eq!(said.recv(), Ok(Priority::NORMAL));
    Executor::run(async {
        let inner = Arc::clone(&lock);
        task("urgent", -6.0, async move { drop(inner.lock().await.unwrap()) }).await.unwrap();
        holds.await.unwrap();
    });
    assert_eq!(said.iter().take(2).collect::<Vec<_>>(), [at(-6.0), at(3.0)]);
}

#[test]
fn a_circle_of_two_executors_is_a_deadlock() {
    let other = Other::new();
    let locks = Arc::new([PriorityLock::new(()), PriorityLock::new(())]);
    let ready = Arc::new(AtomicU32::new(0));
    // Each takes one lock, and waits for the other one's when both are taken.
    let body = |mine: usize| {
        let (locks, ready) = (Arc::clone(&locks), Arc::clone(&ready));
        async move {
            let _mine = locks[mine].lock().await.unwrap();
            ready.fetch_add(1, Ordering::SeqCst);
            while ready.load(Ordering::SeqCst) < 2 {
                yield_now().await;
            }
            locks[1 - mine].lock().await.map(drop).map_err(|deadlock| deadlock.to_string())
        }
    };
    let there = {
        let body = body(1);
        other.0.spawn(move || body).unwrap()
    };
    Executor::run(async {
        let here = TaskBuilder::new(body(0)).name("here").spawn();
        let results = [here.await.unwrap(), there.await.unwrap()];
        let told: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        assert_eq!(told.len(), 1, "one is told, the other one gets its lock");
        assert!(told[0].contains("\"here\"") && told[0].matches("elsewhere.rs").count() >= 3, "{}", told[0]);
    });
}

#[test]
fn an_executor_in_tokio_shares_locks_with_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let lock = Arc::new(PriorityLock::new(Vec::new()));
        let guard = lock.lock().await.unwrap();
        let inner = Arc::clone(&lock);
        let theirs = tokio::spawn(async move { inner.lock().await.unwrap().push("theirs") });
        let inner = Arc::clone(&lock);
        let executor = Executor::new();
        let ours = executor.run_until(async move {
            let first = Arc::clone(&inner);
            let first = task("first", -1.0, async move { first.lock().await.unwrap().push("first") });
            let second = Arc::clone(&inner);
            let second = task("second", 1.0, async move { second.lock().await.unwrap().push("second") });
            settle().await;
            first.await.unwrap();
            second.await.unwrap();
        });
        let gives = async {
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            drop(guard);
        };
        futures::join!(ours, gives);
        theirs.await.unwrap();
        assert_eq!(*lock.lock().await.unwrap(), ["first", "theirs", "second"]);
    });
}
