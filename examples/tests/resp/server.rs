//! `resp --serve`, spoken to byte by byte.

use crate::program::Served;
use asynkit_examples::resp::{Grammar, Limits, Protocol, Value, check::parse};
use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
};

/// All that the server answers to `bytes` before it has seen their end.
fn answer(served: &Served, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).unwrap();
    reply
}

#[track_caller]
fn answers(served: &Served, bytes: &[u8], expected: &str) {
    assert_eq!(String::from_utf8_lossy(&answer(served, bytes)), expected);
}

#[test]
fn malformed_input_is_answered_and_costs_one_connection() {
    let mut served = Served::start();
    let mut bystander = TcpStream::connect(served.address).unwrap();
    for (bytes, reply) in [
        ("*1\r\n$4\r\nPING\r\n*x\r\n", "+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n"),
        ("*1\r\n$x\r\n", "-ERR Protocol error: invalid bulk length\r\n"),
        ("*1\r\n$536870913\r\n", "-ERR Protocol error: invalid bulk length\r\n"),
        ("*1\r\n+PING\r\n", "-ERR Protocol error: expected '$', got '+'\r\n"),
        ("SET 'a\r\nPING\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"),
    ] {
        answers(&served, bytes.as_bytes(), reply);
    }
    bystander.write_all(b"PING\r\n").unwrap();
    let mut pong = [0; 7];
    bystander.read_exact(&mut pong).unwrap();
    assert_eq!(&pong, b"+PONG\r\n");
    assert!(served.is_up());
}

#[test]
fn a_line_without_an_end_is_refused() {
    let served = Served::start();
    answers(&served, &b"x".repeat(65537), "-ERR Protocol error: too big inline request\r\n");
    answers(
        &served,
        &[b"*".as_slice(), &b"1".repeat(65537)].concat(),
        "-ERR Protocol error: too big mbulk count string\r\n",
    );
    answers(
        &served,
        &[b"*1\r\n$".as_slice(), &b"1".repeat(65537)].concat(),
        "-ERR Protocol error: too big bulk count string\r\n",
    );
}

#[test]
fn hanging_up_inside_a_frame_is_quiet() {
    let mut served = Served::start();
    answers(
        &served,
        b"*2\r\n$4\r\nECHO\r\n$1000\r\nabc",
        "-ERR Protocol error: expected the rest of a string\r\n",
    );
    for _ in 0..20 {
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream.write_all(b"*2\r\n$4\r\nECHO\r\n$1000\r\nabc").unwrap();
    }
    answers(&served, b"PING\r\n", "+PONG\r\n");
    assert!(served.is_up());
}

#[test]
fn half_a_gigabyte_that_is_only_declared_holds_nobody_up() {
    let served = Served::start();
    let mut waiting = TcpStream::connect(served.address).unwrap();
    waiting.write_all(b"*2\r\n$4\r\nECHO\r\n$536870912\r\n").unwrap();
    answers(&served, b"PING\r\n", "+PONG\r\n");
}

#[test]
fn many_requests_at_once_are_answered_in_order() {
    let served = Served::start();
    let mut requests = Vec::new();
    let mut replies = Vec::new();
    for number in 1..=5000 {
        Value::command(["INCR", "n"]).encode(Protocol::Resp2, &mut requests);
        Value::Integer(number).encode(Protocol::Resp2, &mut replies);
    }
    assert!(answer(&served, &requests) == replies);
}

#[test]
fn a_string_of_megabytes_comes_back() {
    let served = Served::start();
    let text = b"0123456789".repeat(500_000);
    let mut request =
        Value::command([b"SET".to_vec(), b"k".to_vec(), text.clone()]).to_bytes(Protocol::Resp2);
    request.extend_from_slice(b"GET k\r\n");
    let mut replies = Vec::new();
    parse([answer(&served, &request).as_slice()], Grammar::Replies, Limits::new(), |value, _| {
        replies.push(value);
    })
    .unwrap();
    assert!(replies == [Value::simple("OK"), Value::bulk(text)]);
}

#[test]
fn quit_closes_and_what_follows_is_not_run() {
    let served = Served::start();
    answers(&served, b"SET k 1\r\nQUIT\r\nSET k 2\r\n", "+OK\r\n+OK\r\n");
    answers(&served, b"GET k\r\n", "$1\r\n1\r\n");
}

