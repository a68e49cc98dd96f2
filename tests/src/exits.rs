//! Leaves a subject in every way at every suspension, and looks at what is left.

use crate::{
    forget,
    ledger::{Chosen, Ledger, Misbehaviour, Thrown, Woken},
};
use std::{
    cell::Cell,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

/// A call on a subject.
pub type Call<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What a call has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The subject goes on.
    Item,
    /// It has ended.
    End,
    /// It gave the error back, and goes on.
    Untaken,
    /// It gave the error back, and has ended.
    Dropped,
}

impl Turn {
    const fn is_end(self) -> bool {
        matches!(self, Turn::End | Turn::Dropped)
    }
}

/// What can be left half-way.
pub trait Subject {
    /// The next call of its owner; after a call that was dropped it goes on.
    fn go(&mut self) -> Call<'_, Turn>;
    /// A call that throws.
    fn throw(&mut self, error: Thrown) -> Call<'_, Turn>;
    /// A call that closes.
    fn close(&mut self) -> Call<'_, Turn>;
}

/// How it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Drop,
    Forget,
    /// The call is forgotten, and the subject dropped.
    ForgetCall,
    /// The call is dropped, and another one goes on.
    Resume,
    /// What it waits for is there, and yet something is thrown.
    ThrowWhenReady,
    CloseWhenReady,
    /// The throwing call is dropped at its suspension of this number, if it comes to that; another call goes on.
    Throw(usize),
    Close(usize),
    /// Polled a thousand times for nothing, each time with a new waker.
    Spurious,
}

const NEVER: usize = usize::MAX;

/// One run of one subject.
struct Run {
    ledger: Ledger,
    woken: Arc<Woken>,
    /// How often it had been woken when the last poll began.
    seen: Cell<usize>,
}

impl Run {
    fn new() -> Self {
        Run { ledger: Ledger::default(), woken: Woken::new(), seen: Cell::new(0) }
    }

    fn poll<T>(&self, call: &mut Call<'_, T>) -> Poll<T> {
        self.seen.set(self.woken.wakes());
        let waker = Waker::from(Arc::clone(&self.woken));
        call.as_mut().poll(&mut Context::from_waker(&waker))
    }

    /// Lets the leaves through: whoever waits must hear of it.
    fn open(&self) {
        assert!(self.ledger.open() > 0, "it waits for nothing");
        assert!(self.woken.wakes() > self.seen.get(), "a wake was lost");
    }

