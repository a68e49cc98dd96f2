//! [`Asynkit`]: our executor, with the sockets of smol's crates.

use super::{Runtime, sockets};
use asynkit::{Executor, executor::Remote};
use smol::Async;
use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

/// Our executor.
#[derive(Debug)]
pub struct Asynkit;

impl Runtime for Asynkit {
    const NAME: &'static str = "asynkit";
    const READS_LATE: bool = true;
    type Listener = Async<TcpListener>;
    type Stream = Async<TcpStream>;
    type Remote = Remote;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        Executor::run(future)
    }

    fn spawn(future: impl Future<Output = ()> + 'static) {
        drop(asynkit::spawn(future));
    }

    fn remote() -> Remote {
        Remote::current().expect("it is asked for in `block_on`")
    }

    fn spawn_on<Fut>(remote: &Remote, make: impl FnOnce() -> Fut + Send + 'static) -> bool
    where
        Fut: Future<Output = ()> + 'static,
    {
        remote.spawn(make).is_ok()
    }

    fn sleep(time: Duration) -> impl Future<Output = ()> {
        asynkit::sleep(time)
    }

    fn listen(listener: TcpListener) -> io::Result<Async<TcpListener>> {
        Async::new(listener)
    }

    async fn accept(listener: &Async<TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
        sockets::accept(listener).await
    }

    fn connect(stream: TcpStream) -> io::Result<Async<TcpStream>> {
        Async::new(stream)
    }
}
