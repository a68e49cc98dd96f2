use crate::{
    asyncio::Raised,
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{BoxError, Executor, StartError, TaskGroup, group::TaskStatus, task_group, yield_now};
use asynkit_tests::Trace;

const AT_ONCE: &str = "an error of a child is its group's, whenever it comes: `start_soon` does not raise, and returns a handle";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "start_soon returned None",
        "start_soon returned a Child",
        "the handle of the child awaits to its value",
    ),
    ("start_soon itself raised EOFError\nbody end", "body end\ngroup raised ['EOFError']", AT_ONCE),
    (
        "start_soon itself raised EOFError\nbody end",
        "start_soon returned\nbody end\ngroup raised ['EOFError']",
        AT_ONCE,
    ),
    (
        "RuntimeError Child exited without calling task_status.started()",
        "NotStarted: the child has ended, or has dropped its status, without calling `started`",
        "a typed error",
    ),
];

/// What the child of a scenario does.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are Python's")]
struct Plan {
    blocks: bool,
    fails: bool,
    starts: bool,
    fails_late: bool,
}

const EOF_ERROR: Raised = Raised("EOFError", "e");

async fn child(
    log: Trace,
    plan: Plan,
    arguments: &'static str,
    status: Option<TaskStatus<&'static str>>,
) -> Result<(), Raised> {
    log.log(format!("child start {arguments}"));
    if plan.fails {
        return Err(EOF_ERROR);
    }
    if plan.blocks {
        // A clock could let it go on before the others.
        yield_now().await;
        log.log("child resumed");
    }
    if let Some(status) = status {
        if plan.starts {
            status.started("S");
            log.log("child started() called");
        } else {
            // It is dropped with the child.
            let _kept = status;
        }
    }
    if plan.fails_late {
        return Err(EOF_ERROR);
    }
    log.log("child end");
    Ok(())
}

async fn group(
    log: &Trace,
    label: &str,
    blocks: bool,
    body: impl AsyncFnOnce(&TaskGroup) -> Result<(), BoxError>,
) {
    log.log(format!("== {label} block={}", truth(blocks)));
    let ended = task_group(async |g| {
        body(&g).await?;
        log.log("body end");
        Ok(())
    });
    if let Err(error) = ended.await {
        let name =
            |error: &BoxError| format!("'{}'", error.downcast_ref::<Raised>().expect("an exception").0);
        log.log(format!("group raised [{}]", error.errors().map(name).collect::<Vec<_>>().join(", ")));
    }
    log.log("group left");
}

fn told(error: &StartError) -> String {
    match error {
        StartError::Failed(error) => {
            format!("await raised {}", error.downcast_ref::<Raised>().expect("an exception").0)
        }
        other => format!("{other:?}: {other}"),
    }
}

async fn scenarios(log: Trace, blocks: bool) {
    let plan = Plan { blocks, ..Plan::default() };
    let soon = |plan, arguments| child(log.clone(), plan, arguments, None);
    let start = |plan, arguments| {
        let log = log.clone();
        move |status| child(log, plan, arguments, Some(status))
    };
    group(&log, "start_soon", blocks, async |g| {
        log.log("before");
        drop(g.start_soon(soon(plan, "(1, 2)")));
        log.log("start_soon returned a Child");
        Ok(())
    })
    .await;
    group(&log, "start_soon raising at once", blocks, async |g| {
        drop(g.start_soon(soon(Plan { fails: true, ..plan }, "()")));
        Ok(())
    })
    .await;
    group(&log, "start_soon raising late", blocks, async |g| {
        drop(g.start_soon(soon(Plan { fails_late: true, ..plan }, "()")));
        log.log("start_soon returned");
        Ok(())
    })
    .await;
    group(&log, "start", blocks, async |g| {
        let started = g.start(start(Plan { starts: true, ..plan }, "(9,)"));
        log.log("start called, not awaited");
        log.log(format!("start -> {}", started.await?));
        Ok(())
    })
    .await;
    group(&log, "start raising before started()", blocks, async |g| {
        let started = g.start(start(Plan { fails: true, ..plan }, "()"));
        log.log("start called");
        log.log(told(&started.await.unwrap_err()));
        Ok(())
    })
    .await;
    group(&log, "start raising after started()", blocks, async |g| {
        let started = g.start(start(Plan { starts: true, fails_late: true, ..plan }, "()"));
        log.log("start called");
        log.log(format!("start -> {}", started.await?));
        Ok(())
    })
    .await;
    group(&log, "start without started()", blocks, async |g| {
        let started = g.start(start(plan, "()"));
        log.log("start called");
        log.log(told(&started.await.unwrap_err()));
        Ok(())
    })
    .await;
}

#[test]
fn groups_start_their_children_at_the_call() {
    let log = Trace::new();
    for blocks in [false, true] {
        Executor::run(scenarios(log.clone(), blocks));
    }
    compare("45_anyio_group", &log.take(), DIFFERENCES);
}
