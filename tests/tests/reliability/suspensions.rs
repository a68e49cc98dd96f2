//! Started coroutines and slots, left in every way at every suspension.

use crate::{
    bodies::{children, owners, waits, wrappers},
    everywhere,
};
use asynkit::{Coro, CoroStart, Interrupt};
use asynkit_tests::{Call, Subject, Thrown, Turn};
use std::pin::Pin;

type Body = Pin<Box<dyn Future<Output = ()>>>;

fn ended<T>(result: &Result<T, Interrupt>) -> Turn {
    if result.is_err() { Turn::Dropped } else { Turn::End }
}

struct Slot(Pin<Box<Coro<Body>>>);

impl Slot {
    fn boxed(body: impl Future<Output = ()> + 'static) -> Box<dyn Subject> {
        Box::new(Slot(Box::pin(Coro::new(Box::pin(body)))))
    }
}

impl Subject for Slot {
    fn go(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            self.0.as_mut().await;
            Turn::End
        })
    }

    fn throw(&mut self, error: Thrown) -> Call<'_, Turn> {
        Box::pin(async { ended(&self.0.as_mut().athrow(error).await) })
    }

    fn close(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            self.0.as_mut().aclose().await.unwrap();
            Turn::End
        })
    }
}

struct Started(CoroStart<Box<Coro<Body>>>);

impl Started {
    fn boxed(body: impl Future<Output = ()> + 'static) -> Box<dyn Subject> {
        Box::new(Started(CoroStart::boxed(Box::pin(body))))
    }
}

impl Subject for Started {
    fn go(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            (&mut self.0).await;
            Turn::End
        })
    }

    fn throw(&mut self, error: Thrown) -> Call<'_, Turn> {
        Box::pin(async { ended(&self.0.athrow(error).await) })
    }

    fn close(&mut self) -> Call<'_, Turn> {
        Box::pin(async {
            self.0.aclose().await.unwrap();
            Turn::End
        })
    }
}

#[test]
fn slots_are_left_everywhere() {
    everywhere(&[
        ("Coro of waits", |l| Slot::boxed(waits(l.clone()))),
        ("Coro of children", |l| Slot::boxed(children(l.clone()))),
        ("Coro of wrappers", |l| Slot::boxed(wrappers(l.clone()))),
        ("Coro of owners", |l| Slot::boxed(owners(l.clone()))),
    ]);
}

#[test]
fn started_coroutines_are_left_everywhere() {
    everywhere(&[
        ("CoroStart of waits", |l| Started::boxed(waits(l.clone()))),
        ("CoroStart of children", |l| Started::boxed(children(l.clone()))),
        ("CoroStart of wrappers", |l| Started::boxed(wrappers(l.clone()))),
        ("CoroStart of owners", |l| Started::boxed(owners(l.clone()))),
    ]);
}