    /// Goes on with a call to its end, or to the suspension after `left` more: then it comes back.
    fn drive<'a>(&self, mut call: Call<'a, Turn>, left: &mut usize) -> Result<Turn, Call<'a, Turn>> {
        loop {
            if let Poll::Ready(turn) = self.poll(&mut call) {
                return Ok(turn);
            }
            if *left == 0 {
                return Err(call);
            }
            *left -= 1;
            self.open();
        }
    }

    /// Advances by `n` suspensions, in calls and between them; whether it has ended. `stop` gets the call in progress.
    fn advance(&self, subject: &mut dyn Subject, n: usize, stop: impl FnOnce(&Self, Call<'_, Turn>)) -> bool {
        let mut left = n;
        loop {
            if left == 0 {
                return false;
            }
            left -= 1;
            match self.drive(subject.go(), &mut left) {
                Ok(turn) if turn.is_end() => return true,
                Ok(_item) => {}
                Err(call) => {
                    stop(self, call);
                    return false;
                }
            }
        }
    }

    /// To the end; in how many suspensions.
    fn finish(&self, subject: &mut dyn Subject) -> usize {
        let mut left = NEVER;
        loop {
            match self.drive(subject.go(), &mut left) {
                Ok(turn) if turn.is_end() => return NEVER - left,
                Ok(_item) => left -= 1,
                Err(_) => unreachable!("it is driven without a limit"),
            }
        }
    }

    /// A call that throws, and what comes after it.
    fn interrupt(&self, subject: &mut dyn Subject, is_close: bool, dropped_at: usize) -> bool {
        let call = if is_close { subject.close() } else { subject.throw(self.ledger.error()) };
        let mut left = dropped_at;
        let ended = match self.drive(call, &mut left) {
            Ok(turn) => {
                if !is_close {
                    self.told_once(turn);
                }
                turn.is_end()
            }
            Err(call) => {
                drop(call);
                assert!(self.ledger.told() <= 1, "the error was told twice");
                false
            }
        };
        if !ended {
            self.finish(subject);
        }
        left == 0 && dropped_at != NEVER
    }

    fn told_once(&self, turn: Turn) {
        let given_back = usize::from(matches!(turn, Turn::Untaken | Turn::Dropped));
        let all = self.ledger.told() + given_back;
        assert!(all == 1 || all == 0 && turn == Turn::End, "the error was told or given back {all} times");
    }

    /// What holds at the end of each run.
    fn is_clean(&self) {
        assert_eq!(self.ledger.alive(), 0, "of {} values these are alive", self.ledger.made());
        assert_eq!(self.ledger.dropped_twice(), 0, "values were dropped twice");
        self.ledger.open();
        assert_eq!(Arc::strong_count(&self.woken), 1, "wakers were leaked");
    }

    /// The exit at the suspension `n`; whether it was dropped half-way in a throwing call.
    fn leave(&self, mut subject: Box<dyn Subject + '_>, exit: Exit, n: usize) -> bool {
        let mut was_dropped = false;
        let ended = self.advance(&mut *subject, n, |run, mut call| match exit {
            Exit::Forget | Exit::ForgetCall => {
                run.ledger.forget_call();
                forget(call);
            }
            Exit::ThrowWhenReady | Exit::CloseWhenReady => {
                drop(call);
                run.ledger.open();
            }
            Exit::Spurious => {
                for _ in 0..1000 {
                    let waker = Waker::from(Woken::new());
                    let polled = call.as_mut().poll(&mut Context::from_waker(&waker));
                    assert!(polled.is_pending(), "it is ready though nothing happened");
                }
                assert!(run.poll(&mut call).is_pending());
                run.open();
            }
            _ => drop(call),
        });
        match exit {
            Exit::Forget => {
                let alive = self.ledger.alive();
                forget(subject);
                self.ledger.open();
                assert_eq!(self.ledger.alive(), alive, "what was forgotten was dropped");
                assert_eq!(self.ledger.dropped_twice(), 0);
                return false;
            }
            Exit::Drop | Exit::ForgetCall => {}
            _ if ended => {}
            Exit::Resume | Exit::Spurious => {
                self.finish(&mut *subject);
                assert_eq!(self.ledger.lost(), 0, "a value that was there was lost");
            }
            Exit::ThrowWhenReady | Exit::CloseWhenReady => {
                self.interrupt(&mut *subject, exit == Exit::CloseWhenReady, NEVER);
                assert_eq!(self.ledger.lost(), 0, "a value that was there was lost to an interrupt");
            }
            Exit::Throw(at) => was_dropped = self.interrupt(&mut *subject, false, at),
            Exit::Close(at) => was_dropped = self.interrupt(&mut *subject, true, at),
        }
        drop(subject);
        self.is_clean();
        was_dropped
    }
}

/// Runs `f`; a panic that it was not meant to make tells where it was.
fn at<T>(place: &str, f: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or_else(|panic| {
        eprintln!("this was {place}");
        resume_unwind(panic)
    })
}

/// Leaves what `make` makes in every way at every suspension; how many suspensions it has, and how many leaves.
///
/// After each run all values were dropped once and no clone of the waker is left; whoever waited was woken; no value
/// that was there was lost; an error was told once, or given back.
pub fn leave_everywhere<'a>(name: &str, make: impl Fn(&Ledger) -> Box<dyn Subject + 'a>) -> (usize, usize) {
    let run = Run::new();
    let mut subject = make(&run.ledger);
    let suspensions = at(name, || run.finish(&mut *subject));
    drop(subject);
    let leaves = run.ledger.leaves();
    at(name, || run.is_clean());
    let leave = |exit, n| {
        let run = Run::new();
        at(&format!("{name}: {exit:?} at {n} of {suspensions}"), || run.leave(make(&run.ledger), exit, n))
    };
    for n in 0..=suspensions {
        let exits = [Exit::Drop, Exit::Forget, Exit::ForgetCall, Exit::Resume, Exit::Spurious];
        for exit in exits.into_iter().chain([Exit::ThrowWhenReady, Exit::CloseWhenReady]) {
            leave(exit, n);
        }
        for exit in [Exit::Throw, Exit::Close] {
            leave(exit(NEVER), n);
            let mut k = 0;
            while leave(exit(k), n) {
                k += 1;
            }
        }
    }
    (suspensions, leaves)
}

