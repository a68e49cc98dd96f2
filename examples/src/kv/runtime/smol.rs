//! [`Smol`]: smol's executor of one thread.

use super::{
    Runtime,
    jobs::{self, Jobs},
    sockets,
};
use smol::{Async, LocalExecutor, Timer};
use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    rc::Rc,
    time::Duration,
};

/// smol's executor of one thread.
#[derive(Debug)]
pub struct Smol;

thread_local! {
    static EXECUTOR: Rc<LocalExecutor<'static>> = Rc::default();
}

impl Runtime for Smol {
    const NAME: &'static str = "smol";
    const READS_LATE: bool = true;
    type Listener = Async<TcpListener>;
    type Stream = Async<TcpStream>;
    type Remote = Jobs;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let executor = EXECUTOR.with(Rc::clone);
        smol::block_on(executor.run(future))
    }

    fn spawn(future: impl Future<Output = ()> + 'static) {
        EXECUTOR.with(|executor| executor.spawn(future).detach());
    }

    fn remote() -> Jobs {
        jobs::take::<Self>()
    }

    fn spawn_on<Fut>(remote: &Jobs, make: impl FnOnce() -> Fut + Send + 'static) -> bool
    where
        Fut: Future<Output = ()> + 'static,
    {
        jobs::send(remote, move || Self::spawn(make()))
    }

    async fn sleep(time: Duration) {
        Timer::after(time).await;
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