#[test]
fn hello_switches_the_types_of_the_replies() {
    let served = Served::start();
    let hello2 = "*14\r\n$6\r\nserver\r\n$10\r\nasynkit-kv\r\n$7\r\nversion\r\n$5\r\n0.1.0\r\n$5\r\nproto\r\n:2\r\n\
                  $2\r\nid\r\n:1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n";
    answers(&served, b"HELLO\r\nGET none\r\n", &format!("{hello2}$-1\r\n"));
    let hello3 =
        hello2.replace("*14", "%7").replace("proto\r\n:2", "proto\r\n:3").replace("id\r\n:1", "id\r\n:2");
    answers(
        &served,
        b"GET none\r\nHELLO 3 AUTH default any SETNAME me\r\nGET none\r\nCONFIG GET save\r\nHELLO 2\r\nGET none\r\n",
        &format!(
            "$-1\r\n{hello3}_\r\n%1\r\n$4\r\nsave\r\n$0\r\n\r\n{}$-1\r\n",
            hello2.replace("id\r\n:1", "id\r\n:2")
        ),
    );
    answers(
        &served,
        b"HELLO 4\r\nHELLO x\r\nHELLO 3 AUTH nobody x\r\nHELLO 3 FROB\r\nGET none\r\n",
        "-NOPROTO unsupported protocol version\r\n-ERR Protocol version is not an integer or out of range\r\n\
         -WRONGPASS invalid username-password pair or user is disabled.\r\n\
         -ERR Syntax error in HELLO option 'FROB'\r\n$-1\r\n",
    );
}

#[test]
fn info_counts_clients_and_keys() {
    let served = Served::start();
    let info = answer(&served, b"MSET a 1 b 2\r\nEXPIRE a 100\r\nINFO\r\n");
    let info = String::from_utf8(info).unwrap();
    for line in [
        "# Server".to_owned(),
        format!("tcp_port:{}", served.address.port()),
        "connected_clients:1".to_owned(),
        "total_connections_received:1".to_owned(),
        "total_commands_processed:3".to_owned(),
        "db0:keys=2,expires=1,avg_ttl=0".to_owned(),
    ] {
        assert!(info.lines().any(|found| found == line), "{line} in {info}");
    }
    let keyspace = String::from_utf8(answer(&served, b"HELLO 3\r\nINFO keyspace\r\n")).unwrap();
    assert!(keyspace.contains("=48\r\ntxt:# Keyspace\r\ndb0:"), "{keyspace}");
}

#[test]
fn ends_of_keys_are_set_kept_and_reached() {
    let served = Served::start();
    let ttl = |bytes: &[u8]| {
        let reply = String::from_utf8(answer(&served, bytes)).unwrap();
        reply.trim_end().rsplit_once(':').unwrap().1.parse::<i64>().unwrap()
    };
    assert!((900..=1000).contains(&ttl(b"SET k v EX 1000\r\nTTL k\r\n")));
    assert!((900..=1000).contains(&ttl(b"SET k v KEEPTTL\r\nTTL k\r\n")));
    assert_eq!(ttl(b"SET k v\r\nTTL k\r\n"), -1);
    assert!((900..=1000).contains(&ttl(b"SET k v PX 1000000\r\nTTL k\r\n")));
    assert!((1900..=2000).contains(&ttl(b"EXPIRE k 2000 GT\r\nTTL k\r\n")));
    assert!((1900..=2000).contains(&ttl(b"EXPIRE k 3000 LT\r\nTTL k\r\n")));
    // In the past: it is over at once.
    assert_eq!(ttl(b"SET k v EXAT 1\r\nTTL k\r\n"), -2);
    assert_eq!(ttl(b"SET k v\r\nEXPIRE k -1\r\nTTL k\r\n"), -2);
}

#[test]
fn command_describes_what_there_is() {
    let served = Served::start();
    let bytes = answer(
        &served,
        b"HELLO 3\r\nCOMMAND COUNT\r\nCOMMAND\r\nCOMMAND DOCS\r\nCOMMAND INFO get nosuch\r\n",
    );
    let mut replies = Vec::new();
    parse([bytes.as_slice()], Grammar::Replies, Limits::new(), |value, _| replies.push(value)).unwrap();
    let [_, Value::Integer(count), Value::Array(all), Value::Map(docs), Value::Array(info)] = &replies[..]
    else {
        panic!("{replies:?}");
    };
    let count = usize::try_from(*count).unwrap();
    assert_eq!((all.len(), docs.len(), info.len()), (count, count, 2));
    assert!(docs.iter().any(|(name, _)| *name == Value::bulk("get")));
    let Value::Array(get) = &info[0] else { panic!("{info:?}") };
    assert_eq!(get[..2], [Value::bulk("get"), Value::Integer(2)]);
    assert_eq!(info[1].to_bytes(Protocol::Resp2), b"*-1\r\n");
}