/// Has each leaf of what `make` makes misbehave in turn: a panic ends the subject and leaves nothing, wakes harm nobody.
pub fn misbehave_everywhere<'a>(name: &str, make: impl Fn(&Ledger) -> Box<dyn Subject + 'a>) {
    let run = Run::new();
    run.finish(&mut *make(&run.ledger));
    for leaf in 0..run.ledger.leaves() {
        for how in [
            Misbehaviour::PanicsInPoll,
            Misbehaviour::PanicsInDrop,
            Misbehaviour::WakesFromThreads,
            Misbehaviour::WakesInDrop,
            Misbehaviour::KeepsItsWaker,
        ] {
            at(&format!("{name}: leaf {leaf} {how:?}"), || misbehave(&make, leaf, how));
        }
    }
}

fn misbehave<'a>(make: &impl Fn(&Ledger) -> Box<dyn Subject + 'a>, leaf: usize, how: Misbehaviour) {
    let run = Run::new();
    run.ledger.misbehave(leaf, how);
    let panics = matches!(how, Misbehaviour::PanicsInPoll | Misbehaviour::PanicsInDrop);
    let mut subject = match catch_unwind(AssertUnwindSafe(|| make(&run.ledger))) {
        Ok(subject) => subject,
        // It runs when it is made.
        Err(panic) if panic.is::<Chosen>() && panics => return run.is_clean(),
        Err(panic) => resume_unwind(panic),
    };
    let ended = catch_unwind(AssertUnwindSafe(|| run.finish(&mut *subject)));
    match ended {
        Ok(_) => assert!(!panics, "it did not panic"),
        Err(panic) if panic.is::<Chosen>() && panics => {
            // It says that it has ended, by its value or by another panic; and it does not run on.
            let leaves = run.ledger.leaves();
            let again = catch_unwind(AssertUnwindSafe(|| run.poll(&mut subject.go())));
            assert!(
                !matches!(again, Ok(Poll::Ready(Turn::Item) | Poll::Pending)),
                "it goes on after a panic"
            );
            assert_eq!(run.ledger.leaves(), leaves);
        }
        Err(panic) => resume_unwind(panic),
    }
    drop(subject);
    let kept = run.ledger.kept_wakers();
    kept.iter().for_each(Waker::wake_by_ref);
    drop(kept);
    run.is_clean();
}

/// The same exits where a leaf's drop panics: nothing is dropped twice, the rest is dropped.
///
/// # Panics
/// Where that is not so.
pub fn panic_in_drop_everywhere<'a>(name: &str, make: impl Fn(&Ledger) -> Box<dyn Subject + 'a>) {
    let run = Run::new();
    let suspensions = run.finish(&mut *make(&run.ledger));
    let leaves = run.ledger.leaves();
    for n in 0..=suspensions {
        for leaf in 0..leaves {
            for closes in [false, true] {
                let run = Run::new();
                run.ledger.misbehave(leaf, Misbehaviour::PanicsInDrop);
                let mut subject = make(&run.ledger);
                let panicked = catch_unwind(AssertUnwindSafe(|| {
                    let ended = run.advance(&mut *subject, n, |_, call| drop(call));
                    if closes && !ended {
                        run.interrupt(&mut *subject, true, NEVER);
                    }
                }));
                let dropped = catch_unwind(AssertUnwindSafe(|| drop(subject)));
                for panic in [panicked, dropped].into_iter().filter_map(Result::err) {
                    assert!(panic.is::<Chosen>(), "another panic");
                }
                at(&format!("{name}: leaf {leaf}, at {n}, closes: {closes}"), || run.is_clean());
            }
        }
    }
}
