//! [`SynchronousError`]: what a blocked sync drive tells.

use super::site::{Site, short_name};
use crate::waker::Asked;
use core::{any::type_name, error::Error, fmt, panic::Location};
use std::io;

/// A sync drive met an await that has to wait.
///
/// It says where the future was driven, and which await blocked, from as many sources as the program offers:
///
/// - `waits at`: awaits of this crate's own futures (interrupt points, monitors, generators, ..) on the way to the
///   leaf, innermost first. These are exact in every build, also without debug information.
/// - `waker stored in`: the chain of functions down to the leaf that stored the waker, the leaf first, without those of
///   the standard library and of this crate. Lines need debug information; the least that suffices is
///   `debug = "line-tables-only"` in the profile.
/// - the future's type, which is the path of an `async fn`.
///
/// The `Debug` form is the same text, so that `unwrap` and a `main` that returns it print it too.
///
/// # Examples
/// ```
/// use asynkit::{await_sync, shield};
/// use std::{future::Future, pin::Pin, task::{Context, Poll, Waker}};
///
/// #[derive(Default)]
/// struct Answer(Option<Waker>);
///
/// impl Future for Answer {
///     type Output = u32;
///     fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
///         self.0 = Some(cx.waker().clone());
///         Poll::Pending
///     }
/// }
///
/// async fn ask() -> u32 {
///     Answer::default().await
/// }
///
/// async fn report() -> String {
///     format!("the answer is {}", shield(ask()).await)
/// }
///
/// fn main() {
///     println!("{}", await_sync(report()).unwrap_err());
/// }
/// ```
/// In a program called `app` it prints
/// ```text
#[doc = include_str!("report.txt")]
/// ```
#[doc(alias = "SynchronousAbort")]
pub struct SynchronousError(Box<Inner>);

struct Inner {
    origin: Origin,
    reason: BlockReason,
    was_told: bool,
    is_captured: bool,
    waits: Vec<&'static Location<'static>>,
    sites: Vec<Site>,
}

/// What was driven, and from where.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) called_at: &'static Location<'static>,
    pub(super) future: &'static str,
}

impl Origin {
    pub(super) fn of<F>(called_at: &'static Location<'static>) -> Self {
        Origin { called_at, future: type_name::<F>() }
    }
}

/// What the drive has found out.
pub(super) struct Blocked {
    pub(super) reason: BlockReason,
    /// It was told of the abort, or hid from it in a shield, and suspended again.
    pub(super) was_told: bool,
    pub(super) is_captured: bool,
    pub(super) asked: Asked,
}

/// Why a sync drive could not go on.
///
/// # Examples
/// ```
/// use asynkit::{await_sync, drive::BlockReason};
///
/// let error = await_sync(std::future::pending::<()>()).unwrap_err();
/// assert_eq!(error.reason(), BlockReason::NeverWoken);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockReason {
    /// The future waits: somebody keeps its waker.
    Waiting,
    /// The future waits, and nobody keeps the waker: it can never be woken (`std::future::pending`).
    NeverWoken,
    /// The future woke itself, in a [strict](super::SyncDrive::strict) drive.
    WokeItself,
    /// The future woke itself more often than [`max_spins`](super::SyncDrive::max_spins) allows, which is the number.
    TooManySpins(usize),
}

impl SynchronousError {
    pub(super) fn new(blocked: Blocked, origin: Origin) -> Self {
        let Blocked { reason, was_told, is_captured, asked } = blocked;
        let sites = asked.traces.into_iter().map(Site::new).collect();
        SynchronousError(Box::new(Inner { origin, reason, was_told, is_captured, waits: asked.waits, sites }))
    }

    /// Where the future was driven: the call of `await_sync`, `run` or `aiter_sync`.
    ///
    /// # Examples
    /// ```
    /// let error = asynkit::await_sync(std::future::pending::<()>()).unwrap_err();
    /// assert!(error.called_at().file().ends_with(".rs"));
    /// ```
    pub fn called_at(&self) -> &'static Location<'static> {
        self.0.origin.called_at
    }

