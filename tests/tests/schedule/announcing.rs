//! Other loops that announce themselves.

use asynkit::{
    Executor, TaskRef, call_soon, get_scheduling_loop,
    schedule::{EnterGuard, Handle, NotScheduled, SchedulingLoop, call_pos, enter_scheduling_loop},
    spawn,
};
use std::{cell::RefCell, rc::Rc};

/// A loop that only counts; it names itself by the handles that it gives.
#[derive(Default)]
struct Named(u64, RefCell<Vec<usize>>);

impl Named {
    fn announce(name: u64) -> EnterGuard {
        enter_scheduling_loop(Rc::new(Named(name, RefCell::default())))
    }
}

impl SchedulingLoop for Named {
    fn queue_len(&self) -> usize {
        self.1.borrow().len()
    }

    fn queue_items(&self) -> Vec<Handle> {
        vec![Handle(self.0); self.queue_len()]
    }

    fn queue_remove(&self, _: Handle) -> Result<(), NotScheduled> {
        Err(NotScheduled::new())
    }

    fn queue_insert(&self, _: Handle) -> Result<(), NotScheduled> {
        Err(NotScheduled::new())
    }

    fn queue_insert_pos(&self, _: Handle, _: usize) -> Result<(), NotScheduled> {
        Err(NotScheduled::new())
    }

    fn call_soon(&self, callback: Box<dyn FnOnce()>) -> Handle {
        self.call_pos(usize::MAX, callback)
    }

    fn call_pos(&self, pos: usize, callback: Box<dyn FnOnce()>) -> Handle {
        drop(callback);
        self.1.borrow_mut().push(pos);
        Handle(self.0)
    }

    fn task_from_handle(&self, _: Handle) -> Option<TaskRef> {
        None
    }
}

/// Which loop is in effect: that of a name, an executor, or none.
fn which() -> Option<u64> {
    let current = get_scheduling_loop()?;
    let before = current.queue_len();
    let handle = call_soon(|| ());
    assert_eq!(current.queue_len(), before + 1, "`call_soon` is of the same loop");
    current.queue_remove(handle).map_or(Some(handle.0), |()| Some(0))
}

#[test]
fn a_loop_is_in_effect_until_its_guard_is_dropped() {
    assert_eq!(which(), None);
    let guard = Named::announce(1);
    assert_eq!(which(), Some(1));
    assert_eq!(call_pos(5, || ()), Handle(1));
    drop(guard);
    assert_eq!(which(), None);
}

#[test]
fn guards_may_be_dropped_in_any_order() {
    let [first, second, third] = [1, 2, 3].map(Named::announce);
    assert_eq!(which(), Some(3));
    drop(second);
    assert_eq!(which(), Some(3));
    drop(third);
    assert_eq!(which(), Some(1));
    drop(first);
    assert_eq!(which(), None);
}

#[test]
fn an_executor_that_is_entered_later_is_found_instead() {
    let _outer = Named::announce(1);
    Executor::run(async {
        assert_eq!(which(), Some(0));
        let inner = Named::announce(2);
        assert_eq!(which(), Some(2));
        // Tasks are the executor's, whatever was announced.
        let task = spawn(async {});
        assert_eq!(asynkit::runnable_tasks(), [*task]);
        drop(inner);
        assert_eq!(which(), Some(0));
    });
    assert_eq!(which(), Some(1));
}

#[test]
fn one_that_is_announced_inside_of_an_executor_ends_with_it() {
    let guard = Executor::run(async { Named::announce(1) });
    assert_eq!(which(), None);
    drop(guard);
}

#[test]
fn a_loop_may_announce_another_one_when_it_is_dropped() {
    struct Last(Named);
    impl Drop for Last {
        fn drop(&mut self) {
            assert_eq!(which(), None, "it is taken back before it is dropped");
            drop(Named::announce(self.0.0));
        }
    }
    impl SchedulingLoop for Last {
        fn queue_len(&self) -> usize {
            self.0.queue_len()
        }
        fn queue_items(&self) -> Vec<Handle> {
            self.0.queue_items()
        }
        fn queue_remove(&self, handle: Handle) -> Result<(), NotScheduled> {
            self.0.queue_remove(handle)
        }
        fn queue_insert(&self, handle: Handle) -> Result<(), NotScheduled> {
            self.0.queue_insert(handle)
        }
        fn queue_insert_pos(&self, handle: Handle, pos: usize) -> Result<(), NotScheduled> {
            self.0.queue_insert_pos(handle, pos)
        }
        fn call_soon(&self, callback: Box<dyn FnOnce()>) -> Handle {
            self.0.call_soon(callback)
        }
        fn call_pos(&self, pos: usize, callback: Box<dyn FnOnce()>) -> Handle {
            self.0.call_pos(pos, callback)
        }
        fn task_from_handle(&self, handle: Handle) -> Option<TaskRef> {
            self.0.task_from_handle(handle)
        }
    }
    let guard = enter_scheduling_loop(Rc::new(Last(Named(9, RefCell::default()))));
    assert_eq!(which(), Some(9));
    drop(guard);
    assert_eq!(which(), None);
}
