//! INFO, CONFIG, COMMAND, SHUTDOWN.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::NO_MULTI,
    table::{all, find},
};
use crate::kv::{pattern, reply::Reply, request::CommandError, store::Keys};
use std::fmt::Write as _;

pub(super) const COMMANDS: &[Command] = &[
    Command::row("command", command, -1, 0, KeySpec::None, "2.8.13", "Tells about the commands"),
    Command::row("config", config, -2, 0, KeySpec::None, "2.0.0", "Tells the values of parameters"),
    Command::row("info", info, -1, 0, KeySpec::All, "1.0.0", "Tells about the server"),
    Command::row("shutdown", shutdown, -1, NO_MULTI, KeySpec::None, "1.0.0", "Ends the server"),
];

/// `INFO [section ...]`
fn info(mut call: Call<'_, '_>) -> Outcome {
    call.server.count(call.client);
    let wanted: Vec<_> = call.arguments.by_ref().map(|name| name.to_ascii_lowercase()).collect();
    let every = wanted.is_empty()
        || wanted.iter().any(|name| matches!(name.as_slice(), b"all" | b"default" | b"everything"));
    let mut text = String::new();
    for (name, fields) in sections(&call) {
        if every || wanted.iter().any(|wanted| wanted == name.to_ascii_lowercase().as_bytes()) {
            let separator = if text.is_empty() { "" } else { "\r\n" };
            write!(text, "{separator}# {name}\r\n").expect("a string takes all that is written to it");
            for (field, value) in fields {
                write!(text, "{field}:{value}\r\n").expect("a string takes all that is written to it");
            }
        }
    }
    call.reply.text(text);
    Ok(())
}

type Section = (&'static str, Vec<(&'static str, String)>);

fn sections(call: &Call<'_, '_>) -> [Section; 4] {
    let server = call.server;
    let uptime = server.uptime().as_secs();
    let keys: usize = call.keys.each().map(Keys::len).sum();
    let ending: usize = call.keys.each().map(Keys::ending).sum();
    let counts = server.counts();
    [
        (
            "Server",
            vec![
                // Clients decide by this number what they may send.
                ("redis_version", "7.0.0".to_owned()),
                ("redis_mode", "standalone".to_owned()),
                ("server_name", "asynkit-kv".to_owned()),
                ("server_version", env!("CARGO_PKG_VERSION").to_owned()),
                ("runtime", server.runtime.to_owned()),
                ("threads", server.threads.to_string()),
                ("process_id", std::process::id().to_string()),
                ("tcp_port", server.port.to_string()),
                ("uptime_in_seconds", uptime.to_string()),
                ("uptime_in_days", (uptime / 86400).to_string()),
            ],
        ),
        (
            "Clients",
            vec![
                ("connected_clients", counts.clients.to_string()),
                ("blocked_clients", counts.blocked.to_string()),
            ],
        ),
        (
            "Stats",
            vec![
                ("total_connections_received", counts.accepted.to_string()),
                ("total_commands_processed", counts.commands.to_string()),
                ("pubsub_channels", counts.channels.to_string()),
                ("pubsub_patterns", counts.patterns.to_string()),
            ],
        ),
        (
            "Keyspace",
            if keys == 0 {
                Vec::new()
            } else {
                vec![("db0", format!("keys={keys},expires={ending},avg_ttl=0"))]
            },
        ),
    ]
}

