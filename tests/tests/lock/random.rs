//! Random programs, and what their tasks should be lent by a model that looks at all of them each time.

use crate::{at, task};
use asynkit::{Executor, Priority, PriorityGuard, PriorityLock, Task, current_task, sleep_insert};
use futures::{
    StreamExt as _,
    channel::mpsc::{UnboundedSender, unbounded},
};
use std::{cell::RefCell, rc::Rc};

const TASKS: usize = 10;
const LOCKS: usize = 6;

type Lock = &'static PriorityLock<()>;

enum Command {
    Take(usize),
    Give(usize),
}

/// What the tasks say of themselves.
#[derive(Default)]
struct State {
    held: [Vec<usize>; TASKS],
    waits: [Option<usize>; TASKS],
}

struct Worker {
    task: Task<()>,
    commands: UnboundedSender<Command>,
    own: Priority,
}

impl Worker {
    fn new(number: usize, locks: [Lock; LOCKS], state: &Rc<RefCell<State>>, own: f64) -> Self {
        let (commands, mut received) = unbounded();
        let state = Rc::clone(state);
        let body = async move {
            let mut guards: [Option<PriorityGuard<'_, ()>>; LOCKS] = Default::default();
            while let Some(command) = received.next().await {
                match command {
                    Command::Take(lock) => {
                        state.borrow_mut().waits[number] = Some(lock);
                        guards[lock] = Some(locks[lock].lock().await.expect("they are taken in order"));
                        let mut state = state.borrow_mut();
                        state.waits[number] = None;
                        state.held[number].push(lock);
                    }
                    Command::Give(lock) => {
                        state.borrow_mut().held[number].retain(|&held| held != lock);
                        guards[lock] = None;
                    }
                }
            }
        };
        Worker { task: task("worker", own, body), commands, own: at(own) }
    }
}

/// What each is to run with: its own, or what waits for what it holds, however indirectly.
fn expected(workers: &[Worker], state: &State) -> Vec<Priority> {
    let mut effective: Vec<_> = workers.iter().map(|worker| worker.own).collect();
    for _ in 0..TASKS {
        for waiter in 0..TASKS {
            let Some(lock) = state.waits[waiter] else { continue };
            let holder = (0..TASKS).find(|&task| state.held[task].contains(&lock)).expect("it is held");
            effective[holder] = effective[holder].min(effective[waiter]);
        }
    }
    effective
}

/// Numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn priority(&mut self) -> f64 {
        f64::from(u8::try_from(self.below(9)).expect("it is small")) - 4.0
    }
}

/// How often a task ran with what it was lent.
async fn run(seed: u64) -> usize {
    let locks: [Lock; LOCKS] = std::array::from_fn(|_| asynkit_tests::forget(PriorityLock::new(())));
    let state = Rc::new(RefCell::new(State::default()));
    let mut numbers = Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut workers: Vec<_> = (0..TASKS).map(|n| Worker::new(n, locks, &state, numbers.priority())).collect();
    current_task().expect("it is a task").set_priority(at(100.0));
    let mut lent = 0;
    for step in 0..150 {
        let number = numbers.below(TASKS);
        let (is_waiting, held) = {
            let state = state.borrow();
            (state.waits[number].is_some(), state.held[number].clone())
        };
        match numbers.below(8) {
            0 | 1 => {
                let own = numbers.priority();
                workers[number].task.set_priority(at(own));
                workers[number].own = at(own);
            }
            2 => {
                // Its guards and its wait go with it; another task comes in its place.
                workers[number].task.abort();
                sleep_insert(usize::MAX).await;
                let mut all = state.borrow_mut();
                (all.waits[number], all.held[number]) = (None, Vec::new());
                drop(all);
                workers[number] = Worker::new(number, locks, &state, numbers.priority());
            }
            3 | 4 if !is_waiting && !held.is_empty() => {
                let lock = held[numbers.below(held.len())];
                workers[number].commands.unbounded_send(Command::Give(lock)).expect("it lives");
            }
            _ if !is_waiting => {
                // In order, so that there is no circle.
                let lock = held.iter().max().map_or(0, |most| most + 1) + numbers.below(2);
                if lock < LOCKS {
                    workers[number].commands.unbounded_send(Command::Take(lock)).expect("it lives");
                }
            }
            _ => {}
        }
        for _ in 0..4 {
            sleep_insert(usize::MAX).await;
        }
        let found: Vec<_> = workers.iter().map(|worker| worker.task.effective_priority()).collect();
        assert_eq!(found, expected(&workers, &state.borrow()), "seed {seed}, step {step}");
        lent += workers.iter().filter(|worker| worker.task.effective_priority() != worker.own).count();
    }
    for worker in &workers {
        worker.task.abort();
    }
    for _ in 0..4 {
        sleep_insert(usize::MAX).await;
    }
    assert!(locks.iter().all(|lock| !lock.is_locked()), "seed {seed}");
    lent
}

#[test]
fn random_tasks_are_lent_what_a_model_says() {
    let lent: usize = (0..200).map(|seed| Executor::run(run(seed))).sum();
    assert!(lent > 5000, "only {lent} times something was lent");
}
