//! The future of a type that `#[awaitmethod]` makes awaitable.
//!
//! `IntoFuture` needs a future type with a name, and an `async fn` has none. [`Await`] is that name: it keeps the
//! future of the body in bytes of its own, and finds its type again from the function that made it. Nothing is
//! allocated unless the future is larger or more aligned than the slot, which only generic types can meet (their
//! slot has one size for all) or a future that is aligned to more than 64 bytes.
//!
//! # Invariants
//!
//! 1. The type of the future is a function of `T` and `K` alone: it is what `K::launch` returns for a `T`, and
//!    `launch` has no generics of its own. `Await` is invariant in `T`, so the `T` that made it, that polls it and
//!    that drops it are one type, lifetimes included.
//! 2. From `Await::new` to `Await::drop` the slot holds one valid future: in its bytes if `fits`, else behind a
//!    pointer from `Box::into_raw` in its first bytes. `fits` is a constant of the type.
//! 3. `Slot`, and so `Await`, is `!Unpin`: once polled it stays where it is, and so does the future in its bytes; and
//!    a `&mut` to it claims nothing about the borrows that the future has of itself.
#![allow(unsafe_code, reason = "a future without a name is kept in bytes; the invariants stand above")]
#![allow(unnameable_types, reason = "what only `Await` names needs no name outside")]

use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    marker::{PhantomData, PhantomPinned},
    mem::MaybeUninit,
    pin::Pin,
    ptr,
    task::{Context, Poll},
};

/// What `#[awaitmethod]` implements for a type of its own: how to start the body of a `T`, whose future may move to
/// another thread.
pub trait AwaitBody<T> {
    /// What the await gives.
    type Output;
    /// Makes the future of the body.
    fn start(target: T) -> impl Future<Output = Self::Output> + Send;
}

/// What `#[awaitmethod(local)]` implements: the same for a future that stays on its thread.
pub trait AwaitBodyLocal<T> {
    /// What the await gives.
    type Output;
    /// Makes the future of the body.
    fn start(target: T) -> impl Future<Output = Self::Output>;
}

/// Either of the two.
pub trait Launch<T> {
    /// What the await gives.
    type Output;
    /// Makes the future of the body.
    fn launch(target: T) -> impl Future<Output = Self::Output>;
}

/// Launches an [`AwaitBody`].
#[derive(Debug)]
pub struct Sendable<B>(PhantomData<B>);

impl<T, B: AwaitBody<T>> Launch<T> for Sendable<B> {
    type Output = B::Output;
    #[inline]
    fn launch(target: T) -> impl Future<Output = B::Output> {
        B::start(target)
    }
}

/// Launches an [`AwaitBodyLocal`].
#[derive(Debug)]
pub struct Local<B>(PhantomData<B>);

impl<T, B: AwaitBodyLocal<T>> Launch<T> for Local<B> {
    type Output = B::Output;
    #[inline]
    fn launch(target: T) -> impl Future<Output = B::Output> {
        B::start(target)
    }
}

/// The bytes that the future of a generic type may use before it is boxed; aligned to 16.
pub const GENERIC_SIZE: usize = 256;
/// The alignment of these bytes.
pub const GENERIC_ALIGN: usize = 16;

const POINTER: Layout = Layout { size: size_of::<*mut ()>(), align: align_of::<*mut ()>() };
/// The largest alignment that [`Align`] has a unit for.
const MAX_ALIGN: usize = 64;

#[derive(Clone, Copy)]
struct Layout {
    size: usize,
    align: usize,
}

impl Layout {
    /// The slot that holds an `F` in place, or the pointer to a boxed one if `F` is aligned too widely.
    const fn slot_for<F>() -> Layout {
        if align_of::<F>() > MAX_ALIGN {
            POINTER
        } else {
            Layout { size: size_of::<F>(), align: align_of::<F>() }
        }
    }

    /// The slot for what a function returns; the way to name the future of a body.
    const fn slot_for_result_of<B, T, F>(_: &B) -> Layout
    where
        B: FnOnce(T) -> F,
    {
        Layout::slot_for::<F>()
    }
}

/// The size of the slot that holds the future of a `T`.
pub const fn slot_size<T, K: Launch<T>>() -> usize {
    Layout::slot_for_result_of(&K::launch).size
}

/// The alignment of the slot that holds the future of a `T`.
pub const fn slot_align<T, K: Launch<T>>() -> usize {
    Layout::slot_for_result_of(&K::launch).align
}

/// An alignment as a type.
#[derive(Debug)]
pub struct Align<const N: usize>;

/// The alignments that there are.
pub trait Alignment {
    /// A type with this alignment.
    type Unit;
}

macro_rules! alignments {
    ($($n:literal $unit:ident)*) => {$(
        #[derive(Debug)]
        #[repr(align($n))]
        pub struct $unit;

        impl Alignment for Align<$n> {
            type Unit = $unit;
        }
    )*};
}

alignments!(1 Unit1 2 Unit2 4 Unit4 8 Unit8 16 Unit16 32 Unit32 64 Unit64);

/// Bytes that hold one future, or the pointer to a boxed one.
#[repr(C)]
struct Slot<const SIZE: usize, const ALIGN: usize>
where
    Align<ALIGN>: Alignment,
{
    _align: [<Align<ALIGN> as Alignment>::Unit; 0],
    bytes: [MaybeUninit<u8>; SIZE],
    _pinned: PhantomPinned,
}

