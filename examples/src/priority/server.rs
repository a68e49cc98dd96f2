//! [`serve`]: hyper on asynkit's executor, where each connection has the priority of what it asks for.

use super::{
    class::{Class, Way},
    ledger::Locked,
};
use crate::worker::Sha256;
use asynkit::{Executor, Priority, TaskBuilder, current_task, yield_now};
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use smol::{Async, channel::Receiver, future};
use smol_hyper::rt::FuturesIo;
use std::{
    cell::Cell,
    convert::Infallible,
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    num::NonZeroU32,
    rc::Rc,
};

/// How many slices a request is computed in; between two of them others have their turn.
const REQUEST_SLICES: usize = 4;

/// How many slices a report is computed in, while it holds the lock.
pub const REPORT_SLICES: usize = 16;

/// So many requests are written down at a time.
const NOTED: u64 = 8;

/// What is computed from.
const BYTE: u8 = 0x5a;

/// After how many polls sockets are looked at: with slices of some 100 microseconds, 61 would take 6 milliseconds.
pub(super) const BUDGET: NonZeroU32 = NonZeroU32::new(4).unwrap();

/// What a server has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Served {
    /// How much of each class, in the order of [`Class::ALL`].
    pub answered: [u64; 3],
    /// The most slices of work that were done between the arrival of a health check and its answer.
    pub waited: u64,
}

/// What the connections of a server share.
struct Server {
    way: Way,
    ledger: Locked,
    slice: Vec<u8>,
    answered: [Cell<u64>; 3],
    /// Slices of work that were done.
    slices: Cell<u64>,
    waited: Cell<u64>,
}

/// Answers on this thread, until `stop` is closed. A slice of work reads `slice` bytes.
///
/// # Errors
/// Where the system gives no sockets.
pub fn serve(listener: TcpListener, way: Way, slice: usize, stop: &Receiver<()>) -> io::Result<Served> {
    let executor = Executor::builder().poll_budget(BUDGET).build();
    let (ledger, slice) = (Locked::new(way), vec![BYTE; slice]);
    let server = Rc::new(Server {
        way,
        ledger,
        slice,
        answered: Default::default(),
        slices: Cell::new(0),
        waited: Cell::new(0),
    });
    let accepting = async {
        let listener = Async::new(listener)?;
        // Who asks for what is not known yet: to find out must not wait.
        server.rank(Priority::HIGH).await;
        loop {
            let (stream, address) = listener.read_with(TcpListener::accept).await?;
            let connection = Rc::clone(&server).connection(stream, address);
            drop(TaskBuilder::new(connection).priority(server.priority(Priority::HIGH)).spawn());
        }
    };
    let stopping = async {
        let _ = stop.recv().await;
        Ok(Served { answered: server.answered.each_ref().map(Cell::get), waited: server.waited.get() })
    };
    executor.block_on(future::or(stopping, accepting))
}

impl Server {
    /// What a priority is here.
    fn priority(&self, priority: Priority) -> Priority {
        if self.way.has_priorities() { priority } else { Priority::NORMAL }
    }

    /// Gives the task that runs a priority, and lets those go first that have a higher one.
    async fn rank(&self, priority: Priority) {
        let (priority, task) = (self.priority(priority), current_task());
        if let Some(task) = task.filter(|task| task.priority() != priority) {
            task.set_priority(priority);
            // Or this turn would be the old priority's, also for what is computed in it.
            yield_now().await;
        }
    }

    async fn connection(self: Rc<Self>, stream: TcpStream, address: SocketAddr) {
        let _ = stream.set_nodelay(true);
        match Async::new(stream) {
            Ok(stream) => {
                let answer = service_fn(|request| self.answer(request));
                let connection = http1::Builder::new().serve_connection(FuturesIo::new(stream), answer);
                // A client that goes away is no error of the server's.
                let _ = connection.await;
            }
            Err(error) => eprintln!("priority: cannot use the connection of {address}: {error}"),
        }
    }

    /// Answers a request, with its priority; the connection keeps it for the next one, which is of its kind mostly.
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let Some(class) = Class::of(request.uri().path()) else {
            let mut response = Response::new(Full::from("there is no such page\n"));
            *response.status_mut() = StatusCode::NOT_FOUND;
            return Ok(response);
        };
        self.rank(class.priority()).await;
        let answered = &self.answered[class as usize];
        answered.set(answered.get() + 1);
        let text = match class {
            Class::Health => {
                let since = self.slices.get();
                let text = format!("well, {} requests\n", self.ledger.lock().await.requests);
                self.waited.set(self.waited.get().max(self.slices.get() - since));
                text
            }
            Class::Request => {
                let digest = self.compute(REQUEST_SLICES).await;
                if answered.get() % NOTED == 0 {
                    self.ledger.lock().await.requests += NOTED;
                }
                digest
            }
            Class::Report => {
                // All that it says is of one moment: nobody else may write meanwhile.
                let mut ledger = self.ledger.lock().await;
                ledger.reports += 1;
                let digest = self.compute(REPORT_SLICES).await;
                format!("report {}, {} requests: {digest}", ledger.reports, ledger.requests)
            }
        };
        Ok(Response::new(Full::from(text)))
    }

    /// Work for the processor, in slices.
    async fn compute(&self, slices: usize) -> String {
        let mut digest = Sha256::new();
        for _ in 0..slices {
            digest.update(&self.slice);
            self.slices.set(self.slices.get() + 1);
            yield_now().await;
        }
        digest.finish().map(|byte| format!("{byte:02x}")).concat() + "\n"
    }
}

/// What a request is answered where a slice has so many bytes.
pub(super) fn expected(slice: usize) -> String {
    let mut digest = Sha256::new();
    digest.update(&vec![BYTE; slice * REQUEST_SLICES]);
    digest.finish().map(|byte| format!("{byte:02x}")).concat() + "\n"
}
