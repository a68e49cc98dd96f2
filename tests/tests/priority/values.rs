//! `Priority`: a number, the lower one first.

use asynkit::Priority;
use std::collections::HashSet;

const NUMBERS: [f64; 13] = [
    f64::NEG_INFINITY,
    f64::MIN,
    -10.0,
    -1.0,
    -f64::MIN_POSITIVE,
    -5e-324,
    0.0,
    5e-324,
    f64::MIN_POSITIVE,
    1.0,
    10.0,
    f64::MAX,
    f64::INFINITY,
];

fn priority(value: f64) -> Priority {
    Priority::new(value).expect("it is a number")
}

#[test]
fn priorities_order_as_their_numbers_do() {
    for a in NUMBERS {
        for b in NUMBERS {
            assert_eq!(Some(priority(a).cmp(&priority(b))), a.partial_cmp(&b), "{a} and {b}");
        }
    }
}

#[test]
fn a_priority_gives_its_number_back() {
    for number in NUMBERS {
        assert_eq!(priority(number).get().to_bits(), number.to_bits());
    }
}

#[test]
fn both_zeros_are_one_priority() {
    assert_eq!(priority(-0.0), Priority::NORMAL);
    assert_eq!(priority(-0.0).get().to_bits(), 0.0_f64.to_bits());
    assert_eq!(HashSet::from([priority(-0.0), priority(0.0)]).len(), 1);
}

#[test]
fn nan_is_no_priority() {
    assert_eq!(Priority::new(f64::NAN), None);
    assert_eq!(Priority::new(-f64::NAN), None);
}

#[test]
fn a_priority_shows_its_number() {
    assert_eq!(format!("{:?}", Priority::HIGH), "Priority(-10.0)");
}
