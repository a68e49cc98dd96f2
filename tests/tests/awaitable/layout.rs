//! Size, alignment and auto traits of the future.

use crate::{poll, run};
use asynkit::awaitmethod;
use std::{future::ready, marker::PhantomData, pin::pin};
use tokio::task::yield_now;

macro_rules! aligned {
    ($($name:ident $generic:ident $align:literal)*) => {$(
        #[derive(Clone, Copy)]
        #[repr(align($align))]
        struct $name(u8);

        #[awaitmethod]
        impl IntoFuture for $name {
            async fn into_future(self) -> u32 {
                let here = &self;
                yield_now().await;
                std::ptr::from_ref(here).addr().trailing_zeros() + u32::from(here.0 - 1)
            }
        }

        struct $generic<T>($name, PhantomData<T>);

        #[awaitmethod]
        impl<T: Send + Sync> IntoFuture for $generic<T> {
            async fn into_future(self) -> u32 {
                let here = &self.0;
                yield_now().await;
                std::ptr::from_ref(here).addr().trailing_zeros()
            }
        }
    )*};
}

aligned!(A1 G1 1 A2 G2 2 A4 G4 4 A8 G8 8 A16 G16 16 A32 G32 32 A64 G64 64 A128 G128 128 A512 G512 512);

#[test]
fn what_the_body_keeps_is_aligned_as_its_type_asks() {
    macro_rules! check {
        ($($name:ident $generic:ident)*) => {$(
            assert!(run($name(1)) >= align_of::<$name>().trailing_zeros(), stringify!($name));
            let generic = $generic::<()>($name(1), PhantomData);
            assert!(run(generic) >= align_of::<$name>().trailing_zeros(), stringify!($generic));
        )*};
    }
    check!(A1 G1 A2 G2 A4 G4 A8 G8 A16 G16 A32 G32 A64 G64 A128 G128 A512 G512);
}

struct Plain([u64; 4]);

impl Plain {
    async fn native(self) -> u64 {
        let borrowed = &self.0;
        yield_now().await;
        borrowed[0]
    }
}

#[awaitmethod]
impl IntoFuture for Plain {
    async fn into_future(self) -> u64 {
        let borrowed = &self.0;
        yield_now().await;
        borrowed[0]
    }
}

struct Empty;

#[awaitmethod]
impl IntoFuture for Empty {
    async fn into_future(self) {}
}

#[test]
fn the_future_is_as_large_as_that_of_the_async_fn() {
    assert_eq!(size_of_val(&Plain([1; 4]).into_future()), size_of_val(&Plain([1; 4]).native()));
    assert_eq!(align_of_val(&Plain([1; 4]).into_future()), align_of_val(&Plain([1; 4]).native()));
    assert_eq!(size_of_val(&Empty.into_future()), 1, "the state alone");
    run(Empty);
}

#[test]
fn the_future_moves_until_it_is_polled() {
    let future = Plain([9; 4]).into_future();
    let mut boxed = Box::pin(future);
    assert!(poll(boxed.as_mut()).is_pending());
    let mut moved = boxed;
    assert_eq!(poll(moved.as_mut()), std::task::Poll::Ready(9));
}

/// Whether a type has an auto trait, asked where both answers compile.
macro_rules! has {
    ($value:expr, $auto:path) => {{
        struct Probe<T>(PhantomData<T>);
        #[allow(dead_code, reason = "one of the two answers is not used")]
        trait No {
            fn has(&self) -> bool {
                false
            }
        }
        impl<T> No for &Probe<T> {}
        impl<T: $auto> Probe<T> {
            #[allow(clippy::unused_self, dead_code, reason = "a method wins over the one of the trait")]
            fn has(&self) -> bool {
                true
            }
        }
        fn probe<T>(_: &T) -> Probe<T> {
            Probe(PhantomData)
        }
        (&probe(&$value)).has()
    }};
}

struct Local;

#[awaitmethod(local)]
impl IntoFuture for Local {
    async fn into_future(self) -> u8 {
        ready(1).await
    }
}

#[test]
fn the_future_is_send_unless_local_and_never_unpin_or_sync() {
    assert!(has!(Plain([1; 4]).into_future(), Send));
    assert!(has!(G1::<()>(A1(1), PhantomData).into_future(), Send));
    assert!(!has!(Local.into_future(), Send));
    assert!(!has!(Plain([1; 4]).into_future(), Sync));
    assert!(!has!(Plain([1; 4]).into_future(), Unpin));
    assert!(has!(1u8, Unpin), "the question is answered both ways");
    assert_eq!(run(Local), 1);
}

#[test]
fn two_futures_of_one_type_do_not_meet() {
    let (mut one, mut two) = (pin!(Plain([1; 4]).into_future()), pin!(Plain([2; 4]).into_future()));
    assert!(poll(one.as_mut()).is_pending());
    assert!(poll(two.as_mut()).is_pending());
    assert_eq!(poll(two.as_mut()), std::task::Poll::Ready(2));
    assert_eq!(poll(one.as_mut()), std::task::Poll::Ready(1));
}
