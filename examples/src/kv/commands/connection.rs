//! PING, ECHO, HELLO, SELECT, RESET, QUIT.

use super::{
    Call, Command, KeySpec, Outcome, channels,
    flag::{FAST, NO_MULTI, SUBSCRIBED, UNQUEUED},
};
use crate::{
    kv::request::{CommandError, integer},
    resp::Protocol,
};

pub(super) const COMMANDS: &[Command] = &[
    Command::row("echo", echo, 2, FAST, KeySpec::None, "1.0.0", "Returns the given string"),
    Command::row("hello", hello, -1, FAST, KeySpec::None, "6.0.0", "Agrees on the version of the protocol"),
    Command::row(
        "ping",
        ping,
        -1,
        FAST | SUBSCRIBED,
        KeySpec::None,
        "1.0.0",
        "Tells that the server is there",
    ),
    Command::row(
        "quit",
        quit,
        -1,
        FAST | SUBSCRIBED | UNQUEUED,
        KeySpec::None,
        "1.0.0",
        "Closes the connection",
    ),
    Command::row(
        "reset",
        reset,
        1,
        FAST | SUBSCRIBED | UNQUEUED,
        KeySpec::None,
        "6.2.0",
        "Makes a connection as new",
    ),
    Command::row(
        "select",
        select,
        2,
        FAST | NO_MULTI,
        KeySpec::None,
        "1.0.0",
        "Takes the one database that there is",
    ),
];

/// `PING [message]`
fn ping(mut call: Call<'_, '_>) -> Outcome {
    let message = call.arguments.next();
    if call.arguments.len() > 0 {
        return Err(CommandError::arity("ping"));
    }
    if call.client.protocol == Protocol::Resp2 && call.client.subscriptions.count() > 0 {
        call.reply.array(2);
        call.reply.bulk(b"pong");
        call.reply.bulk(&message.unwrap_or_default());
        return Ok(());
    }
    match message {
        None => call.reply.simple("PONG"),
        Some(message) => call.reply.bulk(&message),
    }
    Ok(())
}

fn echo(mut call: Call<'_, '_>) -> Outcome {
    call.reply.bulk(&call.arguments.word()?);
    Ok(())
}

fn quit(mut call: Call<'_, '_>) -> Outcome {
    call.client.quits = true;
    call.reply.ok();
    Ok(())
}

fn reset(mut call: Call<'_, '_>) -> Outcome {
    call.client.transaction.end(call.server, call.now);
    channels::forget(call.server, call.client);
    call.client.speak(Protocol::Resp2);
    call.server.rename(call.client.id, Vec::new());
    call.reply.simple("RESET");
    Ok(())
}

fn select(mut call: Call<'_, '_>) -> Outcome {
    match integer(&call.arguments.word()?) {
        Some(0) => call.reply.ok(),
        Some(_) => return Err(CommandError::new("ERR DB index is out of range")),
        None => return Err(CommandError::new("ERR value is not an integer or out of range")),
    }
    Ok(())
}

/// `HELLO [version [AUTH user password] [SETNAME name]]`
fn hello(mut call: Call<'_, '_>) -> Outcome {
    let mut protocol = call.client.protocol;
    if let Some(version) = call.arguments.next() {
        protocol = match integer(&version) {
            Some(2) => Protocol::Resp2,
            Some(3) => Protocol::Resp3,
            Some(_) => return Err(CommandError::new("NOPROTO unsupported protocol version")),
            None => {
                return Err(CommandError::new("ERR Protocol version is not an integer or out of range"));
            }
        };
    }
    let mut name = None;
    while let Some(option) = call.arguments.next() {
        match (option.to_ascii_lowercase().as_slice(), call.arguments.len()) {
            (b"auth", 2..) => {
                // As a redis without passwords: its one user is let in with any.
                let user = call.arguments.word()?;
                call.arguments.word()?;
                if user != b"default" {
                    return Err(CommandError::new(
                        "WRONGPASS invalid username-password pair or user is disabled.",
                    ));
                }
            }
            (b"setname", 1..) => name = Some(CommandError::check_name(call.arguments.word()?)?),
            _ => return Err(CommandError::hello_option(&option)),
        }
    }
    if let Some(name) = name {
        call.server.rename(call.client.id, name);
    }
    call.client.speak(protocol);
    let mut reply = call.reply.next(protocol);
    reply.map(7);
    for (field, text) in [("server", "asynkit-kv"), ("version", env!("CARGO_PKG_VERSION"))] {
        reply.bulk(field.as_bytes());
        reply.bulk(text.as_bytes());
    }
    let version = if protocol == Protocol::Resp3 { 3 } else { 2 };
    for (field, number) in [("proto", version), ("id", call.client.id)] {
        reply.bulk(field.as_bytes());
        reply.integer(number);
    }
    for (field, text) in [("mode", "standalone"), ("role", "master")] {
        reply.bulk(field.as_bytes());
        reply.bulk(text.as_bytes());
    }
    reply.bulk(b"modules");
    reply.array(0);
    Ok(())
}
