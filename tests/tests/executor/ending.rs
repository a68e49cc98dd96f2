//! The end of an executor: every future is dropped once, at home, and nothing aborts.

use asynkit::{Executor, Task, TaskError, current_task, sleep, spawn, yield_now};
use asynkit_tests::{OnDrop, Trace, block_on, now, panic_text};
use std::{
    cell::{Cell, RefCell},
    future::{pending, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::mpsc,
    task::{Poll, Waker},
    thread,
    time::Duration,
};

/// A task that never ends, and counts its drop.
fn counted(executor: &Executor, drops: &Rc<Cell<u32>>) -> Task<()> {
    let drops = Rc::clone(drops);
    executor.spawn(async move {
        let _on_drop = OnDrop(move || drops.set(drops.get() + 1));
        pending::<()>().await;
    })
}

#[test]
fn tasks_are_dropped_once_whether_they_have_begun_or_not() {
    for (tasks, begun) in [(0, true), (1, false), (1, true), (1000, false), (1000, true), (100_000, true)] {
        let drops = Rc::new(Cell::new(0));
        let executor = Executor::new();
        let handles: Vec<_> = (0..tasks).map(|_| counted(&executor, &drops)).collect();
        if begun {
            executor.block_on(yield_now());
        }
        let alive = drops.get();
        drop(executor);
        assert_eq!((alive, drops.get()), (0, if begun { tasks } else { 0 }), "{tasks} tasks");
        for handle in handles {
            assert!(matches!(now(handle), Some(Err(TaskError::Cancelled))));
        }
    }
}

#[test]
fn a_destructor_runs_as_its_task_and_what_it_spawns_is_cancelled() {
    let log = Trace::new();
    let executor = Executor::new();
    let inside = log.clone();
    executor.spawn(async move {
        let me = current_task();
        let _on_drop = OnDrop(move || {
            inside.log(format!("{}", current_task() == me));
            inside.log(format!("{:?}", now(spawn(async {})).map(|result| result.is_err())));
        });
        pending::<()>().await;
    });
    executor.block_on(yield_now());
    drop(executor);
    assert_eq!(log.take(), "true\nSome(true)\n");
}

#[test]
fn a_destructor_that_panics_is_its_tasks_panic_and_the_others_are_dropped() {
    let executor = Executor::new();
    let drops = Rc::new(Cell::new(0));
    let bad = executor.spawn(async {
        let _on_drop = OnDrop(|| panic!("at the end"));
        pending::<()>().await;
    });
    let good = counted(&executor, &drops);
    executor.block_on(yield_now());
    drop(executor);
    assert!(matches!(now(bad), Some(Err(TaskError::Panicked(p))) if p.message() == Some("at the end")));
    assert!(matches!(now(good), Some(Err(TaskError::Cancelled))));
    assert_eq!(drops.get(), 1);
}

#[test]
fn wakers_outlive_the_executor_on_every_thread() {
    let executor = Executor::new();
    let wakers = Rc::new(RefCell::new(Vec::<Waker>::new()));
    for _ in 0..10 {
        let wakers = Rc::clone(&wakers);
        executor.spawn(poll_fn(move |cx| {
            wakers.borrow_mut().push(cx.waker().clone());
            Poll::<()>::Pending
        }));
    }
    executor.block_on(yield_now());
    let wakers = wakers.take();
    let (stop, stopped) = mpsc::channel::<()>();
    let elsewhere: Vec<_> = wakers.clone();
    let waking = thread::spawn(move || {
        while stopped.try_recv().is_err() {
            elsewhere.iter().for_each(Waker::wake_by_ref);
        }
        elsewhere.into_iter().for_each(Waker::wake);
    });
    thread::sleep(Duration::from_millis(5));
    drop(executor);
    thread::sleep(Duration::from_millis(5));
    stop.send(()).unwrap();
    waking.join().unwrap();
    wakers.iter().for_each(Waker::wake_by_ref);
    // A later executor has other tasks, whatever numbers they have.
    Executor::run(async {
        let task = spawn(yield_now());
        wakers.iter().for_each(Waker::wake_by_ref);
        task.await.unwrap();
    });
}

#[test]
fn an_executor_is_dropped_inside_of_a_task_of_another() {
    let drops = Rc::new(Cell::new(0));
    let executor = Executor::new();
    let handle = counted(&executor, &drops);
    executor.block_on(yield_now());
    Executor::run(async {
        let me = current_task();
        let task = spawn(async move { drop(executor) });
        task.await.unwrap();
        assert!(matches!(handle.await, Err(TaskError::Cancelled)));
        assert_eq!(current_task(), me);
    });
    assert_eq!(drops.get(), 1);
}

#[test]
fn an_executor_is_dropped_while_the_thread_unwinds() {
    let drops = Rc::new(Cell::new(0));
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let executor = Executor::new();
        drop(counted(&executor, &drops));
        executor.spawn(async {
            let _on_drop = OnDrop(|| panic!("while unwinding"));
            pending::<()>().await;
        });
        executor.block_on(async {
            yield_now().await;
            panic!("the root");
        });
    }));
    assert_eq!(caught.unwrap_err().downcast_ref(), Some(&"the root"));
    assert_eq!(drops.get(), 1);
}

