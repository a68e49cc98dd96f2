//! Whole executors and the threads around them, in many schedules: shuttle takes them at random, and by priorities that change
//! in few places (`just shuttle`).
//!
//! Each scenario comes to its end in every schedule: what is lost between threads is a deadlock. A schedule that fails is
//! printed.

mod locks;
mod scenarios;
mod world;

use crate::util::sync::fault::{self, Fault};
use locks::{giving_up, locking, notifying};
use scenarios::{cancelling, dropping, ending, sending, stopping, stopping_a_root, two_executors, waking};
use shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler, Scheduler},
};
use std::env;

/// So many schedules of each scenario and scheduler, unless `ASYNKIT_SCHEDULES` says how many.
const SCHEDULES: usize = 6250;

/// Where the schedules begin, unless `SHUTTLE_RANDOM_SEED` says another number.
const SEED: u64 = 0x5eed;

/// Places where priorities change, in the schedules that are made so.
const CHANGES: usize = 3;

fn explore(scenario: fn()) {
    let schedules =
        env::var("ASYNKIT_SCHEDULES").map_or(SCHEDULES, |number| number.parse().expect("a number"));
    run(scenario, RandomScheduler::new_from_seed(SEED, schedules));
    run(scenario, PctScheduler::new_from_seed(SEED, CHANGES, schedules));
}

fn run(scenario: fn(), scheduler: impl Scheduler + 'static) {
    let mut config = Config::new();
    config.stack_size = 0x4_0000;
    config.silence_warnings = true;
    Runner::new(scheduler, config).run(scenario);
}

#[test]
fn tasks_of_several_threads_come_to_their_ends() {
    explore(sending);
}

#[test]
fn wakes_reach_a_task_in_every_state_and_nobody_after_it() {
    explore(waking);
}

#[test]
fn a_task_that_is_dropped_while_it_is_woken_takes_no_wake_with_it() {
    explore(dropping);
}

#[test]
fn a_cancel_reaches_a_task_that_was_sent_whenever_it_comes() {
    explore(cancelling);
}

#[test]
fn a_stop_drops_all_tasks_at_home_whatever_threads_do() {
    explore(stopping);
}

#[test]
fn a_stop_reaches_a_root() {
    explore(stopping_a_root);
}

#[test]
fn an_executor_that_is_dropped_drops_all_at_home_and_tells_who_awaits() {
    explore(ending);
}

#[test]
fn executors_of_two_threads_talk() {
    explore(two_executors);
}

#[test]
fn a_lock_that_threads_share_is_held_by_one_and_forgets_nobody() {
    explore(locking);
}

#[test]
fn a_lock_that_is_handed_to_one_that_is_dropped_goes_on() {
    explore(giving_up);
}

#[test]
fn a_notification_of_one_that_is_dropped_goes_on() {
    explore(notifying);
}

/// A bug is found, by both ways to make schedules or by one of them.
macro_rules! found {
    ($($(#[$attribute:meta])* $name:ident: $fault:ident in $scenario:ident, $expected:literal;)+) => {$(
        #[test]
        #[should_panic(expected = $expected)]
        fn $name() {
            fault::plant(Fault::$fault);
            explore($scenario);
        }
    )+};
}

found! {
    a_driver_that_does_not_look_again_is_found: NoRecheck in sending, "deadlock";
    a_driver_that_is_not_woken_is_found: NoUnpark in sending, "deadlock";
    a_flag_that_is_set_outside_of_the_lock_is_found: LateFlag in sending, "deadlock";
    a_flag_that_is_cleared_outside_of_the_lock_is_found: LateClear in sending, "deadlock";
    a_letter_that_stays_noted_is_found: StaysNoted in waking, "deadlock";
    a_letter_that_is_noted_for_whoever_has_the_slot_is_found: NotedBySlot in dropping, "deadlock";
    a_wake_before_the_result_is_found: EarlyTell in sending, "deadlock";
    a_cancel_that_is_noted_outside_of_the_lock_is_found: LateCancel in cancelling, "deadlock";
    a_stop_that_is_told_before_it_is_noted_is_found: LateStop in stopping, "deadlock";
    a_stop_that_wakes_no_driver_is_found: NoUnpark in stopping_a_root, "deadlock";
    an_inbox_that_stays_open_is_found: StaysOpen in ending, "deadlock";
    generations_that_begin_again_are_found: SameGeneration in ending, "a waker has woken a task that is not its own";
    a_letter_that_stays_noted_is_found_between_executors: StaysNoted in two_executors, "deadlock";
    a_lock_that_is_given_back_blindly_is_found: BlindUnlock in locking, "deadlock";
    a_dropped_wait_that_keeps_the_lock_is_found: KeepsLock in giving_up, "deadlock";
    a_wait_that_begins_after_its_lock_is_found: LateWait in notifying, "deadlock";
    a_dropped_wait_that_keeps_a_notification_is_found: KeepsNotification in notifying, "deadlock";
}
