//! Threads: many at once, and their last moments.

use asynkit::{Context, ContextVar, copy_context};
use std::{cell::RefCell, sync::mpsc, thread};

static VAR: ContextVar<usize> = ContextVar::new();

#[test]
fn threads_share_a_context_by_copies_without_seeing_each_other() {
    let mut base = Context::default();
    base.run(|| VAR.set(1000));
    thread::scope(|scope| {
        for own in 0..8 {
            let base = &base;
            scope.spawn(move || {
                for round in 0..500 {
                    let mut context = base.copy();
                    context.run(|| {
                        assert_eq!(VAR.get(), Some(1000));
                        VAR.set(own * 1000 + round);
                        let mut inner = copy_context();
                        inner.run(|| VAR.set(0));
                        assert_eq!(VAR.get(), Some(own * 1000 + round));
                    });
                }
            });
        }
    });
    assert_eq!(base.run(|| VAR.get()), Some(1000));
}

#[test]
fn contexts_that_are_made_here_and_dropped_there_do_not_pile_up_values() {
    let (send, receive) = mpsc::channel::<Context>();
    let dropper =
        thread::spawn(move || receive.into_iter().map(|mut context| context.run(|| VAR.get())).max());
    for value in 0..1000 {
        let mut context = Context::default();
        context.run(|| VAR.set(value));
        send.send(context).unwrap();
    }
    drop(send);
    assert_eq!(dropper.join().unwrap(), Some(Some(999)));
}

/// Runs the closure while the locals of a thread are destroyed: before or after those of the library.
fn in_last_moments(library_first: bool, last_words: impl FnOnce() + Send + 'static) {
    struct AtExit(Option<Box<dyn FnOnce()>>);
    impl Drop for AtExit {
        fn drop(&mut self) {
            (self.0.take().unwrap())();
        }
    }
    thread_local!(static LAST: RefCell<Option<AtExit>> = const { RefCell::new(None) });
    thread::spawn(move || {
        let leave = || LAST.with(|last| *last.borrow_mut() = Some(AtExit(Some(Box::new(last_words)))));
        let touch = || {
            VAR.set(1);
            drop(copy_context().scope(async {}));
        };
        if library_first {
            touch();
            leave();
        } else {
            leave();
            touch();
        }
    })
    .join()
    .unwrap();
}

#[test]
fn variables_can_be_used_in_the_destructors_of_thread_locals() {
    for library_first in [false, true] {
        let (send, receive) = mpsc::channel();
        in_last_moments(library_first, move || {
            // Outside of contexts: whatever the order, no panic and no abort.
            VAR.get();
            let token = VAR.set(2);
            VAR.reset(token);
            // In one: as ever.
            let mut context = Context::default();
            context.run(|| VAR.set(3));
            let mut copy = context.run(copy_context);
            send.send((context.run(|| VAR.get()), copy.run(|| VAR.get()))).unwrap();
        });
        assert_eq!(receive.recv().unwrap(), (Some(3), Some(3)));
    }
}
