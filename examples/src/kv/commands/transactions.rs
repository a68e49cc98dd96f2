//! MULTI, EXEC, DISCARD, WATCH, UNWATCH.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, UNQUEUED},
};
use crate::kv::{
    request::{Arguments, CommandError},
    server::Server,
    store::{Dirty, Millis},
};
use std::sync::{Arc, atomic::Ordering};

const MANY: KeySpec = KeySpec::Many { step: 1, after: 0 };

pub(super) const COMMANDS: &[Command] = &[
    Command::row("discard", discard, 1, FAST | UNQUEUED, KeySpec::None, "2.0.0", "Forgets a transaction"),
    Command::row("exec", exec, 1, UNQUEUED, KeySpec::All, "1.2.0", "Runs the commands of a transaction"),
    Command::row("multi", multi, 1, FAST | UNQUEUED, KeySpec::None, "1.2.0", "Begins a transaction"),
    Command::row("unwatch", unwatch, 1, FAST, KeySpec::None, "2.2.0", "Stops watching keys"),
    Command::row("watch", watch, -2, FAST | UNQUEUED, MANY, "2.2.0", "Has EXEC do nothing if keys change"),
];

/// The transaction of a client.
#[derive(Debug, Default)]
pub(in crate::kv) struct Transaction {
    /// Since `MULTI`: the commands that were called.
    queue: Option<Vec<(&'static Command, Arguments)>>,
    /// A command could not be queued.
    is_spoiled: bool,
    is_running: bool,
    watched: Vec<Vec<u8>>,
    dirty: Dirty,
}

impl Transaction {
    /// Whether commands are queued.
    pub(super) const fn is_open(&self) -> bool {
        self.queue.is_some()
    }

    /// Whether `EXEC` runs.
    pub(super) const fn is_running(&self) -> bool {
        self.is_running
    }

    pub(super) fn queue(&mut self, command: &'static Command, arguments: Arguments) {
        if let Some(queue) = &mut self.queue {
            queue.push((command, arguments));
        }
    }

    /// A command was wrong: if a transaction is open, it will not run.
    pub(super) const fn spoil(&mut self) {
        self.is_spoiled |= self.queue.is_some();
    }

    /// Forgets it, with what is watched.
    pub(in crate::kv) fn end(&mut self, server: &Server, now: Millis) {
        self.queue = None;
        self.is_spoiled = false;
        self.is_running = false;
        for key in std::mem::take(&mut self.watched) {
            server.store.lock(server.store.shard_of(&key), now).unwatch(&key, &self.dirty);
        }
        self.dirty = Dirty::default();
    }
}

fn multi(mut call: Call<'_, '_>) -> Outcome {
    let transaction = &mut call.client.transaction;
    if transaction.is_open() {
        return Err(CommandError::new("ERR MULTI calls can not be nested"));
    }
    transaction.queue = Some(Vec::new());
    call.reply.ok();
    Ok(())
}

fn discard(mut call: Call<'_, '_>) -> Outcome {
    if !call.client.transaction.is_open() {
        return Err(CommandError::new("ERR DISCARD without MULTI"));
    }
    call.client.transaction.end(call.server, call.now);
    call.reply.ok();
    Ok(())
}

fn watch(mut call: Call<'_, '_>) -> Outcome {
    let transaction = &mut call.client.transaction;
    if transaction.is_open() {
        return Err(CommandError::new("ERR WATCH inside MULTI is not allowed"));
    }
    for key in call.arguments {
        call.keys.watch(&key, &transaction.dirty);
        transaction.watched.push(key);
    }
    call.reply.ok();
    Ok(())
}

fn unwatch(mut call: Call<'_, '_>) -> Outcome {
    // In a transaction it is too late: they are forgotten after it.
    if !call.client.transaction.is_running() {
        call.client.transaction.end(call.server, call.now);
    }
    call.reply.ok();
    Ok(())
}

fn exec(mut call: Call<'_, '_>) -> Outcome {
    let transaction = &mut call.client.transaction;
    let Some(queue) = transaction.queue.take() else {
        return Err(CommandError::new("ERR EXEC without MULTI"));
    };
    let dirty = Arc::clone(&transaction.dirty);
    for key in std::mem::take(&mut transaction.watched) {
        call.keys.unwatch(&key, &dirty);
    }
    transaction.dirty = Dirty::default();
    if std::mem::take(&mut transaction.is_spoiled) {
        return Err(CommandError::new("EXECABORT Transaction discarded because of previous errors."));
    }
    if dirty.load(Ordering::Relaxed) {
        call.reply.null_array();
        return Ok(());
    }
    call.reply.array(queue.len());
    transaction.is_running = true;
    for (command, arguments) in queue {
        let (client, keys) = (&mut *call.client, &mut *call.keys);
        let protocol = client.protocol;
        let reply = call.reply.next(protocol);
        let outcome =
            (command.run)(Call { server: call.server, client, keys, arguments, reply, now: call.now });
        if let Err(error) = outcome {
            // Commands write nothing before they know that they succeed.
            call.reply.error(&error.to_string());
        }
    }
    call.client.transaction.is_running = false;
    Ok(())
}
