//! What is in a `GroupError`.

use asynkit::{
    BoxError, Executor, GroupError, Interrupt, InterruptExt as _, InterruptKind, PanicPayload, TaskGroup,
    shield, task_group, task_timeout, yield_now,
};
use asynkit_tests::{OnDrop, point};
use std::{
    error::Error,
    fmt,
    future::{pending, ready},
    io,
    time::Duration,
};

use crate::texts;

fn run<T>(body: impl AsyncFnOnce(TaskGroup) -> Result<T, BoxError>) -> Result<T, GroupError> {
    Executor::run(task_group(body))
}

fn failed(body: impl AsyncFnOnce(TaskGroup) -> Result<(), BoxError>) -> GroupError {
    run(body).unwrap_err()
}

/// Waits until it is told, and fails in its clean-up.
async fn fails_in_clean_up(text: &'static str) -> Result<(), &'static str> {
    let _told = point().await;
    yield_now().await;
    Err(text)
}

#[test]
fn the_first_error_asks_all_others_to_stop_and_theirs_come_after_it() {
    let error = failed(async |g| {
        g.start_soon(fails_in_clean_up("second"));
        g.start_soon(async {
            let _told = point().await;
            yield_now().await;
            yield_now().await;
            assert_eq!(1, 2, "third");
        });
        g.spawn(async { Err::<(), _>("first") });
        let _told = point().await;
        yield_now().await;
        yield_now().await;
        yield_now().await;
        yield_now().await;
        Err("fourth".into())
    });
    assert_eq!(
        texts(&error),
        [
            "first",
            "second",
            "panicked: assertion `left == right` failed: third\n  left: 1\n right: 2",
            "fourth"
        ]
    );
    assert_eq!(error.source().unwrap().to_string(), "first");
    assert!(error.errors().nth(2).unwrap().is::<PanicPayload>());
    assert_eq!((error.len(), (&error).into_iter().count(), error.into_iter().count()), (4, 4, 4));
}

#[test]
fn an_error_at_once_is_the_groups_and_start_soon_returns() {
    let error = failed(async |g| {
        let child = g.start_soon(async { Err::<(), _>("at once") });
        assert!(child.is_finished() && g.is_cancelled());
        assert!(!child.await.unwrap_err().is_cancelled());
        Ok(()) // the body did not mind, and yet it is not lost
    });
    assert_eq!(texts(&error), ["at once"]);
}

#[test]
fn a_child_failed_that_is_passed_on_adds_nothing() {
    let error = failed(async |g| {
        let inner = g.clone();
        let outer =
            g.spawn(async move { Ok::<_, BoxError>(inner.spawn(async { Err::<(), _>("cause") }).await?) });
        Ok(outer.await?)
    });
    assert_eq!(texts(&error), ["cause"]);
    let error = failed(async |g| {
        let child = g.spawn(pending::<()>());
        child.cancel();
        Ok(child.await?)
    });
    assert_eq!(texts(&error), ["the child of a task group was cancelled"], "where there is nothing else");
    let error = failed(async |_| {
        let other = run_elsewhere();
        Err(other.into())
    });
    assert_eq!(texts(&error), ["the child of a task group has failed, and the group has its error"]);
}

/// A failure that another group has the error of.
fn run_elsewhere() -> asynkit::ChildFailed {
    std::thread::spawn(|| {
        let mut failed = None;
        run(async |g| {
            failed = g.start_soon(async { Err::<(), _>("elsewhere") }).await.err();
            Ok(())
        })
        .unwrap_err();
        failed.unwrap()
    })
    .join()
    .unwrap()
}

#[test]
fn several_errors_are_a_tree() {
    let nested = |texts: &[&'static str]| {
        let texts = texts.to_vec();
        task_group(async move |g| {
            for text in &texts {
                g.start_soon(fails_in_clean_up(text));
            }
            g.cancel();
            Ok(())
        })
    };
    let error = failed(async |g| {
        g.start_soon(nested(&["inner\nleft", "inner right"]));
        g.spawn(fails_in_clean_up("never begun"));
        g.start_soon(fails_in_clean_up("of two\nlines"));
        g.start_soon(nested(&["alone"]));
        g.cancel();
        Ok(())
    });
    assert_eq!(
        error.to_string(),
        "a task group failed with 3 errors:
├─ of two
│  lines
├─ a task group failed with 2 errors:
│  ├─ inner
│  │  left
│  └─ inner right
└─ a task group failed: alone"
    );
    let leaves: Vec<_> = error.leaves().into_iter().map(ToString::to_string).collect();
    assert_eq!(leaves, ["of two\nlines", "inner\nleft", "inner right", "alone"]);
    assert!(format!("{error:?}").starts_with("GroupError([\"of two\\nlines\", GroupError("), "{error:?}");
}

#[derive(Debug)]
struct Wrapped(Interrupt);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "wrapped: {}", self.0)
    }
}

