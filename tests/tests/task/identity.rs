//! Which task: references, identities, names, places, priorities.

use asynkit::{Executor, Priority, TaskBuilder, TaskId, TaskRef, all_tasks, current_task, spawn, yield_now};
use asynkit_tests::Trace;
use std::{collections::HashSet, future::pending, thread};

fn check_send<T: Send + Sync + 'static>() {}

#[test]
fn an_identity_travels_and_finds_its_task_at_home_only() {
    check_send::<TaskId>();
    Executor::run(async {
        let task = spawn(pending::<()>());
        let id = task.id();
        assert_eq!(id.task(), Some(*task));
        assert!(thread::spawn(move || id.task().is_none()).join().unwrap());
        task.abort();
        assert!(task.await.is_err());
        assert_eq!(id.task(), None);
    });
}

#[test]
fn a_slot_is_used_again_and_its_tasks_are_told_apart() {
    Executor::run(async {
        let mut seen = HashSet::new();
        for _ in 0..1000 {
            let task = spawn(async {});
            assert!(seen.insert(task.id()), "{:?}", task.id());
            task.await.unwrap();
        }
    });
}

#[test]
fn a_reference_knows_where_its_task_was_spawned_also_after_the_end() {
    Executor::run(async {
        let task = spawn(async { current_task().unwrap() });
        let line = line!() - 1;
        let reference: TaskRef = *task;
        let inside = task.await.unwrap();
        for place in [reference.spawned_at(), inside.spawned_at()] {
            assert_eq!((place.line(), place.file()), (line, file!()));
        }
        let built = TaskBuilder::new(async {}).spawn();
        assert_eq!(built.spawned_at().line(), line!() - 1);
        let all = all_tasks();
        assert!(all.contains(&built) && !all.contains(&reference));
    });
}

#[test]
fn the_root_was_spawned_where_the_run_was_called() {
    let (line, place) = (line!(), Executor::run(async { current_task().unwrap().spawned_at() }));
    assert_eq!((place.line(), place.file()), (line, file!()));
}

#[test]
fn names_last_as_long_as_their_tasks() {
    Executor::run(async {
        let task = TaskBuilder::new(yield_now()).name("worker").spawn();
        assert_eq!((task.name().as_deref(), spawn(async {}).name()), (Some("worker"), None));
        let reference = *task;
        task.await.unwrap();
        assert_eq!(reference.name(), None);
    });
}

#[test]
fn priorities_order_the_ready_and_can_be_changed_wherever_a_task_is() {
    let log = Trace::new();
    Executor::run(async {
        let task = |name: &'static str, priority| {
            let log = log.clone();
            TaskBuilder::new(async move { log.log(name) }).priority(priority).spawn()
        };
        let _low = task("low", Priority::LOW);
        let _high = task("high", Priority::HIGH);
        let normal = task("normal", Priority::NORMAL);
        let raised = task("raised", Priority::LOW);
        assert_eq!((raised.priority(), raised.effective_priority()), (Priority::LOW, Priority::LOW));
        raised.set_priority(Priority::new(-20.0).unwrap());
        normal.set_priority(Priority::new(20.0).unwrap());
        assert_eq!(Some(normal.priority()), Priority::new(20.0));
        current_task().unwrap().set_priority(Priority::new(30.0).unwrap());
        yield_now().await;
    });
    assert_eq!(log.take(), "raised\nhigh\nlow\nnormal\n");
}

#[test]
fn all_tasks_are_those_that_have_not_ended() {
    Executor::run(async {
        let me = current_task().unwrap();
        let blocked = spawn(pending::<()>());
        let ready = spawn(async {});
        let set: HashSet<_> = all_tasks().into_iter().collect();
        assert_eq!(set, HashSet::from([me, *blocked, *ready]));
        ready.await.unwrap();
        assert_eq!(all_tasks().len(), 2);
        blocked.abort();
        yield_now().await;
        assert_eq!(all_tasks(), [me]);
    });
}

#[test]
fn what_is_printed_of_a_task_tells_which_and_from_where() {
    Executor::run(async {
        let task = spawn(async {});
        let text = format!("{:?}", *task);
        assert!(text.contains("identity.rs") && text.contains(&task.id().to_string()), "{text}");
        assert!(format!("{task:?}").starts_with("Task { id: task "), "{task:?}");
    });
}
