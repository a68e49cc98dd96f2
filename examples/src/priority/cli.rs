//! The program: what its arguments say, and what it prints.

use super::{
    chart::chart,
    class::{Class, Way},
    load::{Load, Measured, load},
};
use crate::worker::Sha256;
use std::{
    env,
    ffi::OsString,
    fmt::{self, Write as _},
    fs,
    io::{self, IsTerminal as _, Write},
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

const HELP: &str = "\
An HTTP server whose tasks have priorities, under more load than it can take, from clients of its own.

usage: priority [--seconds N] [--chart FILE]
       priority --help

Health checks have priority HIGH, requests NORMAL, and a report is built at LOW that locks what all of them write to. The
server runs without priorities, with priorities and a lock that does not know them, and with priorities that whoever
holds the lock inherits, in turn; it prints how long clients waited, and draws it.

options:
  --seconds N     how long each of the three is loaded, in all (default 6)
  --chart FILE    where the picture goes, an SVG file (default `priority.svg` beside the program)
  --help          print this

exit code: 0, or 1 if a request was lost or health checks did not wait less with priorities, or 2 if the arguments make
no sense
";

/// Each of the three is loaded so often, in turn: whatever else the machine does meets all of them.
const ROUNDS: u32 = 3;

/// How long a slice of work is to take.
const SLICE: Duration = Duration::from_micros(100);

/// At least so many times longer must health checks wait without priorities.
const PROMISED: f64 = 5.0;

/// Runs the program with these arguments, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let failure = match Task::read(arguments.into_iter().skip(1)) {
        Ok(Task::Help) => print(HELP).map_err(Failure::Output),
        Ok(Task::Measure { time, chart }) => measure(time, chart),
        Err(usage) => Err(Failure::Usage(usage)),
    };
    let Err(failure) = failure else { return ExitCode::SUCCESS };
    match &failure {
        // Whoever reads our output has seen enough.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        _ => eprintln!("priority: {failure}"),
    }
    ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
}

/// What the arguments ask for.
#[derive(Debug)]
enum Task {
    Help,
    Measure { time: Duration, chart: Option<PathBuf> },
}

/// Why the program fails.
#[derive(Debug)]
enum Failure {
    Usage(String),
    Output(io::Error),
    Load(io::Error),
    Chart(PathBuf, io::Error),
    /// Requests without an answer, or with a wrong one.
    Lost(Vec<String>),
    /// Health checks did not wait less.
    Promise(f64),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(usage) => write!(f, "{usage}; `priority --help` tells what there is"),
            Failure::Output(error) => write!(f, "cannot print: {error}"),
            Failure::Load(error) => write!(f, "cannot serve: {error}"),
            Failure::Chart(path, error) => write!(f, "cannot write {}: {error}", path.display()),
            Failure::Lost(errors) => write!(f, "requests were lost: {errors:?}"),
            Failure::Promise(times) => {
                write!(f, "health checks waited only {times:.1} times longer without priorities")
            }
        }
    }
}

