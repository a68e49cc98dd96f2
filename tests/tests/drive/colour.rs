//! Where `in_sync_drive` is true, and what `leavesync` does there.

use crate::leaves::{Blocks, OnDrop, null_sleep};
use asynkit::{
    InterruptExt as _, SyncDrive, SyncDriveRequired, aiter_sync, asyncfunction, await_sync, coro_drive,
    drive_async, in_sync_drive, leavesync, require_sync_drive,
};
use futures::{
    future::{join, join_all},
    stream::{self, FuturesUnordered, StreamExt as _},
};
use std::{
    cell::Cell,
    future::{Future, pending, poll_fn},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::Poll,
    thread,
};

fn probe() -> impl Future<Output = bool> + Send {
    poll_fn(|_| Poll::Ready(in_sync_drive()))
}

#[test]
fn it_is_true_in_every_kind_of_drive_and_false_outside() {
    assert!(!in_sync_drive());
    assert!(await_sync(probe()).unwrap());
    assert!(SyncDrive::new().strict(true).run(probe()).unwrap());
    assert!(drive_async(probe(), || Ok(())).unwrap());
    assert!(aiter_sync(Box::pin(stream::once(probe()))).all(|inside| inside.unwrap()));
    assert!(!coro_drive(probe(), || Ok(())).unwrap());
    assert!(!smol::block_on(probe()));
    assert!(!in_sync_drive());
}

#[test]
fn it_is_true_before_and_after_suspensions_and_in_the_clean_up() {
    let seen = Cell::new(0);
    let note = || seen.set(seen.get() + u32::from(in_sync_drive()));
    let future = async {
        note();
        null_sleep().await;
        note();
        let _told = pending::<()>().interruptible().await;
        note();
        let _dropped = OnDrop(note);
        Blocks::default().await;
    };
    assert!(await_sync(future).is_err());
    assert_eq!(seen.get(), 4);
}

#[test]
fn it_is_true_whoever_polls_in_between() {
    let (a, b) = await_sync(join(probe(), async {
        null_sleep().await;
        probe().await
    }))
    .unwrap();
    assert!(a && b);
    assert!(await_sync(join_all((0..100).map(|_| probe()))).unwrap().into_iter().all(|inside| inside));
    let unordered: FuturesUnordered<_> = (0..3).map(|_| probe()).collect();
    assert!(await_sync(unordered.collect::<Vec<_>>()).unwrap().into_iter().all(|inside| inside));
    let boxed: Pin<Box<dyn Future<Output = bool> + Send>> = Box::pin(probe());
    assert!(await_sync(boxed).unwrap());
}

#[test]
fn it_stays_true_around_a_nested_drive() {
    let nested = async { [in_sync_drive(), await_sync(probe()).unwrap(), in_sync_drive()] };
    assert_eq!(await_sync(nested).unwrap(), [true; 3]);
    let bridged = async { [coro_drive(probe(), || Ok(())).unwrap(), in_sync_drive()] };
    assert_eq!(await_sync(bridged).unwrap(), [true; 2]);
    let failed = async { [await_sync(Blocks::default()).is_err(), in_sync_drive()] };
    assert_eq!(await_sync(failed).unwrap(), [true; 2]);
}

#[test]
fn it_is_false_after_a_drive_however_that_ended() {
    assert!(await_sync(Blocks::default()).is_err());
    assert!(!in_sync_drive());
    let panicked = catch_unwind(|| await_sync(async { panic!("of the future") }).map(|never: ()| never));
    assert!(panicked.is_err() && !in_sync_drive());
    let panicked = catch_unwind(|| drive_async(pending::<()>(), || panic!("of the callback")));
    assert!(panicked.is_err() && !in_sync_drive());
    let mut items = aiter_sync(Box::pin(stream::repeat_with(in_sync_drive)));
    assert!(items.next().unwrap().unwrap());
    assert!(!in_sync_drive(), "between two items");
    let panics_in_drop = async {
        let _dropped = OnDrop(|| assert!(!in_sync_drive(), "of the drop"));
        Blocks::default().await;
    };
    assert!(catch_unwind(AssertUnwindSafe(|| await_sync(panics_in_drop))).is_err());
    assert!(!in_sync_drive());
}

