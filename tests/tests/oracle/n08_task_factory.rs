use crate::{
    compare::{Difference, compare},
    python::truth,
};
use asynkit::{
    Executor, InterruptKind, TaskBuilder, TaskRef, call_soon, current_task, sleep, spawn, throw_when,
    yield_now,
};
use asynkit_tests::Trace;
use futures::{
    channel::oneshot,
    future::{join, lazy},
};
use std::{cell::RefCell, rc::Rc, time::Duration};

const ONE_KIND: &str = "there is one kind of task, done at its start or not";
const ITSELF: &str = "an eager task is itself from its first instruction";

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "after TaskLikeFuture done=True name=n1",
        "after Task done=True name=None",
        "a task that has ended has no name",
    ),
    ("boom TaskLikeFuture done=True exc=ValueError", "boom Task done=True exc=ValueError", ONE_KIND),
    (
        "during eager start current is parent: True; after suspension current is own: True",
        "during eager start current is parent: False; after suspension current is own: True",
        ITSELF,
    ),
    (
        "from callback: start current is a task: True; is parent: False; is own: False; later is own: True",
        "from callback: start current is a task: True; is parent: False; is own: True; later is own: True",
        ITSELF,
    ),
];

fn ret(log: Trace) -> impl Future<Output = u32> {
    lazy(move |_| {
        log.log("ret runs");
        1
    })
}

async fn susp(log: Trace) -> u32 {
    log.log("susp start");
    yield_now().await;
    log.log("susp end");
    2
}

type Ids = Rc<RefCell<Vec<TaskRef>>>;

async fn who(ids: Ids) {
    ids.borrow_mut().push(current_task().expect("a task runs"));
    yield_now().await;
    ids.borrow_mut().push(current_task().expect("a task runs"));
}

async fn identities(log: &Trace) {
    let me = current_task().expect("it runs");
    let ids = Ids::default();
    let task = spawn(who(Rc::clone(&ids)));
    let own = *task;
    task.await.expect("it returns");
    log.log(format!(
        "during eager start current is parent: {}; after suspension current is own: {}",
        truth(ids.borrow()[0] == me),
        truth(ids.borrow()[1] == own)
    ));
    ids.borrow_mut().clear();
    let (done, is_done) = oneshot::channel();
    call_soon({
        let (log, ids) = (log.clone(), Rc::clone(&ids));
        move || {
            log.log(format!("callback current_task is None: {}", truth(current_task().is_none())));
            let _ = done.send(spawn(who(ids)));
        }
    });
    let task = is_done.await.expect("it is called");
    let own = *task;
    task.await.expect("it returns");
    let ids = ids.borrow();
    log.log(format!(
        "from callback: start current is a task: True; is parent: {}; is own: {}; later is own: {}",
        truth(ids[0] == me),
        truth(ids[0] == own),
        truth(ids[1] == own)
    ));
}

/// `wait_for(future, 0)`.
async fn wait_for_0<F: Future>(future: F) -> Result<F::Output, &'static str> {
    throw_when(async {}, InterruptKind::Timeout, future).await.map_err(|_| "TimeoutError")
}

async fn main(log: &Trace, other: &Executor) -> asynkit::Task<u32> {
    log.log("before");
    let task = TaskBuilder::new(ret(log.clone())).name("n1").spawn();
    let name = |task: &TaskRef| task.name().map_or("None".to_owned(), |name| name.to_string());
    log.log(format!("after Task done={} name={}", truth(task.is_finished()), name(&task)));
    log.log(task.await.expect("it returns").to_string());
    let task = TaskBuilder::new(susp(log.clone())).name("n2").spawn();
    log.log(format!("after Task done={} name={}", truth(task.is_finished()), name(&task)));
    log.log(task.await.expect("it returns").to_string());
    let task = spawn(async { Err::<u32, _>("ValueError") });
    let is_done = truth(task.is_finished());
    log.log(format!(
        "boom Task done={is_done} exc={}",
        task.await.expect("it returns").expect_err("it fails")
    ));
    identities(log).await;

    log.log("== gather/wait_for");
    let (one, two) = join(spawn(ret(log.clone())), spawn(susp(log.clone()))).await;
    log.log(format!("[{}, {}]", one.expect("it returns"), two.expect("it returns")));
    let task = spawn(sleep(Duration::from_secs(3600)));
    log.log(format!("wait_for(0) {}", wait_for_0(task).await.expect_err("it sleeps")));
    let value = wait_for_0(spawn(ret(log.clone()))).await.expect("it is done").expect("it returns");
    log.log(format!("wait_for(0) on completed: {value}"));

    log.log("== other loop is not eager");
    let task = other.spawn(ret(log.clone()));
    log.log(format!("created Task done={}", truth(task.is_finished())));
    task
}

#[test]
fn task_factory() {
    let log = Trace::new();
    let [executor, other] = [(); 2].map(|()| Executor::builder().eager_tasks(true).build());
    let task = executor.block_on(main(&log, &other));
    let value = other.block_on(task).expect("it returns");
    log.log(format!("other loop run: {value}"));
    compare("08_task_factory", &log.take(), DIFFERENCES);
}
