//! redis-benchmark against ours, its twins on tokio and smol, and redis-server, in turn.

use std::{
    collections::BTreeMap,
    env, fmt, fs,
    io::{self, BufRead as _, BufReader},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How much is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How often each server has its turn.
    pub rounds: usize,
    /// How many requests a test sends, times the length of the pipeline.
    pub requests: usize,
    /// The tests, as redis-benchmark calls them.
    pub tests: Vec<String>,
    /// How many requests a client sends before it waits.
    pub pipelines: Vec<usize>,
}

impl Default for Plan {
    fn default() -> Self {
        Plan { rounds: 5, requests: 50_000, tests: TESTS.map(String::from).to_vec(), pipelines: vec![1, 16] }
    }
}

const CONNECTIONS: &str = "50";
const TESTS: [&str; 5] = ["ping_mbulk", "set", "get", "incr", "lpush"];
const RUNTIMES: [&str; 3] = ["asynkit", "tokio", "smol"];
const REDIS: &str = "redis";

/// Of a test at a pipeline's length: one sample a round for each server.
type Figures = BTreeMap<(usize, String), BTreeMap<String, Vec<Sample>>>;

/// What one run of one test found.
#[derive(Debug, Clone, Copy)]
struct Sample {
    /// Requests in a second.
    rate: f64,
    /// Nanoseconds of the server's processor time for a request, which other programs on the machine disturb less. Not a
    /// number where the system does not tell.
    cost: f64,
}

/// Measures, and prints a table.
///
/// # Errors
/// Where redis-benchmark is missing or fails, or a server does not start.
pub fn run(plan: &Plan) -> io::Result<()> {
    if !is_there("redis-benchmark") {
        return Err(io::Error::other("there is no redis-benchmark (Debian: redis-tools)"));
    }
    let mut servers = Vec::new();
    for runtime in RUNTIMES {
        servers.push(Server::ours(runtime)?);
    }
    if is_there("redis-server") {
        servers.push(Server::redis()?);
    } else {
        println!("redis-server is skipped: it is not here (Debian: redis-server)\n");
    }
    let mut figures = Figures::new();
    for round in 0..plan.rounds {
        for &pipeline in &plan.pipelines {
            for test in &plan.tests {
                // Who is first changes from round to round: no server always comes after the same one.
                for turn in 0..servers.len() {
                    let server = &servers[(turn + round) % servers.len()];
                    let (round, rounds) = (round + 1, plan.rounds);
                    eprint!("\rround {round} of {rounds}, -P {pipeline}, {test:10}, {:8}", server.name);
                    let (name, sample) = server.measure(test, plan.requests * pipeline, pipeline)?;
                    let by_server = figures.entry((pipeline, name)).or_default();
                    by_server.entry(server.name.clone()).or_default().push(sample);
                }
            }
        }
    }
    eprintln!("\r{:50}\r", "");
    let names: Vec<_> = servers.iter().map(|server| server.name.clone()).collect();
    print!("{}", Table { names, figures });
    Ok(())
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok()
}

/// A server in a process of its own, which ends with this value.
struct Server {
    name: String,
    port: u16,
    child: Child,
}

impl Server {
    fn ours(runtime: &str) -> io::Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(["--runtime", runtime, "--addr", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let port = line.trim().rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let server = Server { name: runtime.to_owned(), port: port.unwrap_or(0), child };
        if server.port == 0 {
            return Err(io::Error::other(format!("the server on {runtime} does not start: {line}")));
        }
        Ok(server)
    }

    fn redis() -> io::Result<Self> {
        // Free now, and most likely still when redis takes it.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .current_dir(env::temp_dir())
            .stdout(Stdio::null())
            .spawn()?;
        let server = Server { name: REDIS.to_owned(), port, child };
        let start = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                return Err(io::Error::other("redis-server does not start"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// What redis-benchmark finds in one test, and what it calls that.
    fn measure(&self, test: &str, requests: usize, pipeline: usize) -> io::Result<(String, Sample)> {
        let before = self.processor_time();
        let output = Command::new("redis-benchmark")
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-c", CONNECTIONS, "-t", test, "--csv"])
            .args(["-n", &requests.to_string(), "-P", &pipeline.to_string()])
            .output()?;
        let spent = self.processor_time() - before;
        let said = String::from_utf8_lossy(&output.stdout);
        if let (true, Some((name, rate))) = (output.status.success(), said.lines().find_map(rate)) {
            #[expect(clippy::cast_precision_loss, reason = "a figure to be read by people")]
            return Ok((name, Sample { rate, cost: spent / requests as f64 }));
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(format!("redis-benchmark says of {}: {said}{errors}", self.name)))
    }

    /// The nanoseconds that the threads of the server have run, as Linux tells.
    fn processor_time(&self) -> f64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let Ok(threads) = threads else { return f64::NAN };
        let of_thread = |thread: io::Result<fs::DirEntry>| {
            let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<f64>().ok()
        };
        threads.filter_map(of_thread).sum()
    }
}

/// `"SET","12345.67",...`
fn rate(line: &str) -> Option<(String, f64)> {
    let mut fields = line.split(',').map(|field| field.trim_matches('"'));
    let (test, rate) = (fields.next()?, fields.next()?);
    Some((test.to_owned(), rate.parse().ok()?))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The medians, and ours divided by each other's.
struct Table {
    names: Vec<String>,
    figures: Figures,
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.half(f, "requests in a second", |sample| sample.rate)?;
        self.half(f, "nanoseconds of the server's processor time for a request", |sample| sample.cost)?;
        writeln!(f, "medians; those of the ratios are of the ratios in each round")
    }
}

impl Table {
    fn half(&self, f: &mut fmt::Formatter<'_>, title: &str, of: fn(&Sample) -> f64) -> fmt::Result {
        let (ours, others) = self.names.split_first().ok_or(fmt::Error)?;
        writeln!(f, "{title}")?;
        write!(f, "{:4} {:12}", "-P", "test")?;
        for name in &self.names {
            write!(f, " {name:>10}")?;
        }
        for name in others {
            write!(f, " {:>12}", format!("ours/{name}"))?;
        }
        writeln!(f)?;
        for ((pipeline, test), by_server) in &self.figures {
            write!(f, "{pipeline:<4} {test:12}")?;
            for name in &self.names {
                write!(f, " {:>10.0}", median(by_server[name].iter().map(of)))?;
            }
            for name in others {
                // In each round the two were measured soon after each other.
                let pairs = by_server[ours].iter().zip(&by_server[name]);
                write!(f, " {:>12.2}", median(pairs.map(|(ours, other)| of(ours) / of(other))))?;
            }
            writeln!(f)?;
        }
        writeln!(f)
    }
}
