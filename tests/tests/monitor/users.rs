//! Small programs as users write them.

use asynkit::{
    BoundMonitor, Interrupt, LocalMonitor, Monitor, Step, coro, coro_is_finished, coro_is_suspended,
};
use asynkit_tests::block_on;
use std::{
    error::Error,
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

type AnyResult<T> = Result<T, Box<dyn Error>>;

fn on_tokio<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    runtime.block_on(async { tokio::spawn(future).await.unwrap() })
}

#[test]
fn in_a_send_future_started_by_aawait() {
    let turns = on_tokio(async {
        let m = Monitor::<Vec<u8>>::new();
        let mut c = pin!(async { m.oob(vec![]).await });
        let mut turns = 0;
        while let Step::Oob(bytes) = m.aawait(c.as_mut()).await {
            assert!(bytes.is_empty());
            turns += 1;
        }
        turns
    });
    assert_eq!(turns, 1);
}

#[test]
fn a_message_that_borrows_what_was_declared_after_the_monitor() {
    async fn borrowed_message() -> bool {
        let m = Monitor::new();
        let data = vec![1u8];
        let mut c = pin!(async {
            let answer: Result<(), _> = m.oob(&data).await;
            answer.is_ok()
        });
        m.aawait(c.as_mut()).await.oob() == Some(&data)
    }
    assert!(block_on(borrowed_message()));
}

#[test]
fn a_leaf_talks_to_the_outer_of_two_monitors() {
    async fn nested() -> Step<u8, Step<u16, Result<(), Interrupt>>> {
        let outer = Monitor::<u8>::new();
        let inner = Monitor::<u16>::new();
        let mut leaf = pin!(async {
            outer.oob(1).await?;
            inner.oob(2).await
        });
        let mut middle = pin!(async { inner.aawait(leaf.as_mut()).await });
        assert!(matches!(outer.aawait(middle.as_mut()).await, Step::Oob(1)));
        outer.aawait(middle.as_mut()).await
    }
    assert!(matches!(block_on(nested()), Step::Done(Step::Oob(2))));
}

#[derive(Debug)]
enum ParseError {
    Stopped(Interrupt),
    Bad(usize),
}

impl From<Interrupt> for ParseError {
    fn from(interrupt: Interrupt) -> Self {
        ParseError::Stopped(interrupt)
    }
}

#[derive(Debug)]
enum Value {
    Int(i64),
    Array(Vec<Value>),
}

type Input = Monitor<usize, Vec<u8>>;

/// A recursive parser that asks its owner for bytes.
async fn parse(m: &Input, depth: usize) -> Result<Value, ParseError> {
    let head = m.oob(2).await?;
    match head[0] {
        b':' => Ok(Value::Int(head[1].into())),
        b'*' => {
            let mut items = vec![];
            for _ in 0..head[1] {
                items.push(Box::pin(parse(m, depth + 1)).await?);
            }
            Ok(Value::Array(items))
        }
        _ => Err(ParseError::Bad(depth)),
    }
}

#[test]
fn start_where_the_answer_has_no_default_then_answers() {
    let parsed = on_tokio(async {
        let m = Monitor::new();
        let mut input = [*b"*\x02", *b":\x07", *b"*\x00"].into_iter();
        let mut parser = pin!(parse(&m, 0));
        let mut wanted = m.start(parser.as_mut()).await.unwrap();
        loop {
            let bytes = input.next().unwrap().to_vec();
            assert_eq!(bytes.len(), wanted);
            match m.asend(parser.as_mut(), bytes).await {
                Step::Oob(n) => wanted = n,
                Step::Done(value) => break value,
            }
        }
    });
    let Ok(Value::Array(items)) = parsed else { panic!("{parsed:?}") };
    assert!(matches!(&items[..], [Value::Int(7), Value::Array(rest)] if rest.is_empty()));
}

type Parser = Pin<Box<dyn Future<Output = Result<Value, ParseError>> + Send>>;

/// Monitor and parser in one struct without a lifetime.
struct Connection {
    parser: BoundMonitor<Arc<Input>, Parser>,
}

impl Connection {
    async fn open() -> Self {
        let m = Arc::new(Monitor::new());
        let parser: Parser = Box::pin({
            let m = Arc::clone(&m);
            async move { parse(&m, 0).await }
        });
        let mut connection = Connection { parser: BoundMonitor::new(m, parser) };
        connection.parser.start().await.expect("it asks for bytes first");
        connection
    }

    async fn feed(&mut self, bytes: Vec<u8>) -> Option<Result<Value, ParseError>> {
        self.parser.asend(bytes).await.done()
    }
}