    /// The type of the future, or of the stream; for an `async fn` its path.
    ///
    /// # Examples
    /// ```
    /// async fn never() {
    ///     std::future::pending().await
    /// }
    /// assert!(asynkit::await_sync(never()).unwrap_err().future().ends_with("never"));
    /// ```
    pub fn future(&self) -> &'static str {
        self.0.origin.future.trim_end_matches("::{{closure}}")
    }

    /// Why it could not go on.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{SyncDrive, drive::BlockReason};
    ///
    /// let error = SyncDrive::new().strict(true).run(smol::future::yield_now()).unwrap_err();
    /// assert_eq!(error.reason(), BlockReason::WokeItself);
    /// ```
    pub fn reason(&self) -> BlockReason {
        self.0.reason
    }

    /// The awaits of this crate's own futures that were waiting, innermost first; exact in every build.
    ///
    /// # Examples
    /// ```
    /// use asynkit::{await_sync, shield};
    ///
    /// let error = await_sync(async { shield(std::future::pending::<()>()).await }).unwrap_err();
    /// for at in error.waits() {
    ///     println!("line {} of {} waits", at.line(), at.file());
    /// }
    /// ```
    pub fn waits(&self) -> &[&'static Location<'static>] {
        &self.0.waits
    }

    /// Where the waker was stored, once for each leaf; empty without [`capture`](super::SyncDrive::capture).
    ///
    /// # Examples
    /// ```
    /// let (_sender, receiver) = smol::channel::unbounded::<u8>();
    /// let error = asynkit::await_sync(receiver.recv()).unwrap_err();
    /// assert_eq!(error.sites().len(), 1);
    /// ```
    pub fn sites(&self) -> &[Site] {
        &self.0.sites
    }
}

impl fmt::Display for SynchronousError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { origin, reason, was_told, is_captured, waits, sites } = &*self.0;
        match reason {
            BlockReason::Waiting => f.write_str("the future has to wait, and a sync drive cannot")?,
            BlockReason::NeverWoken => {
                f.write_str("the future can never be woken: nobody keeps its waker")?;
            }
            BlockReason::WokeItself => {
                f.write_str("the future yielded, and a strict sync drive does not go on")?;
            }
            BlockReason::TooManySpins(limit) => {
                write!(f, "the future is still not ready, having woken itself more than {limit} times")?;
            }
        }
        write!(f, "\n  driven at {}", origin.called_at)?;
        write!(f, "\n  future: {}", short_name(origin.future))?;
        for at in waits {
            write!(f, "\n  waits at {at}")?;
        }
        let mut has_lines = !waits.is_empty();
        for (n, site) in sites.iter().enumerate() {
            let frames = site.frames();
            if frames.is_empty() || sites[..n].iter().any(|before| before.frames() == frames) {
                continue;
            }
            has_lines |= frames.iter().any(|frame| frame.location().is_some());
            f.write_str("\n  waker stored in")?;
            for frame in frames {
                write!(f, "\n    {frame}")?;
            }
        }
        if *was_told {
            f.write_str("\n  note: it was told so, and went on waiting")?;
        }
        if !is_captured {
            f.write_str("\n  note: `SyncDrive::capture` is off, so nothing is known of the await")?;
        } else if !has_lines && *reason == BlockReason::Waiting {
            f.write_str("\n  note: `debug = \"line-tables-only\"` in the profile would show the await")?;
        }
        f.write_str("\n  help: ")?;
        f.write_str(match reason {
            BlockReason::Waiting => {
                "run it on an executor, or give it input that does not wait (`asyncfunction`, `leavesync`)"
            }
            BlockReason::NeverWoken => {
                "look for a `pending()`, or for a future that returns `Pending` without storing the waker"
            }
            BlockReason::WokeItself => "without `SyncDrive::strict` it is polled on",
            BlockReason::TooManySpins(_) => "raise `SyncDrive::max_spins`, or run it on an executor",
        })
    }
}

impl fmt::Debug for SynchronousError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for SynchronousError {}

impl From<SynchronousError> for io::Error {
    fn from(error: SynchronousError) -> Self {
        io::Error::other(error)
    }
}
