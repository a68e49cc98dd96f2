//! [`aiter_sync`]: a stream as an iterator.

use super::{
    report::{Origin, SynchronousError},
    sync::SyncDrive,
    wait::drive_on,
};
use crate::waker::{Drive, IDLE};
use core::{
    fmt,
    future::Future,
    iter::FusedIterator,
    panic::Location,
    pin::Pin,
    task::{Context, Poll},
};
use futures_core::Stream;

/// Iterates over a stream now.
///
/// Each item is driven as [`await_sync`](super::await_sync) does it, when it is asked for. A source that was given by
/// value is closed (dropped) when the stream ends, when an item blocks, or when the iterator is dropped; one that was
/// given by reference (`&mut stream`, `generator.as_mut()`) stays with its owner, and can be gone on with. A generator
/// is not `Unpin`: `pin!` it and give `as_mut()`, or box it.
///
/// # Errors
/// An item that blocks is an `Err` item, and the last one: see [`SynchronousError`].
///
/// # Examples
/// ```
/// use asynkit::aiter_sync;
/// use smol::stream::{self, StreamExt as _};
///
/// let squares = stream::iter(1..4).then(|n| async move { n * n });
/// let squares = std::pin::pin!(squares);
/// assert_eq!(aiter_sync(squares).collect::<Result<Vec<_>, _>>()?, [1, 4, 9]);
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
#[doc(alias = "block_on_stream")]
#[inline]
#[track_caller]
pub fn aiter_sync<S: Stream + Unpin>(stream: S) -> AiterSync<S> {
    SyncDrive::new().iter(stream)
}

/// The iterator of [`aiter_sync`] and [`SyncDrive::iter`].
///
/// # Examples
/// ```
/// use asynkit::{aiter_sync, drive::AiterSync};
/// use smol::stream;
///
/// let mut numbers: AiterSync<_> = aiter_sync(stream::pending::<u8>());
/// assert!(numbers.next().is_some_and(|item| item.is_err()));
/// assert!(numbers.next().is_none()); // after an error it is finished
/// ```
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct AiterSync<S> {
    /// `None`: finished, and closed.
    stream: Option<S>,
    drive: SyncDrive,
    at: &'static Location<'static>,
}

impl<S> AiterSync<S> {
    #[inline]
    pub(super) fn new(stream: S, drive: SyncDrive, at: &'static Location<'static>) -> Self {
        AiterSync { stream: Some(stream), drive, at }
    }

    /// The stream, if it is not finished.
    ///
    /// # Examples
    /// ```
    /// use asynkit::aiter_sync;
    /// use smol::stream;
    ///
    /// let mut numbers = aiter_sync(stream::iter([1, 2, 3]));
    /// assert_eq!(numbers.next().transpose()?, Some(1));
    /// let rest = numbers.into_inner().expect("two are left");
    /// assert_eq!(aiter_sync(rest).count(), 2);
    /// # Ok::<(), asynkit::SynchronousError>(())
    /// ```
    pub fn into_inner(self) -> Option<S> {
        self.stream
    }
}

/// The stream is pending, or the drive watches from the start. Gives the stream back, if it can be gone on with.
///
/// It moves in and out, so that the hot path lends nothing to what the optimiser does not see: there the stream stays
/// in registers.
#[cold]
#[inline(never)]
fn next_on<S: Stream + Unpin>(
    stream: S,
    polls: usize,
    drive: SyncDrive,
    at: &'static Location<'static>,
) -> (Option<Result<S::Item, SynchronousError>>, Option<S>) {
    let _drive = Drive::enter();
    // A local of this frame, so that an unwind drops it inside the drive too.
    let mut stream = stream;
    let item = drive_on(Pin::new(&mut Next(&mut stream)), polls, drive, Origin::of::<S>(at)).transpose();
    let stream = matches!(item, Some(Ok(_))).then_some(stream);
    (item, stream)
}

impl<S: Stream + Unpin> Iterator for AiterSync<S> {
    type Item = Result<S::Item, SynchronousError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let mut polls = 0;
        if !self.drive.watches() {
            // Marked for the poll alone: around one that the compiler sees whole, the mark folds away.
            let drive = Drive::enter();
            let polled = Pin::new(stream).poll_next(&mut Context::from_waker(IDLE));
            drop(drive);
            match polled {
                Poll::Ready(Some(item)) => return Some(Ok(item)),
                Poll::Ready(None) => {
                    let _drive = Drive::enter();
                    self.stream = None;
                    return None;
                }
                Poll::Pending => polls = 1,
            }
        }
        let (item, stream) = next_on(self.stream.take()?, polls, self.drive, self.at);
        self.stream = stream;
        item
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // An error may come in place of any item, or of the end, and is the last.
        self.stream.as_ref().map_or((0, Some(0)), |stream| {
            let (least, most) = stream.size_hint();
            (least.min(1), most.and_then(|most| most.checked_add(1)))
        })
    }
}

impl<S: Stream + Unpin> FusedIterator for AiterSync<S> {}

impl<S> fmt::Debug for AiterSync<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AiterSync")
            .field("drive", &self.drive)
            .field("is_finished", &self.stream.is_none())
            .finish_non_exhaustive()
    }
}

/// A stream's next item.
struct Next<'a, S>(&'a mut S);

impl<S: Stream + Unpin> Future for Next<'_, S> {
    type Output = Option<S::Item>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut *self.0).poll_next(cx)
    }
}
