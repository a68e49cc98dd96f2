//! A crate that has asynkit only through another one, under no prelude and with modules in the way.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "the modules are there to be in the way")]

mod asynkit {}
mod core {}
mod std {}

use ::asynkit_ui_facade::kit::{awaitmethod, eager, generator_fn, syncfunction};
use ::std::{future::IntoFuture, result::Result::Ok};

/// In the way of the names that expansions use.
mod in_the_way {
    pub(crate) struct Result;
    pub(crate) struct Future;
    pub(crate) struct Send;
    pub(crate) struct Body;
    pub(crate) struct Box;
    pub(crate) struct Eager;
    pub(crate) struct Spawner;
}
use in_the_way::{Body, Box, Eager, Future, Result, Send, Spawner};

#[syncfunction(crate = ::asynkit_ui_facade::kit)]
async fn plain(n: u8, (a, _): (u8, u8)) -> u8 {
    n + a
}

#[syncfunction(twin, crate = ::asynkit_ui_facade::kit)]
#[allow(clippy::unused_async, reason = "what is tested is the signature")]
async fn of_both_colours(_: Result, _: Future, _: Send) -> u8 {
    1
}

#[awaitmethod(crate = ::asynkit_ui_facade::kit)]
impl IntoFuture for Body {
    async fn into_future(self) -> Body {
        self
    }
}

#[generator_fn(u8, crate = ::asynkit_ui_facade::kit)]
async fn items(n: u8) {
    ayield!(n);
}

#[eager(crate = ::asynkit_ui_facade::kit)]
#[allow(clippy::unused_async, reason = "what is tested is the signature")]
async fn task(_: Eager, _: Box, n: u8) -> u8 {
    n
}

#[eager(spawn = ::asynkit_ui_facade::kit::spawner::Local, crate = ::asynkit_ui_facade::kit)]
#[allow(clippy::unused_async, reason = "what is tested is the signature")]
async fn spawned(_: Spawner) -> u8 {
    2
}

#[eager(scoped, crate = ::asynkit_ui_facade::kit)]
#[allow(clippy::unused_async, reason = "what is tested is the signature")]
async fn scoped(n: &u8) -> &u8 {
    n
}

::asynkit_ui_facade::declare!(declared {
    let n = plain(1, (2, 3));
    ::std::matches!(n, Ok(3)).into_number()
});

trait IntoNumber {
    fn into_number(self) -> u8;
}

impl IntoNumber for bool {
    fn into_number(self) -> u8 {
        ::std::convert::From::from(self)
    }
}

#[::std::prelude::v1::test]
fn a_reexported_library_is_named_by_an_option() {
    let items = ::asynkit_ui_facade::kit::aiter_sync(items(1).boxed());
    ::std::assert_eq!(::std::iter::Iterator::count(items), 1);
    ::std::assert_eq!(declared(), 1);
    ::asynkit_ui_facade::kit::Executor::run(async {
        ::std::assert_eq!(task(Eager, Box, 1).await, 1);
        ::std::assert_eq!(spawned(Spawner).await, 2);
    });
    ::std::assert!(::std::matches!(::asynkit_ui_facade::kit::await_sync(scoped(&3)), Ok(3)));
    ::std::assert!(of_both_colours_sync(Result, Future, Send).is_ok());
    ::std::assert!(::asynkit_ui_facade::kit::await_sync(Body).is_ok());
}
