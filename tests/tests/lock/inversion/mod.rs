//! How long the most urgent task waits for a lock while others, less urgent than it and more than the holders, are
//! always ready: in polls of anybody, under random chains and trees of holders.

mod case;

use crate::{at, shared, task};
use asynkit::{Executor, PriorityLock, Task, current_task, sleep_insert, task_switch, yield_now};
use case::{Case, Holder, Rise, cases};
use proptest::{prelude::*, test_runner::Config, test_runner::TestRunner};
use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    panic::resume_unwind,
    pin::pin,
    rc::Rc,
};

/// More urgent than anybody else that is counted.
const URGENT: f64 = -100.0;

/// What the tasks share.
#[derive(Clone, Default)]
struct World {
    polls: Rc<Cell<usize>>,
    is_over: Rc<Cell<bool>>,
    is_through: Rc<RefCell<Vec<bool>>>,
}

impl World {
    /// A task of which each poll is counted.
    fn counted<T: 'static>(&self, priority: f64, future: impl Future<Output = T> + 'static) -> Task<T> {
        let polls = Rc::clone(&self.polls);
        task("counted", priority, async move {
            let mut future = pin!(future);
            poll_fn(|cx| {
                polls.set(polls.get() + 1);
                future.as_mut().poll(cx)
            })
            .await
        })
    }

    /// Much longer than anybody may wait: one that is starved is to fail, and not to hang.
    async fn yield_for_ever(self) {
        while !self.is_over.get() && self.polls.get() < 5000 {
            yield_now().await;
        }
    }
}

type Lock = Rc<PriorityLock<()>>;

/// Has its lock, waits for the one before, and holds both for its section; then it is one of the crowd.
async fn hold(world: World, number: usize, holder: Holder, lock: Lock, before: Option<Lock>) {
    let mut guards = Vec::new();
    for lock in [Some(&lock), before.as_ref()].into_iter().flatten() {
        guards.push(lock.lock().await.unwrap());
    }
    for _ in 0..holder.section {
        yield_now().await;
    }
    world.is_through.borrow_mut()[number] = true;
    if holder.is_panicking {
        resume_unwind(Box::new("planted"));
    }
    drop(guards);
    world.yield_for_ever().await;
}

/// Polls of anybody from the time when the urgent one is that, and waits, to the time when it has the lock; how many
/// there may be, and how many it waits for.
async fn wait(case: &Case) -> (usize, usize, usize) {
    // Nobody goes on by itself before all have their places.
    current_task().expect("it is a task").set_priority(at(-1e9));
    let world = World::default();
    let locks: Vec<Lock> = case.holders.iter().map(|_| shared(())).collect();
    world.is_through.borrow_mut().resize(locks.len(), false);
    let mut tasks = Vec::new();
    for (number, holder) in case.holders.iter().enumerate() {
        let before = case.before(number).map(|before| Rc::clone(&locks[before]));
        let body = hold(world.clone(), number, holder.clone(), Rc::clone(&locks[number]), before);
        tasks.push(world.counted(holder.own.into(), body));
        task_switch(&tasks[number], None).await.expect("it is ready");
    }
    let idle = |&own: &i8| world.counted(own.into(), world.clone().yield_for_ever());
    let crowd: Vec<_> = case.crowd.iter().map(idle).collect();
    for _ in 0..case.delay {
        sleep_insert(1).await;
    }
    let target = case.before(locks.len()).expect("there is one");
    let waiter = |priority| {
        let (lock, polls) = (Rc::clone(&locks[target]), Rc::clone(&world.polls));
        world.counted(priority, async move {
            let _guard = lock.lock().await.unwrap();
            polls.get()
        })
    };
    let former = waiter(2.0 * URGENT);
    let urgent = waiter(if case.rise == Rise::IsPrioritised { 10.0 } else { URGENT });
    if case.rise == Rise::IsLeft {
        task_switch(&former, None).await.expect("it is ready");
    }
    former.abort();
    task_switch(&urgent, None).await.expect("it is ready");
    for &(number, change) in &case.changes {
        let task = &tasks[number % tasks.len()];
        match change {
            Some(own) => task.set_priority(at(own.into())),
            // It may have ended.
            None => _ = task.abort(),
        }
    }
    urgent.set_priority(at(URGENT));
    let (before, (most, length)) = (world.polls.get(), case.most(&world.is_through.borrow()));
    // Where the lock was free it has had it by then.
    let polls = urgent.await.expect("it gets the lock").saturating_sub(before);
    world.is_over.set(true);
    for task in crowd.into_iter().chain(tasks) {
        drop(task.await);
    }
    assert!(locks.iter().all(|lock| !lock.is_locked()));
    (polls, most, length)
}

#[test]
fn the_most_urgent_waits_for_the_sections_before_it_and_a_poll_for_each_hand_over() {
    let config = Config { failure_persistence: None, max_shrink_iters: 5000, ..Config::default() };
    let is_enough = config.cases >= 100;
    // How often it took as long as it may, with others that were ready; the same for less; the longest way.
    let tally = Cell::new((0, 0, 0));
    let ended = TestRunner::new(config).run(&cases(), |case| {
        let (polls, most, length) = Executor::builder().panic_hook(|_, _| {}).build().block_on(wait(&case));
        prop_assert!(polls <= most, "{} polls, and {} at most", polls, most);
        let (tight, early, longest) = tally.get();
        let is_tight = polls == most && !case.crowd.is_empty();
        tally.set((tight + u32::from(is_tight), early + u32::from(polls < most), longest.max(length)));
        Ok(())
    });
    if let Err(error) = ended {
        panic!("{error}");
    }
    let (tight, early, longest) = tally.get();
    let is_reached = tight > 20 && early > 20 && longest == 64;
    assert!(is_reached || !is_enough, "too little was tried: {tally:?}");
}
