//! What a scope, an interrupt point or a context adds to a poll.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::Poll;

use asynkit::{Coro, InterruptExt as _, copy_context};
use asynkit_benches::Row;
use tokio_util::sync::CancellationToken;

use crate::util::{After, Boxed, NEVER, boxed, context, finish};

/// So many awaits in one body of unknown type, which lies in a scope.
macro_rules! awaits {
    ($n:expr, $value:expr) => {{
        let body = boxed(async move {
            let mut sum = 0;
            for _ in 0..$n {
                sum += $value;
            }
            sum
        });
        black_box(finish(pin!(Coro::new(body))));
    }};
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::new("scope: poll of a pending body without points")
            .ours(|n| poll(n, pin!(Coro::new(pending()))))
            .at_most(36.0)
            .by("no scope", |n| poll(n, pending().as_mut())),
        Row::new("scope: the same, inside of another scope").ours(poll_in_scope),
        Row::new("point: ready at once")
            .ours(|n| awaits!(n, After(black_box(0)).interruptible().await.unwrap_or(0)))
            .at_most(39.0)
            .by("plain await", |n| awaits!(n, After(black_box(0)).await))
            .by("tokio-util run_until_cancelled", |n| {
                let token = CancellationToken::new();
                awaits!(n, token.run_until_cancelled(After(black_box(0))).await.unwrap_or(0));
            }),
        Row::new("point: pending once")
            .ours(|n| awaits!(n, After(black_box(1)).interruptible().await.unwrap_or(0)))
            .at_most(115.0)
            .by("plain await", |n| awaits!(n, After(black_box(1)).await))
            .by("tokio-util run_until_cancelled", |n| {
                let token = CancellationToken::new();
                awaits!(n, token.run_until_cancelled(After(black_box(1))).await.unwrap_or(0));
            }),
        Row::new("context: poll of a pending body in one")
            .ours(|n| poll(n, pin!(copy_context().scope(pending()))))
            .over("no context", 2.0)
            .by("no context", |n| poll(n, pending().as_mut()))
            .by("tokio task_local", |n| poll(n, pin!(TOKIO_USER.scope(Cell::new(1), pending())))),
    ]
}

tokio::task_local! {
    static TOKIO_USER: Cell<u64>;
}

/// A body that waits for ever, of unknown type.
fn pending() -> Boxed<'static, u64> {
    async fn body() -> u64 {
        NEVER.await
    }
    boxed(body())
}

/// Polls a pending body in a scope that is in a scope.
fn poll_in_scope(n: u32) {
    let body = poll_fn(|cx| {
        let mut inner = pin!(Coro::new(pending()));
        let mut suspended = 0_u32;
        for _ in 0..n {
            suspended += u32::from(inner.as_mut().poll(cx).is_pending());
        }
        black_box(suspended);
        Poll::Ready(())
    });
    finish(pin!(Coro::new(body)));
}

fn poll<F: Future + ?Sized>(n: u32, mut future: Pin<&mut F>) {
    let mut cx = context();
    let mut pending = 0_u32;
    for _ in 0..n {
        pending += u32::from(future.as_mut().poll(&mut cx).is_pending());
    }
    black_box(pending);
}
