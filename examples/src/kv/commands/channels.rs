//! SUBSCRIBE, PUBLISH and their like.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, NO_MULTI, PUBSUB, SUBSCRIBED},
};
use crate::kv::{
    client::Client,
    pattern,
    pubsub::Kind::{self, Channel, Pattern},
    reply::Reply,
    request::CommandError,
    server::Server,
};

const LISTEN: u8 = PUBSUB | SUBSCRIBED | NO_MULTI;

pub(super) const COMMANDS: &[Command] = &[
    Command::row(
        "psubscribe",
        psubscribe,
        -2,
        LISTEN,
        KeySpec::None,
        "2.0.0",
        "Listens to channels that fit a pattern",
    ),
    Command::row(
        "publish",
        publish,
        3,
        PUBSUB | FAST,
        KeySpec::None,
        "2.0.0",
        "Sends a message to a channel",
    ),
    Command::row("pubsub", pubsub, -2, PUBSUB, KeySpec::None, "2.8.0", "Tells about channels"),
    Command::row(
        "punsubscribe",
        punsubscribe,
        -1,
        LISTEN,
        KeySpec::None,
        "2.0.0",
        "Stops listening to patterns",
    ),
    Command::row("subscribe", subscribe, -2, LISTEN, KeySpec::None, "2.0.0", "Listens to channels"),
    Command::row(
        "unsubscribe",
        unsubscribe,
        -1,
        LISTEN,
        KeySpec::None,
        "2.0.0",
        "Stops listening to channels",
    ),
];

fn subscribe(call: Call<'_, '_>) -> Outcome {
    start(call, Channel)
}

fn psubscribe(call: Call<'_, '_>) -> Outcome {
    start(call, Pattern)
}

fn unsubscribe(call: Call<'_, '_>) -> Outcome {
    stop(call, Channel)
}

fn punsubscribe(call: Call<'_, '_>) -> Outcome {
    stop(call, Pattern)
}

fn start(mut call: Call<'_, '_>, kind: Kind) -> Outcome {
    for name in call.arguments {
        if call.client.subscriptions.insert(kind, &name) {
            call.server.pubsub().subscribe(kind, &name, call.client.id, &call.client.mailbox);
        }
        confirm(&mut call.reply, kind.subscribe(), Some(&name), call.client);
    }
    Ok(())
}

fn stop(mut call: Call<'_, '_>, kind: Kind) -> Outcome {
    // Those that came before are no surprise; those that came after it would be.
    call.reply.after_messages(&call.client.mailbox);
    let mut names: Vec<_> = call.arguments.collect();
    if names.is_empty() {
        names = call.client.subscriptions.all(kind);
    }
    if names.is_empty() {
        confirm(&mut call.reply, kind.unsubscribe(), None, call.client);
    }
    for name in names {
        if call.client.subscriptions.remove(kind, &name) {
            call.server.pubsub().unsubscribe(kind, &name, call.client.id);
        }
        confirm(&mut call.reply, kind.unsubscribe(), Some(&name), call.client);
    }
    Ok(())
}

fn confirm(reply: &mut Reply<'_>, what: &str, name: Option<&[u8]>, client: &Client) {
    reply.push(3);
    reply.bulk(what.as_bytes());
    reply.optional(name);
    reply.count(client.subscriptions.count());
}

/// Forgets all that a client listens to.
pub(in crate::kv) fn forget(server: &Server, client: &mut Client) {
    for kind in [Channel, Pattern] {
        for name in client.subscriptions.all(kind) {
            client.subscriptions.remove(kind, &name);
            server.pubsub().unsubscribe(kind, &name, client.id);
        }
    }
}

/// `PUBLISH channel message`
fn publish(mut call: Call<'_, '_>) -> Outcome {
    let (channel, message) = (call.arguments.word()?, call.arguments.word()?);
    call.reply.count(call.server.pubsub().publish(&channel, &message));
    Ok(())
}

/// `PUBSUB CHANNELS [pattern]`, `PUBSUB NUMSUB [channel ...]`, `PUBSUB NUMPAT`
fn pubsub(mut call: Call<'_, '_>) -> Outcome {
    let subcommand = call.arguments.word()?;
    let pubsub = call.server.pubsub();
    match (subcommand.to_ascii_lowercase().as_slice(), call.arguments.len()) {
        (b"channels", 0..=1) => {
            let wanted = call.arguments.next();
            let wanted = |name: &&[u8]| wanted.as_ref().is_none_or(|wanted| pattern::matches(wanted, name));
            let names: Vec<_> = pubsub.channels().filter(wanted).collect();
            call.reply.array(names.len());
            for name in names {
                call.reply.bulk(name);
            }
        }
        (b"numsub", _) => {
            call.reply.array(call.arguments.len() * 2);
            for name in call.arguments {
                call.reply.bulk(&name);
                call.reply.count(pubsub.subscribers(&name));
            }
        }
        (b"numpat", 0) => call.reply.count(pubsub.patterns()),
        _ => return Err(CommandError::unknown_subcommand("PUBSUB", &subcommand)),
    }
    Ok(())
}
