//! Reloads and shutdowns in the midst of work: no job is lost, none is done by halves.

use crate::{Place, Running, run};
use asynkit::{Executor, sleep};
use asynkit_examples::worker::Order;
use proptest::prelude::*;
use std::{collections::BTreeSet, time::Duration};

const ALL: &str =
    "workers 2\npiece 50\ngrace 0ms\njob a sha256 a\njob b count b\njob c sha256 b\njob d count a\n";

fn filled(test: &str) -> Place {
    let place = Place::new(test);
    place.fill("a", 12, 700);
    place.fill("b", 9, 400);
    place
}

/// What each report says when nothing disturbs the runner.
fn undisturbed(place: &Place) -> Vec<(String, String)> {
    run(place, ALL);
    let reports = place.reports().into_iter();
    reports.map(|name| (name.clone(), place.read(&format!("reports/{name}")))).collect()
}

#[test]
fn reloads_in_flight_lose_no_job_and_read_no_byte_twice() {
    let expected = undisturbed(&filled("undisturbed"));
    let place = filled("reloads");
    Executor::run(async {
        let running = Running::new(&place, ALL).await;
        let told = async {
            let mut reloads = 0;
            while running.runner.standing().ended < 4 {
                let read = running.runner.standing().read;
                // From one worker to five and back, each time in the midst of something else.
                running.reload(&ALL.replace("workers 2", &format!("workers {}", 1 + reloads % 5)));
                running.runner.until(|now| now.read > read + 300 || now.ended == 4).await;
                reloads += 1;
            }
            assert!(reloads > 2, "it was told in the midst of it only {reloads} times");
        };
        assert_eq!(running.run(told).await, None);
        let ended = running.runner.ended();
        assert_eq!(running.ended().into_values().collect::<Vec<_>>(), [["done"]; 4]);
        let bytes = |name: &str| ended.iter().find(|ended| ended.name() == name).expect("it ended").bytes;
        assert_eq!(["a", "b", "c", "d"].map(bytes), [8400, 3600, 3600, 8400]);
    });
    for (name, report) in expected {
        assert_eq!(place.read(&format!("reports/{name}")), report, "{name}");
    }
}

#[test]
fn others_have_a_turn_between_two_pieces_that_are_there_at_once() {
    let place = Place::new("pieces");
    place.fill("long", 1, 10_000);
    Executor::run(async {
        let running = Running::new(&place, "workers 1\npiece 10\njob long count long").await;
        let told = async {
            let (mut read, mut most) = (0, 0);
            while read < 10_000 {
                running.runner.until(|now| now.read > read).await;
                let now = running.runner.standing().read;
                most = most.max(now - read);
                read = now;
            }
            most
        };
        let (_, most) = smol::future::zip(running.runner.run(&running.orders), told).await;
        assert!(most <= 20, "{most} bytes were read in one turn");
    });
}

#[test]
fn a_reload_adds_changes_and_withdraws_jobs() {
    let place = filled("changes");
    // The file is read by another thread, which may come too late for `x`: then `x` gets more to do.
    let is_told_in_time = |files: usize| {
        place.fill("a", files, 700);
        let _ = std::fs::remove_dir_all(place.path("reports"));
        Executor::run(async {
            let running =
                Running::new(&place, "workers 1\npiece 5\njob x count a\njob y count a\njob z count a").await;
            let told = async {
                running.runner.until(|standing| standing.read > 100).await;
                // `x` runs and is another now, `y` waits and is gone, `z` is the same, `new` is new.
                running.reload("workers 1\npiece 5\njob new count b\njob x count b\njob z count a");
            };
            running.run(told).await;
            let ended = running.ended();
            if ended["x"][0] == "done" {
                return false;
            }
            assert_eq!(ended["x"], ["withdrawn", "done"]);
            assert_eq!(ended["y"], ["withdrawn"]);
            assert_eq!((&ended["z"], &ended["new"]), (&vec!["done"], &vec!["done"]));
            true
        })
    };
    assert!([12, 100, 800].into_iter().any(is_told_in_time), "`x` is always done before it is another");
    assert_eq!(place.reports(), ["new.count", "x.count", "z.count"]);
    assert_eq!(place.read("reports/x.count").lines().count(), 9, "it is that of the new description");
}

#[test]
fn a_file_that_makes_no_sense_changes_nothing() {
    let place = filled("nonsense");
    Executor::run(async {
        let running = Running::new(&place, ALL).await;
        let told = async {
            running.runner.until(|standing| standing.read > 100).await;
            running.reload("workers 2\njob");
        };
        running.run(told).await;
        assert_eq!(running.ended().into_values().collect::<Vec<_>>(), [["done"]; 4]);
    });
}

