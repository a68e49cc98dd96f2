//! The commands: what there is, and the way from a request to its reply.

#![expect(clippy::unnecessary_wraps, reason = "the commands of the table have one type")]

mod about;
mod blocking;
mod channels;
mod client;
mod connection;
mod ending;
mod expiry;
mod hashes;
mod keys;
mod lists;
mod sets;
mod sorted_sets;
mod strings;
mod table;
mod transactions;

pub(super) use blocking::Blocked;
pub(super) use transactions::Transaction;

use super::{
    client::Client,
    reply::Reply,
    request::{Arguments, CommandError},
    server::Server,
    store::{Locked, Millis, Shards, Store},
};
use crate::resp::{Protocol, Value};
use table::{Command, KeySpec, flag};

pub(super) use channels::forget;

/// What a command works with.
struct Call<'a, 'r> {
    server: &'a Server,
    client: &'a mut Client,
    /// The shards of its keys, locked.
    keys: &'a mut Locked<'r>,
    arguments: Arguments,
    reply: Reply<'a>,
    /// The time of the command.
    now: Millis,
}

type Outcome = Result<(), CommandError>;

/// Runs one request, the name of a command and its arguments, and writes the reply to `out`.
///
/// A command that waits leaves what it waits for with the client instead.
pub(super) fn run(server: &Server, client: &mut Client, request: Vec<Value>, now: Millis, out: &mut Vec<u8>) {
    client.commands += 1;
    let mut reply = Reply::new(out, client.protocol);
    let outcome = prepare(client, request).and_then(|(command, arguments)| {
        if client.transaction.is_open() && !command.has(flag::UNQUEUED) {
            client.transaction.queue(command, arguments);
            reply.simple("QUEUED");
            return Ok(());
        }
        let shards = shards(&server.store, command, &arguments);
        let mut keys = server.store.lock(shards, now);
        let reply = reply.next(client.protocol);
        let outcome = (command.run)(Call { server, client, keys: &mut keys, arguments, reply, now });
        keys.serve();
        outcome
    });
    if let Err(error) = outcome {
        reply.restart();
        reply.error(&error.to_string());
    }
}

/// Finds the command of a request, if it may be called so.
fn prepare(client: &mut Client, request: Vec<Value>) -> Result<(&'static Command, Arguments), CommandError> {
    let mut arguments = Arguments::new(request);
    let name = arguments.next().unwrap_or_default();
    let found = match table::find(&name) {
        None => Err(CommandError::unknown_command(&name, &arguments)),
        Some(command) if !command.takes(1 + arguments.len()) => Err(CommandError::arity(command.name)),
        Some(command) => permit(client, command).map(|()| command),
    };
    match found {
        Ok(command) => Ok((command, arguments)),
        Err(error) => {
            client.transaction.spoil();
            Err(error)
        }
    }
}

/// Whether the state of the connection lets the command be called.
fn permit(client: &Client, command: &Command) -> Outcome {
    if client.transaction.is_open() && command.has(flag::NO_MULTI) {
        return Err(CommandError::new("ERR Command not allowed inside a transaction"));
    }
    // In RESP2 a message and a reply look the same.
    if client.protocol == Protocol::Resp2
        && client.subscriptions.count() > 0
        && !command.has(flag::SUBSCRIBED)
    {
        return Err(CommandError::only_subscribed(command.name));
    }
    Ok(())
}

/// Which shards a command works with.
fn shards(store: &Store, command: &Command, arguments: &Arguments) -> Shards {
    match command.keys {
        KeySpec::None => Shards::NONE,
        KeySpec::One => arguments.peek(0).map_or(Shards::NONE, |key| store.shard_of(key)),
        KeySpec::All => store.all(),
        KeySpec::Many { step, after } => {
            let keys = arguments.words().take(arguments.len() - after).step_by(step);
            keys.fold(Shards::NONE, |shards, key| shards.and(store.shard_of(key)))
        }
    }
}