/// `CONFIG GET pattern [pattern ...]`
fn config(mut call: Call<'_, '_>) -> Outcome {
    let subcommand = call.arguments.word()?;
    if !subcommand.eq_ignore_ascii_case(b"get") {
        return Err(CommandError::unknown_subcommand("CONFIG", &subcommand));
    }
    if call.arguments.len() == 0 {
        return Err(CommandError::arity("config|get"));
    }
    let patterns: Vec<_> = call.arguments.map(|pattern| pattern.to_ascii_lowercase()).collect();
    let limits = call.server.limits;
    let mut parameters = vec![
        ("appendonly", "no".to_owned()),
        ("client-query-buffer-limit", limits.frame.to_string()),
        ("databases", "1".to_owned()),
        ("io-threads", call.server.threads.to_string()),
        ("maxmemory", "0".to_owned()),
        ("maxmemory-policy", "noeviction".to_owned()),
        ("port", call.server.port.to_string()),
        ("proto-max-bulk-len", limits.bulk.to_string()),
        ("save", String::new()),
    ];
    parameters.retain(|(name, _)| patterns.iter().any(|pattern| pattern::matches(pattern, name.as_bytes())));
    call.reply.map(parameters.len());
    for (name, value) in parameters {
        call.reply.bulk(name.as_bytes());
        call.reply.bulk(value.as_bytes());
    }
    Ok(())
}

/// `COMMAND`, `COMMAND COUNT`, `COMMAND LIST`, `COMMAND INFO [name ...]`, `COMMAND DOCS [name ...]`
fn command(mut call: Call<'_, '_>) -> Outcome {
    let subcommand = call.arguments.next();
    let named: Vec<Option<&Command>> = if call.arguments.len() == 0 {
        all().iter().map(Some).collect()
    } else {
        call.arguments.map(|name| find(&name)).collect()
    };
    let reply = &mut call.reply;
    match subcommand.as_deref().map(<[u8]>::to_ascii_lowercase).as_deref() {
        None | Some(b"info") => {
            reply.array(named.len());
            for command in named {
                match command {
                    Some(command) => details(reply, command),
                    None => reply.unknown(),
                }
            }
        }
        Some(b"count") => reply.count(all().len()),
        Some(b"list") => {
            reply.array(all().len());
            for command in all() {
                reply.bulk(command.name.as_bytes());
            }
        }
        Some(b"docs") => {
            reply.map(named.iter().flatten().count());
            for command in named.into_iter().flatten() {
                docs(reply, command);
            }
        }
        Some(_) => {
            return Err(CommandError::unknown_subcommand("COMMAND", &subcommand.unwrap_or_default()));
        }
    }
    Ok(())
}

fn details(reply: &mut Reply<'_>, command: &Command) {
    let (first, last, step) = match command.keys {
        KeySpec::None | KeySpec::All => (0, 0, 0),
        KeySpec::One => (1, 1, 1),
        KeySpec::Many { step, after: 0 } => (1, -1, step),
        KeySpec::Many { step, .. } => (1, -2, step),
    };
    reply.array(10);
    reply.bulk(command.name.as_bytes());
    reply.integer(command.arity);
    let flags = command.flags();
    reply.set(flags.len());
    for flag in flags {
        reply.simple(flag);
    }
    reply.integer(first);
    reply.integer(last);
    reply.count(step);
    let categories = command.categories();
    reply.set(categories.len());
    for category in categories {
        reply.simple(&category);
    }
    // Tips, key specifications and subcommands: none.
    for _ in 0..3 {
        reply.array(0);
    }
}

fn docs(reply: &mut Reply<'_>, command: &Command) {
    reply.bulk(command.name.as_bytes());
    reply.map(3);
    for (name, text) in [("summary", command.summary), ("since", command.since), ("group", command.group)] {
        reply.bulk(name.as_bytes());
        reply.bulk(text.as_bytes());
    }
}

/// `SHUTDOWN [NOSAVE | SAVE] [NOW] [FORCE]`: nothing is ever saved, so all of these are the same.
fn shutdown(mut call: Call<'_, '_>) -> Outcome {
    let is_known = |word: Vec<u8>| {
        matches!(word.to_ascii_lowercase().as_slice(), b"nosave" | b"save" | b"now" | b"force")
    };
    if !call.arguments.all(is_known) {
        return Err(CommandError::syntax());
    }
    call.client.quits = true;
    call.server.stop();
    Ok(())
}
