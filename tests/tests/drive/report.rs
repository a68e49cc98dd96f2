//! What a `SynchronousError` tells.

use crate::leaves::{Blocks, null_sleep};
use asynkit::{
    InterruptExt as _, SyncDrive, SynchronousError, aiter_sync, await_sync,
    drive::{BlockReason, Frame},
    shield,
};
use futures::{
    future::{join, join3},
    stream,
};
use std::{
    error::Error,
    future::{Future, pending, poll_fn},
    io,
    pin::Pin,
    task::{Context, Poll, Waker},
    thread,
};

/// The program in the documentation of `SynchronousError`, in a module called as its crate.
mod app {
    use super::*;

    #[derive(Default)]
    struct Answer(Option<Waker>);

    impl Future for Answer {
        type Output = u32;
        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
            self.0 = Some(cx.waker().clone());
            Poll::Pending
        }
    }

    async fn ask() -> u32 {
        Answer::default().await
    }

    pub(super) async fn report() -> String {
        format!("the answer is {}", shield(ask()).await)
    }
}

/// What documentation shows, with this file in the place of the program's.
#[cfg(debug_assertions)]
fn documented() -> String {
    let mut shown = include_str!("../../../asynkit/src/drive/report.txt").trim_end().to_string();
    let mut line = 0;
    while let Some(at) = shown[line..].find("src/main.rs:") {
        let from = line + at;
        let to = from + shown[from..].find('\n').unwrap_or(shown.len() - from);
        shown.replace_range(from..to, "FILE");
        line = from;
    }
    shown
}

/// The same for what was printed here.
#[cfg(debug_assertions)]
fn generalised(printed: &str) -> String {
    let lines = printed.lines().map(|line| match line.split_once("at ") {
        Some((before, at)) if at.contains("tests/drive/report.rs:") => format!("{before}at FILE"),
        _ => line.to_string(),
    });
    lines.collect::<Vec<_>>().join("\n").replace("drive::report::app::", "app::")
}

/// Chains of functions are complete without optimisation only.
#[cfg(debug_assertions)]
#[test]
fn the_documented_text_is_what_is_printed() {
    let error = await_sync(app::report()).unwrap_err();
    assert_eq!(generalised(&error.to_string()), documented());
    assert_eq!(format!("{error:?}"), error.to_string());
    let guide = include_str!("../../../docs/guide/either-colour.md");
    assert!(
        guide.contains(include_str!("../../../asynkit/src/drive/report.txt")),
        "the guide shows the same"
    );
}

#[cfg(debug_assertions)]
#[test]
fn the_chain_of_functions_ends_at_the_drive() {
    let error = await_sync(app::report()).unwrap_err();
    let functions: Vec<_> = error.sites()[0].frames().iter().map(Frame::function).collect();
    assert_eq!(
        functions,
        ["Answer::poll", "ask", "report"].map(|name| format!("drive::report::app::{name}"))
    );
    let at = error.sites()[0].frames()[1].location().unwrap();
    assert!(at.starts_with("tests/drive/report.rs:"), "{at}");
    assert!(format!("{:?}", error.sites()).contains("app::ask at tests/drive/report.rs"));
}

#[test]
fn the_call_is_named_in_every_form_of_drive() {
    let line = line!() + 1;
    let errors = [await_sync(pending::<()>()), SyncDrive::new().strict(true).run(pending()), {
        aiter_sync(stream::pending::<()>()).next().unwrap()
    }];
    let lines = errors.map(|error| {
        let at = error.unwrap_err().called_at();
        assert_eq!(at.file(), file!());
        at.line()
    });
    assert_eq!(lines, [line, line, line + 1]);
}

#[test]
fn the_future_is_named() {
    let named = |error: Result<(), SynchronousError>| error.unwrap_err().future();
    assert_eq!(named(await_sync(pending::<()>())), std::any::type_name::<std::future::Pending<()>>());
    assert_eq!(named(await_sync(async { Blocks::default().await })), "drive::report::the_future_is_named");
    let error = aiter_sync(stream::pending::<()>()).next().unwrap();
    assert_eq!(named(error), std::any::type_name::<stream::Pending<()>>());
}

#[test]
fn the_awaits_of_our_own_leaves_are_named_innermost_first() {
    let line = line!();
    let inner = async {
        let _told = Blocks::default().interruptible().await; // + 2
        shield(Blocks::default()).await; // + 3
    };
    let error = await_sync(async { shield(shield(inner)).await }).unwrap_err(); // + 5
    let lines: Vec<_> = error.waits().iter().map(|at| at.line() - line).collect();
    assert_eq!(lines, [2, 5]);
    assert!(error.waits().iter().all(|at| at.file() == file!()));
    assert!(error.to_string().contains(&format!("\n  waits at {}\n", error.waits()[0])));
}

#[test]
fn a_leaf_that_flattens_is_named_where_it_is_awaited() {
    async fn read() -> Result<(), Box<dyn Error + Send + Sync>> {
        pending().await
    }
    let line = line!();
    let error = await_sync(async {
        let _told = read().try_interruptible().await; // + 2
        pending::<()>().await;
    });
    assert_eq!(error.unwrap_err().waits()[0].line(), line + 2);
}

