//! What there is, shown over the sources of this repository.

use super::{Options, Order, Outcome, RunError, Runner, Screen};
use asynkit::Executor;
use smol::{channel, future};
use std::{
    env, fmt, fs, io,
    path::{Path, PathBuf},
    process,
    rc::Rc,
};

/// What there is to do at first: two jobs at a time, and one that takes too long.
const FIRST: &str = "\
workers 2
limit 600s
grace 0ms
piece 4096
job hurried sha256 limit=0ms asynkit/src
job sources sha256 asynkit/src
job pages count docs
";

/// What there is to do in the midst of that: more, and with more hands.
const SECOND: &str = "\
workers 4
limit 600s
grace 0ms
piece 4096
job hurried sha256 asynkit/src
job sources sha256 asynkit/src
job tests sha256 tests/tests
job lines count tests/tests
job examples count examples
";

/// Why there is nothing to show.
#[derive(Debug)]
pub enum DemoError {
    /// A file cannot be written or read.
    Io(io::Error),
    /// The jobs cannot be run.
    Run(RunError),
    /// Something went otherwise than it must.
    Wrong(String),
}

impl fmt::Display for DemoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DemoError::Io(error) => error.fmt(f),
            DemoError::Run(error) => error.fmt(f),
            DemoError::Wrong(what) => f.write_str(what),
        }
    }
}

impl From<io::Error> for DemoError {
    fn from(error: io::Error) -> Self {
        DemoError::Io(error)
    }
}

impl From<RunError> for DemoError {
    fn from(error: RunError) -> Self {
        DemoError::Run(error)
    }
}

/// A directory that is removed at the end.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs jobs, reloads and shuts down in the midst of them, and has another runner do what is left.
///
/// # Errors
/// Where files cannot be written or read, or what is shown is not so.
pub fn run(screen: &Rc<Screen>) -> Result<(), DemoError> {
    let scratch = Scratch(env::temp_dir().join(format!("asynkit-worker-{}", process::id())));
    fs::create_dir_all(&scratch.0)?;
    Executor::run(async {
        let left = first(&scratch.0, screen).await?;
        if let Some(left) = left {
            second(left, &scratch.0, screen).await?;
        }
        reports(&scratch.0, screen)
    })
}

/// The description of the jobs, with paths that begin at the top of the repository.
fn describe(path: &Path, text: &str) -> io::Result<()> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let lines = text.lines().map(|line| match line.rsplit_once(' ') {
        Some((job, path)) if line.starts_with("job") => format!("{job} {}\n", top.join(path).display()),
        _ => format!("{line}\n"),
    });
    fs::write(path, lines.collect::<String>())
}

async fn first(scratch: &Path, screen: &Rc<Screen>) -> Result<Option<PathBuf>, DemoError> {
    let config = scratch.join("worker.conf");
    describe(&config, FIRST)?;
    screen.line("three jobs, two workers; one of the jobs may take no time at all");
    let options = Options { config: config.clone(), out: scratch.join("reports"), stay: true };
    let runner = Runner::new(options, Rc::clone(screen)).await?;
    let (give, orders) = channel::unbounded();
    let told = async {
        // In the midst of the others, when the first one has ended.
        runner.until(|standing| standing.ended > 0 && standing.read > 100_000).await;
        describe(&config, SECOND)?;
        screen.line("\nin the midst of it: four workers, three more jobs, one that is not wanted any more, and time for the hurried one");
        let jobs = runner.standing().jobs;
        give.try_send(Order::Reload).expect("the other end is here");
        runner.until(|standing| standing.jobs > jobs).await;
        let read = runner.standing().read;
        runner.until(|standing| standing.read > read + 200_000).await;
        screen.line("\nin the midst of that: an end");
        give.try_send(Order::Shutdown).expect("the other end is here");
        Ok::<_, DemoError>(())
    };
    let (left, told) = future::zip(runner.run(&orders), told).await;
    told?;
    Ok(left?)
}

async fn second(left: PathBuf, scratch: &Path, screen: &Rc<Screen>) -> Result<(), DemoError> {
    screen.line("\nanother runner does what was handed back");
    let options = Options { config: left, out: scratch.join("reports"), stay: false };
    let runner = Runner::new(options, Rc::clone(screen)).await?;
    let (_give, orders) = channel::unbounded();
    runner.run(&orders).await?;
    let undone = runner.ended().iter().find(|ended| !matches!(ended.outcome, Outcome::Done)).cloned();
    undone.map_or(Ok(()), |ended| Err(DemoError::Wrong(ended.to_string())))
}

/// What is there afterwards.
fn reports(scratch: &Path, screen: &Screen) -> Result<(), DemoError> {
    screen.line("\nthe reports");
    let names: io::Result<Vec<_>> = fs::read_dir(scratch.join("reports"))?.collect();
    let mut paths: Vec<_> = names?.into_iter().map(|entry| entry.path()).collect();
    paths.sort_unstable();
    for path in paths.iter().filter(|path| path.extension().is_none_or(|kind| kind != "conf")) {
        if path.extension().is_some_and(|kind| kind == "part") {
            return Err(DemoError::Wrong(format!("half a report was left: {}", path.display())));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        screen.line(format_args!("{name:16} {} files", fs::read_to_string(path)?.lines().count()));
    }
    Ok(())
}
