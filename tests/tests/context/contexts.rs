use asynkit::{Context, ContextVar, copy_context};

static VAR: ContextVar<u32> = ContextVar::new();
static SPAN: ContextVar<u32> = ContextVar::new().uninherited();

#[test]
fn what_run_sets_stays_in_the_context() {
    VAR.set(1);
    let mut context = copy_context();
    let seen = context.run(|| {
        let seen = VAR.get();
        VAR.set(2);
        seen
    });
    assert_eq!(seen, Some(1));
    assert_eq!(VAR.get(), Some(1));
    assert_eq!(context.run(|| VAR.get()), Some(2));
}

#[test]
fn a_copy_sees_no_later_change_and_shows_none() {
    let mut context = Context::default();
    context.run(|| VAR.set(1));
    let mut copy = context.copy();
    let mut clone = context.clone();
    context.run(|| VAR.set(2));
    copy.run(|| VAR.set(3));
    let seen = [&mut context, &mut copy, &mut clone].map(|context| context.run(|| VAR.get()));
    assert_eq!(seen, [Some(2), Some(3), Some(1)]);
}

#[test]
fn contexts_nest() {
    let (mut outer, mut inner) = (copy_context(), copy_context());
    outer.run(|| {
        VAR.set(1);
        inner.run(|| VAR.set(2));
        assert_eq!(VAR.get(), Some(1));
        let mut here = Context::current();
        assert_eq!(here.run(|| VAR.get()), Some(1));
    });
    assert_eq!(VAR.get(), None);
    assert_eq!(inner.run(|| VAR.get()), Some(2));
}

#[test]
fn the_default_context_is_empty() {
    VAR.set(1);
    assert_eq!(Context::default().run(|| VAR.get()), None);
}

#[test]
fn a_task_gets_what_is_inherited_only() {
    let mut context = copy_context();
    context.run(|| {
        VAR.set(1);
        SPAN.set(2);
        VAR.set(3);
    });
    let mut task = context.inherited();
    assert_eq!(task.run(|| (VAR.get(), SPAN.get())), (Some(3), None));
    assert_eq!(context.run(|| (VAR.get(), SPAN.get())), (Some(3), Some(2)));
    assert_eq!(context.copy().run(|| SPAN.get()), Some(2), "a plain copy has them all");
}

#[test]
fn a_context_that_was_never_entered_is_inherited_too() {
    SPAN.set(1);
    VAR.set(1);
    let task = copy_context().inherited();
    assert_eq!(task.inherited().copy().run(|| (VAR.get(), SPAN.get())), (Some(1), None));
}

#[test]
fn debug_tells_how_many_variables_are_set() {
    let mut context = Context::default();
    let token = context.run(|| {
        VAR.set(1);
        VAR.set(2);
        SPAN.set(1)
    });
    assert_eq!(format!("{context:?}"), "Context { variables: 2, .. }");
    assert_eq!(format!("{token:?}"), "Token { of: u32, was_set: false, .. }");
    assert_eq!(format!("{SPAN:?}"), "ContextVar { type: u32, inherited: false, .. }");
    context.run(|| SPAN.reset(token));
    assert_eq!(format!("{context:?}"), "Context { variables: 1, .. }");
}

#[test]
fn all_of_it_is_send_and_sync() {
    fn check<T: Send + Sync>(_: &T) {}
    check(&VAR);
    check(&VAR.set(1));
    let mut context = copy_context();
    check(&context);
    check(&context.scope(async {}));
}
