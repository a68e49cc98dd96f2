//! Everything that the executor's users wait for, and what can be done with its waker.

use asynkit::{
    Executor, InterruptExt as _, InterruptKind, Remote, eager, shield, sleep, spawn, task_timeout,
    throw_when, yield_now,
};
use asynkit_tests::{OnDrop, Woken};
use futures::{FutureExt as _, channel::oneshot, future::LocalBoxFuture};
use std::{
    future::{pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, Instant},
};

/// What is waited for.
type Gate = oneshot::Receiver<()>;

/// A wait that ends when something is sent.
type Wait = fn(Gate) -> LocalBoxFuture<'static, ()>;

const WAITS: [(&str, Wait); 13] = [
    ("a task", |gate| spawn(gate).map(drop).boxed_local()),
    ("a task that sleeps in between", |gate| {
        let work = async {
            let _sent = gate.await;
            sleep(Duration::from_millis(1)).await;
        };
        spawn(work).map(drop).boxed_local()
    }),
    ("an eager task", |gate| eager(gate).map(drop).boxed_local()),
    ("an eager task, joined", |gate| eager(gate).join().map(drop).boxed_local()),
    ("a task that was sent", |gate| {
        Remote::current().unwrap().spawn(|| gate.map(drop)).unwrap().map(drop).boxed_local()
    }),
    ("an interrupt point", |gate| gate.interruptible().map(drop).boxed_local()),
    ("a shield", |gate| shield(gate).map(drop).boxed_local()),
    ("a shield of a task", |gate| shield(spawn(gate)).map(drop).boxed_local()),
    ("a time limit", |gate| task_timeout(Duration::from_secs(3600), gate).map(drop).boxed_local()),
    ("throw_when, the body", |gate| {
        throw_when(pending::<()>(), InterruptKind::Cancel, gate).map(drop).boxed_local()
    }),
    ("throw_when, the trigger", |gate| {
        throw_when(gate, InterruptKind::Cancel, pending::<()>()).map(drop).boxed_local()
    }),
    ("a root of another executor", |gate| {
        async {
            let inner = Executor::new();
            inner.run_until(async { drop(spawn(gate).await) }).await;
        }
        .boxed_local()
    }),
    ("another executor", |gate| {
        async {
            let inner = Executor::new();
            drop(inner.spawn(gate));
            inner.await;
        }
        .boxed_local()
    }),
];

fn poll(wait: &mut LocalBoxFuture<'static, ()>, woken: &Arc<Woken>) -> Poll<()> {
    let waker = Waker::from(Arc::clone(woken));
    wait.as_mut().poll(&mut Context::from_waker(&waker))
}

/// Until the waker was used.
async fn used(woken: &Woken, at: &str) {
    let start = Instant::now();
    while woken.wakes() == 0 {
        assert!(start.elapsed() < Duration::from_secs(30), "{at}: a wake was lost");
        yield_now().await;
    }
}

/// The waits that are over are ready, possibly after more wakes.
async fn end(wait: &mut LocalBoxFuture<'static, ()>, woken: &Arc<Woken>, at: &str) {
    let start = Instant::now();
    loop {
        let before = woken.wakes();
        if poll(wait, woken).is_ready() {
            return;
        }
        while woken.wakes() == before {
            assert!(start.elapsed() < Duration::from_secs(30), "{at}: a wake was lost");
            yield_now().await;
        }
    }
}

/// Lets tasks go as far as they can.
async fn rest() {
    for _ in 0..10 {
        yield_now().await;
    }
}

