//! Jobs that take too long.

use crate::{Place, Running, run, word};
use asynkit::Executor;
use asynkit_examples::worker::Outcome;
use std::time::Duration;

#[test]
fn a_job_that_takes_too_long_is_told_and_cleans_up_and_the_others_go_on() {
    let place = Place::new("late");
    place.fill("files", 20, 1000);
    let ended = run(&place, "workers 1\npiece 10\njob late sha256 limit=0ms files\njob all count files");
    assert_eq!(ended.iter().map(|ended| word(ended)).collect::<Vec<_>>(), ["timed out", "done"]);
    let Outcome::TimedOut(late) = &ended[0].outcome else { panic!("{:?}", ended[0]) };
    assert_eq!(late.after, Duration::ZERO);
    assert!(late.at.file().ends_with("hand.rs"), "{late}");
    assert_eq!(place.reports(), ["all.count"], "no half report is left");
}

#[test]
fn a_limit_in_the_midst_of_a_job_removes_what_was_written() {
    let place = Place::new("midst");
    place.fill("files", 400, 2000);
    // A slow machine may need longer until it is in the midst of it.
    for limit in [30, 300, 3000, 30_000] {
        let config = format!("piece 1\njob late sha256 limit={limit}ms files");
        let ended = run(&place, &config);
        assert_eq!(word(&ended[0]), "timed out", "{ended:?}");
        assert!(ended[0].files < 400, "{ended:?}");
        assert!(ended[0].took >= Duration::from_millis(limit), "{ended:?}");
        assert!(place.reports().is_empty());
        if ended[0].bytes > 0 {
            return;
        }
    }
    panic!("it reads nothing in half a minute");
}

#[test]
fn what_ran_before_a_reload_counts() {
    let place = Place::new("spent");
    place.fill("files", 400, 2000);
    let config = "piece 1\njob late sha256 limit=40ms files";
    Executor::run(async {
        let running = Running::new(&place, config).await;
        let told = async {
            // A limit that began anew each time would never pass.
            while running.runner.standing().ended == 0 {
                let read = running.runner.standing().read;
                running.reload(config);
                running.runner.until(|now| now.read > read + 20 || now.ended > 0).await;
            }
            running.shut_down();
        };
        running.run(told).await;
        let ended = running.runner.ended();
        let Outcome::TimedOut(late) = &ended[0].outcome else { panic!("{:?}", ended[0]) };
        assert_eq!(late.after, Duration::from_millis(40), "it says what the file says");
    });
}

#[test]
fn a_reload_may_give_a_job_in_flight_more_time_and_one_that_took_too_long_another_chance() {
    let place = Place::new("more_time");
    place.fill("files", 50, 100);
    Executor::run(async {
        let config = "workers 2\npiece 10\njob late sha256 limit=0ms files\njob other count files";
        // It stays, as the other one may have ended before it is told.
        let running = Running::start(&place, config, true).await.unwrap();
        let told = async {
            running.runner.until(|standing| standing.ended > 0).await;
            running.reload(&config.replace("limit=0ms ", ""));
            running.runner.until(|standing| standing.ended == 3).await;
            running.shut_down();
        };
        running.run(told).await;
        assert_eq!(running.ended()["late"], ["timed out", "done"]);
        assert_eq!(running.ended()["other"], ["done"]);
    });
    assert_eq!(place.reports(), ["late.sha256", "other.count"]);
}