#[test]
fn a_shutdown_within_its_grace_finishes_what_has_begun_and_hands_back_the_rest() {
    let place = filled("grace");
    let config = ALL.replace("grace 0ms", "grace 60s");
    Executor::run(async {
        let running = Running::new(&place, &config).await;
        let told = async {
            running.runner.until(|standing| standing.read > 100).await;
            running.shut_down();
        };
        let left = running.run(told).await.expect("something is left");
        let ended = running.ended();
        assert_eq!((&ended["a"], &ended["b"]), (&vec!["done"], &vec!["done"]));
        assert_eq!((&ended["c"], &ended["d"]), (&vec!["handed back"], &vec!["handed back"]));
        assert_eq!(left, place.path("reports/handed-back.conf"));
    });
}

#[test]
fn a_second_shutdown_ends_the_grace() {
    let place = filled("twice");
    let config = ALL.replace("grace 0ms", "grace 60s").replace("piece 50", "piece 1");
    Executor::run(async {
        let running = Running::new(&place, &config).await;
        let told = async {
            running.runner.until(|standing| standing.read > 100).await;
            running.shut_down();
            running.shut_down();
        };
        running.run(told).await.expect("something is left");
        assert_eq!(running.ended().into_values().collect::<Vec<_>>(), [["handed back"]; 4]);
    });
    assert_eq!(place.reports(), ["handed-back.conf"], "no half report is left");
}

#[test]
fn what_is_handed_back_can_be_done_by_the_next_runner() {
    let place = filled("next");
    let expected = undisturbed(&filled("next_undisturbed"));
    let left = Executor::run(async {
        let running = Running::new(&place, ALL).await;
        let told = async {
            running.runner.until(|standing| standing.read > 5000).await;
            running.shut_down();
        };
        running.run(told).await.expect("something is left")
    });
    let config = std::fs::read_to_string(left).unwrap();
    run(&place, &config);
    assert_eq!(place.reports(), ["a.sha256", "b.count", "c.sha256", "d.count", "handed-back.conf"]);
    for (name, report) in expected {
        let relative = place.read(&format!("reports/{name}")).replace(&format!("{}/", place.0.display()), "");
        assert_eq!(relative, report, "{name}");
    }
}

#[test]
fn one_that_stays_waits_for_more_work_until_it_is_told_to_end() {
    let place = filled("stay");
    Executor::run(async {
        let running = Running::start(&place, "job a count a", true).await.unwrap();
        let told = async {
            running.runner.until(|standing| standing.ended == 1).await;
            sleep(Duration::from_millis(5)).await;
            running.reload("job a count a\njob b count b");
            running.runner.until(|standing| standing.ended == 2).await;
            running.shut_down();
        };
        assert_eq!(running.run(told).await, None);
        assert_eq!(running.ended().into_values().collect::<Vec<_>>(), [["done"]; 2]);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_ordered_each_job_ends_once_for_each_time_that_it_was_asked_for(
        orders in prop::collection::vec((1..900_u64, 0..6_usize, 0..16_u32), 1..12),
        shuts_down in any::<bool>(),
    ) {
        let place = filled("any");
        Executor::run(async {
            let running = Running::new(&place, ALL).await;
            let told = async {
                for (bytes, workers, kept) in orders {
                    let read = running.runner.standing().read;
                    running.runner.until(|now| now.read > read + bytes || now.ended == now.jobs).await;
                    let jobs = ALL.lines().filter(|line| line.starts_with("job"));
                    let jobs = (0..).zip(jobs).filter(|(at, _)| kept & (1 << at) != 0);
                    let text = jobs.map(|(_, line)| line).collect::<Vec<_>>().join("\n");
                    running.reload(&format!("workers {}\npiece 50\ngrace 0ms\n{text}", workers + 1));
                }
                if shuts_down {
                    running.give.try_send(Order::Shutdown).unwrap();
                }
            };
            let left = running.run(told).await;
            let (ended, standing) = (running.runner.ended(), running.runner.standing());
            assert_eq!((standing.ended, standing.jobs), (ended.len(), ended.len()), "{ended:?}");
            assert_eq!(standing.read, standing.bytes);
            let done: BTreeSet<_> = ended.iter().filter(|e| crate::word(e) == "done").map(|e| e.name()).collect();
            let words = running.ended();
            for (name, words) in &words {
                assert!(words.iter().all(|word| ["done", "withdrawn", "handed back"].contains(word)), "{name} {words:?}");
            }
            let mut expected: BTreeSet<_> = done.iter().map(|name| match *name {
                "a" | "c" => format!("{name}.sha256"),
                name => format!("{name}.count"),
            }).collect();
            expected.extend(left.map(|_| "handed-back.conf".to_owned()));
            assert_eq!(place.reports().into_iter().collect::<BTreeSet<_>>(), expected);
        });
    }
}
