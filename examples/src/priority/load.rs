//! [`load`]: a server, and clients that want more of it than it has.

use super::{
    class::{Class, Way},
    client::{Client, client},
    server::{BUDGET, Served, expected, serve},
    waits::Waits,
};
use asynkit::{Executor, TaskBuilder};
use smol::channel;
use std::{
    cell::RefCell,
    io,
    net::{Ipv4Addr, TcpListener},
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

/// How much a server is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// How long.
    pub time: Duration,
    /// How many clients ask for each class, in the order of [`Class::ALL`].
    pub clients: [usize; 3],
    /// How often all that ask for one class do so, at once; who still waits then asks the next time.
    pub periods: [Duration; 3],
    /// How many bytes a slice of the server's work reads.
    pub slice: usize,
}

/// What was asked, and how long it took.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// How long clients of each class have waited, in the order of [`Class::ALL`].
    pub waits: [Waits; 3],
    /// How many requests were sent.
    pub sent: u64,
    /// How many the server has answered, as it says.
    pub served: u64,
    /// The most slices of other work that a health check has waited for.
    pub waited: u64,
    /// What has gone wrong.
    pub errors: Vec<String>,
}

impl Measured {
    /// How many answers have arrived.
    pub fn answered(&self) -> u64 {
        self.waits.iter().map(|waits| waits.count() as u64).sum()
    }

    /// Whether each request was answered.
    pub fn is_complete(&self) -> bool {
        self.errors.is_empty() && self.sent == self.answered() && self.sent == self.served
    }

    /// Those of another time.
    pub fn extend(&mut self, other: Measured) {
        for (waits, more) in self.waits.iter_mut().zip(other.waits) {
            waits.extend(more);
        }
        self.sent += other.sent;
        self.served += other.served;
        self.waited = self.waited.max(other.waited);
        self.errors.extend(other.errors);
    }
}

/// What clients write down.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) waits: [Waits; 3],
    pub(super) sent: u64,
    pub(super) errors: Vec<String>,
}

/// Has a server on a thread of its own answer clients on this one.
///
/// # Errors
/// Where the system gives no sockets or no thread.
pub fn load(way: Way, load: Load) -> io::Result<Measured> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let (stop, stopped) = channel::bounded(1);
    let server = thread::Builder::new()
        .name("priority-server".to_owned())
        .spawn(move || serve(listener, way, load.slice, &stopped))?;
    let tally = Rc::new(RefCell::new(Tally::default()));
    // The clients of urgent questions are urgent here, too, or they would be told late of answers that are there.
    let executor = Executor::builder().poll_budget(BUDGET).build();
    executor.block_on(async {
        let since = Instant::now();
        let until = since + load.time;
        let mut clients = Vec::new();
        for class in Class::ALL {
            let expected = match class {
                Class::Health => "well, ".into(),
                Class::Request => expected(load.slice).into(),
                Class::Report => "report ".into(),
            };
            let period = load.periods[class as usize];
            let one = Client { address, class, until, since, period, expected };
            let all = (0..load.clients[class as usize]).map(|_| {
                let client = client(one.clone(), Rc::clone(&tally));
                TaskBuilder::new(client).priority(class.priority()).spawn()
            });
            clients.extend(all);
        }
        for client in clients {
            if let Err(error) = client.await {
                tally.borrow_mut().errors.push(error.to_string());
            }
        }
    });
    drop(stop);
    let ended = server.join().map_err(|_| io::Error::other("the server has panicked"))?;
    let Served { answered, waited } = ended?;
    let Tally { waits, sent, errors } = tally.take();
    Ok(Measured { waits, sent, served: answered.iter().sum(), waited, errors })
}
