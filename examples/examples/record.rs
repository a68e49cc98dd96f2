//! Records sessions between real clients and a real server: a proxy that keeps what passes through it.
//!
//! `cargo run --release --example record -- LISTEN SERVER PREFIX` passes on every connection to LISTEN to SERVER. When
//! a connection ends, what each side sent is added to `PREFIX.requests.resp` and `PREFIX.replies.resp`: bytes as they
//! were, one connection after the other, so that no frame is torn apart by another connection's.

use smol::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use std::{env, fs, io, io::Write as _, net::Shutdown, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [listen, server, prefix] = arguments.as_slice() else {
        eprintln!(
            "usage: record LISTEN SERVER PREFIX, for example: record 127.0.0.1:7000 127.0.0.1:6379 session"
        );
        return ExitCode::from(2);
    };
    match smol::block_on(record(listen, server, prefix)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("record: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn record(listen: &str, server: &str, prefix: &str) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (client, _) = listener.accept().await?;
        let (server, prefix) = (server.to_owned(), prefix.to_owned());
        smol::spawn(async move {
            if let Err(error) = pass(client, &server, &prefix).await {
                eprintln!("record: {error}");
            }
        })
        .detach();
    }
}

/// One connection, from its start to its end.
async fn pass(client: TcpStream, server: &str, prefix: &str) -> io::Result<()> {
    let server = TcpStream::connect(server).await?;
    let (requests, replies) =
        smol::future::try_zip(copy(client.clone(), server.clone()), copy(server, client)).await?;
    // Both at once, with nothing awaited between them: connections end one after the other.
    append(&format!("{prefix}.requests.resp"), &requests)?;
    append(&format!("{prefix}.replies.resp"), &replies)
}

/// Passes on what `from` sends until it stops, and gives it.
async fn copy(mut from: TcpStream, mut to: TcpStream) -> io::Result<Vec<u8>> {
    let mut passed = Vec::new();
    let mut buffer = vec![0; 16 << 10];
    loop {
        // A peer that resets the connection has ended it as well.
        match from.read(&mut buffer).await.unwrap_or(0) {
            0 => break,
            count => {
                passed.extend_from_slice(&buffer[..count]);
                to.write_all(&buffer[..count]).await?;
            }
        }
    }
    // The other side may have gone first.
    let _ = to.shutdown(Shutdown::Write);
    Ok(passed)
}

fn append(path: &str, bytes: &[u8]) -> io::Result<()> {
    fs::OpenOptions::new().create(true).append(true).open(path)?.write_all(bytes)
}
