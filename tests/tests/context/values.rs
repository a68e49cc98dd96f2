//! When values are dropped, and what their destructors may do.

use asynkit::{Context, ContextVar, copy_context};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
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
fn a_token_of_another_variable_does_not_hold_a_replaced_value() {
    static VAR: ContextVar<Arc<()>> = ContextVar::new();
    static OTHER: ContextVar<u32> = ContextVar::new();
    let first = Arc::new(());
    let mut context = Context::default();
    context.run(|| VAR.set(Arc::clone(&first)));
    drop(context.copy());
    context.run(|| {
        let token = OTHER.set(1);
        VAR.set(Arc::default());
        assert_eq!(Arc::strong_count(&first), 1);
        OTHER.reset(token);
        assert_eq!(OTHER.get(), None);
    });
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

#[test]
fn destructors_of_many_values_may_use_variables_and_contexts() {
    static PLAIN: [ContextVar<u32>; 3] = [const { ContextVar::new() }; 3];
    static VARS: [ContextVar<Uses>; 7] = [const { ContextVar::new() }; 7];
    static DROPS: AtomicUsize = AtomicUsize::new(0);

    struct Uses(usize);
    impl Drop for Uses {
        fn drop(&mut self) {
            DROPS.fetch_add(1, Ordering::Relaxed);
            PLAIN[self.0 % 3].set(7);
            VARS[self.0].with(|_| ());
            drop(copy_context());
        }
    }

    // Few and many; set at once, and with copies between them.
    for (count, copies) in (0..=7).flat_map(|count| [(count, false), (count, true)]) {
        let mut context = Context::default();
        for at in 0..count {
            context.run(|| (PLAIN[at % 3].set(1), VARS[at].set(Uses(at))));
            if copies {
                drop(context.copy());
            }
        }
        assert_eq!(DROPS.load(Ordering::Relaxed), 0);
        if copies {
            let all = format!("Context {{ variables: {}, .. }}", count + count.min(3));
            assert_eq!(format!("{context:?}"), all);
        }
        drop(context);
        assert_eq!(DROPS.swap(0, Ordering::Relaxed), count);
    }
}

#[test]
fn a_value_of_each_kind_is_read_as_it_was_set() {
    fn check<T: Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static>(values: [T; 2]) {
        let [first, second] = values;
        let var = ContextVar::new();
        let token = var.set(first.clone());
        let mut copy = copy_context();
        copy.run(|| var.set(second.clone()));
        assert_eq!((var.get(), copy.run(|| var.get())), (Some(first.clone()), Some(second)));
        var.with(|value| assert_eq!(value, Some(&first)));
        var.reset(token);
        assert_eq!(var.get(), None);
    }
    check([false, true]);
    check(['a', '\u{10ffff}']);
    check([0_u8, u8::MAX]);
    check([0_u16, u16::MAX]);
    check([0_u32, u32::MAX]);
    check([0_u64, u64::MAX]);
    check([0_u128, u128::MAX]);
    check([0_usize, usize::MAX]);
    check([i8::MIN, i8::MAX]);
    check([i16::MIN, i16::MAX]);
    check([i32::MIN, i32::MAX]);
    check([i64::MIN, i64::MAX]);
    check([isize::MIN, isize::MAX]);
    check([0.5_f32, f32::MIN]);
    check([0.5_f64, f64::MIN]);
    check(["", "static"]);
    check([String::new(), "owned".to_owned()]);
    check([Duration::ZERO, Duration::MAX]);
    check([Instant::now(), Instant::now() + Duration::from_secs(1)]);
    check([(); 2]);
    check([Some(1_u64), None]);
    check([[1_u64; 9], [2; 9]]);
}

#[test]
fn a_value_that_changes_in_place_is_one_in_all_copies() {
    static VAR: ContextVar<AtomicUsize> = ContextVar::new();
    let add = || VAR.with(|count| count.unwrap().fetch_add(1, Ordering::Relaxed));
    let mut context = Context::default();
    context.run(|| VAR.set(AtomicUsize::new(0)));
    let mut copy = context.copy();
    assert_eq!([context.run(add), copy.run(add), context.run(add)], [0, 1, 2]);
}
