//! [`Interrupt`]: an error on its way into a coroutine.

use alloc::{boxed::Box, sync::Arc};
use core::{error::Error, fmt};

/// The error that a thrower gives: any error, or text.
///
/// # Examples
/// ```
/// use asynkit::{BoxError, Interrupt};
///
/// let error: BoxError = "stop".into();
/// assert_eq!(Interrupt::new(error).to_string(), "interrupted: stop");
/// ```
pub type BoxError = Box<dyn Error + Send + Sync>;

/// What kind of error an [`Interrupt`] is.
///
/// All but [`Thrown`](Self::Thrown) are *stops*: they are told to every interrupt point that would wait, until the
/// call or the scope that threw them has ended.
///
/// # Examples
/// ```
/// use asynkit::{Interrupt, InterruptKind};
///
/// assert_eq!(Interrupt::new("stop").kind(), InterruptKind::Thrown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InterruptKind {
    /// An error of the thrower's: one interrupt point takes it, once.
    Thrown,
    /// `close()` or `aclose()`: on offer to every point until that call ends.
    #[doc(alias = "GeneratorExit")]
    Close,
    /// A timeout: on offer to every point until its scope ends.
    Timeout,
    /// A task's `cancel()`: on offer to every point until the task ends.
    #[doc(alias = "CancelledError")]
    Cancel,
    /// A sync drive that met a suspension: on offer to every point until the drive ends.
    #[doc(alias = "SynchronousAbort")]
    SyncAbort,
}

impl InterruptKind {
    /// Whether it is told to every point (a stop), and not to one point once.
    #[cfg(feature = "std")]
    pub(crate) const fn is_stop(self) -> bool {
        !matches!(self, InterruptKind::Thrown)
    }
}

/// An error on its way into a coroutine.
///
/// It is what an interrupt point, an `oob` or an `ayield` resolves to when something was thrown. It is one word, `Send`
/// and `Sync`, and not `Clone`: an error that was [thrown](InterruptKind::Thrown) has one holder at a time, so that it
/// is handled once.
///
/// # Examples
/// ```
/// use asynkit::{Interrupt, InterruptKind};
/// use std::{error::Error, io};
///
/// let told = Interrupt::new(io::Error::other("disk is full"));
/// assert_eq!(told.kind(), InterruptKind::Thrown);
/// assert!(told.is::<io::Error>());
/// assert_eq!(told.source().unwrap().to_string(), "disk is full");
/// assert_eq!(told.to_string(), "interrupted: disk is full");
/// assert_eq!(told.into_error().unwrap().to_string(), "disk is full");
/// ```
#[doc(alias = "InterruptException")]
#[doc(alias = "InterruptError")]
pub struct Interrupt(
    /// `None`: a plain `Close`, so that the most frequent one costs no allocation.
    Option<Arc<Inner>>,
);

struct Inner {
    kind: InterruptKind,
    error: Option<BoxError>,
}

impl Interrupt {
    /// An interrupt of kind [`Thrown`](InterruptKind::Thrown) that carries `error`.
    ///
    /// An `error` that is an `Interrupt` already is passed through as it is, kind and all.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Interrupt, InterruptKind};
    ///
    /// assert_eq!(Interrupt::new("reload").kind(), InterruptKind::Thrown);
    /// assert_eq!(Interrupt::new(Interrupt::close()).kind(), InterruptKind::Close);
    /// ```
    pub fn new(error: impl Into<BoxError>) -> Self {
        let mut error = error.into();
        // Most errors have another size, and need not be asked for their type.
        if size_of_val(&*error) == size_of::<Interrupt>() {
            match error.downcast::<Interrupt>() {
                Ok(interrupt) => return *interrupt,
                Err(other) => error = other,
            }
        }
        Interrupt(Some(memory::inner(InterruptKind::Thrown, Some(error))))
    }

    /// An interrupt of kind [`Close`](InterruptKind::Close), without an error of its own.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Interrupt, InterruptKind};
    ///
    /// assert_eq!(Interrupt::close().kind(), InterruptKind::Close);
    /// ```
    pub const fn close() -> Self {
        Interrupt(None)
    }

    /// An interrupt of `kind` without an error of its own, and one that can be told apart from others of its kind.
    #[cfg(feature = "std")]
    pub(crate) fn of_kind(kind: InterruptKind) -> Self {
        Interrupt(Some(memory::inner(kind, None)))
    }

    /// Its kind.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{Interrupt, InterruptKind};
    ///
    /// fn is_stop(told: &Interrupt) -> bool {
    ///     told.kind() != InterruptKind::Thrown
    /// }
    /// assert!(is_stop(&Interrupt::close()));
    /// assert!(!is_stop(&Interrupt::new("reload")));
    /// ```
    #[inline]
    pub fn kind(&self) -> InterruptKind {
        self.0.as_ref().map_or(InterruptKind::Close, |inner| inner.kind)
    }

