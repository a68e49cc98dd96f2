use crate::{
    asyncio::{Raised, next_pass, run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{InterruptExt as _, awaitmethod, coro_iter};
use asynkit_tests::Trace;
use std::any::type_name;

const DIFFERENCES: &[Difference<'_>] = &[("first None", "first ()", "a suspension carries no value")];

struct A {
    n: u32,
}

#[awaitmethod]
impl IntoFuture for &mut A {
    async fn into_future(self) -> Result<u32, Raised> {
        self.n += 1;
        sleep0().await;
        if self.n == 3 { Err(Raised("ValueError", "third")) } else { Ok(self.n) }
    }
}

/// Python's second decorator makes the same of an iterator; here there is one.
struct B(A);

#[awaitmethod]
impl IntoFuture for &mut B {
    async fn into_future(self) -> Result<u32, Raised> {
        (&mut self.0).await
    }
}

struct C;

#[awaitmethod]
impl IntoFuture for C {
    async fn into_future(self) -> &'static str {
        "static"
    }
}

struct D;

#[awaitmethod]
impl IntoFuture for D {
    async fn into_future(self) -> &'static str {
        type_name::<Self>().rsplit("::").next().expect("a path has a last part")
    }
}

async fn await_again<T>(log: &Trace, name: &str, mut value: T)
where
    for<'a> &'a mut T: IntoFuture<Output = Result<u32, Raised>>,
{
    let first = (&mut value).await.expect("the first");
    let second = (&mut value).await.expect("the second");
    log.log(format!("{name}: {first} {second}"));
    let Raised(python_type, text) = (&mut value).await.expect_err("the third fails");
    log.log(format!("{name}: {python_type} {text}"));
    log.log(format!("{name}: again {}", (&mut value).await.expect("the fourth")));
}

async fn inner(log: &Trace) -> Option<&'static str> {
    log.log("inner start");
    match sleep0().interruptible().await {
        Err(told) if Raised::is(&told, "ZeroDivisionError") => {
            log.log("inner ZDE");
            Some("handled")
        }
        Err(_closed) => {
            log.log("inner GeneratorExit");
            None
        }
        Ok(()) => Some("plain"),
    }
}

fn raw_iterator(log: &Trace) {
    let returned =
        |value: Option<&str>| log.log(format!("StopIteration('{}')", value.expect("it is not closed")));
    next_pass();
    log.log("== coro_iter raw");
    let mut it = coro_iter(Box::pin(inner(log)));
    log.log("created (nothing ran)");
    log.log(format!("first {:?}", it.next().expect("it suspends")));
    assert_eq!(it.throw(Raised("ZeroDivisionError", "")).expect("it is handled"), None);
    returned(it.into_result().expect("it returned"));

    let mut it = coro_iter(Box::pin(inner(log)));
    assert_eq!(it.next(), Some(()));
    assert_eq!(it.close(), Ok(()));
    log.log("closed");

    let mut it = coro_iter(Box::pin(inner(log)));
    assert_eq!(it.next(), Some(()));
    next_pass();
    assert_eq!(it.next(), None);
    returned(it.into_result().expect("it returned"));

    let mut it = coro_iter(Box::pin(inner(log)));
    assert_eq!(it.close(), Ok(()));
    log.log("closed unstarted (inner never ran)");
}

#[test]
fn coro_iter_and_awaitmethod() {
    let log = Trace::new();
    run(async {
        await_again(&log, "A", A { n: 0 }).await;
        await_again(&log, "B", B(A { n: 0 })).await;
        log.log(C.await);
        log.log(D.await);
    });
    raw_iterator(&log);
    compare("13_coro_iter_awaitmethod", &log.take(), DIFFERENCES);
}
