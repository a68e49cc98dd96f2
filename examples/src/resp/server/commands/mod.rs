//! The commands: a table of what there is, and the way from a request to its reply.

mod about;
mod connection;
mod keys;
mod strings;

use super::{
    Client, Server,
    request::{Arguments, CommandError},
};
use crate::resp::Value;

/// One command that the server knows.
struct Command {
    name: &'static str,
    run: fn(Call<'_>) -> Result<Value, CommandError>,
    /// How many words it has, with its name; negative: at least so many.
    arity: i64,
    /// The flags and the categories that `COMMAND` tells.
    flags: &'static [&'static str],
    categories: &'static [&'static str],
    /// Its first and its last key, and how far it is from one key to the next.
    keys: (i64, i64, i64),
    since: &'static str,
    group: &'static str,
    complexity: &'static str,
    summary: &'static str,
}

/// What a command works with.
struct Call<'a> {
    server: &'a mut Server,
    client: &'a mut Client,
    arguments: Arguments,
}

/// Every command that the server knows.
static COMMANDS: &[Command] = &[
    Command {
        name: "command",
        run: about::command,
        arity: -1,
        flags: &["loading", "stale"],
        categories: &["@slow", "@connection"],
        keys: (0, 0, 0),
        since: "2.8.13",
        group: "server",
        complexity: "O(N) where N is the total number of commands",
        summary: "Tells about the commands",
    },
    Command {
        name: "config",
        run: about::config,
        arity: -2,
        flags: &[],
        categories: &["@slow"],
        keys: (0, 0, 0),
        since: "2.0.0",
        group: "server",
        complexity: "O(N) where N is the number of parameters",
        summary: "Tells the values of configuration parameters",
    },
    Command {
        name: "del",
        run: keys::del,
        arity: -2,
        flags: &["write"],
        categories: &["@keyspace", "@write", "@slow"],
        keys: (1, -1, 1),
        since: "1.0.0",
        group: "generic",
        complexity: "O(N log M) for N keys out of M",
        summary: "Deletes keys",
    },
    Command {
        name: "echo",
        run: connection::echo,
        arity: 2,
        flags: &["loading", "stale", "fast"],
        categories: &["@fast", "@connection"],
        keys: (0, 0, 0),
        since: "1.0.0",
        group: "connection",
        complexity: "O(1)",
        summary: "Returns the given string",
    },
    Command {
        name: "expire",
        run: keys::expire,
        arity: -3,
        flags: &["write", "fast"],
        categories: &["@keyspace", "@write", "@fast"],
        keys: (1, 1, 1),
        since: "1.0.0",
        group: "generic",
        complexity: "O(log M) for M keys that end",
        summary: "Sets in how many seconds a key ends",
    },
    Command {
        name: "get",
        run: strings::get,
        arity: 2,
        flags: &["readonly", "fast"],
        categories: &["@read", "@string", "@fast"],
        keys: (1, 1, 1),
        since: "1.0.0",
        group: "string",
        complexity: "O(1)",
        summary: "Returns the value of a key",
    },
    Command {
        name: "hello",
        run: connection::hello,
        arity: -1,
        flags: &["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
        categories: &["@fast", "@connection"],
        keys: (0, 0, 0),
        since: "6.0.0",
        group: "connection",
        complexity: "O(1)",
        summary: "Agrees on the version of the protocol",
    },
    Command {
        name: "incr",
        run: strings::incr,
        arity: 2,
        flags: &["write", "denyoom", "fast"],
        categories: &["@write", "@string", "@fast"],
        keys: (1, 1, 1),
        since: "1.0.0",
        group: "string",
        complexity: "O(1)",
        summary: "Adds one to the number that a key holds",
    },
    Command {
        name: "info",
        run: about::info,
        arity: -1,
        flags: &["loading", "stale"],
        categories: &["@slow", "@dangerous"],
        keys: (0, 0, 0),
        since: "1.0.0",
        group: "server",
        complexity: "O(1)",
        summary: "Tells about the server",
    },
    Command {
        name: "mget",
        run: strings::mget,
        arity: -2,
        flags: &["readonly", "fast"],
        categories: &["@read", "@string", "@fast"],
        keys: (1, -1, 1),
        since: "1.0.0",
        group: "string",
        complexity: "O(N) for N keys",
        summary: "Returns the values of several keys",
    },
    Command {
        name: "mset",
        run: strings::mset,
        arity: -3,
        flags: &["write", "denyoom"],
        categories: &["@write", "@string", "@slow"],
        keys: (1, -1, 2),
        since: "1.0.1",
        group: "string",
        complexity: "O(N log M) for N keys among M",
        summary: "Sets the values of several keys",
    },
    Command {
        name: "ping",
        run: connection::ping,
        arity: -1,
        flags: &["fast"],
        categories: &["@fast", "@connection"],
        keys: (0, 0, 0),
        since: "1.0.0",
        group: "connection",
        complexity: "O(1)",
        summary: "Tells that the server is there",
    },
    Command {
        name: "quit",
        run: connection::quit,
        arity: -1,
        flags: &["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"],
        categories: &["@fast", "@connection"],
        keys: (0, 0, 0),
        since: "1.0.0",
        group: "connection",
        complexity: "O(1)",
        summary: "Closes the connection",
    },
    Command {
        name: "scan",
        run: keys::scan,
        arity: -2,
        flags: &["readonly"],
        categories: &["@keyspace", "@read", "@slow"],
        keys: (0, 0, 0),
        since: "2.8.0",
        group: "generic",
        complexity: "O(log M + N) to look at N of M keys",
        summary: "Goes through the keys a few at a time",
    },
    Command {
        name: "set",
        run: strings::set,
        arity: -3,
        flags: &["write", "denyoom"],
        categories: &["@write", "@string", "@slow"],
        keys: (1, 1, 1),
        since: "1.0.0",
        group: "string",
        complexity: "O(log M) for M keys",
        summary: "Sets the value of a key",
    },
    Command {
        name: "ttl",
        run: keys::ttl,
        arity: 2,
        flags: &["readonly", "fast"],
        categories: &["@keyspace", "@read", "@fast"],
        keys: (1, 1, 1),
        since: "1.0.0",
        group: "generic",
        complexity: "O(1)",
        summary: "Tells in how many seconds a key ends",
    },
];

/// Runs one request, the name of a command and its arguments, and gives the reply.
pub(super) fn run(server: &mut Server, client: &mut Client, request: Vec<Vec<u8>>) -> Value {
    let mut arguments = Arguments::new(request);
    let reply = match arguments.next() {
        Some(name) => run_named(server, client, &name, arguments),
        None => Err(CommandError::unknown_command(b"", &[])),
    };
    reply.unwrap_or_else(Value::from)
}

fn run_named(
    server: &mut Server,
    client: &mut Client,
    name: &[u8],
    arguments: Arguments,
) -> Result<Value, CommandError> {
    let Some(command) = find(name) else {
        return Err(CommandError::unknown_command(name, arguments.as_slice()));
    };
    if !takes(command.arity, 1 + arguments.len()) {
        return Err(CommandError::arity(command.name));
    }
    (command.run)(Call { server, client, arguments })
}

/// The command of that name, in capitals or not.
fn find(name: &[u8]) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| name.eq_ignore_ascii_case(command.name.as_bytes()))
}

/// Whether a command of this arity may have so many words.
fn takes(arity: i64, words: usize) -> bool {
    let wanted = usize::try_from(arity.unsigned_abs()).unwrap_or(usize::MAX);
    if arity < 0 { words >= wanted } else { words == wanted }
}