    /// Whether the thrower's error is an `E`.
    ///
    /// # Examples
    /// ```
    /// let told = asynkit::Interrupt::new(std::fmt::Error);
    /// assert!(told.is::<std::fmt::Error>());
    /// ```
    pub fn is<E: Error + 'static>(&self) -> bool {
        self.error().is_some_and(|error| error.is::<E>())
    }

    /// The thrower's error, if it is an `E`.
    ///
    /// # Examples
    /// ```
    /// let told = asynkit::Interrupt::new(std::io::Error::from_raw_os_error(32));
    /// let error = told.downcast_ref::<std::io::Error>().expect("an io error was thrown");
    /// assert_eq!(error.raw_os_error(), Some(32));
    /// ```
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.error()?.downcast_ref()
    }

    /// The thrower's error by value.
    ///
    /// # Errors
    /// The interrupt itself, if it carries no error, or if it is a stop that other points were told as well.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Interrupt;
    ///
    /// assert_eq!(Interrupt::new("full").into_error().unwrap().to_string(), "full");
    /// assert!(Interrupt::close().into_error().is_err());
    /// ```
    pub fn into_error(mut self) -> Result<BoxError, Self> {
        match self.0.as_mut().and_then(Arc::get_mut).and_then(|inner| inner.error.take()) {
            Some(error) => Ok(error),
            None => Err(self),
        }
    }

    /// The thrower's error, or the interrupt itself as an error.
    #[cfg(feature = "executor")]
    pub(crate) fn into_box(self) -> BoxError {
        self.into_error().unwrap_or_else(|interrupt| Box::new(interrupt))
    }

    /// Whether somebody else holds the same interrupt.
    #[cfg(feature = "executor")]
    pub(crate) fn is_shared(&self) -> bool {
        self.0.as_ref().is_some_and(|inner| Arc::strong_count(inner) > 1)
    }

    fn error(&self) -> Option<&BoxError> {
        self.0.as_ref()?.error.as_ref()
    }

    /// One more holder of the same interrupt: for stops, which every point is told, and for retries.
    pub(crate) fn share(&self) -> Self {
        Interrupt(self.0.clone())
    }
}

impl Drop for Interrupt {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(inner) = self.0.take() {
            memory::discard(inner);
        }
    }
}

/// Where the memory of interrupts comes from: each thread keeps that of the one that was dropped last.
#[cfg(feature = "std")]
mod memory {
    use super::{Arc, BoxError, Inner, InterruptKind};
    use core::{cell::Cell, mem};

    std::thread_local! {
        static SPARE: Cell<Option<Arc<Inner>>> = const { Cell::new(None) };
    }

    #[inline]
    pub(super) fn inner(kind: InterruptKind, error: Option<BoxError>) -> Arc<Inner> {
        // A thread whose locals are being dropped keeps nothing.
        if let Ok(Some(mut spare)) = SPARE.try_with(Cell::take) {
            if let Some(inner) = Arc::get_mut(&mut spare) {
                inner.kind = kind;
                // `discard` has taken it.
                mem::forget(mem::replace(&mut inner.error, error));
                return spare;
            }
        }
        fresh(kind, error)
    }

    #[cold]
    #[inline(never)]
    fn fresh(kind: InterruptKind, error: Option<BoxError>) -> Arc<Inner> {
        Arc::new(Inner { kind, error })
    }

    #[inline(never)]
    pub(super) fn discard(mut inner: Arc<Inner>) {
        let Some(last) = Arc::get_mut(&mut inner) else { return };
        let error = last.error.take();
        let _ = SPARE.try_with(|spare| spare.set(Some(inner)));
        // Last: its destructor may throw, too.
        drop(error);
    }
}

#[cfg(not(feature = "std"))]
mod memory {
    use super::{Arc, BoxError, Inner, InterruptKind};

    pub(super) fn inner(kind: InterruptKind, error: Option<BoxError>) -> Arc<Inner> {
        Arc::new(Inner { kind, error })
    }

    pub(super) fn discard(inner: Arc<Inner>) {
        drop(inner);
    }
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tuple = f.debug_tuple("Interrupt");
        tuple.field(&self.kind());
        if let Some(error) = self.error() {
            tuple.field(error);
        }
        tuple.finish()
    }
}

impl fmt::Display for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error() {
            Some(error) => write!(f, "interrupted: {error}"),
            None => f.write_str(match self.kind() {
                InterruptKind::Thrown => "interrupted",
                InterruptKind::Close => "interrupted: closed",
                InterruptKind::Timeout => "interrupted: timed out",
                InterruptKind::Cancel => "interrupted: cancelled",
                InterruptKind::SyncAbort => "interrupted: a sync drive cannot wait",
            }),
        }
    }
}

impl Error for Interrupt {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error().map(|error| &**error as _)
    }
}

/// Not of the kind [`Interrupted`](std::io::ErrorKind::Interrupted), after which callers try again.
///
/// # Examples
/// ```
/// use asynkit::{Executor, InterruptExt as _, try_task_timeout};
/// use std::{future::pending, io, time::Duration};
///
/// async fn read() -> io::Result<u8> {
///     pending().await
/// }
///
/// let late = Executor::run(try_task_timeout(Duration::from_millis(1), async {
///     Ok(read().interruptible().await??)
/// }));
/// let late: io::Error = late.unwrap_err();
/// assert_eq!(late.kind(), io::ErrorKind::TimedOut);
/// ```
#[cfg(feature = "std")]
impl From<Interrupt> for std::io::Error {
    fn from(told: Interrupt) -> Self {
        let kind = match told.kind() {
            InterruptKind::Timeout => std::io::ErrorKind::TimedOut,
            _ => std::io::ErrorKind::Other,
        };
        std::io::Error::new(kind, told)
    }
}
