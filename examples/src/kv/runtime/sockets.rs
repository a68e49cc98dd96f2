//! The sockets of smol's crates, which work on any executor.

use super::Stream;
use smol::{
    Async,
    io::{AsyncRead, AsyncWrite},
};
use std::{
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    pin::Pin,
    task::{Context, Poll},
};

impl Stream for Async<TcpStream> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        AsyncRead::poll_read(Pin::new(self), cx, buffer)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        AsyncWrite::poll_write(Pin::new(self), cx, bytes)
    }
}

/// The next connection, which belongs to no reactor yet.
pub(super) async fn accept(listener: &Async<TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    listener.read_with(TcpListener::accept).await
}
