//! hyper served on our executor to load clients, and clients that are written for tokio, in our tasks.

use async_compat::Compat;
use asynkit::{Executor, cancelling, eager, eager_ctx, spawn};
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response, body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use smol::net::TcpListener;
use smol_hyper::rt::FuturesIo;
use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr, TcpListener as StdListener},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// Whether a program is installed.
fn have(program: &str) -> bool {
    let found =
        Command::new("sh").args(["-c", &format!("command -v {program}")]).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let body =
        request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let text = [b"asynkit ", path.as_bytes(), b" ", &body].concat();
    Ok(Response::new(Full::new(Bytes::from(text))))
}

/// A task for each connection, started at once.
async fn serve(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        drop(eager(async move {
            // A client that goes away is no error of the server's.
            let _ = http1::Builder::new().serve_connection(FuturesIo::new(stream), service_fn(answer)).await;
        }));
    }
}

async fn bind() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("its address");
    (listener, address)
}

/// What a load client prints about our server.
fn under_load(command: impl FnOnce(&str) -> Command) -> String {
    Executor::run(async {
        let (listener, address) = bind().await;
        let _server = eager_ctx(serve(listener));
        let mut command = command(&format!("http://{address}/"));
        let output = smol::unblock(move || command.output()).await.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    })
}

#[test]
fn hyper_answers_wrk_without_a_failure() {
    if !have("wrk") {
        eprintln!("skipped: wrk is not installed");
        return;
    }
    let report = under_load(|url| {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-c16", "-d2s", url]);
        wrk
    });
    assert!(!report.contains("Non-2xx") && !report.contains("Socket errors"), "{report}");
    let requests =
        report.lines().find_map(|line| line.trim().split_once(" requests in ")).expect("a count").0;
    assert!(requests.parse::<u64>().expect("a number") > 100, "{report}");
    println!("{report}");
}

#[test]
fn hyper_answers_ab_without_a_failure() {
    if !have("ab") {
        eprintln!("skipped: ab is not installed");
        return;
    }
    for keep_alive in [true, false] {
        let report = under_load(|url| {
            let mut ab = Command::new("ab");
            ab.args(["-q", "-n", "2000", "-c", "16"]).args(keep_alive.then_some("-k")).arg(url);
            ab
        });
        let line = |name: &str| {
            let line = report.lines().find_map(|line| line.strip_prefix(name)).expect("a line").trim();
            line.parse::<u64>().expect("a number")
        };
        assert_eq!(line("Complete requests:"), 2000, "{report}");
        assert_eq!(line("Failed requests:"), 0, "{report}");
    }
}

#[test]
fn reqwest_runs_in_our_tasks() {
    Executor::run(async {
        let (listener, address) = bind().await;
        let _server = eager_ctx(serve(listener));
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let requests: Vec<_> = (0..20)
            .map(|n| {
                let client = client.clone();
                eager(Compat::new(async move {
                    let sent = client.post(format!("http://{address}/{n}")).body("hello").send();
                    sent.await.expect("an answer").text().await.expect("its text")
                }))
            })
            .collect();
        for (n, request) in requests.into_iter().enumerate() {
            assert_eq!(request.await, format!("asynkit /{n} hello"));
        }
    });
}

/// A redis-server of our own, which ends with the test.
struct Redis(Child);

impl Redis {
    fn start() -> (Self, u16) {
        let free = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"])
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts");
        let since = Instant::now();
        while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(since.elapsed() < Duration::from_secs(10), "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        (Redis(server), port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_redis_crate_runs_in_our_tasks() {
    if !have("redis-server") {
        eprintln!("skipped: redis-server is not installed");
        return;
    }
    let (_redis, port) = Redis::start();
    Executor::run(async {
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}/")).expect("an address");
        let connection = Compat::new(client.get_multiplexed_async_connection()).await.expect("a connection");
        let tasks: Vec<_> = (0..50_u32)
            .map(|n| {
                let mut connection = connection.clone();
                spawn(Compat::new(async move {
                    let () = redis::cmd("SET").arg(n).arg(n * 2).query_async(&mut connection).await?;
                    redis::cmd("GET").arg(n).query_async::<u32>(&mut connection).await
                }))
            })
            .collect();
        for (n, task) in (0..).zip(tasks) {
            assert_eq!(cancelling(task).await.expect("it does not panic").expect("an answer"), n * 2);
        }
    });
}
