//! The program: what its arguments say, and what it prints.

use super::{Options, Order, Outcome, RunError, Runner, Screen, demo};
use crate::signals::{self, Signal};
use asynkit::Executor;
use smol::channel::{self, Receiver};
use std::{
    ffi::OsString,
    fmt,
    io::{self, Write},
    path::PathBuf,
    process::{self, ExitCode},
    rc::Rc,
};

const HELP: &str = "\
Runs the jobs that a file describes, several at a time, and reads that file again while it works.

usage: worker CONFIG [--out DIR] [--stay]
       worker --help

Without arguments it shows itself: a few jobs over its own sources, a job that takes too long, a reload and a shutdown
in the midst of it.

CONFIG has a setting or a job on each line:
  workers 4                 how many jobs run at a time
  limit 60s                 how long a job may take (250ms, 5s, 2m or none)
  grace 5s                  how long jobs go on after a shutdown, and clean up after their limit
  piece 65536               how many bytes are read at a time
  job NAME KIND [limit=T] PATH
                            KIND sha256: a digest for each file below PATH, as sha256sum -c reads them
                            KIND count: lines, words and bytes of each, as wc counts them
Relative paths begin where CONFIG is. The report of a job is DIR/NAME.KIND; it is there when the job is done, not before.

SIGHUP has CONFIG read again: workers are told at once, jobs that have begun go on, those that are not in it any more are
dropped, those whose description or files have changed are done anew. Ctrl-c ends it: nothing more begins, what has begun
has its grace, and then it is handed back: DIR/handed-back.conf describes what was not done. A second ctrl-c ends the grace,
a third one the program.

options:
  --out DIR       where the reports go (default `reports`)
  --stay          wait for a reload when all jobs have ended
  --help          print this

exit code: 0, or 1 if a job was not done or nothing could be run, or 2 if the arguments make no sense
";

/// Runs the program with these arguments, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let failure = match Task::read(arguments.into_iter().skip(1)) {
        Ok(Task::Help) => print(HELP).map_err(Failure::Output),
        Ok(Task::Demo) => demo::run(&Rc::new(Screen::new())).map_err(Failure::Demo),
        Ok(Task::Run(options)) => run(options),
        Err(usage) => Err(Failure::Usage(usage)),
    };
    let Err(failure) = failure else { return ExitCode::SUCCESS };
    match &failure {
        // Whoever reads our output has seen enough: `worker --help | head`.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        _ => eprintln!("worker: {failure}"),
    }
    ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
}

/// What the arguments ask for.
#[derive(Debug)]
enum Task {
    Help,
    Demo,
    Run(Options),
}

/// Why the program fails.
#[derive(Debug)]
enum Failure {
    Usage(String),
    Output(io::Error),
    Signals(io::Error),
    Run(RunError),
    Demo(demo::DemoError),
    /// So many jobs; what became of each has been printed.
    Jobs(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(usage) => write!(f, "{usage}; `worker --help` tells what there is"),
            Failure::Output(error) => write!(f, "cannot print: {error}"),
            Failure::Signals(error) => write!(f, "cannot wait for signals: {error}"),
            Failure::Run(error) => error.fmt(f),
            Failure::Demo(error) => write!(f, "the demonstration failed: {error}"),
            Failure::Jobs(1) => f.write_str("one job was not done"),
            Failure::Jobs(count) => write!(f, "{count} jobs were not done"),
        }
    }
}

impl Task {
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Task, String> {
        let (mut config, mut out, mut stay, mut any) = (None, None, false, false);
        while let Some(argument) = arguments.next() {
            any = true;
            let text = argument.to_string_lossy().into_owned();
            match &*text {
                "--help" | "-h" => return Ok(Task::Help),
                "--stay" => stay = true,
                "--out" => out = Some(arguments.next().ok_or("--out needs a directory")?),
                unknown if unknown.starts_with('-') => return Err(format!("there is no option `{unknown}`")),
                _ if config.is_some() => return Err(format!("one file is enough, and `{text}` is another")),
                _ => config = Some(PathBuf::from(argument)),
            }
        }
        match config {
            Some(config) => {
                let out = out.map_or_else(|| PathBuf::from("reports"), PathBuf::from);
                Ok(Task::Run(Options { config, out, stay }))
            }
            None if any => Err("a file is needed that describes the jobs".to_owned()),
            None => Ok(Task::Demo),
        }
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn run(options: Options) -> Result<(), Failure> {
    let orders = orders().map_err(Failure::Signals)?;
    let screen = Rc::new(Screen::new());
    Executor::run(async {
        let runner = Runner::new(options, Rc::clone(&screen)).await.map_err(Failure::Run)?;
        if let Some(left) = runner.run(&orders).await.map_err(Failure::Run)? {
            screen.line(format_args!("what is left to do is in {}", left.display()));
        }
        let is_undone = |outcome: &Outcome| !matches!(outcome, Outcome::Done | Outcome::Withdrawn);
        match runner.ended().iter().filter(|ended| is_undone(&ended.outcome)).count() {
            0 => Ok(()),
            undone => Err(Failure::Jobs(undone)),
        }
    })
}

/// What the system tells the program, as orders.
fn orders() -> io::Result<Receiver<Order>> {
    let (give, orders) = channel::unbounded();
    let mut ends = 0;
    signals::listen("worker-signals", true, move |signal| {
        let order = match signal {
            Signal::Reload => Order::Reload,
            Signal::End => Order::Shutdown,
        };
        ends += usize::from(signal == Signal::End);
        if ends == 3 {
            process::exit(130);
        }
        // Where nobody takes it, the program is about to end.
        let _ = give.try_send(order);
    })?;
    Ok(orders)
}
