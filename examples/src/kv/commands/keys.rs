//! DEL, EXISTS, TYPE, KEYS, SCAN, DBSIZE, FLUSHALL: the commands of keys, whatever they hold.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, READ, WRITE},
};
use crate::kv::{
    pattern,
    request::CommandError,
    store::{Keys, Object},
};

const MANY: KeySpec = KeySpec::Many { step: 1, after: 0 };

pub(super) const COMMANDS: &[Command] = &[
    Command::row("dbsize", dbsize, 1, READ | FAST, KeySpec::All, "1.0.0", "Returns how many keys there are"),
    Command::row("del", del, -2, WRITE, MANY, "1.0.0", "Deletes keys"),
    Command::row("exists", exists, -2, READ | FAST, MANY, "1.0.0", "Tells how many of some keys there are"),
    Command::row("flushall", flush, -1, WRITE, KeySpec::All, "1.0.0", "Deletes all keys"),
    Command::row("flushdb", flush, -1, WRITE, KeySpec::All, "1.0.0", "Deletes all keys"),
    Command::row("keys", keys, 2, READ, KeySpec::All, "1.0.0", "Returns the keys that fit a pattern"),
    Command::row("scan", scan, -2, READ, KeySpec::All, "2.8.0", "Goes through the keys a few at a time"),
    Command::row("type", kind, 2, READ | FAST, KeySpec::One, "1.0.0", "Tells what a key holds"),
    Command::row("unlink", del, -2, WRITE | FAST, MANY, "4.0.0", "Deletes keys"),
];

fn del(mut call: Call<'_, '_>) -> Outcome {
    let deleted = call.arguments.map(|key| i64::from(call.keys.remove(&key))).sum();
    call.reply.integer(deleted);
    Ok(())
}

fn exists(mut call: Call<'_, '_>) -> Outcome {
    let there = call.arguments.map(|key| i64::from(call.keys.object(&key).is_some())).sum();
    call.reply.integer(there);
    Ok(())
}

fn kind(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.simple(call.keys.object(&key).map_or("none", Object::kind));
    Ok(())
}

fn dbsize(mut call: Call<'_, '_>) -> Outcome {
    call.reply.count(call.keys.each().map(Keys::len).sum());
    Ok(())
}

/// `FLUSHALL [ASYNC | SYNC]`
fn flush(mut call: Call<'_, '_>) -> Outcome {
    if let Some(how) = call.arguments.next() {
        if !how.eq_ignore_ascii_case(b"async") && !how.eq_ignore_ascii_case(b"sync") {
            return Err(CommandError::syntax());
        }
    }
    call.arguments.end()?;
    call.keys.clear();
    call.reply.ok();
    Ok(())
}

fn keys(mut call: Call<'_, '_>) -> Outcome {
    let wanted = call.arguments.word()?;
    let all = call.keys.each().flat_map(Keys::iter);
    let found: Vec<_> = all.filter(|key| pattern::matches(&wanted, key)).collect();
    call.reply.array(found.len());
    for key in found {
        call.reply.bulk(key);
    }
    Ok(())
}

/// `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`
fn scan(mut call: Call<'_, '_>) -> Outcome {
    let cursor = call.arguments.word()?;
    let cursor = std::str::from_utf8(&cursor)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| CommandError::new("ERR invalid cursor"))?;
    let (mut count, mut wanted, mut kind) = (10, None, None);
    while let Some(option) = call.arguments.next() {
        match option.to_ascii_lowercase().as_slice() {
            b"match" => wanted = Some(call.arguments.word()?),
            b"type" => kind = Some(call.arguments.word()?),
            b"count" if call.arguments.len() > 0 => {
                count = usize::try_from(call.arguments.integer()?)
                    .ok()
                    .filter(|count| *count > 0)
                    .ok_or_else(CommandError::syntax)?;
            }
            _ => return Err(CommandError::syntax()),
        }
    }
    let (cursor, found) = call.keys.scan(cursor, count);
    let mut found: Vec<_> = found.into_iter().map(<[u8]>::to_vec).collect();
    found.retain(|key| {
        wanted.as_ref().is_none_or(|wanted| pattern::matches(wanted, key))
            && kind.as_ref().is_none_or(|kind| {
                let object = call.keys.object(key);
                object.is_some_and(|object| kind.eq_ignore_ascii_case(object.kind().as_bytes()))
            })
    });
    call.reply.array(2);
    call.reply.bulk(cursor.to_string().as_bytes());
    call.reply.array(found.len());
    for key in found {
        call.reply.bulk(&key);
    }
    Ok(())
}
