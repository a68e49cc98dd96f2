//! Random tasks that take and give locks, wait for them and for conditions, and leave in every way, beside a model that
//! looks at all of them each time: what each is lent, who gets each lock, who is notified, and who is told of a deadlock.

mod reference;
mod subject;

use asynkit::Executor;
use proptest::{prelude::*, test_runner::Config, test_runner::TestCaseError, test_runner::TestRunner};
use reference::{How, Model, Tally};
use std::cell::RefCell;
use subject::Subject;

/// More tasks, and locks, than these there are not.
const MOST: usize = 68;

/// What a task is told to do, or what is done to it.
#[derive(Debug, Clone, Copy)]
enum Command {
    Take {
        task: usize,
        lock: usize,
        how: How,
    },
    /// It waits for a time that ends before the lock can be got, unless nobody holds it.
    Expire {
        task: usize,
        lock: usize,
    },
    Give {
        task: usize,
        lock: usize,
    },
    /// It waits for the condition of a lock that it holds.
    Pause {
        task: usize,
        lock: usize,
        how: How,
    },
    /// It notifies so many of those that wait for the condition of a lock; more than three: all.
    Notify {
        task: usize,
        lock: usize,
        count: usize,
    },
    Prioritise {
        task: usize,
        own: i8,
    },
    Cancel {
        task: usize,
    },
    Throw {
        task: usize,
    },
    Interrupt {
        task: usize,
    },
    Abort {
        task: usize,
    },
    /// It drops its wait, and goes on.
    Leave {
        task: usize,
    },
    Panic {
        task: usize,
    },
    End {
        task: usize,
    },
}

impl Command {
    /// Its task, and its lock if it is about one.
    fn places(&mut self) -> (&mut usize, Option<&mut usize>) {
        match self {
            Command::Take { task, lock, .. }
            | Command::Expire { task, lock }
            | Command::Give { task, lock }
            | Command::Pause { task, lock, .. }
            | Command::Notify { task, lock, .. } => (task, Some(lock)),
            Command::Prioritise { task, .. }
            | Command::Cancel { task }
            | Command::Throw { task }
            | Command::Interrupt { task }
            | Command::Abort { task }
            | Command::Leave { task }
            | Command::Panic { task }
            | Command::End { task } => (task, None),
        }
    }

    fn task(mut self) -> usize {
        *self.places().0
    }

    /// The same with numbers of tasks and locks that there are.
    fn within(mut self, tasks: usize) -> Self {
        let (task, lock) = self.places();
        *task %= tasks;
        if let Some(lock) = lock {
            *lock %= tasks;
        }
        self
    }

    fn number(self) -> usize {
        match self {
            Command::Take { .. } => 0,
            Command::Expire { .. } => 1,
            Command::Give { .. } => 2,
            Command::Prioritise { .. } => 3,
            Command::Cancel { .. } => 4,
            Command::Throw { .. } => 5,
            Command::Interrupt { .. } => 6,
            Command::Abort { .. } => 7,
            Command::Leave { .. } => 8,
            Command::Panic { .. } => 9,
            Command::End { .. } => 10,
            Command::Pause { .. } => 11,
            Command::Notify { .. } => 12,
        }
    }

    fn is_end(self) -> bool {
        use Command::{Abort, Cancel, End, Panic};
        matches!(self, Cancel { .. } | Abort { .. } | Panic { .. } | End { .. })
    }
}

/// What they are brought into before the random commands: each task takes the lock of its number, and then waits for
/// that of the one before it in the shape.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Nothing,
    Chain(usize),
    /// So many tasks, so many of which wait for one.
    Tree(usize, usize),
    /// So many tasks that wait for one condition, every second until it is told of an error, and hold a lock each; another
    /// one holds that of the condition, and so many have been notified.
    Paused(usize, usize),
}

impl Shape {
    fn commands(self) -> Vec<Command> {
        let how = How::Firmly;
        let (count, fan) = match self {
            Shape::Nothing => (0, 1),
            Shape::Chain(count) => (count, 1),
            Shape::Tree(count, fan) => (count, fan),
            Shape::Paused(count, notified) => {
                let pause = |task| {
                    let loosely = if task % 2 == 0 { How::Loosely } else { how };
                    let take = |lock| Command::Take { task, lock, how };
                    [take(task + 1), take(0), Command::Pause { task, lock: 0, how: loosely }]
                };
                let task = count;
                let notify = (0..notified).map(|_| Command::Notify { task, lock: 0, count: 1 });
                let all = (0..count).flat_map(pause).chain([Command::Take { task, lock: 0, how }]);
                return all.chain(notify).collect();
            }
        };
        let own = (0..count).map(|task| Command::Take { task, lock: task, how });
        own.chain((1..count).map(|task| Command::Take { task, lock: (task - 1) / fan, how })).collect()
    }
}

fn shapes() -> impl Strategy<Value = Shape> {
    prop_oneof![
        6 => Just(Shape::Nothing),
        3 => (2..12_usize).prop_map(Shape::Chain),
        1 => (12..64_usize).prop_map(Shape::Chain),
        1 => Just(Shape::Chain(64)),
        7 => (3..8_usize, 0..5_usize).prop_map(|(count, notified)| Shape::Paused(count, notified)),
        3 => (3..40_usize, 2..8_usize).prop_map(|(count, fan)| Shape::Tree(count, fan)),
    ]
}

