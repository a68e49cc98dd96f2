//! Random operations beside a list: all tasks are runnable, blocked or current, and the queue is in the list's order.

use asynkit::{
    Executor, Priority, TaskRef, all_tasks, blocked_tasks, call_soon, create_task_descend, create_task_start,
    current_task, eager, get_scheduling_loop, runnable_tasks,
    schedule::{Handle, call_pos},
    sleep_insert, spawn, task_is_blocked, task_is_runnable, task_reinsert, task_switch, yield_now,
};
use proptest::prelude::*;
use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

/// What a task does in one poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Yield,
    Block,
    End,
}

/// What the first task does; numbers pick among what is there.
#[derive(Clone, Debug)]
enum Op {
    Spawn(Vec<Step>),
    Eager(Vec<Step>),
    Descend(Vec<Step>),
    Start(Vec<Step>),
    CallSoon,
    CallPos(usize),
    Reinsert(usize, usize),
    Switch(usize, Option<usize>),
    Sleep(usize),
    Yield,
    Remove(usize),
    Insert(usize, Option<usize>),
    Wake(usize),
    Abort(usize),
    Priority(usize, i8),
}

fn script() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![Just(Step::Yield), Just(Step::Block), Just(Step::End)], 0..4)
}

fn position() -> impl Strategy<Value = usize> {
    prop_oneof![5 => 0..8_usize, 1 => Just(usize::MAX)]
}

fn op() -> BoxedStrategy<Op> {
    prop_oneof![
        3 => script().prop_map(Op::Spawn),
        1 => script().prop_map(Op::Eager),
        1 => script().prop_map(Op::Descend),
        1 => script().prop_map(Op::Start),
        1 => Just(Op::CallSoon),
        1 => position().prop_map(Op::CallPos),
        3 => (any::<usize>(), position()).prop_map(|(which, pos)| Op::Reinsert(which, pos)),
        2 => (any::<usize>(), prop::option::of(position())).prop_map(|(which, pos)| Op::Switch(which, pos)),
        2 => position().prop_map(Op::Sleep),
        1 => Just(Op::Yield),
        2 => any::<usize>().prop_map(Op::Remove),
        2 => (any::<usize>(), prop::option::of(position())).prop_map(|(which, pos)| Op::Insert(which, pos)),
        2 => any::<usize>().prop_map(Op::Wake),
        1 => any::<usize>().prop_map(Op::Abort),
    ]
    .boxed()
}

fn op_or_priority() -> BoxedStrategy<Op> {
    let priority = (any::<usize>(), -3..4_i8).prop_map(|(which, priority)| Op::Priority(which, priority));
    prop_oneof![8 => op(), 1 => priority].boxed()
}

/// An entry of the model, by the order of its making.
type Id = usize;

/// The first task.
const ME: Id = usize::MAX;

#[derive(Default)]
struct World {
    handles: HashMap<Id, Handle>,
    tasks: HashMap<Id, TaskRef>,
    wakers: HashMap<Id, Waker>,
    /// What ran, in the executor.
    ran: Vec<Id>,
}

/// What should be.
#[derive(Default)]
struct Model {
    made: Id,
    queue: Vec<Id>,
    /// Of tasks that have not ended, what they do next; callbacks have no steps.
    scripts: BTreeMap<Id, Vec<Step>>,
    blocked: Vec<Id>,
    aborted: HashSet<Id>,
    ran: Vec<Id>,
}

impl Model {
    fn make(&mut self, script: &[Step]) -> Id {
        let id = self.made;
        self.made += 1;
        self.scripts.insert(id, script.to_vec());
        id
    }

    fn insert(&mut self, id: Id, pos: usize) {
        let pos = pos.min(self.queue.len());
        self.queue.insert(pos, id);
    }

    fn take(&mut self, id: Id) {
        self.queue.retain(|&other| other != id);
    }

    fn poll(&mut self, id: Id) {
        if self.aborted.contains(&id) {
            self.scripts.remove(&id);
            return;
        }
        self.ran.push(id);
        let script = self.scripts.get_mut(&id).expect("only what has not ended is queued");
        match if script.is_empty() { Step::End } else { script.remove(0) } {
            Step::Yield => self.queue.push(id),
            Step::Block => self.blocked.push(id),
            Step::End => {
                self.scripts.remove(&id);
            }
        }
    }

    /// Runs what is before the first task.
    fn sleep(&mut self, pos: usize) {
        self.insert(ME, pos);
        loop {
            match self.queue.remove(0) {
                ME => return,
                id => self.poll(id),
            }
        }
    }
}

