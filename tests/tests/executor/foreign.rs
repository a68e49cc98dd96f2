//! Many threads at once.

use asynkit::{Executor, Remote, spawn, yield_now};
use asynkit_tests::block_on;
use std::{
    cell::Cell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

#[test]
fn tasks_from_many_threads_all_run_and_answer() {
    let executor = Executor::new();
    let remote = executor.remote();
    let answered = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..8)
        .map(|n| {
            let (remote, answered) = (remote.clone(), Arc::clone(&answered));
            thread::spawn(move || {
                for i in 0..200 {
                    let task = remote.spawn(move || async move {
                        yield_now().await;
                        n * i
                    });
                    assert_eq!(block_on(task.unwrap()).unwrap(), n * i);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let waiting = thread::spawn(move || {
        for thread in threads {
            thread.join().unwrap();
        }
        remote.stop();
    });
    executor.spawn(std::future::pending::<()>());
    block_on(executor);
    waiting.join().unwrap();
    assert_eq!(answered.load(Ordering::Relaxed), 1600);
}

#[test]
fn cancels_from_other_threads_race_with_ends_and_nothing_is_lost() {
    Executor::run(async {
        let remote = Remote::current().unwrap();
        let thread = thread::spawn(move || {
            let mut ended = 0;
            for i in 0..500 {
                let task = remote.spawn(move || async move {
                    for _ in 0..i % 4 {
                        yield_now().await;
                    }
                });
                let task = task.unwrap();
                task.cancel();
                let _either = block_on(task);
                ended += 1;
            }
            ended
        });
        let turns = Rc::new(Cell::new(0_u32));
        let counted = Rc::clone(&turns);
        let busy = spawn(async move {
            loop {
                counted.set(counted.get().wrapping_add(1));
                yield_now().await;
            }
        });
        while !thread.is_finished() {
            yield_now().await;
        }
        assert_eq!(thread.join().unwrap(), 500);
        assert!(turns.get() > 0 && !busy.is_finished());
    });
}
