//! The program: what its arguments say, and what it prints.

use super::{
    Cuts, Grammar, Limits, Progress, ReadError, Tally,
    ways::{Options, blocking, generated, over_tcp},
};
use crate::kv;
use std::{
    ffi::OsString,
    fmt,
    io::{self, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

const HELP: &str = "\
Reads the Redis serialization protocol (RESP2 and RESP3) with one parser, run three ways.

usage: resp [--seed N] [FILE...]
       resp --serve [ADDR]
       resp --help

Without arguments it reads the recorded session that comes with it. Each FILE is a capture of your own: the raw bytes
that one side of a connection sent. Every file is read as sync code, as a generator of frames, and over a TCP connection
of its own that is cut at random places; it prints the frames and the speed of each, and whether all three agree.

options:
  --seed N        where the TCP connection is cut; the same number cuts the same way (default 42)
  --serve [ADDR]  answer redis-cli, redis-benchmark and other clients at ADDR (default 127.0.0.1:6379; port 0 takes a
                  free one), until it is stopped
  --help          print this

exit code: 0, or 1 if a file cannot be read or the ways disagree, or 2 if the arguments make no sense
";

/// The session that comes with the repository.
const SESSION: [(&str, Grammar); 2] = [
    (concat!(env!("CARGO_MANIFEST_DIR"), "/data/session.requests.resp"), Grammar::Requests),
    (concat!(env!("CARGO_MANIFEST_DIR"), "/data/session.replies.resp"), Grammar::Replies),
];

/// A short file is read again and again for so long, or its speed would be chance.
const MEASURE: Duration = Duration::from_millis(200);

/// The longest piece of a TCP connection.
const LONGEST_CUT: usize = 4096;

/// Runs the program with these arguments, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let failure = match Task::read(arguments.into_iter().skip(1)) {
        Ok(Task::Help) => print(HELP).map_err(Failure::Output),
        Ok(Task::Serve { address }) => serve(&address),
        Ok(Task::Read { files, seed }) => read(&files, seed),
        Err(usage) => Err(Failure::Usage(usage)),
    };
    let Err(failure) = failure else { return ExitCode::SUCCESS };
    match &failure {
        // Whoever reads our output has seen enough: `resp | head`.
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        _ => eprintln!("resp: {failure}"),
    }
    ExitCode::from(if matches!(failure, Failure::Usage(_)) { 2 } else { 1 })
}

/// What the arguments ask for.
#[derive(Debug)]
enum Task {
    Help,
    Serve { address: String },
    Read { files: Vec<PathBuf>, seed: u64 },
}

/// Why the program fails.
#[derive(Debug)]
enum Failure {
    Usage(String),
    Output(io::Error),
    Listen(String, io::Error),
    Serve(io::Error),
    /// So many files; what is wrong with each has been said.
    Files(usize),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(usage) => write!(f, "{usage}; `resp --help` tells what there is"),
            Failure::Output(error) => write!(f, "cannot print: {error}"),
            Failure::Listen(address, error) => write!(f, "cannot listen on {address}: {error}"),
            Failure::Serve(error) => write!(f, "the server stopped: {error}"),
            Failure::Files(1) => f.write_str("one file failed"),
            Failure::Files(count) => write!(f, "{count} files failed"),
        }
    }
}