fn check_identity() {
    let (all, runnable, blocked) = (all_tasks(), runnable_tasks(), blocked_tasks());
    let current = current_task();
    let parts: HashSet<_> = runnable.iter().chain(&blocked).chain(&current).copied().collect();
    assert_eq!(parts, all.iter().copied().collect());
    assert_eq!(runnable.len() + blocked.len() + usize::from(current.is_some()), all.len());
    assert!(blocked.iter().all(|task| task_is_blocked(task) && !task_is_runnable(task)));
    assert!(runnable.iter().chain(&current).all(|task| task_is_runnable(task) && !task_is_blocked(task)));
    let queue = get_scheduling_loop().expect("an executor runs");
    assert_eq!(queue.queue_tasks(), runnable);
    assert_eq!(queue.queue_len(), queue.queue_items().len());
}

/// The task of a script.
async fn task(id: Id, script: Vec<Step>, world: Rc<RefCell<World>>) {
    let mut steps = script.into_iter();
    poll_fn(move |cx| {
        check_identity();
        world.borrow_mut().ran.push(id);
        match steps.next().unwrap_or(Step::End) {
            Step::Yield => cx.waker().wake_by_ref(),
            Step::Block => {}
            Step::End => return Poll::Ready(()),
        }
        world.borrow_mut().wakers.insert(id, cx.waker().clone());
        Poll::Pending
    })
    .await;
}

fn pick<T: Copy>(from: &[T], which: usize) -> Option<T> {
    (!from.is_empty()).then(|| from[which % from.len()])
}

/// Does `op`, in the executor and in the model; `false` where there is nothing to do it to.
async fn act(op: Op, world: &Rc<RefCell<World>>, model: &mut Model) {
    let queue = get_scheduling_loop().expect("an executor runs");
    let start = |model: &mut Model, script: &[Step]| {
        let id = model.make(script);
        (id, task(id, script.to_vec(), world.clone()))
    };
    // The handle of a task that was just made, and is queued.
    let note = |id: Id, task: TaskRef| {
        let handle = queue.queue_find(&mut |handle| queue.task_from_handle(handle) == Some(task));
        world.borrow_mut().tasks.insert(id, task);
        handle.map(|handle| world.borrow_mut().handles.insert(id, handle));
    };
    let callback = |model: &mut Model| {
        let (id, world) = (model.make(&[]), world.clone());
        let call = move || {
            check_identity();
            world.borrow_mut().ran.push(id);
        };
        (id, call)
    };
    let handle_of = |id: Id| world.borrow().handles.get(&id).copied();
    let task_of = |id: Id| world.borrow().tasks.get(&id).copied();
    match op {
        Op::Spawn(script) => {
            let (id, future) = start(model, &script);
            note(id, *spawn(future));
            model.queue.push(id);
        }
        Op::Eager(script) => {
            let (id, future) = start(model, &script);
            model.poll(id);
            if let Some(task) = eager(future).task() {
                note(id, **task);
            }
        }
        Op::Descend(script) => {
            let (id, future) = start(model, &script);
            model.insert(id, 0);
            model.sleep(1);
            note(id, *create_task_descend(future).await);
        }
        Op::Start(script) => {
            let (id, future) = start(model, &script);
            model.queue.push(id);
            model.sleep(usize::MAX);
            note(id, *create_task_start(future).await);
        }
        Op::CallSoon => {
            let (id, call) = callback(model);
            model.queue.push(id);
            let handle = call_soon(call);
            world.borrow_mut().handles.insert(id, handle);
        }
        Op::CallPos(pos) => {
            let (id, call) = callback(model);
            model.insert(id, pos);
            let handle = call_pos(pos, call);
            world.borrow_mut().handles.insert(id, handle);
        }
        Op::Reinsert(which, pos) => {
            let Some((id, task)) = pick(&model.queue, which).and_then(|id| Some((id, task_of(id)?))) else {
                return;
            };
            task_reinsert(&task, pos).expect("it is queued");
            model.take(id);
            model.insert(id, pos);
        }
        Op::Switch(which, pos) => {
            let Some((id, task)) = pick(&model.queue, which).and_then(|id| Some((id, task_of(id)?))) else {
                return;
            };
            model.take(id);
            model.insert(id, 0);
            model.sleep(pos.unwrap_or(usize::MAX));
            task_switch(&task, pos).await.expect("it is queued");
        }
        Op::Sleep(pos) => {
            model.sleep(pos);
            sleep_insert(pos).await;
        }
        Op::Yield => {
            model.sleep(usize::MAX);
            yield_now().await;
        }
        Op::Remove(which) => {
            let Some((id, handle)) = pick(&model.queue, which).and_then(|id| Some((id, handle_of(id)?)))
            else {
                return;
            };
            queue.queue_remove(handle).expect("it is queued");
            model.take(id);
            model.blocked.push(id);
        }
        Op::Insert(which, pos) => {
            let Some((id, handle)) = pick(&model.blocked, which).and_then(|id| Some((id, handle_of(id)?)))
            else {
                return;
            };
            match pos {
                None => queue.queue_insert(handle),
                Some(pos) => queue.queue_insert_pos(handle, pos),
            }
            .expect("it is not queued");
            model.blocked.retain(|&other| other != id);
            model.insert(id, pos.unwrap_or(usize::MAX));
        }
        Op::Wake(which) => {
            let ids: Vec<_> =
                model.scripts.keys().copied().filter(|id| world.borrow().wakers.contains_key(id)).collect();
            let Some(id) = pick(&ids, which) else { return };
            world.borrow().wakers[&id].wake_by_ref();
            if model.blocked.contains(&id) {
                model.blocked.retain(|&other| other != id);
                model.queue.push(id);
            }
        }
        Op::Abort(which) => {
            let ids: Vec<_> = model.scripts.keys().copied().filter(|&id| task_of(id).is_some()).collect();
            let Some(id) = pick(&ids, which) else { return };
            task_of(id).expect("it is a task").abort();
            model.aborted.insert(id);
            if model.blocked.contains(&id) {
                model.blocked.retain(|&other| other != id);
                model.queue.push(id);
            }
        }
        Op::Priority(which, priority) => {
            let tasks = all_tasks();
            let task = tasks[which % tasks.len()];
            task.set_priority(Priority::new(priority.into()).expect("it is a number"));
        }
    }
}

