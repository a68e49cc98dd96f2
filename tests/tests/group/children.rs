//! Starting children, and awaiting them.

use asynkit::{
    ChildFailed, Deadlock, Executor, GroupError, PriorityLock, TaskGroup, cancelling, current_task, sleep,
    spawn, task_group, task_timeout, yield_now,
};
use asynkit_tests::{OnDrop, Trace, panic_text, poll_once};
use std::{
    cell::{Cell, RefCell},
    future::{pending, ready},
    io,
    pin::pin,
    rc::Rc,
    time::Duration,
};

fn run<T>(body: impl AsyncFnOnce(TaskGroup) -> Result<T, asynkit::BoxError>) -> Result<T, GroupError> {
    Executor::run(task_group(body))
}

#[test]
fn start_soon_runs_the_first_part_at_the_call_and_spawn_does_not() {
    let log = Trace::new();
    let child = |name: &'static str| {
        let log = log.clone();
        async move {
            log.log(format!("{name} begins"));
            yield_now().await;
            log.log(format!("{name} ends"));
        }
    };
    run(async |g| {
        g.spawn(child("spawned"));
        g.start_soon(child("started"));
        log.log("body ends");
        Ok(())
    })
    .unwrap();
    log.log("group ends");
    assert_eq!(
        log.take(),
        "started begins\nbody ends\nspawned begins\nstarted ends\nspawned ends\ngroup ends\n"
    );
}

#[test]
fn a_child_is_in_its_group_and_a_task_of_its_own_from_its_first_instruction() {
    run(async |g| {
        let (inner, parent) = (g.clone(), current_task());
        let child = g.start_soon(async move {
            assert_eq!(inner.children(), 1);
            assert_ne!(current_task(), parent);
            let first = current_task();
            yield_now().await;
            assert_eq!(current_task(), first);
            Ok::<_, io::Error>(first)
        });
        assert!(child.await?.is_some());
        assert_eq!(g.children(), 0);
        Ok(())
    })
    .unwrap();
}

#[test]
fn an_eager_child_may_cancel_its_group_before_it_suspends() {
    let told = Rc::new(Cell::new(false));
    let tell = Rc::clone(&told);
    run(async |g| {
        let inner = g.clone();
        g.start_soon(async move {
            inner.cancel();
            tell.set(asynkit_tests::point().await.is_err());
        });
        Ok(())
    })
    .unwrap();
    assert!(told.get());
}

#[test]
fn children_have_values_and_errors_of_their_own_types() {
    let sum = run(async |g| {
        let a = g.start_soon(async { Ok::<u32, io::Error>(1) });
        let b = g.spawn(async { "2".parse::<u8>() });
        g.start_soon(async {}).await?;
        Ok(a.await? + u32::from(b.await?))
    });
    assert_eq!(sum.unwrap(), 3);
}

#[test]
fn a_child_may_run_for_ever() {
    let turns = Rc::new(Cell::new(0));
    let count = Rc::clone(&turns);
    run(async |g| {
        let endless = g.start_soon(async move {
            loop {
                count.set(count.get() + 1);
                yield_now().await;
            }
        });
        yield_now().await;
        yield_now().await;
        endless.cancel();
        assert!(endless.await.unwrap_err().is_cancelled());
        Ok(())
    })
    .unwrap();
    assert!(turns.get() > 1);
}

#[test]
fn the_body_borrows_and_the_group_waits_for_those_that_nobody_awaits() {
    let count = Rc::new(Cell::new(0));
    let mut names = vec![];
    let name = String::from("a");
    run(async |g| {
        names.push(name.as_str());
        for _ in 0..100 {
            let count = Rc::clone(&count);
            drop(g.spawn(async move {
                yield_now().await;
                count.set(count.get() + 1);
            }));
        }
        Ok(())
    })
    .unwrap();
    assert_eq!((count.get(), names), (100, vec!["a"]));
}

#[test]
fn children_start_children_deep_down() {
    fn nested(g: &TaskGroup, left: u32, count: Rc<Cell<u32>>) {
        let inner = g.clone();
        g.start_soon(async move {
            count.set(count.get() + 1);
            if left > 0 {
                nested(&inner, left - 1, count);
            }
            yield_now().await;
        });
    }
    let count = Rc::new(Cell::new(0));
    run(async |g| {
        nested(&g, 200, Rc::clone(&count));
        Ok(())
    })
    .unwrap();
    assert_eq!(count.get(), 201);
}

#[test]
fn a_group_that_was_left_alone_starts_nothing_any_more() {
    Executor::run(async {
        let kept = RefCell::new(None);
        let polled = Rc::new(Cell::new(false));
        let late = || {
            let polled = Rc::clone(&polled);
            async move { polled.set(true) }
        };
        task_group(async |g| {
            g.cancel();
            let refused = g.start_soon(late());
            assert!(refused.is_finished() && !refused.cancel());
            assert!(refused.await.unwrap_err().is_cancelled());
            kept.replace(Some(g));
            Ok(())
        })
        .await
        .unwrap();
        let g = kept.take().unwrap();
        assert!(g.is_cancelled());
        assert!(g.spawn(late()).await.unwrap_err().is_cancelled());
        assert!(!polled.get());
        assert_eq!(format!("{g:?}"), "TaskGroup { children: 0, is_cancelled: true, .. }");
    });
}

