//! The harness finds what it looks for: each subject here has one fault, and is found out.

use asynkit::{Coro, InterruptExt as _};
use asynkit_tests::{
    Call, Ledger, Subject, Thrown, Turn, forget, leave_everywhere, misbehave_everywhere, panic_text,
};
use futures::future::{Either, select};
use std::{
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

type Body = Pin<Box<dyn Future<Output = ()>>>;

/// A slot whose owner may do something wrong.
struct Faulty {
    coro: Pin<Box<Coro<Body>>>,
    ledger: Ledger,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    LeaksValues,
    LeaksWakers,
    LosesWakes,
    LosesValues,
    TellsTwice,
    TellsNobody,
    GoesOnAfterPanics,
}

fn faulty(fault: Fault) -> impl Fn(&Ledger) -> Box<dyn Subject> {
    move |ledger| {
        let l = ledger.clone();
        let body = async move {
            if fault == Fault::LeaksValues {
                forget(l.value());
            }
            if fault == Fault::LosesValues {
                // A point inside of a `select` that prefers the interrupt.
                let told = std::future::pending::<()>().interruptible();
                if let Either::Left((Err(told), _)) = select(told, pin!(l.leaf())).await {
                    l.tell(&told);
                }
            }
            if let Err(told) = l.leaf().interruptible().await {
                l.tell(&told);
                if fault == Fault::TellsTwice {
                    l.tell(&told);
                }
            }
            l.leaf().await;
        };
        Box::new(Faulty { coro: Box::pin(Coro::new(Box::pin(body))), ledger: ledger.clone(), fault })
    }
}

/// Polls with a waker that is not the caller's.
struct Unwoken<'a>(Pin<&'a mut Coro<Body>>);

impl Future for Unwoken<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }
}

/// Leaks a clone of the waker.
async fn leak_waker() {
    std::future::poll_fn(|cx| {
        forget(cx.waker().clone());
        Poll::Ready(())
    })
    .await;
}

impl Subject for Faulty {
    fn go(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            match self.fault {
                Fault::LosesWakes => Unwoken(self.coro.as_mut()).await,
                Fault::GoesOnAfterPanics if self.ledger.has_misbehaved() => return Turn::Item,
                _ => self.coro.as_mut().await,
            }
            if self.fault == Fault::LeaksWakers {
                leak_waker().await;
            }
            Turn::End
        })
    }

    fn throw(&mut self, error: Thrown) -> Call<'_, Turn> {
        Box::pin(async {
            match self.coro.as_mut().athrow(error).await {
                Err(_) if self.fault != Fault::TellsNobody => Turn::Dropped,
                Err(_) => Turn::Item,
                Ok(()) => Turn::End,
            }
        })
    }

    fn close(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            self.coro.as_mut().aclose().await.unwrap();
            Turn::End
        })
    }
}

#[test]
fn a_subject_without_fault_passes() {
    assert_eq!(leave_everywhere("no fault", faulty(Fault::None)), (2, 2));
    misbehave_everywhere("no fault", faulty(Fault::None));
}

#[test]
fn each_fault_is_found() {
    for (fault, words) in [
        (Fault::LeaksValues, "values these are alive"),
        (Fault::LeaksWakers, "wakers were leaked"),
        (Fault::LosesWakes, "a wake was lost"),
        (Fault::LosesValues, "was lost to an interrupt"),
        (Fault::TellsTwice, "the error was told"),
        (Fault::TellsNobody, "the error was told or given back 0 times"),
    ] {
        let text = panic_text(|| leave_everywhere("faulty", faulty(fault)));
        assert!(text.contains(words), "{fault:?}: {text}");
    }
    let text = panic_text(|| misbehave_everywhere("faulty", faulty(Fault::GoesOnAfterPanics)));
    assert!(text.contains("it goes on after a panic"), "{text}");
}
