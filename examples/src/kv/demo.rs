//! What there is, shown by clients over real sockets.

use super::{Asynkit, Caller, Options, Stop, serve};
use crate::resp::{Null, ReadError, Value};
use std::{
    fmt::Write as _,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

/// No reply takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a server on a free port, shows what it does, and ends it.
///
/// # Errors
/// Where a socket or a thread cannot be had, or `out` cannot be written.
pub fn run(out: &mut impl Write) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let stop = Stop::new();
    let server = thread::spawn({
        let stop = stop.clone();
        move || serve::<Asynkit>(listener, Options::default(), &stop)
    });
    writeln!(out, "a server on asynkit's executor listens on {address}")?;
    let shown = show(out, address);
    stop.stop();
    let ended = server.join().map_err(|_| io::Error::other("the server has panicked"))?;
    shown?;
    ended?;
    writeln!(out, "\nthe server has ended")
}

fn show(out: &mut impl Write, address: SocketAddr) -> io::Result<()> {
    strings(&mut Scene::new(out, address)?)?;
    expiry(&mut Scene::new(out, address)?)?;
    channels(&mut Scene::new(out, address)?, address)?;
    waiting(&mut Scene::new(out, address)?, address)?;
    transactions(&mut Scene::new(out, address)?, address)?;
    pipeline(&mut Scene::new(out, address)?)
}

/// A connection whose commands and replies are printed.
struct Scene<'a, W> {
    out: &'a mut W,
    caller: Caller,
}

fn connect(address: SocketAddr) -> io::Result<Caller> {
    let caller = Caller::connect(address)?;
    caller.set_patience(Some(PATIENCE))?;
    Ok(caller)
}

impl<'a, W: Write> Scene<'a, W> {
    fn new(out: &'a mut W, address: SocketAddr) -> io::Result<Self> {
        Ok(Scene { out, caller: connect(address)? })
    }

    fn title(&mut self, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n{title}")
    }

    fn line(&mut self, who: &str, command: &str, reply: &Value) -> io::Result<()> {
        writeln!(self.out, "  {who}> {command:32} {}", text(reply))
    }

    /// One command, its words split at spaces.
    fn call(&mut self, command: &str) -> io::Result<Value> {
        let reply = self.caller.call(command.split(' ')).map_err(other)?;
        self.line("a", command, &reply)?;
        Ok(reply)
    }
}

fn other(error: ReadError) -> io::Error {
    match error {
        ReadError::Io(error) => error,
        ReadError::Parse(error) => io::Error::other(error),
    }
}

/// A reply in one line.
fn text(value: &Value) -> String {
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match value {
        Value::Simple(line) => words(line),
        Value::Error(line) => format!("(error) {}", words(line)),
        Value::Integer(number) => number.to_string(),
        Value::Bulk(bytes) => format!("\"{}\"", words(bytes)),
        Value::Null(Null::Bulk | Null::Array | Null::Plain) => "(nil)".to_owned(),
        Value::Array(items) | Value::Push(items) | Value::Set(items) => {
            let mut line = String::from("[");
            for (at, item) in items.iter().enumerate() {
                let comma = if at == 0 { "" } else { ", " };
                write!(line, "{comma}{}", text(item)).expect("a string takes all that is written to it");
            }
            line + "]"
        }
        other => format!("{other:?}"),
    }
}

fn strings(scene: &mut Scene<'_, impl Write>) -> io::Result<()> {
    scene.title("set and get")?;
    for command in ["SET greeting hello", "GET greeting", "GET nothing", "INCR visits", "INCR visits"] {
        scene.call(command)?;
    }
    Ok(())
}

fn expiry(scene: &mut Scene<'_, impl Write>) -> io::Result<()> {
    scene.title("a key that ends")?;
    scene.call("SET session open")?;
    scene.call("GET session")?;
    scene.call("PEXPIRE session 50")?;
    thread::sleep(Duration::from_millis(60));
    writeln!(scene.out, "     60 milliseconds later")?;
    scene.call("GET session")?;
    Ok(())
}

fn channels(scene: &mut Scene<'_, impl Write>, address: SocketAddr) -> io::Result<()> {
    scene.title("one connection publishes, another listens")?;
    let mut listener = connect(address)?;
    let reply = listener.call(["SUBSCRIBE", "news"]).map_err(other)?;
    scene.line("b", "SUBSCRIBE news", &reply)?;
    scene.call("PUBLISH news extra!")?;
    let message = listener.receive().map_err(other)?;
    scene.line("b", "  is told", &message)
}

fn waiting(scene: &mut Scene<'_, impl Write>, address: SocketAddr) -> io::Result<()> {
    scene.title("one connection waits for a list, another fills it")?;
    let mut waiting = connect(address)?;
    waiting.send(["BLPOP", "jobs", "30"])?;
    writeln!(scene.out, "  b> BLPOP jobs 30")?;
    thread::sleep(Duration::from_millis(20));
    scene.call("RPUSH jobs first")?;
    let served = waiting.receive().map_err(other)?;
    scene.line("b", "  is served", &served)?;
    let start = Instant::now();
    scene.call("BLPOP jobs 0.05")?;
    let waited = start.elapsed().as_millis();
    writeln!(scene.out, "     after {waited} milliseconds")
}

fn transactions(scene: &mut Scene<'_, impl Write>, address: SocketAddr) -> io::Result<()> {
    scene.title("a transaction, and one that meets a conflict")?;
    for command in ["MULTI", "SET from 1", "INCR to", "EXEC", "WATCH to"] {
        scene.call(command)?;
    }
    let reply = connect(address)?.call(["SET", "to", "100"]).map_err(other)?;
    scene.line("b", "SET to 100", &reply)?;
    for command in ["MULTI", "INCR to", "EXEC", "GET to"] {
        scene.call(command)?;
    }
    Ok(())
}

fn pipeline(scene: &mut Scene<'_, impl Write>) -> io::Result<()> {
    const COUNT: usize = 10_000;
    scene.title("a pipeline")?;
    let start = Instant::now();
    let commands = (0..COUNT).map(|_| vec!["INCR", "counter"]);
    let replies = scene.caller.pipeline(commands).map_err(other)?;
    let took = start.elapsed().as_secs_f64() * 1e3;
    let last = replies.last().map(text).unwrap_or_default();
    writeln!(
        scene.out,
        "  a> {COUNT} times INCR counter           {} replies in {took:.1} milliseconds, the last one is {last}",
        replies.len()
    )
}
