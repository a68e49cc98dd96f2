//! A client: one connection on which it asks, waits for the answer, and asks again.

use super::{class::Class, load::Tally};
use asynkit::{TaskBuilder, sleep};
use http_body_util::{BodyExt as _, Empty};
use hyper::{
    Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
};
use smol::Async;
use smol_hyper::rt::FuturesIo;
use std::{
    cell::RefCell,
    error::Error,
    net::{SocketAddr, TcpStream},
    rc::Rc,
    time::{Duration, Instant},
};

type BoxError = Box<dyn Error + Send + Sync>;

/// What a client does.
#[derive(Debug, Clone)]
pub(super) struct Client {
    pub(super) address: SocketAddr,
    pub(super) class: Class,
    pub(super) until: Instant,
    pub(super) since: Instant,
    /// It asks when so much time has passed, twice as much, and so on: all that ask for one class ask at once.
    pub(super) period: Duration,
    /// What the answer begins with.
    pub(super) expected: Rc<str>,
}

/// Asks until the time is over; what was asked is waited for.
pub(super) async fn client(client: Client, tally: Rc<RefCell<Tally>>) {
    if let Err(error) = client.ask_all(&tally).await {
        tally.borrow_mut().errors.push(format!("{}: {error}", client.class.path()));
    }
}

impl Client {
    async fn ask_all(&self, tally: &RefCell<Tally>) -> Result<(), BoxError> {
        let stream = Async::<TcpStream>::connect(self.address).await?;
        stream.get_ref().set_nodelay(true)?;
        let (mut sender, connection) = handshake(FuturesIo::new(stream)).await?;
        // It ends with the sender.
        drop(TaskBuilder::new(connection).priority(self.class.priority()).spawn());
        while Instant::now() < self.until {
            tally.borrow_mut().sent += 1;
            let since = Instant::now();
            let text = self.ask(&mut sender).await?;
            let wait = since.elapsed();
            if !text.starts_with(&*self.expected) {
                return Err(format!("a wrong answer: {text}").into());
            }
            tally.borrow_mut().waits[self.class as usize].push(wait);
            self.next().await;
        }
        Ok(())
    }

    /// Waits until it is time to ask again.
    async fn next(&self) {
        let (passed, period) = (self.since.elapsed().as_nanos(), self.period.as_nanos().max(1));
        let wait = period - passed % period;
        sleep(Duration::from_nanos(wait.try_into().unwrap_or(u64::MAX))).await;
    }

    async fn ask(&self, sender: &mut SendRequest<Empty<Bytes>>) -> Result<String, BoxError> {
        let request = Request::get(self.class.path()).header("host", "localhost").body(Empty::new())?;
        sender.ready().await?;
        let answer = sender.send_request(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(format!("answered {}", answer.status()).into());
        }
        let body = answer.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8(body.to_vec())?)
    }
}
