//! Random operations beside a list: all tasks are runnable, blocked or current, and the queue is in the list's order.

use asynkit::{
    Executor, Priority, TaskRef, all_tasks, blocked_tasks, call_soon, create_task_descend, create_task_start,
    current_task, eager, get_scheduling_loop, runnable_tasks,
    schedule::{Handle, SchedulingLoop, call_pos},
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

    fn wake(&mut self, id: Id) {
        if self.blocked.contains(&id) {
            self.blocked.retain(|&other| other != id);
            self.queue.push(id);
        }
    }

    fn poll(&mut self, id: Id) {
        if self.aborted.contains(&id) {
            self.scripts.remove(&id);
            return;
        }
        self.ran.push(id);
        let Some(script) = self.scripts.get_mut(&id) else { return };
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
    assert_eq!(queue().queue_tasks(), runnable);
    assert_eq!(queue().queue_len(), queue().queue_items().len());
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

/// Does operations in the executor and in the model; those that find nothing do nothing.
#[derive(Default)]
struct Player {
    world: Rc<RefCell<World>>,
    model: Model,
}

impl Player {
    async fn act(&mut self, op: Op) {
        match op {
            Op::Spawn(_) | Op::Eager(_) | Op::Descend(_) | Op::Start(_) => self.make(op).await,
            Op::CallSoon => self.call(None),
            Op::CallPos(pos) => self.call(Some(pos)),
            Op::Reinsert(which, pos) => {
                if let Some((id, task)) = self.queued_task(which) {
                    task_reinsert(&task, pos).expect("it is queued");
                    self.model.take(id);
                    self.model.insert(id, pos);
                }
            }
            Op::Switch(which, pos) => {
                if let Some((id, task)) = self.queued_task(which) {
                    self.model.take(id);
                    self.model.insert(id, 0);
                    self.model.sleep(pos.unwrap_or(usize::MAX));
                    task_switch(&task, pos).await.expect("it is queued");
                }
            }
            Op::Sleep(pos) => {
                self.model.sleep(pos);
                sleep_insert(pos).await;
            }
            Op::Yield => {
                self.model.sleep(usize::MAX);
                yield_now().await;
            }
            Op::Remove(which) => self.remove(which),
            Op::Insert(which, pos) => self.put_back(which, pos),
            Op::Wake(which) => {
                let has_waker = |id: &Id| self.world.borrow().wakers.contains_key(id);
                let ids: Vec<_> = self.model.scripts.keys().copied().filter(has_waker).collect();
                if let Some(id) = pick(&ids, which) {
                    self.world.borrow().wakers[&id].wake_by_ref();
                    self.model.wake(id);
                }
            }
            Op::Abort(which) => {
                let ids: Vec<_> =
                    self.model.scripts.keys().copied().filter(|&id| self.task(id).is_some()).collect();
                if let Some(id) = pick(&ids, which) {
                    self.task(id).expect("it is a task").abort();
                    self.model.aborted.insert(id);
                    self.model.wake(id);
                }
            }
            Op::Priority(which, priority) => {
                let tasks = all_tasks();
                let priority = Priority::new(priority.into()).expect("it is a number");
                tasks[which % tasks.len()].set_priority(priority);
            }
        }
    }

    async fn make(&mut self, op: Op) {
        let (Op::Spawn(script) | Op::Eager(script) | Op::Descend(script) | Op::Start(script)) = &op else {
            unreachable!("it is one that makes a task");
        };
        let id = self.model.make(script);
        let future = task(id, script.clone(), Rc::clone(&self.world));
        let task = match op {
            Op::Eager(_) => {
                self.model.poll(id);
                eager(future).task().map(|task| **task)
            }
            Op::Descend(_) => {
                self.model.insert(id, 0);
                self.model.sleep(1);
                Some(*create_task_descend(future).await)
            }
            Op::Start(_) => {
                self.model.queue.push(id);
                self.model.sleep(usize::MAX);
                Some(*create_task_start(future).await)
            }
            _ => {
                self.model.queue.push(id);
                Some(*spawn(future))
            }
        };
        if let Some(task) = task {
            self.world.borrow_mut().tasks.insert(id, task);
        }
    }

    fn call(&mut self, pos: Option<usize>) {
        let (id, world) = (self.model.make(&[]), Rc::clone(&self.world));
        let callback = move || {
            check_identity();
            world.borrow_mut().ran.push(id);
        };
        self.model.insert(id, pos.unwrap_or(usize::MAX));
        let handle = match pos {
            None => call_soon(callback),
            Some(pos) => call_pos(pos, callback),
        };
        self.world.borrow_mut().handles.insert(id, handle);
    }

    fn remove(&mut self, which: usize) {
        let Some(id) = pick(&self.model.queue, which) else { return };
        queue().queue_remove(self.handle(id)).expect("it is queued");
        self.model.take(id);
        self.model.blocked.push(id);
    }

    fn put_back(&mut self, which: usize, pos: Option<usize>) {
        let known: Vec<_> = self.model.blocked.iter().copied().filter(|id| self.is_known(*id)).collect();
        let Some(id) = pick(&known, which) else { return };
        match pos {
            None => queue().queue_insert(self.handle(id)),
            Some(pos) => queue().queue_insert_pos(self.handle(id), pos),
        }
        .expect("it is not queued");
        self.model.blocked.retain(|&other| other != id);
        self.model.insert(id, pos.unwrap_or(usize::MAX));
    }

    fn task(&self, id: Id) -> Option<TaskRef> {
        self.world.borrow().tasks.get(&id).copied()
    }

    fn queued_task(&self, which: usize) -> Option<(Id, TaskRef)> {
        let id = pick(&self.model.queue, which)?;
        Some((id, self.task(id)?))
    }

    fn is_known(&self, id: Id) -> bool {
        self.world.borrow().handles.contains_key(&id)
    }

    fn handle(&self, id: Id) -> Handle {
        self.world.borrow().handles[&id]
    }

    /// A task's handle is known once it was seen in the queue.
    fn note_handles(&self) {
        let world = &mut *self.world.borrow_mut();
        let ids: HashMap<_, _> = world.tasks.iter().map(|(&id, &task)| (task, id)).collect();
        for handle in queue().queue_items() {
            if let Some(&id) = queue().task_from_handle(handle).and_then(|task| ids.get(&task)) {
                world.handles.insert(id, handle);
            }
        }
    }

    fn check_order(&self) {
        self.note_handles();
        let expected: Vec<_> = self.model.queue.iter().map(|&id| self.handle(id)).collect();
        assert_eq!(queue().queue_items(), expected);
        assert_eq!(self.world.borrow().ran, self.model.ran);
        let tasks = self.model.scripts.keys().filter(|&&id| self.task(id).is_some()).count();
        assert_eq!(all_tasks().len(), 1 + tasks);
    }

    /// Makes the model what the executor says: with priorities the order is the queue's own affair.
    fn adopt_order(&mut self) {
        self.note_handles();
        let world = self.world.borrow();
        let ids: HashMap<_, _> = world.handles.iter().map(|(&id, &handle)| (handle, id)).collect();
        self.model.queue = queue().queue_items().iter().map(|handle| ids[handle]).collect();
        let is_blocked = |id: &Id| world.tasks.get(id).is_some_and(task_is_blocked);
        self.model.blocked = world.tasks.keys().copied().filter(is_blocked).collect();
        self.model.scripts.retain(|id, _| {
            world.tasks.get(id).map_or(self.model.queue.contains(id), |task| !task.is_finished())
        });
    }
}

fn queue() -> Rc<dyn SchedulingLoop> {
    get_scheduling_loop().expect("an executor runs")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_queue_is_in_the_order_of_a_list(ops in prop::collection::vec(op(), 0..60)) {
        Executor::run(async move {
            let mut player = Player::default();
            for op in ops {
                player.act(op).await;
                check_identity();
                player.check_order();
            }
        });
    }

    #[test]
    fn every_task_is_current_runnable_or_blocked_with_priorities_too(ops in prop::collection::vec(op_or_priority(), 0..60)) {
        Executor::run(async move {
            let mut player = Player::default();
            for op in ops {
                player.act(op).await;
                check_identity();
                player.adopt_order();
            }
        });
    }
}
