//! What is in the reports.

use crate::{Place, Running, common::has, run, word};
use asynkit::Executor;
use asynkit_examples::worker::{Outcome, RunError};
use std::{fs, process::Command};

#[test]
fn lines_words_and_bytes_of_each_file_below_in_the_order_of_names() {
    let place = Place::new("count");
    place.write("files/b", "two words\nand no end");
    place.write("files/a/x", "");
    place.write("files/a/y", " \t\n\n one\u{b}two\u{c}three \n");
    run(&place, "piece 1\njob all count files\njob one count files/b");
    let lines = |name: &str| {
        let report = place.read(name);
        report.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(lines("reports/all.count"), ["0 0 0 files/a/x", "3 3 20 files/a/y", "1 5 20 files/b"]);
    assert_eq!(lines("reports/one.count"), ["1 5 20 files/b"]);
    assert_eq!(place.reports(), ["all.count", "one.count"]);
}

#[cfg(unix)]
#[test]
fn it_counts_as_wc_does() {
    let place = Place::new("wc");
    place.write("file", [&b"caf\xc3\xa9 \x0b x\r\n"[..], &[b'z'; 5000], b"\n\n"].concat());
    run(&place, "piece 999\njob all count file");
    if !has("wc", "it_counts_as_wc_does") {
        return;
    }
    let mut wc = Command::new("wc");
    let wc = wc.args(["-lwc", "file"]).env("LC_ALL", "C").current_dir(&place.0).output().unwrap();
    let numbers = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(numbers(&place.read("reports/all.count")), numbers(&String::from_utf8(wc.stdout).unwrap()));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let place = Place::new("links");
    place.write("files/a", "a");
    std::os::unix::fs::symlink(place.path("files"), place.path("files/loop")).unwrap();
    run(&place, "job all count files");
    assert_eq!(place.read("reports/all.count").lines().count(), 1);
}

#[test]
fn a_job_whose_files_are_not_there_fails_alone() {
    let place = Place::new("missing");
    place.fill("files", 3, 10);
    let ended = run(&place, "workers 1\njob none count nowhere\njob all count files");
    assert_eq!(
        ended.iter().map(|ended| (ended.name(), word(ended))).collect::<Vec<_>>(),
        [("none", "failed"), ("all", "done")]
    );
    let Outcome::Failed(why) = &ended[0].outcome else { panic!("{:?}", ended[0]) };
    assert!(why.starts_with("nowhere: "), "{why}");
    assert_eq!(place.reports(), ["all.count"]);
}

#[test]
fn a_file_that_goes_away_meanwhile_fails_its_job_and_leaves_no_half_report() {
    let place = Place::new("vanishing");
    place.fill("files", 3, 10);
    Executor::run(async {
        let running = Running::new(&place, "job all count files").await;
        fs::remove_file(place.path("files/002")).unwrap();
        running.run(async {}).await;
        let ended = running.runner.ended();
        let Outcome::Failed(why) = &ended[0].outcome else { panic!("{:?}", ended[0]) };
        assert!(why.contains("002"), "{why}");
        assert_eq!(ended[0].files, 2);
    });
    assert!(place.reports().is_empty());
}

#[test]
fn no_jobs_are_done_at_once() {
    assert!(run(&Place::new("none"), "").is_empty());
}

#[test]
fn without_a_plan_or_a_place_for_reports_nothing_runs() {
    let place = Place::new("no_plan");
    Executor::run(async {
        let refused = |config: &'static str| async {
            Running::start(&place, config, false).await.err().expect("refused")
        };
        let error = refused("job").await;
        assert!(matches!(error, RunError::Plan(_)));
        assert!(error.to_string().contains("worker.conf, line 1: a job needs a name"), "{error}");
        place.write("reports", "a file, not a directory");
        let error = refused("").await;
        assert!(matches!(error, RunError::Out(..)), "{error}");
        assert!(error.to_string().starts_with("cannot write to "), "{error}");
    });
}
