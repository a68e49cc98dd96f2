//! What threads share, and what each has for itself: the types of `std`, or, where models are explored, those of loom, which
//! runs them in every order, and of shuttle, which runs many of them.
#![allow(unused_imports, unused_macros, dead_code, reason = "what is used depends on the features")]

#[cfg(asynkit_loom)]
pub(crate) use self::modelled::*;
#[cfg(not(asynkit_loom))]
pub(crate) use self::plain::*;
#[cfg(asynkit_shuttle)]
pub(crate) use self::scheduled::*;
pub(crate) use core::sync::atomic::Ordering;
#[cfg(all(feature = "std", not(asynkit_shuttle)))]
pub(crate) use std::thread_local;

#[cfg(not(asynkit_loom))]
mod plain {
    /// What stands under a lock, most of the time: schedules need not differ by it.
    pub(crate) use core::sync::atomic::AtomicU32;
    #[cfg(not(asynkit_shuttle))]
    pub(crate) use core::{
        hint::spin_loop,
        sync::atomic::{AtomicBool, AtomicUsize},
    };
    #[cfg(all(feature = "std", not(asynkit_shuttle)))]
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
        lazy_static,
        sync::{Mutex, MutexGuard, RwLock, atomic::AtomicBool},
        thread::yield_now,
    };
    use std::sync::OnceLock;

    macro_rules! made_at_first_use {
        ($($name:ident: $type:ty;)+) => {$(
            /// What loom knows of a place is made at its first use, since `new` is to be const: a model uses it before it
            /// shares it.
            pub(crate) struct $name($type, OnceLock<loom::sync::atomic::$name>);

            impl $name {
                pub(crate) const fn new(value: $type) -> Self {
                    $name(value, OnceLock::new())
                }

                fn get(&self) -> &loom::sync::atomic::$name {
                    self.1.get_or_init(|| loom::sync::atomic::$name::new(self.0))
                }

                pub(crate) fn load(&self, order: Ordering) -> $type {
                    self.get().load(order)
                }

                pub(crate) fn store(&self, value: $type, order: Ordering) {
                    self.get().store(value, order);
                }

                pub(crate) fn compare_exchange(
                    &self,
                    from: $type,
                    to: $type,
                    success: Ordering,
                    failure: Ordering,
                ) -> Result<$type, $type> {
                    self.get().compare_exchange(from, to, success, failure)
                }
            }
        )+};
    }

    made_at_first_use! {
        AtomicU32: u32;
        AtomicUsize: usize;
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

/// Threads of shuttle are no threads of the system: what each has for itself has to be shuttle's too.
#[cfg(asynkit_shuttle)]
mod scheduled {
    use core::cell::{Cell, RefCell};
    use shuttle::thread::{AccessError, LocalKey};
    pub(crate) use shuttle::{
        hint::spin_loop,
        lazy_static,
        sync::{
            Mutex, MutexGuard, RwLock,
            atomic::{AtomicBool, AtomicUsize},
        },
        thread::yield_now,
    };

    /// A thread-local with what is used of the interface of `std`.
    pub(crate) struct Local<T: 'static>(pub(crate) &'static LocalKey<T>);

    impl<T> Local<T> {
        pub(crate) fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
            self.0.with(f)
        }

        pub(crate) fn try_with<R>(&self, f: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
            self.0.try_with(f)
        }
    }

    impl<T> Local<Cell<T>> {
        pub(crate) fn get(&self) -> T
        where
            T: Copy,
        {
            self.0.with(Cell::get)
        }

        pub(crate) fn set(&self, value: T) {
            self.0.with(|cell| cell.set(value));
        }

        pub(crate) fn replace(&self, value: T) -> T {
            self.0.with(|cell| cell.replace(value))
        }

        pub(crate) fn take(&self) -> T
        where
            T: Default,
        {
            self.0.with(Cell::take)
        }
    }

    impl<T> Local<RefCell<T>> {
        pub(crate) fn with_borrow_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
            self.0.with(|cell| f(&mut cell.borrow_mut()))
        }
    }

    macro_rules! locals {
        ($($(#[$attribute:meta])* static $name:ident: $type:ty = const $initial:block;)+) => {$(
            $(#[$attribute])*
            static $name: $crate::util::sync::Local<$type> = {
                shuttle::thread_local! { static KEY: $type = $initial }
                $crate::util::sync::Local(&KEY)
            };
        )+};
    }
    pub(crate) use locals as thread_local;
}

/// Bugs that models plant, to see that they would be found.
#[cfg(any(asynkit_loom, asynkit_shuttle))]
pub(crate) mod fault {
    use core::{cell::Cell, sync::atomic::Ordering};

    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Fault {
        /// The driver's waker is left without a look at what has come in meanwhile.
        NoRecheck,
        /// The driver is not woken.
        NoUnpark,
        /// The flag is set after the lock was given back.
        LateFlag,
        /// The flag is cleared after the letters were taken.
        LateClear,
        /// A letter that was taken out is still noted.
        StaysNoted,
        /// A letter to the task that a slot had before is taken for one to the task that it has.
        NotedBySlot,
        /// An inbox takes letters when it is closed.
        StaysOpen,
        /// A stop is told before it is noted.
        LateStop,
        /// Whoever awaits a task is woken before its result is there.
        EarlyTell,
        /// A cancel that comes before the start is noted after the lock was given back.
        LateCancel,
        /// The next executor with a number begins with the generations of the last one.
        SameGeneration,
        /// A lock is given back without a look at who has begun to wait meanwhile.
        BlindUnlock,
        /// A wait that is dropped keeps the lock that was handed to it.
        KeepsLock,
        /// A wait for a condition begins after its lock was given up.
        LateWait,
        /// A wait that is dropped keeps the notification that it has got.
        KeepsNotification,
        /// A turn or a lock is given back, or a flag is set, without releasing what was done before.
        NoRelease,
        /// A lock is given back without releasing what was done, where the last wait for it has gone meanwhile.
        NoLateRelease,
        /// A turn, a lock or a flag is taken without acquiring what was done before.
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

    /// The order of an access, which a fault makes relaxed.
    pub(crate) fn order(order: Ordering, fault: Fault) -> Ordering {
        if is(fault) { Ordering::Relaxed } else { order }
    }
}
