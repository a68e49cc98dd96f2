//! [`Server`]: what all connections share, on whichever thread they run.

use super::{
    Options, Stop,
    client::Client,
    commands,
    mailbox::{Closing, Mailbox},
    pubsub::PubSub,
    store::{Millis, Store},
};
use crate::resp::Limits;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant, SystemTime},
};

/// What all connections share.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) store: Store,
    pub(super) limits: Limits,
    pub(super) port: u16,
    pub(super) threads: usize,
    pub(super) runtime: &'static str,
    started: Instant,
    clients: Mutex<BTreeMap<i64, Known>>,
    pubsub: Mutex<PubSub>,
    /// Connections that ever were.
    accepted: AtomicI64,
    commands: AtomicU64,
    blocked: AtomicUsize,
    tickets: AtomicU64,
    stop: Stop,
}

/// A client as the others see it.
#[derive(Debug)]
struct Known {
    mailbox: Arc<Mailbox>,
    address: SocketAddr,
    name: Vec<u8>,
    since: Instant,
}

/// What `INFO` counts.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) clients: usize,
    pub(super) blocked: usize,
    pub(super) accepted: i64,
    pub(super) commands: u64,
    pub(super) channels: usize,
    pub(super) patterns: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    pub(super) fn new(port: u16, runtime: &'static str, options: Options, stop: Stop) -> Self {
        Server {
            store: Store::new(options.threads),
            limits: options.limits,
            port,
            threads: options.threads,
            runtime,
            started: Instant::now(),
            clients: Mutex::default(),
            pubsub: Mutex::default(),
            accepted: AtomicI64::new(0),
            commands: AtomicU64::new(0),
            blocked: AtomicUsize::new(0),
            tickets: AtomicU64::new(0),
            stop,
        }
    }

    /// A new connection.
    pub(super) fn enter(&self, address: SocketAddr) -> Client {
        let client = Client::new(self.accepted.fetch_add(1, Relaxed) + 1);
        let mailbox = Arc::clone(&client.mailbox);
        let known = Known { mailbox, address, name: Vec::new(), since: Instant::now() };
        lock(&self.clients).insert(client.id, known);
        if self.stop.is_stopped() {
            // Too late to be told with the others.
            client.mailbox.close(Closing::Shutdown);
        }
        client
    }

    /// A connection has ended.
    pub(super) fn leave(&self, client: &mut Client) {
        self.count(client);
        commands::forget(self, client);
        client.transaction.end(self, now());
        lock(&self.clients).remove(&client.id);
    }

    /// Counts the commands that a client has called.
    pub(super) fn count(&self, client: &mut Client) {
        self.commands.fetch_add(std::mem::take(&mut client.commands), Relaxed);
    }

    /// Counts a client as blocked, or not any more.
    pub(super) fn count_blocked(&self, is_blocked: bool) {
        if is_blocked {
            self.blocked.fetch_add(1, Relaxed);
        } else {
            self.blocked.fetch_sub(1, Relaxed);
        }
    }

    pub(super) fn counts(&self) -> Counts {
        let pubsub = self.pubsub();
        let (channels, patterns) = (pubsub.channels().count(), pubsub.patterns());
        drop(pubsub);
        Counts {
            clients: lock(&self.clients).len(),
            blocked: self.blocked.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
            commands: self.commands.load(Relaxed),
            channels,
            patterns,
        }
    }

    pub(super) fn pubsub(&self) -> MutexGuard<'_, PubSub> {
        lock(&self.pubsub)
    }

    /// A number that no wait has had.
    pub(super) fn next_ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Relaxed)
    }

    pub(super) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) fn rename(&self, id: i64, name: Vec<u8>) {
        if let Some(known) = lock(&self.clients).get_mut(&id) {
            known.name = name;
        }
    }

    pub(super) fn name_of(&self, id: i64) -> Vec<u8> {
        lock(&self.clients).get(&id).map(|known| known.name.clone()).unwrap_or_default()
    }

    /// Closes the connection of a client; whether there is one of that number.
    pub(super) fn kill(&self, id: i64) -> bool {
        let clients = lock(&self.clients);
        clients.get(&id).inspect(|known| known.mailbox.close(Closing::Killed)).is_some()
    }

    /// One line for each client, or for one of them.
    pub(super) fn describe(&self, only: Option<i64>) -> String {
        let mut text = String::new();
        for (id, known) in lock(&self.clients).iter().filter(|(id, _)| only.is_none_or(|only| only == **id)) {
            let name = String::from_utf8_lossy(&known.name);
            let age = known.since.elapsed().as_secs();
            writeln!(text, "id={id} addr={} name={name} age={age} db=0", known.address)
                .expect("a string takes all that is written to it");
        }
        text
    }

    /// Begins to end the server.
    pub(super) fn stop(&self) {
        self.stop.stop();
    }

    /// Tells every connection that the server ends.
    pub(super) fn close_all(&self) {
        for known in lock(&self.clients).values() {
            known.mailbox.close(Closing::Shutdown);
        }
    }

    /// Forgets what is due, wherever it is.
    pub(super) fn tidy(&self) {
        for shard in self.store.each() {
            drop(self.store.lock(shard, now()));
        }
    }
}

/// What time it is.
pub(super) fn now() -> Millis {
    let since_1970 = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}
