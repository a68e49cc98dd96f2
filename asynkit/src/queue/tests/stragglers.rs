//! Boosting.

use super::{Operation, Subject};
use crate::priority::{Boost, Priority};
use std::collections::HashSet;

/// The slots that run in so many steps of a queue where each entry is pushed again.
fn yields(subject: &mut Subject, steps: usize) -> Vec<u32> {
    (0..steps).map(|_| subject.apply(Operation::Yield).expect("nobody leaves")).collect()
}

/// A queue of the slots 0, 1, .. with these priorities, and boosts.
fn queue(boost: Boost, priorities: impl IntoIterator<Item = u8>) -> Subject {
    let mut subject = Subject::default();
    subject.apply(Operation::SetBoost(boost));
    for value in priorities {
        subject.apply(Operation::Push(Priority::new(value.into()).expect("it is a number")));
    }
    subject
}

#[test]
fn without_boosts_the_first_one_starves_the_others() {
    let mut subject = queue(Boost::OFF, [0, 5, 10]);
    assert!(yields(&mut subject, 10_000).iter().all(|&slot| slot == 0));
}

#[test]
fn with_boosts_everybody_runs() {
    for seed in 0..5 {
        let mut subject = queue(Boost::default().seed(seed), (0..100).rev());
        let ran: HashSet<u32> = yields(&mut subject, 50_000).into_iter().collect();
        for slot in 0..100 {
            assert!(ran.contains(&slot), "{slot} has never run, with the seed {seed}");
        }
    }
}

#[test]
fn a_factor_below_1_lets_nobody_overtake_the_first_one() {
    let mut subject = queue(Boost::new(0.99).expect("it is a number"), [0, 5, 10]);
    assert!(yields(&mut subject, 10_000).iter().all(|&slot| slot == 0));
}

#[test]
fn the_same_seed_gives_the_same_order_and_another_one_another() {
    let run = |seed| yields(&mut queue(Boost::default().seed(seed), [0, 5, 10]), 1000);
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn nobody_is_boosted_before_ten_operations() {
    // However sure the boost is: its part is nearly always above 1.
    let mut subject = queue(Boost::new(1e9).expect("it is a number"), [0, 5, 10]);
    assert_eq!(yields(&mut subject, 13), [[0; 11].as_slice(), &[1, 2]].concat());
}

#[test]
fn one_that_was_boosted_is_queued_by_its_priority_again() {
    let mut subject = queue(Boost::new(1e9).expect("it is a number"), [0, 5, 10]);
    yields(&mut subject, 13);
    assert_eq!(subject.order(), [0, 1, 2]);
}

#[test]
fn a_search_is_due_again_after_an_idle_moment() {
    let mut subject = queue(Boost::new(1e9).expect("it is a number"), [0, 5]);
    for _ in 0..20 {
        yields(&mut subject, 50);
        while subject.apply(Operation::Pop).is_some() {}
        subject.apply(Operation::Push(Priority::NORMAL));
        subject.apply(Operation::Push(Priority::LOW));
        assert!(yields(&mut subject, 25).contains(&1), "the counters have gone on");
    }
}

#[test]
fn a_queue_of_one_priority_takes_no_detour() {
    let mut subject = queue(Boost::default(), [0; 20]);
    yields(&mut subject, 100);
    assert_eq!(subject.queue.detours, 0);
    subject.apply(Operation::Push(Priority::LOW));
    assert_ne!(subject.queue.detours, 0);
    subject.apply(Operation::Remove { which: 20 });
    yields(&mut subject, 1);
    assert_eq!(subject.queue.detours, 0);
}

#[test]
fn searches_cost_constant_time_per_operation() {
    let mut subject = queue(Boost::default(), 0..100);
    let mut searches = 0;
    let mut last = 0;
    for _ in 0..10_000 {
        yields(&mut subject, 1);
        let now = subject.queue.booster.searched;
        searches += usize::from(now != last);
        last = now;
    }
    assert!((90..=100).contains(&searches), "{searches} searches of 100 entries in 10 000 operations");
}

#[test]
fn an_overflow_that_ran_empty_is_no_detour_either() {
    let mut subject = queue(Boost::default(), 1..100);
    assert!(!subject.queue.overflow.is_empty());
    while subject.apply(Operation::Pop).is_some() {}
    subject.apply(Operation::Push(Priority::NORMAL));
    yields(&mut subject, 1);
    assert_eq!(subject.queue.detours, 0);
}
