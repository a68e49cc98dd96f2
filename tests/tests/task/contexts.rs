//! Tasks and context variables.

use asynkit::{
    Context, ContextVar, Executor, TaskBuilder, copy_context, current_task, eager, spawn, yield_now,
};
use asynkit_tests::OnDrop;
use std::{future::pending, sync::Mutex};

static USER: ContextVar<&str> = ContextVar::new();
static OWN: ContextVar<u32> = ContextVar::new().uninherited();

#[test]
fn a_task_gets_a_copy_and_keeps_its_own_across_suspensions() {
    Executor::run(async {
        USER.set("parent");
        OWN.set(1);
        let task = spawn(async {
            assert_eq!((USER.get(), OWN.get()), (Some("parent"), None));
            USER.set("child");
            yield_now().await;
            USER.get()
        });
        USER.set("later");
        yield_now().await;
        assert_eq!(USER.get(), Some("later"));
        assert_eq!(task.await.unwrap(), Some("child"));
        assert_eq!((USER.get(), OWN.get()), (Some("later"), Some(1)));
    });
    assert_eq!(USER.get(), None, "what tasks set is not the thread's");
}

#[test]
fn a_thread_s_own_context_is_what_the_root_inherits() {
    USER.set("thread");
    Executor::run(async {
        assert_eq!(USER.get(), Some("thread"));
        USER.set("root");
        assert_eq!(spawn(async { USER.get() }).await.unwrap(), Some("root"));
    });
    assert_eq!(USER.get(), Some("thread"));
}

#[test]
fn tasks_that_set_for_the_first_time_do_not_meet() {
    Executor::run(async {
        let tasks = ["a", "b", "c"].map(|name| {
            spawn(async move {
                assert_eq!(USER.get(), None);
                USER.set(name);
                yield_now().await;
                assert_eq!(USER.get(), Some(name));
                yield_now().await;
                USER.get()
            })
        });
        yield_now().await;
        assert_eq!(USER.get(), None);
        for (task, name) in tasks.into_iter().zip(["a", "b", "c"]) {
            assert_eq!(task.await.unwrap(), Some(name));
        }
    });
}

#[test]
fn an_eager_part_runs_in_the_child_s_context_and_the_parent_keeps_its_own() {
    Executor::run(async {
        let child = eager(async {
            USER.set("child");
            let inner = eager(async { USER.get() }).await;
            yield_now().await;
            (inner, USER.get())
        });
        assert_eq!(USER.get(), None);
        USER.set("parent");
        let second = eager(async { USER.get() });
        assert_eq!(second.await, Some("parent"));
        assert_eq!(child.await, (Some("child"), Some("child")));
        assert_eq!(USER.get(), Some("parent"));
    });
}

#[test]
fn a_context_that_was_prepared_is_the_task_s() {
    Executor::run(async {
        let mut context = copy_context();
        context.run(|| USER.set("prepared"));
        let task = TaskBuilder::new(async {
            yield_now().await;
            USER.replace_with("changed")
        })
        .context(context)
        .spawn();
        assert_eq!(task.context().unwrap().run(|| USER.get()), Some("prepared"));
        assert_eq!(task.await.unwrap(), Some("prepared"));
    });
}

trait Replace {
    fn replace_with(&self, new: &'static str) -> Option<&'static str>;
}

impl Replace for ContextVar<&'static str> {
    fn replace_with(&self, new: &'static str) -> Option<&'static str> {
        let old = self.get();
        self.set(new);
        old
    }
}

#[test]
fn the_context_of_a_task_is_seen_by_others_and_by_itself() {
    Executor::run(async {
        let task = spawn(async {
            let me = current_task().unwrap();
            USER.set("mine");
            assert_eq!(me.context().unwrap().run(|| USER.get()), Some("mine"));
            let mut other = Context::default();
            other.run(|| assert_eq!(me.context().unwrap().run(|| USER.get()), Some("mine")));
            pending::<()>().await;
        });
        yield_now().await;
        assert_eq!(task.context().unwrap().run(|| USER.get()), Some("mine"));
        assert_eq!(current_task().unwrap().context().unwrap().run(|| USER.get()), None);
    });
}

#[test]
fn a_destructor_runs_in_the_context_of_its_task_however_it_ends() {
    static SEEN: Mutex<Vec<Option<&str>>> = Mutex::new(Vec::new());
    let executor = Executor::new();
    let task = || async {
        let _on_drop = OnDrop(|| SEEN.lock().unwrap().push(USER.get()));
        USER.set("task");
        pending::<()>().await;
    };
    let aborted = executor.spawn(task());
    let cancelled = executor.spawn(task());
    let _left = executor.spawn(task());
    executor.block_on(async {
        yield_now().await;
        aborted.abort();
        cancelled.cancel();
        yield_now().await;
    });
    drop(executor);
    assert_eq!(*SEEN.lock().unwrap(), [Some("task"); 3]);
}

#[test]
fn a_panic_leaves_the_context_of_the_next_task_alone() {
    Executor::run(async {
        let bad = spawn(async {
            USER.set("bad");
            panic!("boom");
        });
        let good = spawn(async { USER.get() });
        assert!(bad.await.is_err());
        assert_eq!(good.await.unwrap(), None);
        assert_eq!(USER.get(), None);
    });
}

#[test]
fn what_a_task_has_set_stays_its_own_while_it_drives_another_executor() {
    let inner = Executor::new();
    Executor::run(async {
        let task = spawn(async move {
            USER.set("outer");
            let seen = inner
                .run_until(async {
                    let seen = USER.get();
                    eager(async { USER.set("child") }).await;
                    USER.set("inner");
                    yield_now().await;
                    (seen, USER.get())
                })
                .await;
            yield_now().await;
            (seen, USER.get())
        });
        let ((before, after), outer) = task.await.unwrap();
        assert_eq!((after, outer), (Some("inner"), Some("outer")));
        assert_eq!(before, Some("outer"));
        assert_eq!(USER.get(), None);
    });
}