impl Error for Wrapped {}

#[test]
fn a_child_that_passes_its_stop_on_is_no_error_whatever_it_is_wrapped_in() {
    run(async |g| {
        g.start_soon(point());
        g.start_soon(async { point().await.map_err(Wrapped) });
        g.start_soon(async { point().await.map_err(io::Error::other) });
        g.start_soon(async {
            task_group(async |_| Ok(point().await?)).await.map_err(|error| Box::new(error) as BoxError)
        });
        g.cancel();
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_child_that_handles_its_stop_and_fails_is_an_error() {
    let error = failed(async |g| {
        g.start_soon(async { point().await.map_err(|told| told.to_string()) });
        g.cancel();
        Ok(())
    });
    assert_eq!(texts(&error), ["interrupted: cancelled"]);
    assert!(!error.errors().next().unwrap().is::<Interrupt>());
}

#[test]
fn an_inner_group_that_was_stopped_and_has_failed_keeps_what_it_has_failed_with() {
    let error = failed(async |g| {
        g.start_soon(task_group(async |g| {
            g.start_soon(fails_in_clean_up("disk is full"));
            Ok(point().await?)
        }));
        g.cancel();
        Ok(())
    });
    assert_eq!(texts(&error), ["a task group failed: disk is full"]);
}

#[test]
fn stops_are_errors_only_where_there_are_no_others() {
    let stopped = |kind| {
        Executor::run(asynkit::throw_when(
            ready(()),
            kind,
            task_group(async |g| {
                g.start_soon(pending::<()>());
                Ok(())
            }),
        ))
        .unwrap()
        .unwrap_err()
    };
    for kind in [InterruptKind::Cancel, InterruptKind::Timeout, InterruptKind::Thrown] {
        let error = stopped(kind);
        assert_eq!(error.errors().next().unwrap().downcast_ref::<Interrupt>().unwrap().kind(), kind);
        assert_eq!(error.len(), 1);
    }
    let error = Executor::run(asynkit::throw_when(
        ready(()),
        InterruptKind::Cancel,
        task_group(async |g| {
            g.start_soon(fails_in_clean_up("cause"));
            Ok(())
        }),
    ));
    assert_eq!(texts(&error.unwrap().unwrap_err()), ["cause"]);
    let error = failed(async |g| {
        g.cancel();
        pending().await
    });
    assert_eq!(texts(&error), ["interrupted: cancelled"], "a body that was dropped has no value");
}

#[test]
fn a_child_that_fails_by_a_timeout_of_its_own_is_an_error_like_any_other() {
    let late = async || task_timeout(Duration::from_millis(1), point()).await.expect("it has returned");
    let error = failed(async |g| {
        g.start_soon(fails_in_clean_up("second"));
        g.spawn(late());
        Ok(())
    });
    assert_eq!(
        texts(&error),
        ["interrupted: timed out", "second"],
        "it came first, and is why all were stopped"
    );
    let error = failed(async |g| {
        g.start_soon(async move {
            let _told = point().await;
            shield(late()).await // else it would be told of the same stop again
        });
        g.spawn(async { Err::<(), _>("first") });
        Ok(())
    });
    assert_eq!(texts(&error), ["first", "interrupted: timed out"], "so may a clean-up");
}

#[test]
fn panics_of_the_body_and_of_destructors_are_errors_and_all_is_cleaned_up() {
    let error = failed(async |g| {
        g.start_soon(fails_in_clean_up("after the body"));
        g.start_soon(async {
            let _guard = OnDrop(|| panic!("in a destructor"));
            pending::<()>().await;
        });
        let _guard = OnDrop(|| assert!(std::thread::panicking()));
        panic!("in the body")
    });
    assert_eq!(texts(&error), ["panicked: in the body", "panicked: in a destructor", "after the body"]);
    let error = failed(async |g| {
        let _guard = OnDrop(|| panic!("in a destructor of the body"));
        g.start_soon(async { Err::<(), _>("cause") });
        pending().await
    });
    assert_eq!(texts(&error), ["cause", "panicked: in a destructor of the body"]);
}

#[test]
fn a_conversion_of_an_error_that_panics_is_a_panic_of_the_child() {
    struct Odd;
    impl From<Odd> for BoxError {
        fn from(_: Odd) -> BoxError {
            panic!("no text")
        }
    }
    let error = failed(async |g| {
        g.start_soon(async { Err::<(), _>(Odd) });
        Ok(())
    });
    assert_eq!(texts(&error), ["panicked: no text"]);
}

#[test]
fn errors_go_into_other_errors_and_threads() {
    fn is_send_and_sync<T: Send + Sync + 'static>(_: &T) {}
    let error = failed(async |_| Err("why".into()));
    is_send_and_sync(&error);
    let error: BoxError = error.into();
    assert!(error.is::<GroupError>());
    let _told = pending::<()>().interruptible();
}
