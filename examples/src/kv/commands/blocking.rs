//! BLPOP, BRPOP.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{BLOCKING, WRITE},
};
use crate::kv::{
    request::{CommandError, float},
    store::{List, Side, Waiter},
};
use std::{sync::Arc, time::Duration};

const LISTS: KeySpec = KeySpec::Many { step: 1, after: 1 };

pub(super) const COMMANDS: &[Command] = &[
    Command::row(
        "blpop",
        blpop,
        -3,
        WRITE | BLOCKING,
        LISTS,
        "2.0.0",
        "Waits for the first element of a list",
    ),
    Command::row(
        "brpop",
        brpop,
        -3,
        WRITE | BLOCKING,
        LISTS,
        "2.0.0",
        "Waits for the last element of a list",
    ),
];

/// What a client waits for.
#[derive(Debug)]
pub(in crate::kv) struct Blocked {
    pub(in crate::kv) keys: Vec<Vec<u8>>,
    pub(in crate::kv) side: Side,
    /// Names the wait: there is no other of this number.
    pub(in crate::kv) ticket: u64,
    /// `None`: for ever.
    pub(in crate::kv) timeout: Option<Duration>,
}

fn blpop(call: Call<'_, '_>) -> Outcome {
    pop(call, Side::Left)
}

fn brpop(call: Call<'_, '_>) -> Outcome {
    pop(call, Side::Right)
}

/// `BLPOP key [key ...] timeout`
fn pop(mut call: Call<'_, '_>, side: Side) -> Outcome {
    let mut keys: Vec<_> = call.arguments.collect();
    let timeout = timeout(&keys.pop().unwrap_or_default())?;
    for key in &keys {
        // The first of them that has an element gives it.
        if call.keys.read::<List>(key)?.is_some() {
            let value = call.keys.change(key, |list: &mut List| side.pop(list))?.flatten();
            call.reply.array(2);
            call.reply.bulk(key);
            call.reply.optional(value.as_deref());
            return Ok(());
        }
    }
    if call.client.transaction.is_running() {
        // Nobody else could push while it waits.
        call.reply.null_array();
        return Ok(());
    }
    let ticket = call.server.next_ticket();
    call.client.mailbox.open(ticket);
    for key in &keys {
        let mailbox = Arc::clone(&call.client.mailbox);
        call.keys.wait(key, Waiter { ticket, mailbox, side });
    }
    call.client.blocked = Some(Blocked { keys, side, ticket, timeout });
    Ok(())
}

/// A number of seconds; 0 is for ever.
fn timeout(text: &[u8]) -> Result<Option<Duration>, CommandError> {
    let seconds = float(text).filter(|seconds| seconds.is_finite());
    let seconds = seconds.ok_or_else(|| CommandError::new("ERR timeout is not a float or out of range"))?;
    if seconds < 0.0 {
        return Err(CommandError::new("ERR timeout is negative"));
    }
    if seconds == 0.0 {
        return Ok(None);
    }
    let timeout = Duration::try_from_secs_f64(seconds);
    timeout.map(Some).map_err(|_| CommandError::new("ERR timeout is out of range"))
}
