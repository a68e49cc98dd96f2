//! What threads share: the types of `std`, or, where models are explored, those of loom, which runs them in every order.
#![allow(unused_imports, dead_code, reason = "what is used depends on the features")]

#[cfg(asynkit_loom)]
pub(crate) use self::modelled::*;
#[cfg(not(asynkit_loom))]
pub(crate) use self::plain::*;
pub(crate) use core::sync::atomic::Ordering;

#[cfg(not(asynkit_loom))]
mod plain {
    pub(crate) use core::{
        hint::spin_loop,
        sync::atomic::{AtomicBool, AtomicUsize},
    };
    #[cfg(feature = "std")]
    pub(crate) use std::{
        sync::{Mutex, MutexGuard, RwLock},
        thread::yield_now,
    };

    /// A cell whose accesses are closures, so that a model sees them begin and end.
    pub(crate) struct UnsafeCell<T>(core::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        pub(crate) const fn new(value: T) -> Self {
            UnsafeCell(core::cell::UnsafeCell::new(value))
        }

        #[inline(always)]
        pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            f(self.0.get())
        }
    }
}

#[cfg(asynkit_loom)]
mod modelled {
    use core::sync::atomic::Ordering;
    pub(crate) use loom::{
        hint::spin_loop,
        sync::{Mutex, MutexGuard, RwLock, atomic::AtomicBool},
        thread::yield_now,
    };
    use std::sync::OnceLock;

    /// What loom knows of a place is made at its first use, since `new` is to be const: a model uses it before it shares it.
    pub(crate) struct AtomicUsize(usize, OnceLock<loom::sync::atomic::AtomicUsize>);

    impl AtomicUsize {
        pub(crate) const fn new(value: usize) -> Self {
            AtomicUsize(value, OnceLock::new())
        }

        fn get(&self) -> &loom::sync::atomic::AtomicUsize {
            self.1.get_or_init(|| loom::sync::atomic::AtomicUsize::new(self.0))
        }

        pub(crate) fn load(&self, order: Ordering) -> usize {
            self.get().load(order)
        }

        pub(crate) fn store(&self, value: usize, order: Ordering) {
            self.get().store(value, order);
        }

        pub(crate) fn compare_exchange(
            &self,
            from: usize,
            to: usize,
            success: Ordering,
            failure: Ordering,
        ) -> Result<usize, usize> {
            self.get().compare_exchange(from, to, success, failure)
        }
    }

    /// A cell whose accesses loom checks: each must have happened after the one before it.
    pub(crate) struct UnsafeCell<T>(core::cell::UnsafeCell<T>, OnceLock<loom::cell::UnsafeCell<()>>);

    impl<T> UnsafeCell<T> {
        pub(crate) const fn new(value: T) -> Self {
            UnsafeCell(core::cell::UnsafeCell::new(value), OnceLock::new())
        }

        pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            let watched = self.1.get_or_init(loom::cell::UnsafeCell::default);
            watched.with_mut(|_| f(self.0.get()))
        }
    }
}

/// Bugs that models plant, to see that they would be found.
#[cfg(asynkit_loom)]
pub(crate) mod fault {
    use core::cell::Cell;

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Fault {
        /// The driver's waker is left without a look at what has come in meanwhile.
        NoRecheck,
        /// The driver is not woken.
        NoUnpark,
        /// The flag is set after the lock was given back.
        LateFlag,
        /// A letter that was taken out is still noted.
        StaysNoted,
        /// An inbox takes letters when it is closed.
        StaysOpen,
        /// The next executor with a number begins with the generations of the last one.
        SameGeneration,
        /// A turn is given back without releasing what was done in it.
        NoRelease,
        /// A turn is taken without acquiring what was done before.
        NoAcquire,
    }

    std::thread_local! {
        /// The threads of a model are on one thread.
        static PLANTED: Cell<Option<Fault>> = const { Cell::new(None) };
    }

    pub(crate) fn plant(fault: Fault) {
        PLANTED.set(Some(fault));
    }

    pub(crate) fn is(fault: Fault) -> bool {
        PLANTED.get() == Some(fault)
    }
}
