//! [`Command`]: what there is to say about one, and how it is found.

use super::{
    Call, Outcome, about, blocking, channels, client, connection, expiry, hashes, keys, lists, sets,
    sorted_sets, strings, transactions,
};
use std::sync::OnceLock;

/// One command that the server knows.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) run: fn(Call<'_, '_>) -> Outcome,
    /// How many words it has, with its name; negative: at least so many.
    pub(super) arity: i64,
    flags: u8,
    pub(super) keys: KeySpec,
    pub(super) group: &'static str,
    pub(super) since: &'static str,
    pub(super) summary: &'static str,
}

/// Which of its arguments are keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeySpec {
    None,
    /// The first one.
    One,
    /// Each `step`-th one, but not the last `after`.
    Many {
        step: usize,
        after: usize,
    },
    /// None is, but it works with all keys that there are.
    All,
}

/// What is so about some commands.
pub(super) mod flag {
    pub(in crate::kv::commands) const READ: u8 = 1;
    pub(in crate::kv::commands) const WRITE: u8 = 1 << 1;
    pub(in crate::kv::commands) const FAST: u8 = 1 << 2;
    pub(in crate::kv::commands) const BLOCKING: u8 = 1 << 3;
    pub(in crate::kv::commands) const PUBSUB: u8 = 1 << 4;
    /// Runs at once inside of `MULTI`.
    pub(in crate::kv::commands) const UNQUEUED: u8 = 1 << 5;
    /// Is refused inside of `MULTI`.
    pub(in crate::kv::commands) const NO_MULTI: u8 = 1 << 6;
    /// May be called by a client of RESP2 that has subscribed.
    pub(in crate::kv::commands) const SUBSCRIBED: u8 = 1 << 7;
}

/// The commands of one group, which is also the name of their category.
pub(super) type Rows = &'static [(&'static str, &'static [Command])];

/// Every command that the server knows.
const GROUPS: Rows = &[
    ("server", about::COMMANDS),
    ("connection", client::COMMANDS),
    ("connection", connection::COMMANDS),
    ("generic", keys::COMMANDS),
    ("generic", expiry::COMMANDS),
    ("string", strings::COMMANDS),
    ("list", lists::COMMANDS),
    ("list", blocking::COMMANDS),
    ("set", sets::COMMANDS),
    ("hash", hashes::COMMANDS),
    ("sorted-set", sorted_sets::COMMANDS),
    ("pubsub", channels::COMMANDS),
    ("transactions", transactions::COMMANDS),
];

impl Command {
    /// A row of the table: its name, function, arity, flags and keys, since when redis has it, and what it does.
    pub(super) const fn row(
        name: &'static str,
        run: fn(Call<'_, '_>) -> Outcome,
        arity: i64,
        flags: u8,
        keys: KeySpec,
        since: &'static str,
        summary: &'static str,
    ) -> Self {
        Command { name, run, arity, flags, keys, group: "", since, summary }
    }

    pub(super) const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether it may have so many words.
    pub(super) fn takes(&self, words: usize) -> bool {
        let wanted = usize::try_from(self.arity.unsigned_abs()).unwrap_or(usize::MAX);
        if self.arity < 0 { words >= wanted } else { words == wanted }
    }

    /// The flags as redis names them.
    pub(super) fn flags(&self) -> Vec<&'static str> {
        use flag::{BLOCKING, FAST, NO_MULTI, PUBSUB, READ, WRITE};
        let names = [
            (READ, "readonly"),
            (WRITE, "write"),
            (FAST, "fast"),
            (BLOCKING, "blocking"),
            (PUBSUB, "pubsub"),
            (NO_MULTI, "no_multi"),
        ];
        names.into_iter().filter(|(flag, _)| self.has(*flag)).map(|(_, name)| name).collect()
    }

    /// The categories as redis names them.
    pub(super) fn categories(&self) -> Vec<String> {
        use flag::{BLOCKING, FAST, READ, WRITE};
        let group = match self.group {
            "generic" => Some("keyspace"),
            "sorted-set" => Some("sortedset"),
            "transactions" => Some("transaction"),
            "server" => None,
            group => Some(group),
        };
        let rest = [(READ, "read"), (WRITE, "write"), (BLOCKING, "blocking")];
        let rest = rest.into_iter().filter(|(flag, _)| self.has(*flag)).map(|(_, name)| name);
        let speed = if self.has(FAST) { "fast" } else { "slow" };
        group.into_iter().chain(rest).chain([speed]).map(|name| format!("@{name}")).collect()
    }
}

/// All commands, ordered by their names.
pub(super) fn all() -> &'static [Command] {
    static ALL: OnceLock<Vec<Command>> = OnceLock::new();
    ALL.get_or_init(|| {
        let rows = GROUPS.iter().flat_map(|(group, rows)| {
            rows.iter().map(|&Command { name, run, arity, flags, keys, since, summary, .. }| Command {
                group,
                ..Command::row(name, run, arity, flags, keys, since, summary)
            })
        });
        let mut all: Vec<_> = rows.collect();
        all.sort_by_key(|command| command.name);
        all
    })
}

/// The command of that name, in capitals or not.
pub(super) fn find(name: &[u8]) -> Option<&'static Command> {
    /// The commands by the first letter of their names.
    static LETTERS: OnceLock<[Vec<&'static Command>; 32]> = OnceLock::new();
    let letters = LETTERS.get_or_init(|| {
        let mut letters = [const { Vec::new() }; 32];
        for command in all() {
            letters[letter(command.name.as_bytes()[0])].push(command);
        }
        letters
    });
    let candidates = &letters[letter(*name.first()?)];
    candidates.iter().find(|command| name.eq_ignore_ascii_case(command.name.as_bytes())).copied()
}

/// The same for a letter and its capital.
const fn letter(byte: u8) -> usize {
    (byte & 31) as usize
}
