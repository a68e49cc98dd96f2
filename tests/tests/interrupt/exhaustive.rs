//! An error at every suspension of a victim, in every state that it may be in there: seen once, or given back.

use crate::victims::{Body, Tracked, World, victims};
use asynkit::{
    Executor, Interrupt, InterruptKind, Refused, Task, TaskError, TaskRef, spawn, task_interrupt, task_throw,
    yield_now,
};
use futures::future::join;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing has woken it.
    Blocked,
    /// What it waits for is there, and it is queued.
    Woken,
    /// It was cancelled in the same turn.
    Cancelled,
    /// It was cancelled, and has had its turn.
    Told,
    /// Another stop is on its way.
    Closed,
    Aborted,
    /// The error before this one is not delivered yet.
    ThrownTo,
    /// The same, and what it waits for is there.
    ThrownToAndWoken,
}

const STATES: [State; 8] = [
    State::Blocked,
    State::Woken,
    State::Cancelled,
    State::Told,
    State::Closed,
    State::Aborted,
    State::ThrownTo,
    State::ThrownToAndWoken,
];

impl State {
    /// Brings a victim that waits into this state.
    async fn enter(self, task: &TaskRef, world: &World, alive: &Arc<AtomicU32>) {
        if matches!(self, State::Woken | State::ThrownToAndWoken) {
            world.tick();
        }
        match self {
            State::Blocked | State::Woken => {}
            State::Cancelled => drop(task.cancel()),
            State::Told => {
                task.cancel();
                yield_now().await;
            }
            State::Closed => drop(task_throw(task, Interrupt::close())),
            State::Aborted => drop(task.abort()),
            State::ThrownTo | State::ThrownToAndWoken => drop(task_throw(task, Tracked::new(alive, 1))),
        }
    }

    fn is_stop(self) -> bool {
        matches!(self, State::Cancelled | State::Told | State::Closed | State::Aborted)
    }
}

/// A task that has come to its suspension `at`; 0: it was never polled.
async fn at_suspension(victim: fn(World) -> Body, world: &World, at: u32) -> Task<u32> {
    let task = spawn(victim(world.clone()));
    for _ in 0..at {
        world.tick();
        yield_now().await;
    }
    task
}

/// Lets what is left go on to its end; what is thrown is delivered before anything is ready.
async fn go_on(world: &World) {
    for _ in 0..20 {
        for _ in 0..3 {
            yield_now().await;
        }
        world.tick();
    }
}

/// The victim that nobody is to be told in any more once it is in its shield.
const ENDS_IN_SHIELD: &str = "a shield at the end";

/// Throws at the suspension `at`, in `state`; why the error came back, and whether the victim had not ended before.
fn throw_at(name: &str, victim: fn(World) -> Body, at: u32, state: State) -> (Option<Refused>, bool) {
    let (world, alive) = (World::default(), Arc::new(AtomicU32::new(0)));
    let context = format!("{name}, suspension {at}, {state:?}");
    let outcome = Executor::run(async {
        let mut task = at_suspension(victim, &world, at).await;
        let mut had_ended = task.is_finished();
        state.enter(&task, &world, &alive).await;
        let is_dropped_by_state = !had_ended && task.is_finished();
        let (thrown, ()) = join(task_interrupt(&task, Tracked::new(&alive, 2)), go_on(&world)).await;
        assert!(task.is_finished(), "{context}: it hangs");
        let mut seen = world.0.told.take();
        match (&mut task).await {
            Ok(value) => assert_eq!(value, 7, "{context}"),
            Err(TaskError::Interrupted(told)) => seen.push(told),
            Err(TaskError::Cancelled) => assert!(state.is_stop(), "{context}"),
            Err(other) => panic!("{context}: {other}"),
        }
        let numbers: Vec<_> =
            seen.iter().filter_map(|told| told.downcast_ref::<Tracked>()).map(Tracked::number).collect();
        let why = thrown.as_ref().err().map(|refused| refused.why);
        match (why, numbers.as_slice()) {
            // Seen once, after the one that was thrown before, which may have gone by unseen.
            (None, [2] | [1, 2]) | (Some(_), [] | [1]) => {}
            _ => panic!("{context}: {why:?}, and seen {numbers:?}"),
        }
        let has_first = numbers.contains(&1) || had_ended || state != State::ThrownTo;
        assert!(has_first || name == ENDS_IN_SHIELD, "{context}: the first is lost");
        let expected: &[Refused] = match state {
            _ if had_ended || is_dropped_by_state => &[Refused::Done],
            _ if state.is_stop() => &[Refused::Stopping],
            State::Blocked if name == ENDS_IN_SHIELD => &[Refused::Completed],
            State::Blocked => &[],
            State::Woken => &[Refused::Completed],
            // The first has ended it.
            _ => &[Refused::Completed, Refused::Done],
        };
        assert!(why.is_none_or(|why| expected.contains(&why)), "{context}: {why:?}");
        if let Err(refused) = thrown {
            assert!(refused.error.is::<Tracked>(), "{context}: the error itself comes back");
        }
        had_ended |= is_dropped_by_state && at == 0;
        (why, !had_ended)
    });
    drop(world);
    assert_eq!(alive.load(Ordering::Relaxed), 0, "{context}: none is left over");
    outcome
}

