//! INFO, CONFIG, COMMAND.

use super::{COMMANDS, Call, Command, find};
use crate::resp::{
    Null, Value,
    server::{Server, pattern, request::CommandError},
};
use std::fmt::Write as _;

/// `INFO [section ...]`
#[expect(clippy::unnecessary_wraps, reason = "the commands of the table have one type")]
pub(super) fn info(call: Call<'_>) -> Result<Value, CommandError> {
    let wanted: Vec<_> = call.arguments.map(|name| name.to_ascii_lowercase()).collect();
    let every = wanted.is_empty()
        || wanted.iter().any(|name| matches!(name.as_slice(), b"all" | b"default" | b"everything"));
    let mut text = String::new();
    for (name, fields) in sections(call.server) {
        if every || wanted.iter().any(|wanted| wanted == name.to_ascii_lowercase().as_bytes()) {
            let separator = if text.is_empty() { "" } else { "\r\n" };
            write!(text, "{separator}# {name}\r\n").expect("a string takes all that is written to it");
            for (field, value) in fields {
                write!(text, "{field}:{value}\r\n").expect("a string takes all that is written to it");
            }
        }
    }
    Ok(Value::Verbatim { format: *b"txt", text: text.into_bytes() })
}

fn sections(server: &Server) -> [(&'static str, Vec<(&'static str, String)>); 4] {
    let uptime = server.uptime().as_secs();
    let keys = server.store.len();
    [
        (
            "Server",
            vec![
                // Clients decide by this number what they may send.
                ("redis_version", "7.0.0".to_owned()),
                ("redis_mode", "standalone".to_owned()),
                ("server_name", "asynkit-resp".to_owned()),
                ("server_version", env!("CARGO_PKG_VERSION").to_owned()),
                ("process_id", std::process::id().to_string()),
                ("tcp_port", server.port.to_string()),
                ("uptime_in_seconds", uptime.to_string()),
                ("uptime_in_days", (uptime / 86400).to_string()),
            ],
        ),
        ("Clients", vec![("connected_clients", server.clients.to_string())]),
        (
            "Stats",
            vec![
                ("total_connections_received", server.accepted.to_string()),
                ("total_commands_processed", server.commands.to_string()),
            ],
        ),
        (
            "Keyspace",
            if keys == 0 {
                Vec::new()
            } else {
                vec![("db0", format!("keys={keys},expires={},avg_ttl=0", server.store.ending()))]
            },
        ),
    ]
}

/// `CONFIG GET pattern [pattern ...]`
pub(super) fn config(mut call: Call<'_>) -> Result<Value, CommandError> {
    let subcommand = call.arguments.word()?;
    if !subcommand.eq_ignore_ascii_case(b"get") {
        return Err(CommandError::unknown_subcommand("CONFIG", &subcommand));
    }
    if call.arguments.len() == 0 {
        return Err(CommandError::arity("config|get"));
    }
    let patterns: Vec<_> = call.arguments.map(|pattern| pattern.to_ascii_lowercase()).collect();
    let limits = call.server.limits;
    let parameters = [
        ("appendonly", "no".to_owned()),
        ("client-query-buffer-limit", limits.frame.to_string()),
        ("databases", "1".to_owned()),
        ("maxmemory", "0".to_owned()),
        ("maxmemory-policy", "noeviction".to_owned()),
        ("port", call.server.port.to_string()),
        ("proto-max-bulk-len", limits.bulk.to_string()),
        ("save", String::new()),
    ];
    Ok(Value::Map(
        parameters
            .into_iter()
            .filter(|(name, _)| patterns.iter().any(|pattern| pattern::matches(pattern, name.as_bytes())))
            .map(|(name, value)| (Value::bulk(name), Value::bulk(value)))
            .collect(),
    ))
}

/// `COMMAND`, `COMMAND COUNT`, `COMMAND LIST`, `COMMAND INFO [name ...]`, `COMMAND DOCS [name ...]`
pub(super) fn command(mut call: Call<'_>) -> Result<Value, CommandError> {
    let Some(subcommand) = call.arguments.next() else {
        return Ok(Value::Array(COMMANDS.iter().map(details).collect()));
    };
    let named: Vec<Option<&Command>> = if call.arguments.len() == 0 {
        COMMANDS.iter().map(Some).collect()
    } else {
        call.arguments.map(|name| find(&name)).collect()
    };
    match subcommand.to_ascii_lowercase().as_slice() {
        b"count" => Ok(Value::Integer(i64::try_from(COMMANDS.len()).unwrap_or(i64::MAX))),
        b"list" => Ok(Value::Array(COMMANDS.iter().map(|command| Value::bulk(command.name)).collect())),
        b"info" => Ok(Value::Array(
            named.into_iter().map(|named| named.map_or(Value::Null(Null::Array), details)).collect(),
        )),
        b"docs" => Ok(Value::Map(
            named.into_iter().flatten().map(|command| (Value::bulk(command.name), docs(command))).collect(),
        )),
        _ => Err(CommandError::unknown_subcommand("COMMAND", &subcommand)),
    }
}

fn details(command: &Command) -> Value {
    let words = |words: &[&str]| Value::Set(words.iter().map(|word| Value::simple(*word)).collect());
    let (first, last, step) = command.keys;
    Value::Array(vec![
        Value::bulk(command.name),
        Value::Integer(command.arity),
        words(command.flags),
        Value::Integer(first),
        Value::Integer(last),
        Value::Integer(step),
        words(command.categories),
        // Tips, key specifications and subcommands: none.
        Value::Array(Vec::new()),
        Value::Array(Vec::new()),
        Value::Array(Vec::new()),
    ])
}

fn docs(command: &Command) -> Value {
    let fields = [
        ("summary", command.summary),
        ("since", command.since),
        ("group", command.group),
        ("complexity", command.complexity),
    ];
    Value::Map(fields.map(|(name, text)| (Value::bulk(name), Value::bulk(text))).into())
}
