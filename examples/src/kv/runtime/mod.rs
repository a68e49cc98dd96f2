//! [`Runtime`]: the little that the server needs of an executor, so that the same server can be measured on several.

mod asynkit;
mod jobs;
mod smol;
mod sockets;
mod tokio;

pub use self::{asynkit::Asynkit, smol::Smol, tokio::Tokio};

use std::{
    future::Future,
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    task::{Context, Poll},
    time::Duration,
};

/// An executor of one thread, with sockets and timers.
pub trait Runtime: 'static {
    /// What it is called.
    const NAME: &'static str;
    /// Whether a task that has answered lets the others go first before it reads again.
    ///
    /// That pays where each wait for a socket is a system call: meanwhile the next request comes in, and there is no wait.
    /// Where it costs none, it only makes for more polls.
    const READS_LATE: bool;
    /// Its listeners.
    type Listener;
    /// Its connections.
    type Stream: Stream;
    /// What other threads start tasks with.
    type Remote: Clone + Send + 'static;

    /// Runs a future on this thread, with tasks around it.
    fn block_on<T>(future: impl Future<Output = T>) -> T;

    /// Starts a task on this thread.
    fn spawn(future: impl Future<Output = ()> + 'static);

    /// The executor of this thread, for other threads.
    fn remote() -> Self::Remote;

    /// Starts a task on another thread; `false` where that is gone.
    fn spawn_on<Fut>(remote: &Self::Remote, make: impl FnOnce() -> Fut + Send + 'static) -> bool
    where
        Fut: Future<Output = ()> + 'static;

    /// Waits so long.
    fn sleep(time: Duration) -> impl Future<Output = ()>;

    /// Takes a listener in.
    ///
    /// # Errors
    /// Those of the system.
    fn listen(listener: TcpListener) -> io::Result<Self::Listener>;

    /// Waits for the next connection.
    ///
    /// # Errors
    /// Those of the system.
    fn accept(listener: &Self::Listener) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>>;

    /// Takes a connection in, on the thread where it is used.
    ///
    /// # Errors
    /// Those of the system.
    fn connect(stream: TcpStream) -> io::Result<Self::Stream>;
}

/// A connection of a runtime.
pub trait Stream: 'static {
    /// Reads what there is; 0 at the end.
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>>;

    /// Writes what there is room for.
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>>;
}
