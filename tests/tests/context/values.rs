//! When values are dropped, and what their destructors may do.

use asynkit::{Context, ContextVar, copy_context};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

#[test]
fn a_replaced_value_is_dropped_at_once_unless_a_token_or_a_copy_holds_it() {
    static VAR: ContextVar<Arc<()>> = ContextVar::new();
    static OTHER: ContextVar<u32> = ContextVar::new();
    let first = Arc::new(());
    let mut context = Context::default();
    context.run(|| {
        VAR.set(Arc::clone(&first));
        OTHER.set(1);
        VAR.set(Arc::default());
        assert_eq!(Arc::strong_count(&first), 1);
        let token = VAR.set(Arc::clone(&first));
        VAR.reset(token);
        assert_eq!(Arc::strong_count(&first), 1);
        VAR.set(Arc::clone(&first));
        let copy = copy_context();
        VAR.set(Arc::default());
        assert_eq!(Arc::strong_count(&first), 2);
        drop(copy);
    });
    drop(context);
    assert_eq!(Arc::strong_count(&first), 1);
}

#[test]
fn a_variable_that_is_set_for_ever_keeps_few_old_values() {
    static A: ContextVar<Arc<()>> = ContextVar::new();
    static B: ContextVar<Arc<()>> = ContextVar::new();
    let value = Arc::new(());
    let mut context = Context::default();
    context.run(|| {
        for _ in 0..1000 {
            // A copy lives on for a while, as a spawned task's would.
            let copy = copy_context();
            A.set(Arc::clone(&value));
            B.set(Arc::clone(&value));
            drop(copy);
            assert!(Arc::strong_count(&value) <= 1 + 8, "{}", Arc::strong_count(&value));
        }
    });
    drop(context);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn a_values_destructor_may_use_variables_and_contexts() {
    static VAR: ContextVar<Greedy> = ContextVar::new();
    static SEEN: ContextVar<u32> = ContextVar::new();
    static DROPS: AtomicUsize = AtomicUsize::new(0);

    struct Greedy(Option<Box<Greedy>>);
    impl Drop for Greedy {
        fn drop(&mut self) {
            DROPS.fetch_add(1, Ordering::Relaxed);
            SEEN.set(SEEN.get().unwrap_or(0) + 1);
            VAR.with(|_| ());
            copy_context().run(|| SEEN.set(0));
            if let Some(next) = self.0.take() {
                VAR.set(*next);
            }
        }
    }

    let mut context = Context::default();
    context.run(|| {
        VAR.set(Greedy(Some(Box::new(Greedy(None)))));
        VAR.set(Greedy(None));
        assert_eq!(
            DROPS.load(Ordering::Relaxed),
            2,
            "the replaced one, and the one that its destructor replaced"
        );
        assert_eq!(SEEN.get(), Some(2));
        let token = VAR.set(Greedy(None));
        drop(token);
        assert_eq!(DROPS.load(Ordering::Relaxed), 3);
    });
    drop(context);
    assert_eq!(DROPS.load(Ordering::Relaxed), 4);
}

#[test]
fn the_threads_own_values_are_dropped_when_it_ends() {
    static VAR: ContextVar<Arc<()>> = ContextVar::new();
    let value = Arc::new(());
    let held = Arc::clone(&value);
    std::thread::spawn(move || drop(VAR.set(held))).join().unwrap();
    assert_eq!(Arc::strong_count(&value), 1);
}
