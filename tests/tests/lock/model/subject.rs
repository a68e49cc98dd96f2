//! The real thing: an executor's tasks, which do what they are told.

use super::{
    Command,
    reference::{How, Model, how_many},
};
use crate::{at, task};
use asynkit::{
    Deadlock, Interrupt, InterruptExt as _, InterruptKind, PriorityCondition, PriorityGuard, PriorityLock,
    Task, current_task, sleep, task_interrupt, task_throw, task_timeout, yield_now,
};
use futures::{
    StreamExt as _,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    future::{Either, select},
};
use proptest::{prelude::*, test_runner::TestCaseError};
use std::{cell::RefCell, panic::resume_unwind, pin::pin, rc::Rc, time::Duration};

enum Order {
    Take(usize, How),
    Expire(usize),
    Give(usize),
    Pause(usize, How),
    Notify(usize, usize),
    Leave,
    Panic,
    End,
}

/// What the tasks share, and say of themselves.
struct World {
    locks: Vec<PriorityLock<()>>,
    /// One of each lock.
    conditions: Vec<PriorityCondition>,
    holders: RefCell<Vec<Option<usize>>>,
    deadlocks: RefCell<Vec<u32>>,
}

/// A lock that a task says that it holds.
struct Hold<'a> {
    world: &'a World,
    lock: usize,
    guard: Option<PriorityGuard<'a, ()>>,
}

impl<'a> Hold<'a> {
    fn give_up(mut self) -> PriorityGuard<'a, ()> {
        self.guard.take().expect("it is given up once")
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.world.holders.borrow_mut()[self.lock] = None;
    }
}

impl World {
    fn hold<'a>(&'a self, me: usize, lock: usize, guard: PriorityGuard<'a, ()>) -> Hold<'a> {
        let former = self.holders.borrow_mut()[lock].replace(me);
        assert_eq!(former, None, "two hold one lock");
        Hold { world: self, lock, guard: Some(guard) }
    }
}

/// Whether an interrupt ends the task that it is thrown to.
fn is_end(interrupt: &Interrupt) -> bool {
    interrupt.kind() == InterruptKind::Cancel
}

/// What a wait has given, unless it was left.
type Got<'a> = Option<Result<PriorityGuard<'a, ()>, Deadlock>>;

/// Waits until the lock is got, or the task is told to leave.
async fn take<'a>(lock: &'a PriorityLock<()>, how: How, orders: &mut UnboundedReceiver<Order>) -> Got<'a> {
    if how == How::Firmly {
        return Some(lock.lock().await);
    }
    match select(pin!(lock.lock()), orders.next()).await {
        Either::Left((got, _)) => Some(got),
        Either::Right((Some(Order::Leave), _)) => None,
        Either::Right(_) => resume_unwind(Box::new("planted")),
    }
}

async fn body(me: usize, world: Rc<World>, mut orders: UnboundedReceiver<Order>) {
    let world = &*world;
    let mut held: Vec<Hold<'_>> = Vec::new();
    loop {
        let order = match orders.next().interruptible().await {
            Ok(Some(order)) => order,
            Ok(None) => return,
            Err(interrupt) if is_end(&interrupt) => return,
            Err(_) => continue,
        };
        let (lock, got) = match order {
            Order::Take(lock, how) => {
                match take(&world.locks[lock], how, &mut orders).interruptible().await {
                    Ok(got) => (lock, got),
                    Err(interrupt) if is_end(&interrupt) => return,
                    Err(_) => continue,
                }
            }
            Order::Expire(lock) => {
                let wait = world.locks[lock].lock().interruptible();
                let got = task_timeout(Duration::from_millis(1), wait).await;
                (lock, got.ok().and_then(Result::ok))
            }
            Order::Give(lock) => {
                held.retain(|hold| hold.lock != lock);
                continue;
            }
            Order::Pause(lock, how) => {
                let at = held.iter().position(|hold| hold.lock == lock).expect("it holds it");
                let guard = held.remove(at).give_up();
                let condition = &world.conditions[lock];
                let told = if how == How::Firmly {
                    condition
                        .wait(guard)
                        .interruptible()
                        .await
                        .map(|guard| held.push(world.hold(me, lock, guard)))
                } else {
                    let (guard, told) = condition.wait_interruptible(guard).await;
                    held.push(world.hold(me, lock, guard));
                    told
                };
                match told {
                    Err(interrupt) if is_end(&interrupt) => return,
                    _ => continue,
                }
            }
            Order::Notify(lock, count) => {
                world.conditions[lock].notify(how_many(count));
                continue;
            }
            Order::Panic => resume_unwind(Box::new("planted")),
            Order::End => return,
            Order::Leave => unreachable!("it does not wait"),
        };
        match got {
            Some(Ok(guard)) => held.push(world.hold(me, lock, guard)),
            Some(Err(_)) => world.deadlocks.borrow_mut()[me] += 1,
            None => {}
        }
    }
}

