use asynkit::{ContextVar, context::Token, copy_context};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

fn panic_text(f: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).unwrap_err();
    *panic.downcast::<String>().expect("a formatted text")
}

#[test]
fn reset_restores_what_the_set_replaced() {
    static VAR: ContextVar<&str> = ContextVar::new();
    let first = VAR.set("a");
    let second = VAR.set("b");
    VAR.reset(second);
    assert_eq!(VAR.get(), Some("a"));
    VAR.reset(first);
    assert_eq!(VAR.get(), None);
}

#[test]
fn tokens_may_be_used_in_any_order() {
    static VAR: ContextVar<&str> = ContextVar::new();
    let first = VAR.set("a");
    let second = VAR.set("b");
    VAR.reset(first);
    assert_eq!(VAR.get(), None);
    VAR.reset(second);
    assert_eq!(VAR.get(), Some("a"));
}

#[test]
fn reset_leaves_other_variables_alone() {
    static A: ContextVar<u32> = ContextVar::new();
    static B: ContextVar<u32> = ContextVar::new();
    let token = A.set(1);
    B.set(2);
    A.reset(token);
    assert_eq!((A.get(), B.get()), (None, Some(2)));
}

#[test]
fn a_token_is_good_in_its_context_whenever_that_is_entered() {
    static VAR: ContextVar<u32> = ContextVar::new();
    let mut context = copy_context();
    let token = context.run(|| VAR.set(1));
    context.run(|| VAR.reset(token));
    assert_eq!(context.run(|| VAR.get()), None);
}

#[test]
fn a_token_of_another_context_is_refused() {
    static VAR: ContextVar<u32> = ContextVar::new();
    let mut context = copy_context();
    let token = context.run(|| VAR.set(1));
    VAR.set(2);
    let text = panic_text(|| VAR.reset(token));
    assert_eq!(text, "this token was made in another context: reset it where the variable was set");
    assert_eq!((VAR.get(), context.run(|| VAR.get())), (Some(2), Some(1)));
}

#[test]
fn a_token_of_another_thread_is_refused() {
    static VAR: ContextVar<u32> = ContextVar::new();
    let token = std::thread::spawn(|| VAR.set(1)).join().unwrap();
    let keeps_the_threads_apart = std::thread::spawn(|| {
        VAR.set(3);
        let text = panic_text(|| VAR.reset(token));
        assert!(text.contains("another context"), "{text}");
        VAR.get()
    });
    VAR.set(2);
    assert_eq!(keeps_the_threads_apart.join().unwrap(), Some(3));
}

#[test]
fn a_token_of_another_variable_is_refused() {
    static A: ContextVar<u32> = ContextVar::new();
    static B: ContextVar<u32> = ContextVar::new();
    let token = A.set(1);
    let text = panic_text(|| B.reset(token));
    assert_eq!(text, "this token is of another context variable: reset the variable that was set");
    assert_eq!((A.get(), B.get()), (Some(1), None));
}

#[test]
fn a_guard_that_resets_while_it_unwinds_elsewhere_does_not_abort() {
    static VAR: ContextVar<u32> = ContextVar::new();
    struct Restore(Option<Token<u32>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            VAR.reset(self.0.take().unwrap());
        }
    }
    let mut context = copy_context();
    let restore = context.run(|| Restore(Some(VAR.set(1))));
    let text = panic_text(move || {
        let _restore = restore;
        std::panic::panic_any("the body's".to_owned());
    });
    assert_eq!(text, "the body's");
    assert_eq!(context.run(|| VAR.get()), Some(1));
}

#[test]
fn a_dropped_token_lets_the_value_stay() {
    static VAR: ContextVar<u32> = ContextVar::new();
    drop(VAR.set(1));
    assert_eq!(VAR.get(), Some(1));
}

#[test]
fn a_token_restores_a_value_that_copies_share_whatever_was_set_and_copied_meanwhile() {
    static VAR: ContextVar<u32> = ContextVar::new();
    static OTHERS: [ContextVar<u32>; 20] = [const { ContextVar::new() }; 20];
    let mut context = copy_context();
    context.run(|| VAR.set(1));
    let mut copy = context.copy();
    let token = copy.run(|| VAR.set(2));
    context.run(|| VAR.set(3));
    for other in &OTHERS {
        copy.run(|| other.set(4));
        drop(copy.copy());
    }
    drop(context);
    assert_eq!(format!("{token:?}"), "Token { of: u32, was_set: true, .. }");
    copy.run(|| VAR.reset(token));
    assert_eq!(copy.run(|| VAR.get()), Some(1));
    assert_eq!(copy.run(|| OTHERS[0].get()), Some(4));
}

#[test]
fn a_token_keeps_what_it_restores_until_it_is_dropped() {
    static VAR: ContextVar<Arc<()>> = ContextVar::new();
    let first = Arc::new(());
    let mut context = copy_context();
    context.run(|| VAR.set(Arc::clone(&first)));
    let mut copy = context.copy();
    let token = copy.run(|| VAR.set(Arc::default()));
    drop((context, copy));
    assert_eq!(Arc::strong_count(&first), 2);
    drop(token);
    assert_eq!(Arc::strong_count(&first), 1);
}