#[test]
fn every_branch_that_waits_is_named() {
    let line = line!();
    let branches = join3(
        async { shield(Blocks::default()).await }, // + 2
        null_sleep(),
        async { shield(pending::<()>()).await }, // + 4
    );
    let error = await_sync(branches).unwrap_err();
    let lines: Vec<_> = error.waits().iter().map(|at| at.line() - line).collect();
    assert_eq!(lines, [2, 4]);
    assert_eq!(error.sites().len(), 1);
}

#[test]
fn what_an_inner_drive_met_is_not_told_of_the_outer_one() {
    let line = line!();
    let error = await_sync(async {
        let inner = await_sync(async { shield(Blocks::default()).await }).unwrap_err(); // + 2
        assert_eq!(inner.waits()[0].line(), line + 2);
        shield(Blocks::default()).await; // + 4
    })
    .unwrap_err();
    let lines: Vec<_> = error.waits().iter().map(|at| at.line() - line).collect();
    assert_eq!(lines, [4]);
    assert_eq!(error.sites().len(), 1);

    // polled while the outer drive looks, so that the inner one looks inside it
    let looked_inside = await_sync(poll_fn(|_| {
        assert_eq!(await_sync(Blocks::default()).unwrap_err().sites().len(), 1);
        Poll::<()>::Pending
    }));
    assert_eq!(looked_inside.unwrap_err().sites().len(), 0);
}

#[test]
fn a_waker_that_nobody_keeps_is_told() {
    for clones in [false, true] {
        let error = await_sync(poll_fn(|cx| {
            let _dropped_again = clones.then(|| cx.waker().clone());
            Poll::<()>::Pending
        }));
        let error = error.unwrap_err();
        assert_eq!(error.reason(), BlockReason::NeverWoken);
        assert!(error.to_string().starts_with("the future can never be woken: nobody keeps its waker\n"));
        assert!(error.to_string().contains("help: look for a `pending()`"));
    }
}

#[test]
fn a_waker_that_another_thread_clones_has_no_site_there() {
    let error = await_sync(poll_fn(|cx| {
        let waker = cx.waker();
        thread::scope(|threads| drop(threads.spawn(|| waker.clone()).join()));
        Poll::<()>::Pending
    }));
    assert!(error.unwrap_err().sites().is_empty());
}

#[test]
fn without_capture_nothing_is_recorded_and_the_text_says_so() {
    let waits = async { shield(Blocks::default()).await };
    let error = SyncDrive::new().capture(false).run(waits).unwrap_err();
    assert_eq!(error.reason(), BlockReason::Waiting);
    assert!(error.sites().is_empty() && error.waits().is_empty());
    assert!(error.to_string().contains("\n  note: `SyncDrive::capture` is off"));
}

#[test]
fn a_future_that_was_told_and_went_on_waiting_is_told_apart() {
    let ignores = async {
        let _told = Blocks::default().interruptible().await;
        Blocks::default().await;
    };
    assert!(
        await_sync(ignores)
            .unwrap_err()
            .to_string()
            .contains("\n  note: it was told so, and went on waiting")
    );
    assert!(!await_sync(Blocks::default()).unwrap_err().to_string().contains("told so"));
}

#[test]
fn spins_and_null_sleeps_say_which_option_it_was() {
    let strict = SyncDrive::new().strict(true).run(null_sleep()).unwrap_err().to_string();
    assert!(strict.starts_with("the future yielded, and a strict sync drive does not go on\n"), "{strict}");
    assert!(strict.ends_with("help: without `SyncDrive::strict` it is polled on"), "{strict}");
    let spins = async {
        loop {
            null_sleep().await;
        }
    };
    let spun: Result<(), _> = SyncDrive::new().max_spins(Some(3)).run(spins);
    let spun = spun.unwrap_err().to_string();
    assert!(spun.contains("woken itself more than 3 times\n"), "{spun}");
    assert!(spun.contains("help: raise `SyncDrive::max_spins`"), "{spun}");
}

#[test]
fn equal_chains_are_printed_once() {
    let twice = join(Blocks::default(), poll_fn(|_| Poll::<()>::Pending));
    let once = await_sync(twice).unwrap_err().to_string();
    assert!(once.matches("waker stored in").count() <= 1);
    let twice = (0..2).map(|_| Blocks::default());
    let text = await_sync(futures::future::join_all(twice)).unwrap_err().to_string();
    assert!(text.matches("waker stored in").count() <= 1, "{text}");
}

#[test]
fn it_travels_as_errors_do() {
    fn check<T: Error + Send + Sync + 'static>(_: &T) {}
    let error = await_sync(pending::<()>()).unwrap_err();
    check(&error);
    assert_eq!(size_of_val(&error), size_of::<usize>());
    let text = error.to_string();
    let error = io::Error::from(error);
    assert!(error.get_ref().unwrap().is::<SynchronousError>());
    assert_eq!(error.to_string(), text);
}
