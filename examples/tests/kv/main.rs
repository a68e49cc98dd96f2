//! The key-value server of the example `kv`, asked over real sockets.

#[path = "../common/mod.rs"]
mod common;

mod blocking;
mod channels;
mod expiry;
mod kinds;
mod pipelines;
mod program;
mod real_clients;
mod runtimes;
mod shutdown;
mod store;
mod strings;
mod threads;
mod transactions;

use asynkit_examples::{
    kv::{Asynkit, Caller, Options, Runtime, Stop, serve},
    resp::Value,
};
use std::{
    fmt::Write as _,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// No reply takes longer, on the slowest of machines.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server in this process, which ends with this value.
struct Served {
    address: SocketAddr,
    stop: Stop,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Served {
    /// One thread, on our executor.
    fn start() -> Self {
        Served::on::<Asynkit>(1)
    }

    fn on<R: Runtime>(threads: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Stop::new();
        let thread = thread::spawn({
            let stop = stop.clone();
            move || serve::<R>(listener, Options { threads, ..Options::default() }, &stop)
        });
        Served { address, stop, thread: Some(thread) }
    }

    fn connect(&self) -> Caller {
        let caller = Caller::connect(self.address).unwrap();
        caller.set_patience(Some(PATIENCE)).unwrap();
        caller
    }

    /// Waits until so many clients are blocked.
    fn until_blocked(&self, count: usize) {
        let line = format!("blocked_clients:{count}\r\n");
        let mut caller = self.connect();
        let start = Instant::now();
        loop {
            let Value::Bulk(info) = caller.call(["INFO", "clients"]).unwrap() else { panic!("INFO is text") };
            if String::from_utf8(info).unwrap().contains(&line) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "never are {count} clients blocked");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until it has ended.
    fn ended(mut self) {
        self.thread.take().unwrap().join().unwrap().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !thread::panicking() {
                ended.unwrap().unwrap();
            }
        }
    }
}

/// A reply in one line.
fn shown(value: &Value) -> String {
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let list = |open: &str, items: &[Value]| {
        let items: Vec<_> = items.iter().map(shown).collect();
        format!("{open}{}]", items.join(" "))
    };
    match value {
        Value::Simple(line) => format!("+{}", words(line)),
        Value::Error(line) => format!("-{}", words(line)),
        Value::Integer(number) => format!(":{number}"),
        Value::Double(number) => format!(",{number}"),
        Value::Bulk(bytes) | Value::Verbatim { text: bytes, .. } => words(bytes),
        Value::Null(_) => "nil".to_owned(),
        Value::Array(items) => list("[", items),
        Value::Push(items) => list(">[", items),
        Value::Set(items) => list("~[", items),
        Value::Map(pairs) => {
            let mut line = String::from("{");
            for (key, value) in pairs {
                write!(line, "{}={} ", shown(key), shown(value)).unwrap();
            }
            line.trim_end().to_owned() + "}"
        }
        other => panic!("{other:?}"),
    }
}

/// The reply to a command, its words split at spaces.
fn ask(caller: &mut Caller, command: &str) -> String {
    shown(&caller.call(command.split(' ')).unwrap())
}

/// Checks what commands are answered, one after the other.
#[track_caller]
fn says(caller: &mut Caller, dialogue: &[(&str, &str)]) {
    for (command, reply) in dialogue {
        assert_eq!(ask(caller, command), *reply, "{command}");
    }
}

/// What comes next on a connection.
fn next(caller: &mut Caller) -> String {
    shown(&caller.receive().unwrap())
}
