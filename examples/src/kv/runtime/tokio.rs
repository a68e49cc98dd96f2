//! [`Tokio`]: tokio's executor of one thread, with its own sockets and timers.

use super::{
    Runtime, Stream,
    jobs::{self, Jobs},
};
use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead as _, AsyncWrite as _, ReadBuf},
    net,
    runtime::Builder,
    task::{LocalSet, spawn_local},
    time::sleep,
};

/// tokio's executor of one thread.
#[derive(Debug)]
pub struct Tokio;

impl Runtime for Tokio {
    const NAME: &'static str = "tokio";
    const READS_LATE: bool = false;
    type Listener = net::TcpListener;
    type Stream = net::TcpStream;
    type Remote = Jobs;

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("the system has a poller for it");
        LocalSet::new().block_on(&runtime, future)
    }

    fn spawn(future: impl Future<Output = ()> + 'static) {
        drop(spawn_local(future));
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

    fn sleep(time: Duration) -> impl Future<Output = ()> {
        sleep(time)
    }

    fn listen(listener: TcpListener) -> io::Result<net::TcpListener> {
        listener.set_nonblocking(true)?;
        net::TcpListener::from_std(listener)
    }

    async fn accept(listener: &net::TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
        let (stream, address) = listener.accept().await?;
        Ok((stream.into_std()?, address))
    }

    fn connect(stream: TcpStream) -> io::Result<net::TcpStream> {
        stream.set_nonblocking(true)?;
        net::TcpStream::from_std(stream)
    }
}

impl Stream for net::TcpStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        // Unlike `try_read` this knows that a short read has emptied the socket, and saves the next one.
        ready!(Pin::new(self).poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(self).poll_write(cx, bytes)
    }
}