struct Worker {
    task: Task<()>,
    orders: UnboundedSender<Order>,
}

pub(super) struct Subject {
    world: Rc<World>,
    workers: Vec<Worker>,
    own: Vec<f64>,
}

/// Runs all that is ready; the caller, which comes last of all, gives nobody a position, which outlasts priorities.
async fn rest() {
    for _ in 0..6 {
        yield_now().await;
    }
}

impl Subject {
    /// One in each place, and as many locks. The task that calls it comes last of all from then on.
    pub(super) async fn new(own: &[f64]) -> Self {
        current_task().expect("it is a task").set_priority(at(1e9));
        let world = World {
            locks: own.iter().map(|_| PriorityLock::new(())).collect(),
            conditions: own.iter().map(|_| PriorityCondition::new()).collect(),
            holders: RefCell::new(vec![None; own.len()]),
            deadlocks: RefCell::new(vec![0; own.len()]),
        };
        let mut subject = Subject { world: Rc::new(world), workers: Vec::new(), own: own.to_vec() };
        subject.workers = (0..own.len()).map(|me| subject.worker(me)).collect();
        rest().await;
        subject
    }

    fn worker(&self, me: usize) -> Worker {
        let (orders, received) = unbounded();
        Worker { task: task("worker", self.own[me], body(me, Rc::clone(&self.world), received)), orders }
    }

    fn order(&self, me: usize, order: Order) {
        self.workers[me].orders.unbounded_send(order).expect("it lives");
    }

    pub(super) async fn apply(&mut self, command: Command) {
        let target = command.task();
        let worker = &self.workers[target].task;
        match command {
            Command::Take { lock, how, .. } => self.order(target, Order::Take(lock, how)),
            Command::Expire { lock, .. } => {
                self.order(target, Order::Expire(lock));
                rest().await;
                sleep(Duration::from_millis(2)).await;
            }
            Command::Give { lock, .. } => self.order(target, Order::Give(lock)),
            Command::Pause { lock, how, .. } => self.order(target, Order::Pause(lock, how)),
            Command::Notify { lock, count, .. } => self.order(target, Order::Notify(lock, count)),
            Command::Prioritise { own, .. } => worker.set_priority(at(own.into())),
            Command::Cancel { .. } => assert!(worker.cancel()),
            Command::Throw { .. } => task_throw(worker, "go on").expect("it waits"),
            Command::Interrupt { .. } => task_interrupt(worker, "go on").await.expect("it waits"),
            Command::Abort { .. } => assert!(worker.abort()),
            Command::Leave { .. } => self.order(target, Order::Leave),
            Command::Panic { .. } => self.order(target, Order::Panic),
            Command::End { .. } => self.order(target, Order::End),
        }
        rest().await;
        if command.is_end() {
            assert!(self.workers[target].task.is_finished(), "it has not ended");
            self.world.deadlocks.borrow_mut()[target] = 0;
            self.workers[target] = self.worker(target);
            rest().await;
        }
    }

    pub(super) fn compare(&self, model: &Model) -> Result<(), TestCaseError> {
        let effective = model.effective();
        let best = model.best(&effective);
        for (me, (worker, model)) in self.workers.iter().zip(&model.tasks).enumerate() {
            prop_assert!(!worker.task.is_finished(), "the task {me} has ended");
            prop_assert_eq!(worker.task.priority(), model.own, "own priority of the task {}", me);
            let now = worker.task.effective_priority();
            prop_assert_eq!(now, effective[me], "effective priority of the task {}", me);
            prop_assert_eq!(
                self.world.deadlocks.borrow()[me],
                model.deadlocks,
                "deadlocks of the task {}",
                me
            );
        }
        for (number, (lock, model)) in self.world.locks.iter().zip(&model.locks).enumerate() {
            prop_assert_eq!(
                self.world.holders.borrow()[number],
                model.holder,
                "holder of the lock {}",
                number
            );
            prop_assert_eq!(lock.is_locked(), model.holder.is_some(), "the lock {}", number);
            prop_assert_eq!(lock.effective_priority(), best[number], "who waits for the lock {}", number);
            prop_assert_eq!(lock.poisoned(), model.is_poisoned, "panics of holders of the lock {}", number);
        }
        Ok(())
    }
}
