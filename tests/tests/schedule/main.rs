//! Positions, switches, queries, the queue as an object, and callbacks.

mod announcing;
mod callbacks;
mod creating;
mod identity;
mod positions;
mod programs;
mod queue;
mod reentrancy;
mod sleeping;
mod states;
mod switching;

use asynkit::{Task, spawn};
use std::{cell::RefCell, rc::Rc};

/// In which order things ran.
#[derive(Clone, Default)]
struct Order(Rc<RefCell<Vec<&'static str>>>);

const NAMES: [&str; 6] = ["0", "1", "2", "3", "4", "5"];

impl Order {
    fn push(&self, name: &'static str) {
        self.0.borrow_mut().push(name);
    }

    /// What ran, and forgets it.
    fn take(&self) -> String {
        self.0.take().join(" ")
    }

    /// A task that notes its name.
    fn task(&self, name: &'static str) -> Task<()> {
        let order = self.clone();
        spawn(async move { order.push(name) })
    }

    /// So many of them, by numbers.
    fn tasks<const N: usize>(&self) -> [Task<()>; N] {
        std::array::from_fn(|n| self.task(NAMES[n]))
    }

    /// A callback that notes its name.
    fn callback(&self, name: &'static str) -> impl FnOnce() + use<> {
        let order = self.clone();
        move || order.push(name)
    }
}