impl<const SIZE: usize, const ALIGN: usize> Slot<SIZE, ALIGN>
where
    Align<ALIGN>: Alignment,
{
    const fn fits<F>() -> bool {
        let fits = size_of::<F>() <= SIZE && align_of::<F>() <= ALIGN;
        assert!(
            fits || (POINTER.size <= SIZE && POINTER.align <= ALIGN),
            "the slot holds at least a pointer"
        );
        fits
    }

    #[inline]
    fn new<F>(future: F) -> Self {
        let mut slot =
            Slot { _align: [], bytes: [const { MaybeUninit::uninit() }; SIZE], _pinned: PhantomPinned };
        let bytes = slot.bytes();
        if const { Self::fits::<F>() } {
            // SAFETY: `fits` says that an `F` has room here and is aligned, as `_align` aligns the bytes, which come
            // first in a `repr(C)` type; nothing is overwritten.
            unsafe { bytes.cast::<F>().write(future) }
        } else {
            let boxed = Box::into_raw(Box::new(future));
            // SAFETY: `fits` asserts that a pointer has room here and is aligned.
            unsafe { bytes.cast::<*mut F>().write(boxed) }
        }
        slot
    }

    /// Where the bytes are; by no reference to them, since the future in them may be borrowed by itself.
    #[inline]
    fn bytes(&mut self) -> *mut () {
        (&raw mut self.bytes).cast()
    }

    /// Where the future is.
    ///
    /// # Safety
    ///
    /// The slot was made from an `F`.
    #[inline]
    unsafe fn future<F>(&mut self) -> *mut F {
        let bytes = self.bytes();
        if const { Self::fits::<F>() } {
            bytes.cast()
        } else {
            // SAFETY: the caller says that it was made from an `F`, so `new` wrote this pointer.
            unsafe { bytes.cast::<*mut F>().read() }
        }
    }

    /// # Safety
    ///
    /// The slot was made from what `body` returns, is not cleared, and does not move any more.
    #[inline]
    unsafe fn poll<B, T, F>(&mut self, _body: B, cx: &mut Context<'_>) -> Poll<F::Output>
    where
        B: FnOnce(T) -> F,
        F: Future,
    {
        // SAFETY: the caller's first promise.
        let future = unsafe { self.future::<F>() };
        // SAFETY: `future` is valid until `clear`, and borrowed as long as the slot is.
        let future = unsafe { &mut *future };
        // SAFETY: the slot does not move, nor does a box.
        let future = unsafe { Pin::new_unchecked(future) };
        future.poll(cx)
    }

    /// Drops the future.
    ///
    /// # Safety
    ///
    /// The slot was made from what `body` returns, and is not used after this.
    #[inline]
    unsafe fn clear<B, T, F>(&mut self, _body: B)
    where
        B: FnOnce(T) -> F,
    {
        // SAFETY: the caller's first promise.
        let future = unsafe { self.future::<F>() };
        if const { Self::fits::<F>() } {
            // SAFETY: it is valid, and nobody uses it after this.
            unsafe { ptr::drop_in_place(future) }
        } else {
            // SAFETY: it came from `Box::into_raw`, and nobody uses it after this.
            drop(unsafe { Box::from_raw(future) });
        }
    }
}

type Invariant<T> = PhantomData<fn(T) -> T>;

/// The future that a type with `#[awaitmethod]` turns into.
///
/// # Cancel safety
/// As cancel safe as what it runs, which is dropped with it; nothing else is lost.
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Await<T, K: Launch<T>, const SIZE: usize, const ALIGN: usize>
where
    Align<ALIGN>: Alignment,
{
    slot: Slot<SIZE, ALIGN>,
    _invariant: (Invariant<T>, Invariant<K>),
    /// Whether it is `Send` is said below.
    _local: PhantomData<*mut ()>,
}

// SAFETY: all that an `Await` holds is what `Sendable::launch` returns, the future of `B::start`, which the trait
// requires to be `Send`.
unsafe impl<T, B: AwaitBody<T>, const SIZE: usize, const ALIGN: usize> Send
    for Await<T, Sendable<B>, SIZE, ALIGN>
where
    Align<ALIGN>: Alignment,
{
}

impl<T, K: Launch<T>, const SIZE: usize, const ALIGN: usize> Await<T, K, SIZE, ALIGN>
where
    Align<ALIGN>: Alignment,
{
    /// Makes the future of the body; nothing of it runs yet.
    #[inline]
    pub fn new(target: T) -> Self {
        Await {
            slot: Slot::new(K::launch(target)),
            _invariant: (PhantomData, PhantomData),
            _local: PhantomData,
        }
    }
}

impl<T, K: Launch<T>, const SIZE: usize, const ALIGN: usize> Future for Await<T, K, SIZE, ALIGN>
where
    Align<ALIGN>: Alignment,
{
    type Output = K::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<K::Output> {
        // SAFETY: nothing is moved out of it.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: `new` made the slot from what `K::launch` returns (invariant 1), only `drop` clears it, and `self`
        // is pinned.
        unsafe { this.slot.poll(K::launch, cx) }
    }
}

impl<T, K: Launch<T>, const SIZE: usize, const ALIGN: usize> Drop for Await<T, K, SIZE, ALIGN>
where
    Align<ALIGN>: Alignment,
{
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `new` made the slot from what `K::launch` returns (invariant 1), and `drop` runs once, last.
        unsafe { self.slot.clear(K::launch) }
    }
}

impl<T, K: Launch<T>, const SIZE: usize, const ALIGN: usize> fmt::Debug for Await<T, K, SIZE, ALIGN>
where
    Align<ALIGN>: Alignment,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Await").finish_non_exhaustive()
    }
}