impl Task {
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Task, String> {
        let (mut seconds, mut chart) = (6, None);
        while let Some(argument) = arguments.next() {
            match &*argument.to_string_lossy() {
                "--help" | "-h" => return Ok(Task::Help),
                "--seconds" => {
                    let given = arguments.next().ok_or("--seconds needs a number")?;
                    let number = given.to_str().and_then(|text| text.parse().ok());
                    seconds = number.filter(|number| (1..=3600).contains(number)).ok_or_else(|| {
                        format!("--seconds needs a number from 1 to 3600, not `{}`", given.to_string_lossy())
                    })?;
                }
                "--chart" => chart = Some(PathBuf::from(arguments.next().ok_or("--chart needs a file")?)),
                unknown => return Err(format!("there is no option `{unknown}`")),
            }
        }
        Ok(Task::Measure { time: Duration::from_secs(seconds), chart })
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn measure(time: Duration, file: Option<PathBuf>) -> Result<(), Failure> {
    let clients = Load {
        time: time / ROUNDS,
        clients: [4, 128, 1],
        // Reports are begun at any time of the others' periods.
        periods: [5, 150, 23].map(Duration::from_millis),
        slice: slice(),
    };
    let mut measured = Way::ALL.map(|way| (way, Measured::default()));
    for round in 1..=ROUNDS {
        for (way, measured) in &mut measured {
            tell(format_args!("round {round} of {ROUNDS}: {way}"));
            measured.extend(load(*way, clients).map_err(Failure::Load)?);
        }
    }
    tell(format_args!(""));
    print(&table(&measured)).map_err(Failure::Output)?;

    let lost: Vec<_> = measured.iter().filter(|(_, measured)| !measured.is_complete()).collect();
    let lost = lost.iter().flat_map(|(_, measured)| measured.errors.clone()).collect::<Vec<_>>();
    let complete = measured.iter().all(|(_, measured)| measured.is_complete());
    let count =
        |count: fn(&Measured) -> u64| measured.iter().map(|(_, measured)| count(measured)).sum::<u64>();
    let (sent, answered) = (count(|measured| measured.sent), count(Measured::answered));
    print(&format!("{} of {sent} requests were lost\n", sent - answered)).map_err(Failure::Output)?;

    let waited = measured.iter().map(|(way, measured)| format!("{} ({way})", measured.waited));
    let waited = waited.collect::<Vec<_>>().join(", ");
    print(&format!("a health check let at most so many slices of other work go first: {waited}\n"))
        .map_err(Failure::Output)?;

    let file = file.unwrap_or_else(|| env::current_exe().unwrap_or_default().with_file_name("priority.svg"));
    let written = fs::write(&file, chart(&measured));
    written.map_err(|error| Failure::Chart(file.clone(), error))?;
    print(&format!("the picture is {}\n", file.display())).map_err(Failure::Output)?;

    let [without, _, with] =
        measured.map(|(_, measured)| measured.waits[Class::Health as usize].percentile(99));
    let times = without.as_secs_f64() / with.as_secs_f64().max(f64::EPSILON);
    print(&format!(
        "99 of 100 health checks waited at most {} without priorities and {} with them: {times:.1} times less\n",
        ms(without),
        ms(with)
    ))
    .map_err(Failure::Output)?;
    match (complete, times) {
        (false, _) => Err(Failure::Lost(lost)),
        (true, times) if times < PROMISED => Err(Failure::Promise(times)),
        (true, _) => Ok(()),
    }
}

/// How many bytes make a slice of work on this machine.
fn slice() -> usize {
    const BYTES: usize = 64 << 10;
    let bytes = vec![1; BYTES];
    let fastest = (0..10).map(|_| {
        let since = Instant::now();
        let mut digest = Sha256::new();
        digest.update(&bytes);
        std::hint::black_box(digest.finish());
        since.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default().as_nanos().max(1);
    let bytes = BYTES as u128 * SLICE.as_nanos() / fastest;
    usize::try_from(bytes).unwrap_or(BYTES).clamp(64, 1 << 20)
}

/// What is going on, on a terminal in one line.
fn tell(text: fmt::Arguments<'_>) {
    let mut stderr = io::stderr();
    // A lost line of progress is no reason to stop.
    let _ = if stderr.is_terminal() {
        write!(stderr, "\r{:50}\r{text}", "").and_then(|()| stderr.flush())
    } else if text.as_str() == Some("") {
        Ok(())
    } else {
        writeln!(stderr, "{text}")
    };
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// The three ways side by side.
fn table(measured: &[(Way, Measured)]) -> String {
    let mut table = format!("{:16}", "waited, ms");
    for (way, _) in measured {
        let _ = write!(table, "{way:>34}");
    }
    let _ = write!(table, "\n{:16}", "");
    for _ in measured {
        let _ = write!(table, "{:>10}{:>8}{:>8}{:>8}", "answers", "p50", "p99", "max");
    }
    table.push('\n');
    for class in Class::ALL {
        let _ = write!(table, "{:16}", class.name());
        for (_, measured) in measured {
            let waits = &measured.waits[class as usize];
            let _ = write!(table, "{:>10}", waits.count());
            for rank in [50, 99, 100] {
                let _ = write!(table, "{:>8.1}", waits.percentile(rank).as_secs_f64() * 1e3);
            }
        }
        table.push('\n');
    }
    table
}