/// What is done with a wait.
type Misuse = fn(LocalBoxFuture<'static, ()>, oneshot::Sender<()>, String) -> LocalBoxFuture<'static, ()>;

const MISUSES: [(&str, Misuse); 9] = [
    ("polled a thousand times for nothing, with another waker each time", |mut wait, sender, at| {
        async move {
            let wakers: Vec<_> = (0..1000).map(|_| Woken::new()).collect();
            for woken in &wakers {
                assert!(poll(&mut wait, woken).is_pending(), "{at}");
            }
            let last = &wakers[999];
            for old in &wakers[..999] {
                assert_eq!(Arc::strong_count(old), 1, "{at}: a waker that was replaced is kept");
            }
            sender.send(()).unwrap();
            used(last, &at).await;
            assert!(wakers[..999].iter().all(|old| old.wakes() == 0), "{at}: one that was replaced is woken");
            end(&mut wait, last, &at).await;
        }
        .boxed_local()
    }),
    ("polled between turns, with the same waker", |mut wait, sender, at| {
        async move {
            let woken = Woken::new();
            for _ in 0..100 {
                assert!(poll(&mut wait, &woken).is_pending(), "{at}");
                yield_now().await;
            }
            sender.send(()).unwrap();
            end(&mut wait, &woken, &at).await;
        }
        .boxed_local()
    }),
    ("replaced when it has been sent", |mut wait, sender, at| {
        async move {
            let (first, second) = (Woken::new(), Woken::new());
            assert!(poll(&mut wait, &first).is_pending(), "{at}");
            sender.send(()).unwrap();
            end(&mut wait, &second, &at).await;
        }
        .boxed_local()
    }),
    ("woken by eight threads in the poll", |mut wait, sender, at| {
        async move {
            let mut sender = Some(sender);
            let mut threads = Vec::new();
            let start = Instant::now();
            poll_fn(|cx| {
                assert!(start.elapsed() < Duration::from_secs(30), "{at}: a wake was lost");
                let polled = wait.as_mut().poll(cx);
                if let Some(sender) = sender.take() {
                    assert!(polled.is_pending(), "{at}");
                    threads = (0..8)
                        .map(|_| {
                            let waker = cx.waker().clone();
                            thread::spawn(move || (0..1000).for_each(|_| waker.wake_by_ref()))
                        })
                        .collect();
                    sender.send(()).unwrap();
                }
                polled
            })
            .await;
            for thread in threads {
                thread.join().unwrap();
            }
        }
        .boxed_local()
    }),
    ("sent inside of a drop", |mut wait, sender, at| {
        async move {
            let woken = Woken::new();
            assert!(poll(&mut wait, &woken).is_pending(), "{at}");
            let mut sender = Some(sender);
            let sends = OnDrop(move || sender.take().unwrap().send(()).unwrap());
            let task = spawn(async move {
                let _sends = sends;
                pending::<()>().await;
            });
            yield_now().await;
            task.abort();
            end(&mut wait, &woken, &at).await;
        }
        .boxed_local()
    }),
    ("sent by another thread", |mut wait, sender, at| {
        async move {
            let woken = Woken::new();
            assert!(poll(&mut wait, &woken).is_pending(), "{at}");
            let thread = thread::spawn(move || sender.send(()).unwrap());
            end(&mut wait, &woken, &at).await;
            thread.join().unwrap();
        }
        .boxed_local()
    }),
    ("dropped where it waits, and sent after that", |mut wait, sender, at| {
        async move {
            let woken = Woken::new();
            assert!(poll(&mut wait, &woken).is_pending(), "{at}");
            drop(wait);
            // A task that was awaited goes on without its handle.
            assert_eq!(Arc::strong_count(&woken), 1, "{at}: its waker is kept while what it awaited goes on");
            let _goes_on_or_is_gone = sender.send(());
            sleep(Duration::from_millis(2)).await;
            rest().await;
            assert_eq!(Arc::strong_count(&woken), 1, "{at}: its waker is kept");
            assert!(woken.wakes() <= 1, "{at}: a wait that is gone is woken");
        }
        .boxed_local()
    }),
    ("woken after its end", |mut wait, sender, at| {
        async move {
            let woken = Woken::new();
            assert!(poll(&mut wait, &woken).is_pending(), "{at}");
            sender.send(()).unwrap();
            end(&mut wait, &woken, &at).await;
            Waker::from(Arc::clone(&woken)).wake();
            rest().await;
            drop(wait);
            rest().await;
            assert_eq!(Arc::strong_count(&woken), 1, "{at}: its waker is kept");
        }
        .boxed_local()
    }),
    ("never woken", |mut wait, sender, at| {
        async move {
            let woken = Woken::new();
            assert!(poll(&mut wait, &woken).is_pending(), "{at}");
            for _ in 0..100 {
                yield_now().await;
            }
            assert!(woken.wakes() <= 1, "{at}: it is woken for nothing, again and again");
            assert!(poll(&mut wait, &woken).is_pending(), "{at}");
            drop(wait);
            drop(sender);
            sleep(Duration::from_millis(2)).await;
            rest().await;
            assert_eq!(Arc::strong_count(&woken), 1, "{at}: its waker is kept");
        }
        .boxed_local()
    }),
];

#[test]
fn no_wait_loses_a_wake_or_keeps_a_waker_whatever_is_done_with_it() {
    for (name, wait) in WAITS {
        for (done, misuse) in MISUSES {
            Executor::run(async move {
                let (sender, gate) = oneshot::channel();
                misuse(wait(gate), sender, format!("{name}, {done}")).await;
            });
        }
    }
}

#[test]
fn a_wait_that_outlives_its_executor_ends_or_waits_on_and_keeps_nothing() {
    for (name, wait) in WAITS {
        let (sender, gate) = oneshot::channel();
        let woken = Woken::new();
        let executor = Executor::new();
        let mut begun = None;
        executor.block_on(async {
            let wait = begun.insert(wait(gate));
            assert!(poll(wait, &woken).is_pending(), "{name}");
            yield_now().await;
        });
        let mut wait = begun.expect("it has begun");
        drop(executor);
        let is_told = woken.wakes() > 0;
        let polled = poll_or_panic(&mut wait, &woken);
        assert!(!is_told || polled.is_ready(), "{name}: it is told of the end, and yet waits");
        // Nobody waits in a task that is gone; what waits elsewhere hears of it.
        let sent = sender.send(());
        if polled.is_pending() {
            sent.unwrap();
            assert!(poll_or_panic(&mut wait, &woken).is_ready(), "{name}: it waits on");
        }
        drop(wait);
        // A limit that went on without an executor is a timer of the reactor's, which forgets it in its next turn: in one of
        // these sleeps, unless all of them were over as they began.
        let patience = (0..10_000).find(|_| {
            Executor::run(sleep(Duration::from_millis(1)));
            Arc::strong_count(&woken) == 1
        });
        assert!(patience.is_some(), "{name}: its waker is kept");
    }
}

/// What is awaited for its value panics where there is none.
fn poll_or_panic(wait: &mut LocalBoxFuture<'static, ()>, woken: &Arc<Woken>) -> Poll<()> {
    let polled = catch_unwind(AssertUnwindSafe(|| poll(wait, woken)));
    polled.unwrap_or_else(|panic| {
        let text = panic.downcast::<String>().expect("it is a text");
        assert!(text.contains("cancelled"), "{text}");
        Poll::Ready(())
    })
}
