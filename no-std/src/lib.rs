//! asynkit without `std`: a static library with a panic handler and an allocator of its own, called from C.
#![no_std]

extern crate alloc;

mod heap;

use alloc::{boxed::Box, string::ToString as _};
use asynkit::{
    AsyncGenerator as _, Coro, CoroStart, GeneratorObject, ThrowError, coro, coro_is_finished, coro_iter,
    start,
};
use core::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    panic::PanicInfo,
    pin::pin,
    task::{Context, Poll, Waker},
};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn abort() -> !;
    }
    abort()
}

/// Runs every part; the number of the first one that misbehaves, or 0.
#[unsafe(no_mangle)]
pub extern "C" fn asynkit_no_std() -> i32 {
    let parts = [a_started_coroutine, a_thrown_error, an_iterated_coroutine, a_generator_by_handle];
    let failed = parts.iter().position(|part| part().is_none());
    failed.map_or(0, |at| i32::try_from(at).unwrap_or(i32::MAX - 1) + 1)
}

async fn suspend_once() {
    let mut is_second = false;
    poll_fn(|_| if core::mem::replace(&mut is_second, true) { Poll::Ready(()) } else { Poll::Pending }).await;
}

fn poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn a_started_coroutine() -> Option<()> {
    start!(let mut c = async {
        suspend_once().await;
        41 + 1
    });
    let is_pending = c.is_pending();
    let boxed: CoroStart<Box<Coro<_>>> = CoroStart::boxed(async { 42 });
    (is_pending && poll(&mut c)? == 42 && boxed.into_result().ok()? == 42).then_some(())
}

fn a_thrown_error() -> Option<()> {
    coro!(let mut c = pending::<()>());
    if poll(&mut c).is_some() {
        return None;
    }
    let Err(ThrowError::Interrupted(error)) = c.as_mut().throw("enough", 1) else { return None };
    (coro_is_finished(&c) && error.to_string() == "interrupted: enough").then_some(())
}

fn an_iterated_coroutine() -> Option<()> {
    (coro_iter(pin!(suspend_once())).count() == 1).then_some(())
}

fn a_generator_by_handle() -> Option<()> {
    let g = GeneratorObject::<u8, u8>::resumable();
    let told = Cell::new(0);
    let mut items = pin!(g.iterate(async {
        let mut n = 1;
        while let Ok(answer) = g.ayield(n).await {
            suspend_once().await;
            n += answer;
        }
        told.set(1);
        suspend_once().await;
        // The close goes on being told; a helper in another task is told, too.
        let mut helper = pin!(g.ayield(n));
        if g.ayield(n).await.is_err() && helper.as_mut().await.is_err() {
            told.set(2);
        }
    }));
    let is_first = poll(&mut items.as_mut().anext())? == Some(1);
    let mut second = items.as_mut().asend(4);
    let is_second = poll(&mut second).is_none() && poll(&mut second)?.ok()? == Some(5);
    let mut third = items.as_mut().athrow("enough");
    let is_told = poll(&mut third).is_none() && told.get() == 1;
    let mut close = items.as_mut().aclose();
    let is_closed = poll(&mut close)?.is_ok() && told.get() == 2;
    (is_first && is_second && is_told && is_closed).then_some(())
}