#[test]
fn it_is_the_threads_own() {
    let other = async { thread::spawn(in_sync_drive).join().unwrap() };
    assert!(!await_sync(other).unwrap());
    let both = await_sync(async {
        (thread::spawn(|| await_sync(probe()).unwrap()).join().unwrap(), in_sync_drive())
    });
    assert_eq!(both.unwrap(), (true, true));
}

#[test]
fn a_task_that_was_spawned_inside_and_runs_later_is_outside() {
    let executor = smol::LocalExecutor::new();
    let mut task = None;
    await_sync(async { task = Some(executor.spawn(probe())) }).unwrap();
    assert!(!smol::block_on(executor.run(task.expect("it was spawned"))));
}

#[test]
fn inside_a_runtimes_task_only_the_drive_counts() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let seen = runtime.block_on(async {
        let task = tokio::spawn(async { (in_sync_drive(), await_sync(probe()).unwrap(), in_sync_drive()) });
        task.await.unwrap()
    });
    assert_eq!(seen, (false, true, false));
}

#[test]
fn an_executor_that_is_entered_inside_a_drive_is_inside() {
    assert!(await_sync(async { smol::block_on(probe()) }).unwrap());
}

#[test]
fn require_sync_drive_says_what_to_do() {
    assert_eq!(await_sync(async { require_sync_drive() }).unwrap(), Ok(()));
    let error = require_sync_drive().unwrap_err();
    assert!(error.to_string().contains("run it under `await_sync`"));
    assert_eq!(io::Error::from(error).get_ref().unwrap().downcast_ref::<SyncDriveRequired>(), Some(&error));
}

#[test]
fn an_asyncfunction_runs_when_it_is_awaited_in_either_colour() {
    let runs = Cell::new(0);
    let double = asyncfunction(|n: u32| {
        runs.set(runs.get() + 1);
        n * 2
    });
    let call = double(21);
    assert_eq!(runs.get(), 0);
    assert_eq!(await_sync(call).unwrap(), 42);
    assert_eq!(smol::block_on(double(4)), 8);
    assert_eq!(runs.get(), 2);
}

#[test]
fn leavesync_runs_in_a_drive_and_fails_outside_before_the_function_is_called() {
    let runs = Cell::new(0);
    let read = leavesync(|n: usize| {
        runs.set(runs.get() + 1);
        if n == 0 { Err(io::Error::other("nothing")) } else { Ok(vec![0_u8; n]) }
    });
    assert_eq!(await_sync(read(3)).unwrap().unwrap().len(), 3);
    assert_eq!(await_sync(read(0)).unwrap().unwrap_err().to_string(), "nothing");
    assert_eq!(await_sync(join(read(1), read(2))).unwrap().1.unwrap().len(), 2);
    let unordered: FuturesUnordered<_> = (1..4).map(|n| read(n)).collect();
    assert_eq!(await_sync(unordered.filter_map(async |bytes| bytes.ok()).count()).unwrap(), 3);
    let ran = runs.get();
    let error = smol::block_on(read(1)).unwrap_err();
    assert!(error.get_ref().unwrap().is::<SyncDriveRequired>());
    assert_eq!(runs.get(), ran);
}

/// The recipe: one source, the reader is a parameter.
async fn size(read: &impl AsyncFn(u32) -> io::Result<Vec<u8>>) -> io::Result<usize> {
    Ok(read(1).await?.len() + read(2).await?.len())
}

#[test]
fn one_source_serves_both_colours() {
    let sync = await_sync(size(&leavesync(|n| Ok::<_, io::Error>(vec![0; n as usize]))));
    assert_eq!(sync.unwrap().unwrap(), 3);
    let read = async |n| {
        smol::future::yield_now().await;
        Ok(vec![0; n as usize])
    };
    assert_eq!(smol::block_on(size(&read)).unwrap(), 3);
}
