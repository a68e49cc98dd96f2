//! Small programs as users write them, with tasks.

use asynkit::{
    Executor, Interrupt, InterruptExt as _, InterruptKind, Refused, Task, TaskError, ThrowRefused, shield,
    sleep, spawn, task_interrupt, task_throw, throw_when, yield_now,
};
use asynkit_tests::Gate;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    error::Error,
    fmt,
    future::{Future, pending, poll_fn},
    io,
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

type Failure = Box<dyn Error + Send + Sync>;

/// A channel with one reader.
#[derive(Clone, Default)]
struct Channel(Rc<Items>);

type Items = (RefCell<VecDeque<u32>>, Cell<Option<Waker>>);

impl Channel {
    fn recv(&self) -> impl Future<Output = u32> + use<> {
        let channel = self.clone();
        poll_fn(move |cx| {
            let (queue, waker) = &*channel.0;
            if let Some(item) = queue.borrow_mut().pop_front() {
                Poll::Ready(item)
            } else {
                waker.set(Some(cx.waker().clone()));
                Poll::Pending
            }
        })
    }

    fn send(&self, item: u32) {
        self.0.0.borrow_mut().push_back(item);
        if let Some(waker) = self.0.1.take() {
            waker.wake();
        }
    }
}

#[derive(Debug)]
struct Reload;

impl fmt::Display for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reload")
    }
}

impl Error for Reload {}

#[test]
fn a_worker_that_reloads_between_two_jobs() {
    async fn worker(jobs: Channel, log: Rc<RefCell<Vec<String>>>) -> Result<(), Interrupt> {
        let mut config = 1;
        loop {
            match jobs.recv().interruptible().await {
                Ok(job) => log.borrow_mut().push(format!("job {job}, config {config}")),
                Err(told) if told.is::<Reload>() => config += 1,
                Err(stop) => return Err(stop),
            }
        }
    }
    Executor::run(async {
        let (jobs, log) = (Channel::default(), Rc::<RefCell<Vec<String>>>::default());
        let worker = spawn(worker(jobs.clone(), Rc::clone(&log)));
        jobs.send(1);
        yield_now().await;
        task_interrupt(&worker, Reload).await.unwrap();
        jobs.send(2);
        yield_now().await;
        worker.cancel();
        assert_eq!(worker.await.unwrap().unwrap_err().kind(), InterruptKind::Cancel);
        assert_eq!(*log.borrow(), ["job 1, config 1", "job 2, config 2"]);
    });
}

/// A server's connection; `whole` says whether a request in flight is shielded.
async fn connection(requests: Channel, written: Gate, whole: bool, log: Rc<RefCell<Vec<&'static str>>>) {
    let reply = || async {
        while !written.is_open() {
            yield_now().await;
        }
        log.borrow_mut().push("reply");
    };
    while requests.recv().interruptible().await.is_ok() {
        if whole {
            shield(reply()).await;
        } else {
            reply().await;
        }
    }
    log.borrow_mut().push("goodbye");
}

#[test]
fn idle_connections_say_goodbye_and_a_request_in_flight_is_finished_where_it_is_shielded() {
    Executor::run(async {
        for (whole, busy, expected) in [
            (false, false, &["goodbye"][..]),
            (false, true, &[]), // the trap: no point waits, so it is dropped
            (true, true, &["reply", "goodbye"]),
        ] {
            let (requests, written, log) = (Channel::default(), Gate::default(), Rc::default());
            if busy {
                requests.send(1);
            }
            let task = spawn(connection(requests, written.clone(), whole, Rc::clone(&log)));
            yield_now().await;
            task.cancel();
            yield_now().await;
            written.open();
            let ended = task.await;
            assert_eq!(ended.is_ok(), !expected.is_empty(), "{ended:?}");
            assert_eq!(*log.borrow(), expected);
        }
    });
}

#[test]
fn a_second_cancel_ends_what_is_stuck_in_its_clean_up() {
    Executor::run(async {
        let stuck = spawn(async {
            let _stop = pending::<()>().interruptible().await;
            pending::<()>().await;
        });
        yield_now().await;
        stuck.cancel();
        yield_now().await;
        assert!(!stuck.is_finished());
        stuck.cancel();
        assert!(matches!(stuck.await, Err(TaskError::Cancelled)));
    });
}

#[test]
fn text_an_error_an_interrupt_and_a_refused_error_that_comes_back() {
    async fn thrown(mut task: Task<u8>) -> Result<Option<String>, Failure> {
        if task.is_finished() {
            (&mut task).interruptible().await??;
        }
        task_throw(&task, "go away")?;
        task_throw(&task, Interrupt::close())?;
        let late = match task_interrupt(&task, io::Error::other("x")).await {
            Ok(()) => None,
            Err(ThrowRefused { why: Refused::Stopping, error, .. }) => Some(error.to_string()),
            Err(refused) => return Err(refused.into()),
        };
        task.await?;
        Ok(late)
    }
    Executor::run(async {
        let asks = async || pending::<()>().interruptible().await.is_err();
        let task = spawn(async move { u8::from(asks().await) + u8::from(asks().await) });
        yield_now().await;
        assert_eq!(thrown(task).await.unwrap().as_deref(), Some("x"));
        let task = spawn(async { 1 });
        yield_now().await;
        assert!(thrown(task).await.unwrap_err().is::<ThrowRefused>(), "it has ended");
    });
}

#[test]
fn a_task_stops_on_a_token_of_another_library() {
    async fn protected(stop: tokio::sync::oneshot::Receiver<()>) -> Result<&'static str, Failure> {
        let serving = async {
            let committed = shield(async { "commit" }).await;
            match sleep(Duration::MAX).interruptible().await {
                Ok(()) => "never",
                Err(_stop) => committed,
            }
        };
        Ok(throw_when(stop, InterruptKind::Cancel, serving).await?)
    }
    Executor::run(async {
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let task = spawn(protected(stopped));
        yield_now().await;
        stop.send(()).unwrap();
        assert_eq!(task.await.unwrap().unwrap(), "commit");
    });
}

#[test]
fn a_supervisor_learns_whether_its_message_was_seen() {
    Executor::run(async {
        let seen = spawn(async { pending::<()>().interruptible().await.is_err() });
        let killed = spawn(pending::<()>());
        let late = spawn(async { yield_now().await });
        yield_now().await;
        let mut report = Vec::new();
        for task in [*seen, *killed, *late] {
            report.push(match task_interrupt(&task, "status?").await {
                Ok(()) => "seen".to_owned(),
                Err(refused) => format!("{:?}: {}", refused.why, refused.error),
            });
        }
        // The third had its turn, and returned, while the first was being told.
        assert_eq!(report, ["seen", "seen", "Done: status?"]);
        assert!(
            matches!(killed.await, Err(TaskError::Interrupted(told)) if told.to_string().ends_with("status?"))
        );
        assert!(seen.await.unwrap());
    });
}
