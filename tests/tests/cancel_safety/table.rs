//! A row of the table, and what shows that it is true.

use crate::probe::{Exit, Probe};
use asynkit::{Executor, TaskError, all_tasks, blocked_tasks, runnable_tasks, spawn, task_throw, yield_now};
use futures::future::LocalBoxFuture;
use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    panic::{catch_unwind, resume_unwind},
    rc::Rc,
    time::{Duration, Instant},
};

/// What is left of a future that is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Whoever comes after it meets what they would have met without it.
    Safe,
    /// The same, but for the future that it runs, which is dropped with it.
    Runs,
    /// What it has done, others have seen.
    Stays,
    /// What it has taken is gone.
    Loses,
}

impl Verdict {
    /// How the section on cancel safety begins.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Verdict::Safe => "Cancel safe: dropped at any poll, it loses nothing.",
            Verdict::Runs => {
                "As cancel safe as what it runs, which is dropped with it; nothing else is lost."
            }
            Verdict::Stays => "Not undone: what it has done before it is dropped stays done.",
            Verdict::Loses => "Not cancel safe: what it has taken and not passed on is lost with it.",
        }
    }

    pub(crate) const ALL: [Verdict; 4] = [Verdict::Safe, Verdict::Runs, Verdict::Stays, Verdict::Loses];
}

/// A future, with its surroundings.
pub(crate) struct Row {
    pub(crate) verdict: Verdict,
    /// The functions and types that it stands for, each as `file: name`.
    pub(crate) items: &'static [&'static str],
    /// Leaves the future by the probe, and gives what others meet afterwards, in words.
    pub(crate) play: fn(Rc<Probe>) -> LocalBoxFuture<'static, String>,
}

/// Rows from the names of functions: `Verdict function: "file: item", ..;`.
macro_rules! rows {
    ($($verdict:ident $play:ident: $($item:literal),+;)+) => {
        pub(crate) const ROWS: &[$crate::Row] = &[$($crate::Row {
            verdict: $crate::Verdict::$verdict,
            items: &[$($item),+],
            play: |probe| Box::pin($play(probe)),
        }),+];
    };
}
pub(crate) use rows;

/// Seen by nobody: the task has ended with what it left.
const DROPPED: &str = "dropped";

/// One play.
struct Played {
    seen: String,
    is_left: bool,
    polls: usize,
    begun: usize,
}

/// All that is alive is in one place.
fn identity(at: &str) {
    let places = runnable_tasks().len() + blocked_tasks().len() + 1;
    assert_eq!(all_tasks().len(), places, "{at}: a task is in no place, or in two");
}

fn play(row: &'static Row, exit: Exit) -> Played {
    let at = format!("{} left {exit:?}", row.items[0]);
    let probe = Rc::new(Probe::new(exit, row.verdict, at.clone()));
    Executor::run(async {
        let seen = Rc::new(RefCell::new(None));
        let (inner, told) = (Rc::clone(&probe), Rc::clone(&seen));
        let subject = spawn(async move {
            let words = (row.play)(inner).await;
            told.replace(Some(words));
        });
        let start = Instant::now();
        while !subject.is_finished() {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "{at}: something that was waited for never came"
            );
            identity(&at);
            if probe.is_due() {
                match exit {
                    Exit::Cancelled(_) => assert!(subject.cancel(), "{at}"),
                    _ => task_throw(&subject, "go").unwrap(),
                }
            }
            probe.outside().turn();
            yield_now().await;
        }
        probe.outside().end();
        if let Err(error) = subject.await {
            // A stop that comes in the very poll in which what is inside takes another one drops the task.
            let is_dropped = matches!(exit, Exit::Cancelled(_) | Exit::Thrown(_))
                && !matches!(error, TaskError::Panicked(_));
            assert!(is_dropped && row.verdict == Verdict::Stays, "{at}: {error}");
            seen.replace(Some(DROPPED.to_owned()));
            probe.drop_task();
        }
        for _ in 0..10 {
            yield_now().await;
        }
        identity(&at);
        assert_eq!(blocked_tasks(), [], "{at}: a task waits for ever");
        assert_eq!(runnable_tasks(), [], "{at}: a task turns for ever");
        assert_eq!(probe.alive(), 0, "{at}: what it ran is alive");
        let seen = seen.take().expect("it has played");
        Played { seen, is_left: probe.is_left(), polls: probe.polls(), begun: probe.begun() }
    })
}

thread_local! {
    /// A factor for durations, and whether a play has asked for it.
    static PACE: Cell<(u32, bool)> = const { Cell::new((1, false)) };
}

/// A duration that is to pass in a play, but not before its second poll: a slow machine needs a longer one.
pub(crate) fn paced(duration: Duration) -> Duration {
    let (factor, _) = PACE.get();
    PACE.set((factor, true));
    duration * factor
}

/// Plays it in all ways; where durations are, with longer ones if need be.
///
/// # Panics
/// Where one of them shows that the row is wrong.
pub(crate) fn check(row: &'static Row) {
    for factor in [1, 10, 100] {
        PACE.set((factor, false));
        match catch_unwind(|| check_at_this_pace(row)) {
            Ok(()) => return,
            Err(_may_be_too_slow) if PACE.get().1 && factor < 100 => {}
            Err(panic) => resume_unwind(panic),
        }
    }
}

fn check_at_this_pace(row: &'static Row) {
    let name = row.items[0];
    let whole = play(row, Exit::Never);
    let untouched = play(row, Exit::Before(0));
    assert!(whole.polls > 1, "{name}: it does not wait");
    assert!(untouched.is_left && untouched.polls == 0, "{name}: it was polled");
    let mut met = BTreeSet::new();
    for make in Exit::KINDS {
        let mut left = 0;
        for n in 0..=whole.polls + 1 {
            let exit = make(n);
            let played = play(row, exit);
            left += usize::from(played.is_left);
            let at = format!("{name} left {exit:?}");
            if !played.is_left {
                let is_same = row.verdict == Verdict::Stays || played.seen == whole.seen;
                assert!(is_same, "{at}, not left: {} instead of {}", played.seen, whole.seen);
                continue;
            }
            if matches!(row.verdict, Verdict::Safe | Verdict::Runs) {
                assert_eq!(played.seen, untouched.seen, "{at}: it has changed something");
            }
            if played.seen != DROPPED {
                met.insert(played.seen);
            }
        }
        let is_drop = matches!(make(0), Exit::Before(_) | Exit::After(_));
        assert!(left > 0 || !is_drop, "{name}: never left by {:?}", make(0));
    }
    match row.verdict {
        Verdict::Safe => {}
        Verdict::Runs => assert!(whole.begun > 0, "{name}: it runs nothing"),
        Verdict::Stays => assert!(met.iter().any(|seen| *seen != untouched.seen), "{name}: nothing stays"),
        Verdict::Loses => {
            let is_lost = |seen: &String| {
                untouched.seen.split(' ').any(|item| !seen.split(' ').any(|other| other == item))
            };
            assert!(met.iter().any(is_lost), "{name}: nothing is lost");
        }
    }
}
