use crate::{
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{Executor, TaskBuilder, spawn, yield_now};
use asynkit_tests::Trace;

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "created es=True,susp=False: TaskLikeFuture done=True name=nm",
        "created es=True,susp=False: Task done=True name=None",
        "there is one kind of task; one that has ended has no name",
    ),
    (
        "default name prefix: TaskLikeFuture",
        "default name prefix: None",
        "tasks have no names but those that they are given",
    ),
];

async fn c(log: Trace, name: String, suspends: bool) -> String {
    log.log(format!("{name} start"));
    if suspends {
        yield_now().await;
    }
    log.log(format!("{name} end"));
    name
}

async fn boom(suspends: bool) -> Result<(), &'static str> {
    if suspends {
        yield_now().await;
    }
    Err("ValueError x")
}

async fn main(log: &Trace) {
    for eager in [Some(true), Some(false), None] {
        for suspends in [false, true] {
            let name = format!("es={},susp={}", eager.map_or("None", truth), truth(suspends));
            let mut task = TaskBuilder::new(c(log.clone(), name.clone(), suspends)).name("nm");
            if let Some(eager) = eager {
                task = task.eager(eager);
            }
            let task = task.spawn();
            let shown = task.name();
            let shown = shown.as_deref().unwrap_or("None");
            log.log(format!("created {name}: Task done={} name={shown}", truth(task.is_finished())));
            log.log(format!("await -> {}", task.await.expect("it returns")));
        }
    }
    let task = spawn(c(log.clone(), "dflt".into(), false));
    log.log(format!("default: done={}", truth(task.is_finished())));
    task.await.expect("it returns");
    let task = TaskBuilder::new(c(log.clone(), "eager-noname".into(), false)).eager(true).spawn();
    log.log(format!("default name prefix: {}", task.name().as_deref().unwrap_or("None")));
    for suspends in [false, true] {
        let task = TaskBuilder::new(boom(suspends)).eager(true).spawn();
        log.log(format!("boom susp={} done={}", truth(suspends), truth(task.is_finished())));
        log.log(task.await.expect("it returns").expect_err("it fails"));
    }
}

#[test]
fn create_task() {
    let log = Trace::new();
    Executor::run(main(&log));
    compare("09_create_task", &log.take(), DIFFERENCES);
}
