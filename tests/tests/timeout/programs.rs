//! Small programs as users write them.

use crate::{LONG, SOON};
use asynkit::{
    Executor, Interrupt, InterruptExt as _, TimedOut, shield, sleep, spawn, task_timeout, try_task_timeout,
};
use futures::future::join;
use std::{
    cell::RefCell,
    error::Error,
    future::{Future, pending},
    io,
    time::Duration,
};

type Failure = Box<dyn Error + Send + Sync>;

/// A peer that never says anything, and keeps what it is told.
#[derive(Default)]
struct Socket {
    sent: Vec<u8>,
}

impl Socket {
    async fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        pending().await
    }

    async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        asynkit::yield_now().await;
        self.sent.extend_from_slice(bytes);
        Ok(())
    }
}

#[test]
fn a_timeout_with_clean_up() {
    async fn read(socket: &mut Socket) -> Result<usize, Failure> {
        let mut buffer = [0; 8];
        let read = try_task_timeout(SOON, async {
            match socket.read(&mut buffer).interruptible().await {
                Ok(n) => Ok(n?),
                Err(stop) => {
                    socket.write_all(b"bye\r\n").await?;
                    Err(Failure::from(stop))
                }
            }
        })
        .grace(LONG);
        match read.await {
            Err(error) if error.is::<TimedOut>() => Ok(0),
            other => other,
        }
    }
    Executor::run(async {
        let mut socket = Socket::default();
        assert_eq!(read(&mut socket).await.unwrap(), 0);
        assert_eq!(socket.sent, b"bye\r\n");
    });
}

#[derive(Debug)]
enum ServerError {
    Io(#[expect(dead_code, reason = "shown by a failing test")] io::Error),
    Late(TimedOut),
    Told(#[expect(dead_code, reason = "held: so a timeout knows its own")] Interrupt),
}

impl From<io::Error> for ServerError {
    fn from(error: io::Error) -> Self {
        ServerError::Io(error)
    }
}

impl From<TimedOut> for ServerError {
    fn from(late: TimedOut) -> Self {
        ServerError::Late(late)
    }
}

impl From<Interrupt> for ServerError {
    fn from(told: Interrupt) -> Self {
        ServerError::Told(told)
    }
}

#[test]
fn a_server_with_an_error_of_its_own_that_goes_on_with_the_answer() {
    async fn serve(socket: &mut Socket) -> Result<usize, ServerError> {
        let mut buffer = [0; 8];
        let answer = try_task_timeout::<_, ServerError, _>(SOON, async {
            match socket.read(&mut buffer).interruptible().await {
                Ok(n) => Ok(n?),
                Err(stop) => {
                    socket.write_all(b"bye\r\n").await?;
                    Err(stop.into())
                }
            }
        })
        .await?;
        Ok(answer + 1)
    }
    Executor::run(async {
        let mut socket = Socket::default();
        let served = serve(&mut socket).await;
        assert!(matches!(&served, Err(ServerError::Late(late)) if late.after == SOON), "{served:?}");
        assert_eq!(socket.sent, b"bye\r\n");
    });
}

#[test]
fn nested_timeouts_an_optional_limit_and_a_grace_of_its_own() {
    async fn timeouts(limit: Option<Duration>) -> Result<u32, Failure> {
        let inner = async { Ok::<_, Failure>(task_timeout(LONG, async { 1 }).await?) };
        let n = task_timeout(limit, inner).grace(LONG).await??;
        task_timeout(None, async {}).await?;
        try_task_timeout(LONG, async {
            sleep(Duration::ZERO).interruptible().await?;
            Ok::<_, Failure>(n)
        })
        .await
    }
    Executor::run(async {
        assert_eq!(timeouts(None).await.unwrap(), 1);
        assert_eq!(timeouts(Some(LONG)).await.unwrap(), 1);
    });
}

#[derive(Debug)]
enum Stop {
    Late,
    Told(#[expect(dead_code, reason = "held: so a timeout knows its own")] Interrupt),
}

impl From<TimedOut> for Stop {
    fn from(_: TimedOut) -> Self {
        Stop::Late
    }
}

impl From<Interrupt> for Stop {
    fn from(told: Interrupt) -> Self {
        Stop::Told(told)
    }
}

#[test]
fn the_first_server_that_answers_in_time() {
    async fn first(limit: Duration, servers: &[Duration]) -> Result<Duration, Stop> {
        for &delay in servers {
            let answer = try_task_timeout(limit, async {
                sleep(delay).interruptible().await?;
                Ok(delay)
            });
            match answer.await {
                Err(Stop::Late) => {}
                other => return other,
            }
        }
        Err(Stop::Late)
    }
    Executor::run(async {
        assert!(matches!(first(SOON, &[LONG, LONG, Duration::ZERO]).await, Ok(Duration::ZERO)));
        assert!(matches!(first(SOON, &[LONG]).await, Err(Stop::Late)));
        let all = try_task_timeout(SOON * 5, async { first(SOON, &[LONG; 1000]).await.map(drop) });
        assert!(matches!(all.await, Err(Stop::Late)), "the outer one, in the middle of an inner one");
        let told = task_timeout(Duration::ZERO, first(LONG, &[LONG])).grace(LONG).await;
        assert!(matches!(told, Ok(Err(Stop::Told(_)))));
    });
}

#[test]
fn branches_and_a_part_that_must_not_be_cut() {
    async fn transfer(log: &RefCell<Vec<&'static str>>) -> (bool, bool) {
        let read = async { pending::<()>().interruptible().await.is_err() };
        let write = async {
            shield(async { sleep(SOON * 3).interruptible().await }).await.unwrap();
            log.borrow_mut().push("committed");
            pending::<()>().interruptible().await.is_err()
        };
        join(read, write).await
    }
    Executor::run(async {
        let log = RefCell::default();
        assert_eq!(task_timeout(SOON, transfer(&log)).await, Ok((true, true)));
        assert_eq!(*log.borrow(), ["committed"]);
    });
}

#[test]
fn a_worker_with_a_limit_for_each_job() {
    async fn run(jobs: Vec<(u32, Duration)>) -> Vec<String> {
        let mut log = Vec::new();
        for (job, takes) in jobs {
            let done = task_timeout(SOON, sleep(takes)).await;
            log.push(format!("job {job}: {}", if done.is_ok() { "done" } else { "late" }));
        }
        log
    }
    Executor::run(async {
        let worker = spawn(run(vec![(1, Duration::ZERO), (2, LONG), (3, Duration::ZERO)]));
        assert_eq!(worker.await.unwrap(), ["job 1: done", "job 2: late", "job 3: done"]);
    });
}

#[test]
fn a_timeout_is_boxed_stored_and_awaited_later() {
    fn later<T: 'static>(f: impl Future<Output = T> + 'static) -> std::pin::Pin<Box<dyn Future<Output = T>>> {
        Box::pin(f)
    }
    Executor::run(async {
        let stored = later(task_timeout(SOON, pending::<()>()));
        assert!(stored.await.is_err());
    });
}
