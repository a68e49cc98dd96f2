use asynkit::{ContextVar, copy_context};

#[test]
fn an_unset_variable_is_none() {
    static VAR: ContextVar<u32> = ContextVar::new();
    assert_eq!(VAR.get(), None);
    assert!(VAR.with(|value| value.is_none()));
}

#[test]
fn without_a_context_it_is_the_threads_own() {
    static VAR: ContextVar<u32> = ContextVar::new();
    VAR.set(1);
    assert_eq!(VAR.get(), Some(1));
    assert_eq!(std::thread::spawn(|| VAR.get()).join().unwrap(), None);
}

#[test]
fn the_default_is_made_at_each_read_until_it_is_set() {
    static VAR: ContextVar<Vec<u32>> = ContextVar::new().with_default(|| vec![7]);
    assert_eq!(VAR.get(), Some(vec![7]));
    assert_eq!(VAR.with(|value| value.map(Vec::len)), Some(1));
    let token = VAR.set(vec![]);
    assert_eq!(VAR.get(), Some(vec![]));
    VAR.reset(token);
    assert_eq!(VAR.get(), Some(vec![7]));
}

#[test]
fn options_of_a_variable_come_in_any_order() {
    static A: ContextVar<u32> = ContextVar::new().with_default(|| 1).uninherited();
    static B: ContextVar<u32> = ContextVar::new().uninherited().with_default(|| 1);
    for var in [&A, &B] {
        var.set(2);
        let mut task = copy_context().inherited();
        assert_eq!(task.run(|| var.get()), Some(1));
    }
}

#[test]
fn a_variable_need_not_be_static() {
    let (a, b) = (ContextVar::<u32>::new(), ContextVar::<u32>::default());
    a.set(1);
    b.set(2);
    let moved = Box::new(a);
    assert_eq!((moved.get(), b.get()), (Some(1), Some(2)));
}

#[test]
fn what_with_lends_stays_while_the_variable_is_set() {
    static VAR: ContextVar<String> = ContextVar::new();
    VAR.set("old".into());
    VAR.with(|value| {
        VAR.set("new".into());
        assert_eq!(VAR.get().as_deref(), Some("new"));
        assert_eq!(value.map(String::as_str), Some("old"));
    });
}

#[test]
fn many_variables_set_many_times_keep_their_values_apart() {
    let vars: Vec<ContextVar<usize>> = (0..40).map(|_| ContextVar::new()).collect();
    let mut context = copy_context();
    context.run(|| {
        for round in 0..5 {
            for (i, var) in vars.iter().enumerate() {
                // An order of its own in each round.
                let i = (i * 7 + round) % vars.len();
                vars[i].set(i + round * 100);
                assert_eq!(vars[i].get(), Some(i + round * 100));
                let _ = var;
            }
        }
    });
    let mut copy = context.copy();
    copy.run(|| vars.iter().for_each(|var| drop(var.set(0))));
    context.run(|| {
        for (i, var) in vars.iter().enumerate() {
            assert_eq!(var.get(), Some(i + 400));
        }
    });
}

/// The list of values against the simplest thing that could be right.
#[test]
fn any_order_of_sets_resets_and_copies_behaves_as_a_map_would() {
    let vars: Vec<ContextVar<u32>> = (0..12).map(|_| ContextVar::new()).collect();
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut below = |limit: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random >> 33).unwrap() % limit
    };
    let mut contexts = vec![(copy_context(), vec![None; vars.len()], Vec::new())];
    for step in 0..20_000 {
        let at = below(contexts.len());
        match below(10) {
            0 if contexts.len() < 6 => {
                let (context, model, _) = &contexts[at];
                let copy = (context.copy(), model.clone(), Vec::new());
                contexts.push(copy);
            }
            1 if contexts.len() > 1 => drop(contexts.swap_remove(at)),
            2..4 => {
                let (context, model, tokens): &mut (_, Vec<Option<u32>>, Vec<_>) = &mut contexts[at];
                if !tokens.is_empty() {
                    let (var, before, token) = tokens.swap_remove(below(tokens.len()));
                    let var: usize = var;
                    context.run(|| vars[var].reset(token));
                    model[var] = before;
                }
            }
            _ => {
                let (context, model, tokens) = &mut contexts[at];
                let var = below(vars.len());
                let token = context.run(|| vars[var].set(step));
                tokens.push((var, model[var].replace(step), token));
            }
        }
        let (context, model, _) = &mut contexts[below(1)];
        let seen: Vec<_> = context.run(|| vars.iter().map(ContextVar::get).collect());
        assert_eq!(&seen, model, "after step {step}");
    }
}
