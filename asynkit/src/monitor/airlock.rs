//! [`Airlock`]: what both monitors are to the futures that pass through them.

use super::{gate::Gate, slots::Slots, turnstile::Turnstile};

/// A monitor: [`Monitor`](crate::Monitor) or [`LocalMonitor`](crate::LocalMonitor).
///
/// It is sealed, and names the two in the types of their futures.
///
/// # Examples
/// ```
/// use asynkit::{Interrupt, monitor::{Airlock, Oob}};
///
/// async fn ask<M: Airlock<In = u32>>(oob: Oob<'_, M>) -> Result<u32, Interrupt> {
///     Ok(oob.await? + 1)
/// }
/// ```
pub trait Airlock: Sized + Sealed<<Self as Airlock>::Out, <Self as Airlock>::In> {
    /// What the coroutine sends.
    type Out;
    /// What it is answered.
    type In;
}

pub trait Sealed<Out, In> {
    type Turnstile: Turnstile<Slots<Out, In>>;

    fn gate(&self) -> &Gate<Self::Turnstile>;
}