fn play(ops: Vec<Op>, in_order: bool) {
    Executor::run(async move {
        let (world, mut model) = (Rc::new(RefCell::new(World::default())), Model::default());
        let queue = get_scheduling_loop().expect("an executor runs");
        for op in ops {
            let told = format!("{op:?}");
            if in_order {
                act(op, &world, &mut model).await;
                note_handles(&mut world.borrow_mut());
                let entry = |id: &Id| world.borrow().handles.get(id).copied();
                let expected: Vec<_> = model.queue.iter().map(entry).collect();
                assert_eq!(queue.queue_items().into_iter().map(Some).collect::<Vec<_>>(), expected, "{told}");
                assert_eq!(world.borrow().ran, model.ran, "{told}");
                assert_eq!(
                    all_tasks().len(),
                    1 + model.scripts.keys().filter(|id| world.borrow().tasks.contains_key(id)).count()
                );
            } else {
                act_unordered(op, &world).await;
            }
            check_identity();
        }
    });
}

/// A task's handle is known once it is queued.
fn note_handles(world: &mut World) {
    let queue = get_scheduling_loop().expect("an executor runs");
    let ids: HashMap<_, _> = world.tasks.iter().map(|(&id, &task)| (task, id)).collect();
    for handle in queue.queue_items() {
        if let Some(&id) = queue.task_from_handle(handle).and_then(|task| ids.get(&task)) {
            world.handles.insert(id, handle);
        }
    }
}

/// With priorities the order is the queue's own affair: what is there is what the executor says.
async fn act_unordered(op: Op, world: &Rc<RefCell<World>>) {
    let queue = get_scheduling_loop().expect("an executor runs");
    let mut seen =
        Model { made: world.borrow().tasks.len() + world.borrow().handles.len(), ..Model::default() };
    {
        let mut world = world.borrow_mut();
        world.handles.clear();
        world.tasks.clear();
        for (id, handle) in queue.queue_items().into_iter().enumerate() {
            world.handles.insert(id, handle);
            queue.task_from_handle(handle).map(|task| world.tasks.insert(id, task));
            seen.queue.push(id);
            seen.scripts.insert(id, Vec::new());
        }
        seen.made = seen.queue.len();
        world.wakers.retain(|id, _| *id < seen.made);
    }
    act(op, world, &mut seen).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_is_in_the_order_of_a_list(ops in prop::collection::vec(op(), 0..60)) {
        play(ops, true);
    }

    #[test]
    fn every_task_is_current_runnable_or_blocked_with_priorities_too(ops in prop::collection::vec(op_or_priority(), 0..60)) {
        play(ops, false);
    }
}
