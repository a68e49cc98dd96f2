//! [`serve`]: accepts connections, gives each to a thread, and ends in good order.

use super::{Runtime, connection::connection, server::Server};
use crate::resp::Limits;
use smol::{
    channel::{self, Receiver, Sender},
    future,
};
use std::{
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

/// How long a server that ends waits for its clients to take what they were sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often what is due is forgotten where nobody asks for it.
const TIDY: Duration = Duration::from_secs(1);

/// How a server is run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many threads answer clients, at least one.
    pub threads: usize,
    /// What a client may send.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Options { threads: 1, limits: Limits::new() }
    }
}

/// Ends a server, from any thread.
#[derive(Debug, Clone)]
pub struct Stop {
    switch: Sender<Infallible>,
    stopped: Receiver<Infallible>,
}

impl Stop {
    /// For a server to come.
    pub fn new() -> Self {
        let (switch, stopped) = channel::bounded(1);
        Stop { switch, stopped }
    }

    /// Has the server end: what has been asked is answered, and who is blocked is told.
    pub fn stop(&self) {
        self.switch.close();
    }

    /// Whether it ends.
    pub fn is_stopped(&self) -> bool {
        self.switch.is_closed()
    }

    /// Waits until it ends.
    pub async fn stopped(&self) {
        // Nothing is ever sent: it ends with the channel.
        let _ = self.stopped.recv().await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Stop::new()
    }
}

/// A connection holds one as long as it lives.
type Alive = Sender<Infallible>;

/// Answers every connection that `listener` accepts, until it is stopped.
///
/// This thread is one of those that answer; each has an executor of its own. No peer can end the server but by `SHUTDOWN`:
/// malformed input costs the peer its connection.
///
/// # Errors
/// Where the system gives no threads or no sockets.
pub fn serve<R: Runtime>(listener: TcpListener, options: Options, stop: &Stop) -> io::Result<()> {
    let port = listener.local_addr()?.port();
    let server = Arc::new(Server::new(port, R::NAME, options, stop.clone()));
    let (alive, over) = channel::bounded::<Infallible>(1);
    let workers: io::Result<Vec<_>> =
        (1..options.threads).map(|number| Worker::<R>::start(number, stop, &over)).collect();
    let workers = workers.inspect_err(|_| stop.stop())?;

    let outcome = R::block_on(async {
        let accepting = async {
            let listener = R::listen(listener)?;
            R::spawn(tidy::<R>(Arc::clone(&server)));
            accept_all::<R>(&listener, &server, &workers, alive).await;
            Ok(())
        };
        let stopping = async {
            stop.stopped().await;
            Ok(())
        };
        // The first one is dropped with the listener and its handle of the living.
        let outcome = future::or(stopping, accepting).await;
        stop.stop();
        server.close_all();
        all_over::<R>(&over).await;
        outcome
    });
    for worker in workers {
        if worker.thread.join().is_err() {
            return Err(io::Error::other("a thread of the server has panicked"));
        }
    }
    outcome
}

/// Waits until no connection is left, but not for ever.
async fn all_over<R: Runtime>(over: &Receiver<Infallible>) {
    let over = async {
        let _ = over.recv().await;
    };
    future::or(over, R::sleep(PATIENCE)).await;
}

/// A thread with an executor.
struct Worker<R: Runtime> {
    thread: JoinHandle<()>,
    remote: R::Remote,
}

impl<R: Runtime> Worker<R> {
    fn start(number: usize, stop: &Stop, over: &Receiver<Infallible>) -> io::Result<Self> {
        let (stop, over) = (stop.clone(), over.clone());
        let (started, starting) = std::sync::mpsc::channel();
        let thread = thread::Builder::new().name(format!("kv-{number}")).spawn(move || {
            R::block_on(async {
                // Nobody listens any more where the server has failed to start.
                let _ = started.send(R::remote());
                stop.stopped().await;
                all_over::<R>(&over).await;
            });
        })?;
        let remote =
            starting.recv().map_err(|_| io::Error::other("a thread of the server does not start"))?;
        Ok(Worker { thread, remote })
    }
}

/// Gives each connection to the next thread.
async fn accept_all<R: Runtime>(
    listener: &R::Listener,
    server: &Arc<Server>,
    workers: &[Worker<R>],
    alive: Alive,
) {
    for turn in 0_usize.. {
        match R::accept(listener).await {
            Ok((stream, address)) => {
                let (server, alive) = (Arc::clone(server), alive.clone());
                let start = move || run::<R>(stream, address, server, alive);
                match (turn % (workers.len() + 1)).checked_sub(1) {
                    None => R::spawn(start()),
                    // Where the thread is gone, so is the server.
                    Some(worker) => drop(R::spawn_on(&workers[worker].remote, start)),
                }
            }
            // Too many open files, for instance: some will close.
            Err(error) => {
                eprintln!("kv: cannot accept a connection, trying again: {error}");
                R::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// One connection, on the thread that it was given to.
async fn run<R: Runtime>(stream: TcpStream, address: SocketAddr, server: Arc<Server>, alive: Alive) {
    let _ = stream.set_nodelay(true);
    match R::connect(stream) {
        Ok(stream) => connection::<R>(stream, address, &server).await,
        Err(error) => eprintln!("kv: cannot use the connection of {address}: {error}"),
    }
    drop(alive);
}

/// Forgets what is due even where nobody asks for it.
async fn tidy<R: Runtime>(server: Arc<Server>) {
    loop {
        R::sleep(TIDY).await;
        server.tidy();
    }
}