#[test]
fn a_connection_that_owns_monitor_and_parser_and_moves() {
    on_tokio(async {
        let mut connection = Connection::open().await;
        assert!(connection.feed(b"*\x01".to_vec()).await.is_none());
        let mut moved = Box::new(connection);
        assert!(matches!(moved.feed(b"?\x01".to_vec()).await, Some(Err(ParseError::Bad(1)))));
        let mut closed = Connection::open().await;
        closed.parser.aclose().await.unwrap();
        let told = Connection::open().await.parser.athrow("cut").await.unwrap();
        assert!(
            matches!(told, Step::Done(Err(ParseError::Stopped(told))) if told.to_string() == "interrupted: cut")
        );
    });
}

#[test]
fn bound_on_the_stack_and_in_a_box_and_awaited_again_and_again() {
    block_on(async {
        let m = Monitor::<u8>::new();
        let c = pin!(async { m.oob(1).await });
        let mut bound = m.bind(c);
        let mut sum = 0;
        while let Step::Oob(n) = (&mut bound).await {
            sum += n;
        }
        assert_eq!(sum, 1);
        let mut boxed = m.bind(Box::pin(async { m.oob(1).await }));
        assert!(matches!((&mut boxed).await, Step::Oob(1)));
        boxed.aclose().await.unwrap();
    });
}

#[test]
fn thrown_into_a_coroutine_in_its_slot() -> AnyResult<()> {
    block_on(async {
        let m = Monitor::<u8>::new();
        coro!(let mut c = async { m.oob(1).await.is_ok() });
        assert_eq!(m.aawait(c.as_mut()).await, Step::Oob(1));
        assert!(coro_is_suspended(&c));
        let step: Step<u8, bool> = m.athrow(c.as_mut(), "x").await?;
        assert_eq!(step, Step::Done(false));
        assert!(coro_is_finished(&c));
        // The monitor takes any future, so it cannot ask this one; the slot can.
        c.as_mut().close()?;
        Ok(())
    })
}

#[test]
fn a_local_monitor_and_an_error_that_the_coroutine_answers() -> AnyResult<()> {
    block_on(async {
        let m = LocalMonitor::<Rc<u8>>::new();
        let mut c = pin!(async {
            match m.oob(Rc::new(1)).await {
                Ok(()) => 1,
                Err(_interrupt) => 2,
            }
        });
        assert_eq!(m.aawait(c.as_mut()).await.oob(), Some(Rc::new(1)));
        let step: Step<Rc<u8>, i32> = m.athrow(c.as_mut(), "x").await?;
        assert_eq!(step, Step::Done(2));
        Ok(())
    })
}

#[test]
fn on_after_an_asend_that_was_dropped_in_a_select() {
    let value = on_tokio(async {
        let m = Monitor::<u8, u8>::new();
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let mut c = pin!(async {
            let n = m.oob(1).await.unwrap();
            gone.await.unwrap();
            n
        });
        m.start(c.as_mut()).await.ok().unwrap();
        tokio::select! {
            biased;
            _ = m.asend(c.as_mut(), 1) => unreachable!("it waits"),
            () = tokio::time::sleep(Duration::ZERO) => {}
        }
        go.send(()).unwrap();
        m.resume(c.as_mut()).await
    });
    assert_eq!(value, Step::Done(1));
}

#[test]
fn one_monitor_and_several_coroutines_in_turn() {
    block_on(async {
        let m = &Monitor::<u8>::new();
        let mut all: Vec<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = vec![];
        for i in 0..3 {
            all.push(Box::pin(async move {
                let _ = m.oob(i).await;
            }));
        }
        for (i, c) in (0..).zip(&mut all) {
            assert_eq!(m.aawait(c.as_mut()).await, Step::Oob(i));
        }
    });
}

#[test]
fn in_joined_branches_and_for_one_that_should_not_ask() {
    static SHARED: Monitor<u8, u8> = Monitor::new();
    block_on(async {
        let m = &SHARED;
        let mut c = pin!(async { futures::join!(m.oob(1), m.oob(2)) });
        assert_eq!(m.start(c.as_mut()).await.ok(), Some(1));
        let mut quiet = pin!(async { true });
        assert_eq!(m.try_await(quiet.as_mut(), 0).await, Some(true));
        assert_eq!(m.asend(c.as_mut(), 10).await.oob(), Some(2));
        let Step::Done((Ok(10), Ok(20))) = m.asend(c.as_mut(), 20).await else { panic!("both are answered") };
    });
}
