//! [`boxed`] and its [`Origin`]: the boxes of futures that have ended at their start, for those to come.
//!
//! A future must not move once it was polled, and one that suspends goes on in its task: so its first poll has to happen in
//! the box that the task would own. Most futures that are started end there, and the next one of the same type finds the
//! box where that has left it.

use super::rest::{Boxed, Keep};
use alloc::boxed::Box;
use core::{
    any::{Any, TypeId},
    cell::Cell,
    hash::{Hash, Hasher},
};

/// How many boxes a thread keeps.
const PLACES: usize = 64;
/// How many bytes a box has at most that is kept.
const LARGEST: usize = 1024;

/// An empty box goes from start to start in a holder, which has the type of its future by [`Any`].
type Holder<F> = Option<Boxed<F>>;

thread_local! {
    static KEPT: [Cell<Option<Box<dyn Any>>>; PLACES] = const { [const { Cell::new(None) }; PLACES] };
}

/// Where the box of a future came from, and where it goes if the future ends.
pub(super) struct Origin<F>(Option<Box<Holder<F>>>);

/// Boxes `future`.
#[inline(always)]
pub(super) fn boxed<F: 'static>(future: F) -> (Boxed<F>, Origin<F>) {
    let holder =
        if is_kept::<F>() { KEPT.try_with(|kept| kept[place::<F>()].take()).ok().flatten() } else { None };
    match holder.map(Box::<dyn Any>::downcast::<Holder<F>>) {
        Some(Ok(mut holder)) => {
            if let Some(mut kept) = holder.take() {
                kept.set(Some(future));
                return (kept, Origin(Some(holder)));
            }
        }
        Some(Err(other)) => free(other),
        None => {}
    }
    (Box::pin(Some(future)), Origin(None))
}

impl<F: 'static> Keep<F> for Origin<F> {
    #[inline(always)]
    fn keep(self, empty: Boxed<F>) {
        debug_assert!(empty.is_none(), "no code of others runs where boxes are kept");
        if !is_kept::<F>() {
            return;
        }
        let holder: Box<dyn Any> = match self.0 {
            Some(mut holder) => {
                *holder = Some(empty);
                holder
            }
            None => held(empty),
        };
        // While the thread's locals are destroyed, nothing is kept.
        let _ = KEPT.try_with(|kept| {
            // A start inside of this one may have kept its own.
            if let Some(other) = kept[place::<F>()].replace(Some(holder)) {
                free(other);
            }
        });
    }
}

#[cold]
#[inline(never)]
fn held<F: 'static>(empty: Boxed<F>) -> Box<dyn Any> {
    Box::new(Some(empty))
}

#[cold]
#[inline(never)]
fn free(holder: Box<dyn Any>) {
    drop(holder);
}

#[inline(always)]
const fn is_kept<F>() -> bool {
    size_of::<Option<F>>() <= LARGEST
}

/// Where the box of this type is kept; a type of the same place takes it over.
#[inline(always)]
fn place<F: 'static>() -> usize {
    let mut bits = Bits(0);
    TypeId::of::<F>().hash(&mut bits);
    usize::from(bits.0.to_le_bytes()[0]) % PLACES
}

/// Gives the hash that an identity of a type is, so that the compiler knows the place.
struct Bits(u64);

impl Hasher for Bits {
    #[inline(always)]
    fn write_u64(&mut self, bits: u64) {
        self.0 ^= bits;
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    #[inline(always)]
    fn finish(&self) -> u64 {
        self.0
    }
}