/// Numbers of few tasks, to meet often, that are spread over all.
fn commands(tasks: usize) -> impl Strategy<Value = Command> {
    let task = move || prop_oneof![3 => 0..tasks.min(8), 1 => 0..tasks];
    let how = || prop_oneof![2 => Just(How::Firmly), 1 => Just(How::Loosely)];
    prop_oneof![
        30 => (task(), task(), how()).prop_map(|(task, lock, how)| Command::Take { task, lock, how }),
        20 => (task(), task(), how()).prop_map(|(task, lock, how)| Command::Pause { task, lock, how }),
        12 => (task(), task(), 0..5_usize)
            .prop_map(|(task, lock, count)| Command::Notify { task, lock, count }),
        2 => (task(), task()).prop_map(|(task, lock)| Command::Expire { task, lock }),
        12 => (task(), task()).prop_map(|(task, lock)| Command::Give { task, lock }),
        10 => (task(), -9..9_i8).prop_map(|(task, own)| Command::Prioritise { task, own }),
        2 => task().prop_map(|task| Command::Cancel { task }),
        6 => task().prop_map(|task| Command::Throw { task }),
        6 => task().prop_map(|task| Command::Interrupt { task }),
        2 => task().prop_map(|task| Command::Abort { task }),
        6 => task().prop_map(|task| Command::Leave { task }),
        2 => task().prop_map(|task| Command::Panic { task }),
        2 => task().prop_map(|task| Command::End { task }),
    ]
}

#[derive(Debug, Clone)]
struct Case {
    shape: Shape,
    own: Vec<i8>,
    commands: Vec<Command>,
}

/// Each part shrinks by itself: the tasks are counted when it is run.
fn cases() -> impl Strategy<Value = Case> {
    let own = prop::collection::vec(-9..9_i8, 1..=MOST);
    (shapes(), own, prop::collection::vec(commands(MOST), 0..60)).prop_map(|(shape, own, commands)| Case {
        shape,
        own,
        commands,
    })
}

/// Runs a case and then gives all back.
fn run(case: &Case) -> Result<Tally, TestCaseError> {
    let executor = Executor::builder().panic_hook(|_, _| {}).build();
    let shape = case.shape.commands();
    executor.block_on(async {
        let tasks = shape.len().div_ceil(2) + 4;
        let own: Vec<f64> = case.own.iter().cycle().take(tasks).copied().map(f64::from).collect();
        let (mut model, mut subject) = (Model::new(&own), Subject::new(&own).await);
        let mut commands = shape.into_iter().chain(case.commands.iter().map(|command| command.within(tasks)));
        while let Some(command) = commands.next().or_else(|| model.next_of_the_end()) {
            let command = model.aimed(command);
            if model.allows(command) {
                model.apply(command);
                subject.apply(command).await;
                let compared = subject.compare(&model);
                compared.map_err(|error| TestCaseError::fail(format!("after {command:?}: {error}")))?;
            }
        }
        prop_assert!(model.locks.iter().all(|lock| lock.holder.is_none()));
        let own: Vec<_> = model.tasks.iter().map(|task| task.own).collect();
        prop_assert_eq!(model.effective(), own);
        Ok(model.tally)
    })
}

#[test]
fn random_tasks_and_locks_do_what_a_model_says() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let is_enough = config.cases >= 100;
    let all = RefCell::new(Tally::default());
    // What is tried is up to chance: where some of it was too rare, there is more of all.
    for _ in 0..10 {
        let ended = TestRunner::new(config.clone()).run(&cases(), |case| {
            let tally = run(&case)?;
            let mut all = all.borrow_mut();
            all.longest_chain = all.longest_chain.max(tally.longest_chain);
            all.widest = all.widest.max(tally.widest);
            all.lent += tally.lent;
            all.deadlocks += tally.deadlocks;
            all.loose_circles += tally.loose_circles;
            all.notified += tally.notified;
            all.passed_on += tally.passed_on;
            all.told_with_lock += tally.told_with_lock;
            for (all, done) in all.done.iter_mut().zip(tally.done) {
                *all += done;
            }
            Ok(())
        });
        if let Err(error) = ended {
            panic!("{error}");
        }
        let all = all.borrow();
        let is_reached = all.longest_chain >= 64
            && all.widest >= 7
            && all.lent > 1000
            && all.deadlocks > 20
            && all.loose_circles > 20
            && all.notified > 100
            && all.passed_on > 10
            && all.told_with_lock > 5
            && all.done.iter().all(|&done| done > 10);
        if is_reached || !is_enough {
            return;
        }
    }
    panic!("too little was tried: {:?}", all.take());
}

/// A task that is ready rises in the queue as soon as it is lent a priority.
#[test]
fn one_that_is_lent_a_priority_while_it_is_ready_runs_by_it() {
    let commands = vec![
        Command::Take { task: 3, lock: 3, how: How::Firmly },
        Command::Notify { task: 4, lock: 0, count: 3 },
    ];
    let case = Case { shape: Shape::Paused(3, 0), own: vec![1, 0, 1, 1, 0, 0, 0, 1], commands };
    run(&case).expect("it does what the model says");
}
