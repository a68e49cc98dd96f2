//! Generators: the branded form, the macros, the methods.

mod calling;
mod faults;
mod interrupting;
mod iterating;
mod macros;
mod methods;
mod objects;
mod objects_concurrent;
mod objects_faults;
mod programs;
mod sharing;

use std::{
    cell::Cell,
    rc::Rc,
    sync::{Arc, atomic::AtomicUsize, atomic::Ordering},
};

/// Counts how many of it are alive.
#[derive(Debug)]
struct Live(Rc<Cell<isize>>);

impl Live {
    fn new(count: &Rc<Cell<isize>>) -> Self {
        count.set(count.get() + 1);
        Live(Rc::clone(count))
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// The same, across threads.
#[derive(Debug)]
struct SendLive(Arc<AtomicUsize>);

impl SendLive {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        SendLive(Arc::clone(count))
    }
}

impl Drop for SendLive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn send<T: Send>(value: T) -> T {
    value
}