#[test]
fn an_executor_is_dropped_with_the_locals_of_its_thread() {
    thread_local! {
        static LAST: RefCell<Option<(Executor, Task<()>)>> = const { RefCell::new(None) };
    }
    let (sender, receiver) = mpsc::channel();
    let ended = thread::spawn(move || {
        LAST.with(|_| ());
        let executor = Executor::new();
        let task = executor.spawn(async move {
            let _on_drop = OnDrop(move || sender.send(thread::current().id()).unwrap());
            sleep(Duration::from_secs(60)).await;
        });
        executor.block_on(yield_now());
        LAST.set(Some((executor, task)));
        thread::current().id()
    });
    let home = ended.join().unwrap();
    assert_eq!(receiver.recv(), Ok(home));
}

#[test]
fn a_task_awaited_on_another_executor_tells_it_of_the_end() {
    let executor = Executor::new();
    let task = executor.spawn(pending::<()>());
    Executor::run(async {
        let waiting = spawn(task);
        yield_now().await;
        assert!(!waiting.is_finished());
        drop(executor);
        assert!(matches!(waiting.await.unwrap(), Err(TaskError::Cancelled)));
    });
}

#[test]
fn a_handle_asks_nothing_of_an_executor_that_is_gone() {
    let executor = Executor::new();
    let task = executor.spawn(pending::<()>());
    let (reference, id) = (*task, task.id());
    drop(executor);
    assert!(task.is_finished() && reference.is_finished() && id.task().is_none());
    assert!(!reference.cancel() && !reference.abort());
    reference.set_priority(asynkit::Priority::HIGH);
    assert_eq!((reference.name(), reference.priority()), (None, asynkit::Priority::NORMAL));
    assert!(reference.context().is_none());
    drop(task);
}

#[test]
fn numbers_of_executors_are_used_again_and_identities_are_not() {
    let mut seen = std::collections::HashSet::new();
    for _ in 0..500 {
        let executor = Executor::new();
        let task = executor.spawn(async {});
        assert!(seen.insert(task.id()));
        block_on(executor.run_until(task)).unwrap();
    }
}

#[test]
fn the_root_of_a_run_takes_its_tasks_with_it() {
    let drops = Rc::new(Cell::new(0));
    Executor::run(async {
        let held = Rc::clone(&drops);
        spawn(async move {
            let _on_drop = OnDrop(move || held.set(held.get() + 1));
            pending::<()>().await;
        });
        yield_now().await;
    });
    assert_eq!(drops.get(), 1);
    assert_eq!(
        panic_text(|| Executor::run(async { panic!("and is free to panic") })),
        "and is free to panic"
    );
}
