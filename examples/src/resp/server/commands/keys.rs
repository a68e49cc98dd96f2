//! DEL, EXPIRE, TTL, SCAN.

use super::Call;
use crate::resp::{
    Value,
    server::{
        pattern,
        request::{Arguments, CommandError, integer},
        store::Millis,
    },
};

/// `DEL key [key ...]`
#[expect(clippy::unnecessary_wraps, reason = "the commands of the table have one type")]
pub(super) fn del(call: Call<'_>) -> Result<Value, CommandError> {
    let store = &mut call.server.store;
    let deleted = call.arguments.map(|key| i64::from(store.remove(&key))).sum();
    Ok(Value::Integer(deleted))
}

/// `TTL key`
pub(super) fn ttl(mut call: Call<'_>) -> Result<Value, CommandError> {
    let key = call.arguments.word()?;
    Ok(Value::Integer(match call.server.store.end(&key) {
        None => -2,
        Some(None) => -1,
        Some(Some(end)) => {
            let left = end.saturating_sub(call.server.now);
            i64::try_from(left.saturating_add(500) / 1000).unwrap_or(i64::MAX)
        }
    }))
}

/// `EXPIRE key seconds [NX | XX | GT | LT]`
pub(super) fn expire(mut call: Call<'_>) -> Result<Value, CommandError> {
    let key = call.arguments.word()?;
    let seconds = call.arguments.word()?;
    let conditions = conditions(&mut call.arguments)?;
    let seconds = integer(&seconds).ok_or_else(CommandError::not_an_integer)?;
    let now = call.server.now;
    // Redis keeps times as signed numbers: beyond those there is no time. One before 1970 has passed as any other.
    let end = seconds
        .checked_mul(1000)
        .and_then(|millis| millis.checked_add(i64::try_from(now).ok()?))
        .ok_or_else(|| CommandError::expire_time("expire"))?;
    let end = u64::try_from(end).unwrap_or(0);

    let store = &mut call.server.store;
    let Some(old) = store.end(&key) else { return Ok(Value::Integer(0)) };
    if !conditions.iter().all(|condition| condition.allows(old, end)) {
        return Ok(Value::Integer(0));
    }
    if end <= now {
        store.remove(&key);
    } else {
        store.set_end(&key, Some(end));
    }
    Ok(Value::Integer(1))
}

/// What the old end has to be like for a new one to be set.
#[derive(Clone, Copy, PartialEq)]
enum OnlyIf {
    None,
    Some,
    Earlier,
    Later,
}

fn conditions(arguments: &mut Arguments) -> Result<Vec<OnlyIf>, CommandError> {
    let mut conditions = Vec::new();
    for option in arguments {
        conditions.push(match option.to_ascii_lowercase().as_slice() {
            b"nx" => OnlyIf::None,
            b"xx" => OnlyIf::Some,
            b"gt" => OnlyIf::Earlier,
            b"lt" => OnlyIf::Later,
            _ => return Err(CommandError::unsupported_option(&option)),
        });
    }
    let has = |condition| conditions.contains(&condition);
    if has(OnlyIf::None) && (has(OnlyIf::Some) || has(OnlyIf::Earlier) || has(OnlyIf::Later)) {
        return Err(CommandError::new("ERR NX and XX, GT or LT options at the same time are not compatible"));
    }
    if has(OnlyIf::Earlier) && has(OnlyIf::Later) {
        return Err(CommandError::new("ERR GT and LT options at the same time are not compatible"));
    }
    Ok(conditions)
}

impl OnlyIf {
    /// A key without an end counts as one that ends after all others.
    fn allows(self, old: Option<Millis>, new: Millis) -> bool {
        match self {
            OnlyIf::None => old.is_none(),
            OnlyIf::Some => old.is_some(),
            OnlyIf::Earlier => old.is_some_and(|old| old < new),
            OnlyIf::Later => old.is_none_or(|old| old > new),
        }
    }
}

/// `SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]`
pub(super) fn scan(mut call: Call<'_>) -> Result<Value, CommandError> {
    let cursor = call.arguments.word()?;
    let cursor = std::str::from_utf8(&cursor)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| CommandError::new("ERR invalid cursor"))?;
    let mut count = 10;
    let mut wanted = None;
    let mut strings = true;
    while let Some(option) = call.arguments.next() {
        match option.to_ascii_lowercase().as_slice() {
            b"match" => wanted = Some(call.arguments.word()?),
            b"type" => strings = call.arguments.word()?.eq_ignore_ascii_case(b"string"),
            b"count" if call.arguments.len() > 0 => {
                count = usize::try_from(call.arguments.integer()?)
                    .ok()
                    .filter(|count| *count > 0)
                    .ok_or_else(CommandError::syntax)?;
            }
            _ => return Err(CommandError::syntax()),
        }
    }
    let (cursor, mut keys) = call.server.store.scan(cursor, count);
    keys.retain(|key| strings && wanted.as_ref().is_none_or(|wanted| pattern::matches(wanted, key)));
    Ok(Value::Array(vec![
        Value::bulk(cursor.to_string()),
        Value::Array(keys.into_iter().map(Value::bulk).collect()),
    ]))
}
