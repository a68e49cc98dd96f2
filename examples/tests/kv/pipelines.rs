//! Many commands at once, and bytes that are no commands.

use crate::{Served, ask, says, shown};
use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
};

#[test]
fn commands_that_come_at_once_are_answered_in_order() {
    let served = Served::start();
    let mut caller = served.connect();
    let commands =
        (0..20_000).map(|number| vec!["APPEND".to_owned(), "log".to_owned(), format!("{number:05}")]);
    let replies = caller.pipeline(commands).unwrap();
    for (at, reply) in replies.iter().enumerate() {
        assert_eq!(shown(reply), format!(":{}", (at + 1) * 5));
    }
    let log = ask(&mut caller, "GET log");
    assert_eq!((&log[..10], &log[log.len() - 5..], log.len()), ("0000000001", "19999", 100_000));
}

#[test]
fn a_client_that_reads_late_gets_every_reply() {
    let served = Served::start();
    let mut caller = served.connect();
    let text = "x".repeat(1 << 20);
    says(&mut caller, &[(&format!("SET big {text}"), "+OK")]);
    for _ in 0..32 {
        caller.send(["GET", "big"]).unwrap();
    }
    // Its replies do not fit into the socket: meanwhile the others are served.
    says(&mut served.connect(), &[("PING", "+PONG")]);
    for reply in caller.receive_all(32).unwrap() {
        assert_eq!(shown(&reply).len(), text.len());
    }
}

#[test]
fn a_client_that_never_stops_does_not_keep_the_others_from_their_turn() {
    let served = Served::start();
    let mut stream = TcpStream::connect(served.address).unwrap();
    let mut reader = stream.try_clone().unwrap();
    let writing = std::thread::spawn(move || {
        let batch = b"PING\r\n".repeat(5000);
        while stream.write_all(&batch).is_ok() {}
    });
    let reading = std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while reader.read(&mut buffer).is_ok_and(|count| count > 0) {}
    });
    let caller = &mut served.connect();
    for _ in 0..20 {
        says(caller, &[("PING", "+PONG")]);
    }
    says(caller, &[("CLIENT KILL ID 1", ":1")]);
    writing.join().unwrap();
    reading.join().unwrap();
}

#[test]
fn inline_commands_and_malformed_ones_are_answered() {
    let served = Served::start();
    for (bytes, reply) in [
        ("PING\r\nset k 'two words'\nGET k\r\n", "+PONG\r\n+OK\r\n$9\r\ntwo words\r\n"),
        ("*1\r\n$4\r\nPING\r\n*x\r\n", "+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n"),
        ("BLPOP none 0\r\n", ""),
        ("QUIT\r\nPING\r\n", "+OK\r\n"),
    ] {
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, reply, "{bytes}");
    }
}