#[test]
fn an_error_at_every_suspension_in_every_state_is_seen_once_or_given_back() {
    for (name, victim) in victims() {
        for state in STATES {
            let from = u32::from(state == State::Told);
            let outcomes: Vec<_> = (from..100)
                .map(|at| throw_at(name, victim, at, state))
                .take_while(|&(_, was_there)| was_there)
                .map(|(why, _)| why)
                .collect();
            assert!(outcomes.len() >= 2, "{name}, {state:?}: {outcomes:?}");
            if state == State::Woken {
                let last = outcomes.last();
                assert_eq!(last, Some(&Some(Refused::Completed)), "{name}: it ends in its next turn");
            }
            if state.is_stop() {
                assert!(outcomes.iter().all(Option::is_some), "{name}, {state:?}: {outcomes:?}");
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Cancel,
    Close,
}

/// What has become of a victim that was stopped.
struct Stopped {
    waits: u32,
    told: u32,
    missed: u32,
    ended: Result<u32, TaskError>,
    had_ended: bool,
}

/// Stops at the suspension `at`, in `state`.
fn stop_at(victim: fn(World) -> Body, at: u32, state: State, stop: Stop) -> Stopped {
    let (world, alive) = (World::default(), Arc::new(AtomicU32::new(0)));
    Executor::run(async {
        let mut task = at_suspension(victim, &world, at).await;
        let had_ended = task.is_finished();
        state.enter(&task, &world, &alive).await;
        world.0.is_stopping.set(true);
        match stop {
            Stop::Cancel => assert_eq!(task.cancel(), !had_ended),
            Stop::Close => assert_eq!(task_throw(&task, Interrupt::close()).is_ok(), !had_ended),
        }
        go_on(&world).await;
        assert!(task.is_finished(), "it hangs");
        let kind = if stop == Stop::Cancel { InterruptKind::Cancel } else { InterruptKind::Close };
        let told = world.0.told.take();
        let stops = told.iter().filter(|told| !told.is::<Tracked>());
        assert!(stops.clone().all(|told| told.kind() == kind));
        Stopped {
            waits: world.0.waits.get(),
            told: stops.count().try_into().unwrap(),
            missed: world.0.missed.get(),
            ended: (&mut task).await,
            had_ended,
        }
    })
}

const STOPPED_STATES: [State; 4] = [State::Blocked, State::Woken, State::ThrownTo, State::ThrownToAndWoken];

#[test]
fn a_stop_is_told_to_every_point_that_would_wait_from_each_suspension_on() {
    let asks = |w: World| -> Body {
        Box::pin(async move {
            for _ in 0..6 {
                w.ask().await;
            }
            7
        })
    };
    for stop in [Stop::Cancel, Stop::Close] {
        for state in STOPPED_STATES {
            for at in 1..=4 {
                let stopped = stop_at(asks, at, state, stop);
                assert_eq!((stopped.waits, stopped.ended.unwrap()), (6, 7));
                // What is ready wins; an error that was thrown before is told before.
                let other = u32::from(state != State::Blocked) + u32::from(state == State::ThrownToAndWoken);
                assert_eq!(stopped.told, 6 - (at - 1) - other, "{stop:?} at {at}, {state:?}");
            }
        }
    }
}

#[test]
fn a_stop_at_every_suspension_of_every_victim_misses_no_point() {
    for (name, victim) in victims() {
        for (stop, state) in
            [Stop::Cancel, Stop::Close].into_iter().flat_map(|s| STOPPED_STATES.map(|t| (s, t)))
        {
            for at in 0.. {
                let Stopped { told, missed, ended, had_ended, .. } = stop_at(victim, at, state, stop);
                let context = format!("{name}, suspension {at}, {state:?}, {stop:?}");
                // The one inside of the shield is out of reach.
                assert!(missed <= u32::from(name == "a shield between points"), "{context}: {missed} missed");
                let is_dropped = match ended {
                    Ok(value) => {
                        assert_eq!(value, 7, "{context}");
                        false
                    }
                    Err(TaskError::Cancelled) => stop == Stop::Cancel,
                    Err(TaskError::Interrupted(told)) if told.is::<Tracked>() => state != State::Blocked,
                    Err(TaskError::Interrupted(told)) => told.kind() == InterruptKind::Close,
                    Err(other) => panic!("{context}: {other:?}"),
                };
                let may_be_told = !is_dropped || name.contains("sub-executor");
                assert!(told == 0 || may_be_told, "{context}: told, and dropped");
                if had_ended {
                    assert_eq!((told, missed), (0, 0), "{context}");
                    break;
                }
            }
        }
    }
}