#[test]
fn one_child_is_cancelled_and_the_rest_goes_on() {
    let kept = run(async |g| {
        let other = g.spawn(async {
            yield_now().await;
            Ok::<_, io::Error>("kept")
        });
        let polite = g.start_soon(async {
            let _told = asynkit_tests::point().await;
            yield_now().await;
            Ok::<_, io::Error>("cleaned up")
        });
        let rude = g.start_soon(pending::<()>());
        let untold = g.spawn(async { unreachable!("it is dropped without a poll") });
        assert!(polite.cancel() && rude.cancel() && untold.cancel());
        assert_eq!(polite.await, Ok("cleaned up"));
        assert!(rude.await.unwrap_err().is_cancelled());
        let refused: Result<_, ChildFailed> = untold.await;
        assert!(refused.unwrap_err().is_cancelled());
        drop(cancelling(g.start_soon(pending::<()>()))); // a guard works, too
        Ok(other.await?)
    });
    assert_eq!(kept.unwrap(), "kept");
}

#[test]
fn a_second_cancel_of_a_child_that_was_told_drops_it() {
    run(async |g| {
        let child = g.start_soon(async {
            let _told = asynkit_tests::point().await;
            pending::<()>().await;
        });
        child.cancel();
        child.cancel(); // on its way: the same one
        yield_now().await;
        assert!(!child.is_finished());
        assert!(child.cancel());
        assert!(child.await.unwrap_err().is_cancelled());
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_child_that_cleans_up_for_its_group_may_be_cancelled_by_its_handle_without_harm() {
    for by_handle_first in [false, true] {
        let clean = run(async |g| {
            let child = g.start_soon(async {
                let _told = asynkit_tests::point().await;
                yield_now().await;
                yield_now().await;
                Ok::<_, io::Error>("clean")
            });
            asynkit::shield(async {
                let by_handle = || assert!(child.cancel());
                let by_group = || g.cancel();
                let (first, second): (&dyn Fn(), &dyn Fn()) =
                    if by_handle_first { (&by_handle, &by_group) } else { (&by_group, &by_handle) };
                first();
                yield_now().await;
                second();
                Ok(child.await?)
            })
            .await
        });
        assert_eq!(clean.unwrap(), "clean");
    }
}

#[test]
fn a_child_whose_task_is_cancelled_or_aborted_by_others_is_no_error() {
    run(async |g| {
        for abort in [false, true] {
            let id = Rc::new(Cell::new(None));
            let tell = Rc::clone(&id);
            let child = g.start_soon(async move {
                tell.set(current_task());
                asynkit_tests::point().await
            });
            let task = id.get().unwrap();
            assert!(if abort { task.abort() } else { task.cancel() });
            assert!(child.await.unwrap_err().is_cancelled());
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn awaiting_a_child_again_panics() {
    run(async |g| {
        let mut child = pin!(g.start_soon(async {}));
        assert!(poll_once(child.as_mut()).is_ready());
        assert!(panic_text(|| poll_once(child)).starts_with("a child was awaited again"));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_value_that_nobody_takes_is_dropped_and_the_future_before_its_child_is_ready() {
    let log = Trace::new();
    run(async |g| {
        let (held, value) = (log.clone(), log.clone());
        let child = g.start_soon(async move {
            let _guard = OnDrop(|| held.log("locals"));
            yield_now().await;
            Ok::<_, io::Error>(OnDrop(move || value.log("value")))
        });
        while !child.is_finished() {
            yield_now().await;
        }
        log.log("finished");
        drop(child);
        Ok(())
    })
    .unwrap();
    assert_eq!(log.take(), "locals\nfinished\nvalue\n");
}

#[test]
fn without_an_executor_the_panic_of_the_spawner_is_the_bodys() {
    let group = task_group(async |g| {
        g.start_soon(ready(()));
        Ok(())
    });
    let error = asynkit_tests::block_on(group).unwrap_err();
    assert!(crate::texts(&error)[0].starts_with("panicked: no executor runs here"), "{error}");
}

/// Takes a lock twice: whether it is told of a deadlock.
async fn takes_twice() -> Result<bool, Deadlock> {
    let lock = PriorityLock::new(());
    let _guard = lock.lock().await?;
    yield_now().await;
    Ok(lock.lock().await.is_err())
}

#[test]
fn a_deadlock_of_children_and_of_the_body_is_told() {
    let all = task_group(async |g| {
        let child = g.spawn(takes_twice()).await?;
        let eager_child = g.start_soon(takes_twice()).await?;
        let mut told = vec![child, eager_child, takes_twice().await?];
        g.spawn(pending::<()>());
        // One that others may stop with their group, too.
        told.push(takes_twice().await?);
        g.cancel();
        Ok(told)
    });
    let told = Executor::run(task_timeout(Duration::from_secs(9), async { spawn(all).await.unwrap() }));
    assert_eq!(told.expect("nobody hangs").unwrap(), [true; 4]);
}

#[test]
fn a_group_whose_end_opens_a_circle_is_no_deadlock() {
    Executor::run(async {
        let locks = Rc::new([PriorityLock::new(()), PriorityLock::new(())]);
        let (ours, other) = (Rc::clone(&locks), Rc::clone(&locks));
        let subject = spawn(async move {
            let [left, right] = &*ours;
            let group = async {
                let _left = left.lock().await.unwrap();
                task_group(async |g| {
                    g.spawn(sleep(Duration::from_millis(5)));
                    Ok(())
                })
                .await
                .unwrap();
            };
            let waits = async {
                yield_now().await;
                right.lock().await.map(drop)
            };
            futures::join!(group, waits).1
        });
        let neighbour = spawn(async move {
            let [left, right] = &*other;
            let _right = right.lock().await?;
            yield_now().await;
            left.lock().await.map(drop)
        });
        assert!(subject.await.unwrap().is_ok());
        assert!(neighbour.await.unwrap().is_ok());
    });
}
