//! What the file may say.

use asynkit_examples::worker::{Config, Entry, Kind, Settings};
use std::{path::PathBuf, time::Duration};

#[test]
fn a_file_says_settings_and_jobs() {
    let config = Config::parse(
        "# a comment\n\nworkers 2\n  limit 250ms\ngrace 1m\npiece 100\n\
         job a sha256 some where/else\njob b-2_ count limit=5s x\r\njob c count limit=none x\nlimit none",
    );
    let job = |name: &str, kind, path: &str, limit| Entry {
        name: name.to_owned(),
        kind,
        path: PathBuf::from(path),
        limit,
    };
    let expected = Config {
        settings: Settings { workers: 2, limit: None, grace: Duration::from_secs(60), piece: 100 },
        jobs: vec![
            job("a", Kind::Sha256, "some where/else", None),
            job("b-2_", Kind::Count, "x", Some(Some(Duration::from_secs(5)))),
            job("c", Kind::Count, "x", Some(None)),
        ],
    };
    assert_eq!(config.as_ref(), Ok(&expected));
    assert_eq!(Config::parse(&expected.to_string()), Ok(expected), "what it writes it reads");
    assert_eq!(Config::parse(""), Ok(Config::default()));
}

#[test]
fn the_line_that_makes_no_sense_is_named() {
    for (line, message) in [
        ("frob 1", "there is no setting `frob`"),
        ("workers", "workers needs a number from 1 to 1024, not ``"),
        ("workers 0", "workers needs a number from 1 to 1024, not `0`"),
        ("workers 1025", "workers needs a number from 1 to 1024, not `1025`"),
        ("piece -1", "piece needs a number from 1 to 67108864, not `-1`"),
        ("limit 5", "limit needs a time such as 250ms, 5s or 2m, not `5`"),
        ("limit s", "limit needs a time such as 250ms, 5s or 2m, not `s`"),
        ("limit 5h", "limit needs a time such as 250ms, 5s or 2m, not `5h`"),
        ("limit 5\u{e9}", "limit needs a time such as 250ms, 5s or 2m, not `5\u{e9}`"),
        (
            "limit 99999999999999999999s",
            "limit needs a time such as 250ms, 5s or 2m, not `99999999999999999999s`",
        ),
        (
            "limit 999999999999999999m",
            "limit needs a time such as 250ms, 5s or 2m, not `999999999999999999m`",
        ),
        ("grace none", "grace needs a time such as 250ms, 5s or 2m, not `none`"),
        ("job", "a job needs a name of letters, digits, - and _, not ``"),
        ("job ../a count x", "a job needs a name of letters, digits, - and _, not `../a`"),
        ("job a", "job `a` is sha256 or count, not ``"),
        ("job a zip x", "job `a` is sha256 or count, not `zip`"),
        ("job a count", "job `a` needs a file or a directory"),
        ("job a count limit=1s", "job `a` needs a file or a directory"),
        ("job a count limit=x y", "limit needs a time such as 250ms, 5s or 2m, not `x`"),
        ("job one count y", "there is a job `one` already"),
    ] {
        let error = Config::parse(&format!("job one count x\n# two\n{line}\nworkers no")).unwrap_err();
        assert_eq!((error.line, error.to_string()), (3, format!("line 3: {message}")));
    }
}
