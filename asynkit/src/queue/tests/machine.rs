//! Random operations on the queue and on the model.

use super::{Model, Operation, Subject, subject::Fault};
use crate::priority::{Boost, Priority};
use proptest::{prelude::*, test_runner::Config};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

/// Priorities that meet often, and many that do not.
fn priorities() -> impl Strategy<Value = Priority> {
    let few = prop::sample::select(vec![-10.0, -0.0, 0.0, 0.0, 0.0, 2.5, 10.0]);
    let many = (-100_i8..100).prop_map(f64::from);
    let extreme = prop::sample::select(vec![f64::NEG_INFINITY, f64::MIN, f64::MAX, f64::INFINITY]);
    let value = prop_oneof![6 => few, 3 => many, 1 => extreme];
    value.prop_map(|value| Priority::new(value).expect("it is a number"))
}

fn boosts() -> impl Strategy<Value = Boost> {
    let factor = prop::sample::select(vec![0.0, 0.5, 1.2, 3.0]);
    (factor, any::<u64>()).prop_map(|(factor, seed)| Boost::new(factor).expect("it is a number").seed(seed))
}

#[derive(Debug)]
pub(super) struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Model;
    type Transition = Operation;

    fn init_state() -> BoxedStrategy<Model> {
        prop_oneof![Just(Boost::OFF), boosts()].prop_map(Model::with).boxed()
    }

    fn transitions(_: &Model) -> BoxedStrategy<Operation> {
        prop_oneof![
            8 => priorities().prop_map(Operation::Push),
            1 => (any::<i8>(), 0_u8..100).prop_map(|(from, count)| Operation::Fill { from, count }),
            6 => Just(Operation::Pop),
            8 => Just(Operation::Yield),
            4 => any::<usize>().prop_map(|which| Operation::Remove { which }),
            3 => (priorities(), 0_usize..12).prop_map(|(priority, pos)| Operation::InsertAt { priority, pos }),
            6 => (any::<usize>(), priorities()).prop_map(|(which, priority)| Operation::Rekey { which, priority }),
            1 => boosts().prop_map(Operation::SetBoost),
        ]
        .boxed()
    }

    fn apply(mut model: Model, operation: &Operation) -> Model {
        model.apply(*operation);
        model
    }
}

/// The queue with one of [`FAULTS`].
#[derive(Debug)]
pub(super) struct Faulty<const FAULT: usize>;

pub(super) const FAULTS: [Fault; 5] = [
    Fault::None,
    Fault::LifoAmongEquals,
    Fault::LostRemove,
    Fault::RekeyForgetsSequence,
    Fault::UnpinnedInsert,
];

impl<const FAULT: usize> StateMachineTest for Faulty<FAULT> {
    type SystemUnderTest = Subject;
    type Reference = Machine;

    fn init_test(model: &Model) -> Subject {
        let mut subject = Subject::with(FAULTS[FAULT]);
        subject.apply(Operation::SetBoost(model.boost()));
        subject
    }

    fn apply(mut subject: Subject, _: &Model, operation: Operation) -> Subject {
        subject.apply(operation);
        subject
    }

    fn check_invariants(subject: &Subject, model: &Model) {
        subject.compare(model);
    }

    fn teardown(mut subject: Subject, mut model: Model) {
        subject.drain(&mut model);
    }
}

pub(super) fn config() -> Config {
    Config { cases: 64, failure_persistence: None, ..Config::default() }
}

proptest_state_machine::prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    fn the_queue_does_what_the_model_does(sequential 1..150 => Faulty<0>);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_operations(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        super::any_bytes(&bytes);
    }
}