impl Task {
    fn read(arguments: impl Iterator<Item = OsString>) -> Result<Task, String> {
        let mut arguments = arguments.peekable();
        let mut files = Vec::new();
        let mut seed = None;
        let mut address = None;
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy();
            let (option, mut value) = match text.split_once('=') {
                Some((option, value)) => (option, Some(value.to_owned())),
                None => (&*text, None),
            };
            let mut next = |wanted: fn(&OsString) -> bool| {
                value
                    .take()
                    .or_else(|| arguments.next_if(wanted).map(|next| next.to_string_lossy().into_owned()))
            };
            match option {
                "--" => files.extend(arguments.by_ref().map(PathBuf::from)),
                "--help" | "-h" => return Ok(Task::Help),
                "--serve" => {
                    let given = next(|next| !next.to_string_lossy().starts_with('-'));
                    address = Some(given.unwrap_or_else(|| "127.0.0.1:6379".to_owned()));
                }
                "--seed" => {
                    let given = next(|_| true).ok_or("--seed needs a number")?;
                    seed = Some(given.parse().map_err(|_| format!("--seed needs a number, not `{given}`"))?);
                }
                unknown if unknown.starts_with('-') => return Err(format!("there is no option `{unknown}`")),
                _ => files.push(PathBuf::from(argument)),
            }
        }
        match address {
            None => Ok(Task::Read { files, seed: seed.unwrap_or(42) }),
            Some(_) if !files.is_empty() || seed.is_some() => {
                Err("--serve goes with neither files nor --seed".to_owned())
            }
            Some(address) => Ok(Task::Serve { address }),
        }
    }
}

fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

fn serve(address: &str) -> Result<(), Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
    let (bound, listener) = bound.map_err(|error| Failure::Listen(address.to_owned(), error))?;
    print(&format!("listening on {bound}\n")).map_err(Failure::Output)?;
    kv::serve::<kv::Smol>(listener, kv::Options::default(), &kv::Stop::new()).map_err(Failure::Serve)
}

fn read(files: &[PathBuf], seed: u64) -> Result<(), Failure> {
    let files: Vec<(&Path, Grammar)> = if files.is_empty() {
        SESSION.iter().map(|(path, grammar)| (Path::new(path), *grammar)).collect()
    } else {
        files.iter().map(|path| (path.as_path(), Grammar::Capture)).collect()
    };
    let mut failed = 0;
    for (path, grammar) in files {
        match compare(path, Options { grammar, limits: Limits::new() }, seed) {
            Ok(report) => {
                print(&report.to_string()).map_err(Failure::Output)?;
                failed += usize::from(!report.agrees());
            }
            Err(error) => {
                eprintln!("resp: {}: {error}", path.display());
                failed += 1;
            }
        }
    }
    if failed == 0 { Ok(()) } else { Err(Failure::Files(failed)) }
}

/// What the three ways found in one file.
struct Report {
    name: String,
    ways: Vec<(String, Tally, Duration)>,
}

/// Reads one file three ways.
fn compare(path: &Path, options: Options, seed: u64) -> Result<Report, ReadError> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let total = path.metadata()?.len();
    let mut ways = Vec::new();
    let mut measure = |way: String, run: &dyn Fn(&Progress) -> Result<Tally, ReadError>| {
        let label = format!("{name}, {way}");
        let started = Instant::now();
        let mut passes = 0;
        loop {
            let tally = run(&Progress::new(label.as_str(), total))?;
            passes += 1;
            if started.elapsed() >= MEASURE {
                ways.push((way, tally, started.elapsed() / passes));
                return Ok::<_, ReadError>(());
            }
        }
    };
    measure("sync".to_owned(), &|progress| blocking(path, options, progress))?;
    measure("generator".to_owned(), &|progress| generated(path, options, progress))?;
    measure(format!("TCP, cut by seed {seed}"), &|progress| {
        over_tcp(path, options, Cuts::new(seed, LONGEST_CUT), progress)
    })?;
    Ok(Report { name, ways })
}

impl Report {
    fn agrees(&self) -> bool {
        self.ways.windows(2).all(|pair| pair[0].1 == pair[1].1)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.name)?;
        writeln!(f, "  {:28} {:>12} {:>14} {:>9}", "way", "frames", "bytes", "MB/s")?;
        for (way, tally, took) in &self.ways {
            #[expect(clippy::cast_precision_loss, reason = "a rate to be read by people")]
            let rate = tally.bytes as f64 / took.as_secs_f64() / 1e6;
            writeln!(f, "  {way:28} {:>12} {:>14} {rate:>9.1}", tally.frames, tally.bytes)?;
        }
        if self.agrees() { writeln!(f, "  all three agree\n") } else { writeln!(f, "  THEY DISAGREE\n") }
    }
}
