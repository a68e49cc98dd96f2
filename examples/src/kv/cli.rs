//! The program: what its arguments say, and what it prints.

use super::{Asynkit, Options, Runtime, Smol, Stop, Tokio, bench, demo, serve};
use crate::signals;
use std::{
    ffi::OsString,
    fmt,
    io::{self, Write},
    net::TcpListener,
    process::{self, ExitCode},
};

const HELP: &str = "\
A key-value server on asynkit's executor that redis-cli and other clients of redis can talk to.

usage: kv [--addr ADDR] [--threads N]
       kv --demo
       kv --help

It keeps everything in memory: strings, counters, lists, sets, hashes and sorted sets, keys that expire, channels, lists
that clients wait for, and transactions. `redis-cli COMMAND LIST` shows its commands. Ctrl-c ends it: what has been asked
is answered, and who waits is told. A second ctrl-c ends it at once.

options:
  --addr ADDR     where it listens (default 127.0.0.1:6379; port 0 takes a free one)
  --threads N     how many threads answer clients, each with an executor of its own (default 1)
  --demo          start on a free port, show with a client what there is, and end
  --help          print this

exit code: 0, or 1 if it cannot listen or the demo fails, or 2 if the arguments make no sense
";

/// The most threads.
const MOST_THREADS: usize = 256;

/// Runs the program with these arguments, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let failure = match Task::read(arguments.into_iter().skip(1)) {
        Ok(Task::Help) => print(HELP).map_err(Failure::Output),
        Ok(Task::Demo) => demo::run(&mut io::stdout()).map_err(Failure::Demo),
        Ok(Task::Bench(plan)) => bench::run(&plan).map_err(Failure::Bench),
        Ok(Task::Serve { address, threads, run }) => run(&address, threads),
        Err(usage) => Err(Failure::Usage(usage)),
    };
    let Err(failure) = failure else { return ExitCode::SUCCESS };
    match &failure {
        // Whoever reads our output has seen enough: `kv --help | head`.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        _ => eprintln!("kv: {failure}"),
    }
    ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
}

/// Listens and serves, on one of the runtimes.
type Serve = fn(&str, usize) -> Result<(), Failure>;

/// What the arguments ask for.
#[derive(Debug)]
enum Task {
    Help,
    Demo,
    Bench(bench::Plan),
    Serve { address: String, threads: usize, run: Serve },
}

/// Why the program fails.
#[derive(Debug)]
enum Failure {
    Usage(String),
    Output(io::Error),
    Listen(String, io::Error),
    Serve(io::Error),
    Demo(io::Error),
    Bench(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(usage) => write!(f, "{usage}; `kv --help` tells what there is"),
            Failure::Output(error) => write!(f, "cannot print: {error}"),
            Failure::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Failure::Serve(error) => write!(f, "the server stopped: {error}"),
            Failure::Demo(error) => write!(f, "the demo failed: {error}"),
            Failure::Bench(error) => write!(f, "cannot measure: {error}"),
        }
    }
}

impl Task {
    fn read(mut arguments: impl Iterator<Item = OsString>) -> Result<Task, String> {
        let (mut address, mut threads, mut runtime) = (None, None, None);
        let (mut is_demo, mut is_bench) = (false, false);
        let mut plan = bench::Plan::default();
        while let Some(argument) = arguments.next() {
            let argument = argument.to_string_lossy().into_owned();
            let (option, mut value) = match argument.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (&*argument, None),
            };
            let mut next = |what: &str| {
                let next = || arguments.next().map(|next| next.to_string_lossy().into_owned());
                value.take().or_else(next).ok_or_else(|| format!("{option} needs {what}"))
            };
            match option {
                "--help" | "-h" => return Ok(Task::Help),
                "--demo" => is_demo = true,
                "--addr" => address = Some(next("an address")?),
                "--threads" => threads = Some(number(option, &next("a number")?, MOST_THREADS)?),
                // Not for users: what the measurements need.
                "--runtime" => {
                    runtime = Some(match next("a name")?.as_str() {
                        "asynkit" => listen_and_serve::<Asynkit>,
                        "tokio" => listen_and_serve::<Tokio>,
                        "smol" => listen_and_serve::<Smol>,
                        other => return Err(format!("there is no runtime `{other}`")),
                    });
                }
                "--bench" => is_bench = true,
                "--rounds" => plan.rounds = number(option, &next("a number")?, 1000)?,
                "--requests" => plan.requests = number(option, &next("a number")?, 10_000_000)?,
                "--tests" => plan.tests = next("names")?.split(',').map(str::to_owned).collect(),
                "--pipeline" => plan.pipelines = vec![number(option, &next("a number")?, 1000)?],
                unknown => return Err(format!("there is no option `{unknown}`")),
            }
            if let Some(value) = value {
                return Err(format!("{option} takes no value, not `{value}`"));
            }
        }
        let serves = address.is_some() || threads.is_some() || runtime.is_some();
        match (is_demo, is_bench) {
            (true, _) if serves || is_bench => Err("--demo goes with no other option".to_owned()),
            (true, _) => Ok(Task::Demo),
            (_, true) => Ok(Task::Bench(plan)),
            _ => Ok(Task::Serve {
                address: address.unwrap_or_else(|| "127.0.0.1:6379".to_owned()),
                threads: threads.unwrap_or(1),
                run: runtime.unwrap_or(listen_and_serve::<Asynkit>),
            }),
        }
    }
}

fn number(option: &str, text: &str, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("{option} needs a number from 1 to {most}, not `{text}`"))
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn listen_and_serve<R: Runtime>(address: &str, threads: usize) -> Result<(), Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (bound, listener) = bound.map_err(|error| Failure::Listen(address.to_owned(), error))?;
    let stop = Stop::new();
    stop_at_signals(&stop).map_err(Failure::Serve)?;
    print(&format!("listening on {bound}\n")).map_err(Failure::Output)?;
    serve::<R>(listener, Options { threads, ..Options::default() }, &stop).map_err(Failure::Serve)
}

/// Ends the server at ctrl-c, and the process at a second one.
fn stop_at_signals(stop: &Stop) -> io::Result<()> {
    let stop = stop.clone();
    signals::listen("kv-signals", false, move |_| {
        if stop.is_stopped() {
            process::exit(130);
        }
        eprintln!("kv: ending");
        stop.stop();
    })
}
