//! Children that say when they are ready for work.

use asynkit::{
    BoxError, Executor, GroupError, PanicPayload, StartError, TaskGroup, group::TaskStatus, spawn,
    task_group, yield_now,
};
use asynkit_tests::{Trace, now, panic_text, poll_once};
use std::{cell::Cell, error::Error as _, future::pending, io, pin::pin, rc::Rc};

use crate::texts;

fn run<T>(body: impl AsyncFnOnce(TaskGroup) -> Result<T, BoxError>) -> Result<T, GroupError> {
    Executor::run(task_group(body))
}

async fn in_time<V>(blocks: bool, status: TaskStatus<V>, value: V) -> io::Result<()> {
    if blocks {
        yield_now().await;
    }
    status.started(value);
    yield_now().await;
    Ok(())
}

#[test]
fn the_first_part_runs_at_the_call_and_the_value_comes_with_the_await() {
    let log = Trace::new();
    run(async |g| {
        for blocks in [false, true] {
            let started = g.start(|status| {
                log.log("made");
                in_time(blocks, status, 7)
            });
            log.log("called");
            assert_eq!(started.await?, 7);
        }
        Ok(())
    })
    .unwrap();
    assert_eq!(log.take(), "made\ncalled\nmade\ncalled\n");
}

#[test]
fn the_child_goes_on_after_it_and_its_value_is_nobodys() {
    let ended = Rc::new(Cell::new(0));
    run(async |g| {
        for _ in 0..3 {
            let ended = Rc::clone(&ended);
            let started = g.start(|status| async move {
                status.started(());
                yield_now().await;
                ended.set(ended.get() + 1);
                Ok::<_, io::Error>("value")
            });
            started.await?;
        }
        assert!(ended.get() < 3);
        Ok(())
    })
    .unwrap();
    assert_eq!(ended.get(), 3);
}

#[test]
fn an_error_before_it_is_the_starters_and_the_group_goes_on() {
    for blocks in [false, true] {
        run(async |g| {
            let started = g.start(|status: TaskStatus<()>| async move {
                let _status = status;
                if blocks {
                    yield_now().await;
                }
                Err::<(), _>(io::Error::other("in use"))
            });
            let error = started.await.unwrap_err();
            assert_eq!(error.to_string(), "the child failed before it called `started`: in use");
            assert!(error.source().unwrap().is::<io::Error>());
            assert!(!g.is_cancelled());
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn passed_on_it_fails_the_group() {
    let error = run(async |g| Ok(g.start(|_: TaskStatus<()>| async { Err::<(), _>("in use") }).await?));
    assert_eq!(texts(&error.unwrap_err()), ["the child failed before it called `started`: in use"]);
}

#[test]
fn an_error_after_it_is_the_groups() {
    for blocks in [false, true] {
        let error = run(async |g| {
            let started = g.start(|status| async move {
                in_time(blocks, status, 7).await?;
                Err::<(), _>(io::Error::other("late"))
            });
            assert_eq!(started.await?, 7);
            Ok(())
        });
        assert_eq!(texts(&error.unwrap_err()), ["late"]);
    }
}

#[test]
fn an_error_that_the_starter_does_not_wait_for_is_the_groups() {
    for blocks in [false, true] {
        let fails = async move |status: TaskStatus<()>| {
            let _status = status;
            if blocks {
                yield_now().await;
            }
            Err::<(), _>("unheard")
        };
        let error = run(async |g| {
            drop(g.start(fails));
            Ok(())
        });
        assert_eq!(texts(&error.unwrap_err()), ["unheard"]);
        let error = run(async |g| {
            let started = g.start(fails);
            yield_now().await;
            yield_now().await;
            drop(started);
            Ok(())
        });
        assert_eq!(texts(&error.unwrap_err()), ["unheard"]);
    }
}

#[test]
fn a_child_that_ends_without_calling_it_is_an_error_in_words() {
    for blocks in [false, true] {
        run(async |g| {
            let started = g.start(|status: TaskStatus<()>| async move {
                let _status = status;
                if blocks {
                    yield_now().await;
                }
            });
            let error = started.await.unwrap_err();
            assert!(matches!(error, StartError::NotStarted) && error.source().is_none());
            let text = "the child has ended, or has dropped its status, without calling `started`";
            assert_eq!(error.to_string(), text);
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn a_status_that_is_dropped_tells_at_once_and_the_child_goes_on() {
    let ended = Rc::new(Cell::new(false));
    let end = Rc::clone(&ended);
    run(async |g| {
        let started = g.start(|status: TaskStatus<()>| async move {
            drop(status);
            yield_now().await;
            end.set(true);
        });
        assert!(matches!(now(started), Some(Err(StartError::NotStarted))));
        // In the hands of another task, too.
        let started = g.start(|status: TaskStatus<()>| {
            spawn(async move { drop(status) });
            pending::<()>()
        });
        assert!(matches!(started.await, Err(StartError::NotStarted)));
        while !ended.get() {
            yield_now().await;
        }
        g.cancel();
        Ok(())
    })
    .unwrap();
    assert!(ended.get());
}

#[test]
fn the_status_may_be_used_by_another_task_and_later_than_the_child_has_ended() {
    run(async |g| {
        let started = g.start(|status| {
            spawn(async move {
                yield_now().await;
                status.started("from elsewhere");
            });
            pending::<()>()
        });
        assert_eq!(started.await?, "from elsewhere");
        let late = Rc::new(Cell::new(None));
        let started = g.start(|status: TaskStatus<()>| {
            late.set(Some(status));
            async {}
        });
        assert!(matches!(started.await, Err(StartError::NotStarted)));
        late.take().unwrap().started(());
        g.cancel();
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_panic_before_it_is_the_starters_and_one_after_it_the_groups() {
    run(async |g| {
        let early = async |status: TaskStatus<()>| {
            let _status = status;
            yield_now().await;
            assert_eq!(1, 2, "on purpose");
        };
        let Err(StartError::Failed(error)) = g.start(early).await else { panic!("it has failed") };
        assert!(error.is::<PanicPayload>());
        Ok(())
    })
    .unwrap();
    let late = async |status: TaskStatus<()>| {
        status.started(());
        yield_now().await;
        assert_ne!(1, 1, "on purpose");
    };
    let error = run(async |g| Ok(g.start(late).await?)).unwrap_err();
    assert!(texts(&error)[0].starts_with("panicked:") && texts(&error)[0].contains("on purpose"), "{error}");
}

#[test]
fn cancelled_before_it_is_an_error_too() {
    run(async |g| {
        let started = g.start(|status: TaskStatus<()>| async move {
            let _status = status;
            pending::<()>().await;
        });
        let mut started = pin!(started);
        assert!(poll_once(started.as_mut()).is_pending());
        g.cancel();
        asynkit::shield(async {
            assert!(matches!(started.as_mut().await, Err(StartError::Cancelled)));
            assert!(panic_text(|| poll_once(started)).starts_with("a `Started` was awaited again"));
            let refused = g.start(|status| in_time(false, status, 1)).await;
            assert!(matches!(refused, Err(StartError::Cancelled)));
        })
        .await;
        Ok(())
    })
    .unwrap();
}
