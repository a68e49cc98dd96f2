//! The comparison finds planted bugs.

use super::machine::{Faulty, Machine, config};
use proptest::test_runner::{Config, TestError, TestRng, TestRunner};
use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest};

/// Whether the state machine test fails for it.
fn is_found<const FAULT: usize>() -> bool {
    let config = Config { max_shrink_iters: 0, ..config() };
    let mut runner =
        TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(config.rng_algorithm));
    let found = runner.run(&Machine::sequential_strategy(1..100), |(model, operations, _)| {
        Faulty::<FAULT>::test_sequential(config.clone(), model, operations, None);
        Ok(())
    });
    match found {
        Ok(()) => false,
        Err(TestError::Fail(..)) => true,
        Err(TestError::Abort(why)) => panic!("the test did not run: {why}"),
    }
}

#[test]
fn a_sound_queue_passes() {
    assert!(!is_found::<0>());
}

#[test]
fn lifo_among_equals_is_found() {
    assert!(is_found::<1>());
}

#[test]
fn a_lost_remove_is_found() {
    assert!(is_found::<2>());
}

#[test]
fn a_rekey_that_forgets_the_sequence_is_found() {
    assert!(is_found::<3>());
}

#[test]
fn an_insert_that_does_not_pin_is_found() {
    assert!(is_found::<4>());
}
