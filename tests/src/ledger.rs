//! [`Ledger`]: counts what a subject makes, holds and drops; its leaves wait until they are let through.

use std::{
    error::Error,
    fmt,
    future::Future,
    panic::resume_unwind,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread,
};

/// What is counted of one run; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Ledger(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    /// One entry a value that was made: how often it was dropped.
    drops: Vec<u32>,
    leaves: Vec<Entry>,
    misbehaves: Option<(usize, Misbehaviour)>,
    open_below: usize,
    told: usize,
    is_call_forgotten: bool,
    has_panicked: bool,
    /// Wakers that live longer than what they are for.
    kept: Vec<Waker>,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
struct Entry {
    waker: Option<Waker>,
    is_open: bool,
    is_ready: bool,
    is_dropped: bool,
    /// Whether it matters that it was open when it was dropped.
    is_trigger: bool,
}

/// What one of the leaves does that leaves should not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Its first poll panics.
    PanicsInPoll,
    /// Its drop panics, unless a panic is on its way already.
    PanicsInDrop,
    /// It wakes from eight threads while it is polled.
    WakesFromThreads,
    /// It wakes while it is dropped.
    WakesInDrop,
    /// It lets its waker live on after its drop.
    KeepsItsWaker,
}

impl Ledger {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has leaf `number` misbehave.
    pub fn misbehave(&self, number: usize, how: Misbehaviour) {
        self.book().misbehaves = Some((number, how));
    }

    /// A value whose drop is counted.
    pub fn value(&self) -> Value {
        let mut book = self.book();
        book.drops.push(0);
        Value { ledger: self.clone(), number: book.drops.len() - 1 }
    }

    /// A future that waits until [`open`](Self::open).
    pub fn leaf(&self) -> Leaf {
        Leaf { ledger: self.clone(), number: None, is_trigger: false }
    }

    /// The same, of which nobody misses the value.
    pub fn trigger(&self) -> Leaf {
        Leaf { ledger: self.clone(), number: None, is_trigger: true }
    }

    /// How many values are alive.
    pub fn alive(&self) -> usize {
        self.book().drops.iter().filter(|drops| **drops == 0).count()
    }

    /// How many values were made.
    pub fn made(&self) -> usize {
        self.book().drops.len()
    }

    /// How many leaves have begun to wait.
    pub fn leaves(&self) -> usize {
        self.book().leaves.len()
    }

    /// How many values were dropped twice.
    pub fn dropped_twice(&self) -> usize {
        self.book().drops.iter().filter(|drops| **drops > 1).count()
    }

    /// How many leaves were let through, and dropped before anybody saw it.
    pub fn lost(&self) -> usize {
        let is_lost = |leaf: &&Entry| leaf.is_open && leaf.is_dropped && !leaf.is_ready && !leaf.is_trigger;
        self.book().leaves.iter().filter(is_lost).count()
    }

    /// Has the leaves with lower numbers wait for nothing.
    pub fn open_below(&self, number: usize) {
        self.book().open_below = number;
    }

    /// Lets through all leaves that wait, and wakes them; how many.
    pub fn open(&self) -> usize {
        let mut book = self.book();
        let waits = book.leaves.iter_mut().filter(|leaf| !leaf.is_open && !leaf.is_dropped);
        let mut wakers = Vec::new();
        let mut opened = 0;
        for leaf in waits {
            leaf.is_open = true;
            opened += 1;
            wakers.extend(leaf.waker.take());
        }
        drop(book);
        wakers.into_iter().for_each(Waker::wake);
        opened
    }

    /// Notes an error that the subject was told.
    pub fn tell(&self, error: &(dyn Error + 'static)) {
        if error.source().is_some_and(<dyn Error>::is::<Thrown>) {
            self.book().told += 1;
        }
    }

    /// How often a [`Thrown`] was noted.
    pub fn told(&self) -> usize {
        self.book().told
    }

    /// Notes that a call was forgotten while it was suspended.
    pub fn forget_call(&self) {
        self.book().is_call_forgotten = true;
    }

    /// Whether one was.
    pub fn is_call_forgotten(&self) -> bool {
        self.book().is_call_forgotten
    }

    /// Whether a leaf has panicked.
    pub fn has_misbehaved(&self) -> bool {
        self.book().has_panicked
    }

    /// An error to be thrown; a value like the others.
    pub fn error(&self) -> Thrown {
        Thrown(self.value())
    }

    /// Takes the wakers that leaves let live on.
    pub fn kept_wakers(&self) -> Vec<Waker> {
        std::mem::take(&mut self.book().kept)
    }
}

/// A value that knows if it was dropped; see [`Ledger::value`].
#[derive(Debug)]
pub struct Value {
    ledger: Ledger,
    number: usize,
}

impl Drop for Value {
    fn drop(&mut self) {
        self.ledger.book().drops[self.number] += 1;
    }
}

/// The error that the harness throws.
#[derive(Debug)]
pub struct Thrown(#[expect(dead_code, reason = "it is counted")] Value);

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("thrown by the harness")
    }
}

impl Error for Thrown {}

/// Waits until it is let through; see [`Ledger::leaf`].
#[derive(Debug)]
pub struct Leaf {
    ledger: Ledger,
    number: Option<usize>,
    is_trigger: bool,
}

/// The payload of the panics that were asked for; raised without a word on the terminal.
#[derive(Debug)]
pub struct Chosen;

impl Leaf {
    fn does(&self, book: &Book, how: Misbehaviour) -> bool {
        self.number.is_some_and(|number| book.misbehaves == Some((number, how)))
    }
}

impl Future for Leaf {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let ledger = self.ledger.clone();
        let mut book = ledger.book();
        let is_first = self.number.is_none();
        let number = *self.number.get_or_insert(book.leaves.len());
        if is_first {
            let is_open = number < book.open_below;
            book.leaves.push(Entry { is_open, is_trigger: self.is_trigger, ..Entry::default() });
        }
        if is_first && self.does(&book, Misbehaviour::PanicsInPoll) {
            book.has_panicked = true;
            drop(book);
            resume_unwind(Box::new(Chosen));
        }
        if self.does(&book, Misbehaviour::WakesFromThreads) {
            drop(book);
            thread::scope(|s| {
                for _ in 0..8 {
                    s.spawn(|| waker.wake_by_ref());
                }
            });
            book = ledger.book();
        }
        let leaf = &mut book.leaves[number];
        if leaf.is_open {
            leaf.is_ready = true;
            return Poll::Ready(());
        }
        let old = leaf.waker.replace(waker);
        drop(book);
        drop(old);
        Poll::Pending
    }
}

impl Drop for Leaf {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let mut book = self.ledger.book();
        let leaf = &mut book.leaves[number];
        leaf.is_dropped = true;
        let waker = leaf.waker.take();
        let panics = self.does(&book, Misbehaviour::PanicsInDrop);
        let is_loud = self.does(&book, Misbehaviour::WakesInDrop);
        if self.does(&book, Misbehaviour::KeepsItsWaker) {
            book.kept.extend(waker.clone());
        }
        drop(book);
        if is_loud {
            waker.iter().for_each(Waker::wake_by_ref);
        }
        drop(waker);
        if panics && !thread::panicking() {
            resume_unwind(Box::new(Chosen));
        }
    }
}

/// A waker that counts its wakes, and whose clones are counted.
#[derive(Debug, Default)]
pub struct Woken(AtomicUsize);

impl Woken {
    /// One that was never woken.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// How often it was woken.
    pub fn wakes(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}
