//! Small programs, as users write them.

use asynkit::{
    Cancellable, Executor, InterruptExt as _, Priority, Remote, TaskBuilder, TaskError, cancelling,
    copy_context, eager, eager_ctx, shield, sleep, spawn, yield_now,
};
use asynkit_tests::{at_some_pace, panic_text};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    error::Error,
    future::{pending, poll_fn},
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

fn auto_traits<T: Send + Sync + 'static>() {}

#[test]
fn errors_of_tasks_go_where_errors_go() {
    async fn work() -> Result<u32, Box<dyn Error + Send + Sync>> {
        let n: u32 = spawn(async { "7".parse() }).await??;
        let doubled = spawn(async move { n * 2 }).await?;
        Ok(doubled)
    }
    auto_traits::<TaskError>();
    auto_traits::<asynkit::PanicPayload>();
    assert_eq!(Executor::run(work()).unwrap(), 14);
    let error = Executor::run(async {
        let task = spawn(pending::<()>());
        task.cancel();
        task.await.unwrap_err()
    });
    assert_eq!(error.to_string(), "the task was cancelled");
    let error = Executor::run(async { spawn(async { panic!("x") }).await.map(|(): ()| ()).unwrap_err() });
    assert_eq!(error.to_string(), "the task panicked: x");
    assert_eq!(error.source().unwrap().to_string(), "panicked: x");
}

/// A queue between tasks of one thread.
#[derive(Default)]
struct Channel(RefCell<(VecDeque<u32>, Option<Waker>)>);

impl Channel {
    fn send(&self, n: u32) {
        let waker = {
            let mut inner = self.0.borrow_mut();
            inner.0.push_back(n);
            inner.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn receive(&self) -> u32 {
        poll_fn(|cx| {
            let mut inner = self.0.borrow_mut();
            if let Some(n) = inner.0.pop_front() {
                Poll::Ready(n)
            } else {
                inner.1 = Some(cx.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

#[test]
fn a_connection_finishes_the_request_in_flight_and_says_good_bye() {
    async fn connection(requests: Rc<Channel>, log: Rc<RefCell<Vec<String>>>) {
        while let Ok(request) = requests.receive().interruptible().await {
            shield(async {
                for _ in 0..5 {
                    yield_now().await;
                }
                log.borrow_mut().push(format!("reply {request}"));
            })
            .await;
        }
        yield_now().await;
        log.borrow_mut().push("good bye".to_owned());
    }
    let log = Rc::default();
    Executor::run(async {
        let (busy, idle) = (Rc::<Channel>::default(), Rc::<Channel>::default());
        busy.send(1);
        let tasks = [spawn(connection(busy, Rc::clone(&log))), spawn(connection(idle, Rc::clone(&log)))];
        yield_now().await;
        for task in &tasks {
            task.cancel();
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(*log.borrow(), ["good bye", "reply 1", "good bye"]);
}

#[test]
fn requests_in_flight_overlap_with_other_work() {
    // Counted: how long they take all together is up to the machine.
    at_some_pace(|factor| {
        let (in_flight, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        Executor::run(async {
            let pages: Vec<_> = (0..50)
                .map(|n| {
                    let (in_flight, most) = (Rc::clone(&in_flight), Rc::clone(&most));
                    eager(async move {
                        in_flight.set(in_flight.get() + 1);
                        most.set(most.get().max(in_flight.get()));
                        sleep(Duration::from_millis(20) * factor).await;
                        in_flight.set(in_flight.get() - 1);
                        n
                    })
                })
                .collect();
            let mut sum = 0;
            for page in pages {
                sum += page.await;
            }
            assert_eq!(sum, 1225);
        });
        assert_eq!(in_flight.get(), 0);
        // One may have been over at once, where the machine stopped.
        if most.get() == 50 { Ok(()) } else { Err(most.get()) }
    });
}

#[test]
fn builders_guards_and_options_fit_together() {
    let executor = Executor::builder()
        .name("main")
        .eager_tasks(true)
        .task_factory(|mut task| {
            task.name = Some("x".into());
            task
        })
        .panic_hook(|task, payload| eprintln!("{task:?}: {:?}", payload.message()))
        .build();
    assert!(format!("{executor:?}").contains("main"));
    let remote = executor.remote();
    let answer = std::thread::spawn(move || {
        remote.spawn(|| {
            let local = Rc::new(1);
            async move {
                sleep(Duration::ZERO).await;
                *local
            }
        })
    });
    let answer = answer.join().unwrap().unwrap();
    assert_eq!(executor.block_on(answer).unwrap(), 1);
    executor.block_on(async {
        let task = TaskBuilder::new(async {}).context(copy_context()).priority(Priority::HIGH).spawn();
        task.await.unwrap();
        let mut guard = cancelling(spawn(async { 1 }));
        assert_eq!((&mut guard).await.unwrap(), 1);
        assert_eq!(eager_ctx(async { 3 }).await, 3);
        assert!(Remote::current().is_ok());
    });
    let cancel: fn(&asynkit::Task<()>) -> bool = Cancellable::cancel;
    assert!(size_of_val(&cancel) > 0);
}

#[test]
fn awaiting_a_task_twice_says_so() {
    let text = panic_text(|| {
        Executor::run(async {
            let mut task = spawn(async {});
            (&mut task).await.unwrap();
            (&mut task).await.unwrap();
        });
    });
    assert_eq!(text, "a task was awaited again after it had given its result");
}
