//! LPUSH, RPUSH, LPOP, RPOP, LLEN, LRANGE.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, READ, WRITE},
};
use crate::kv::{
    request::{CommandError, integer},
    store::{List, Side},
};

pub(super) const COMMANDS: &[Command] = &[
    Command::row("llen", llen, 2, READ | FAST, KeySpec::One, "1.0.0", "Returns how long a list is"),
    Command::row("lpop", lpop, -2, WRITE | FAST, KeySpec::One, "1.0.0", "Takes the first elements of a list"),
    Command::row("lpush", lpush, -3, WRITE | FAST, KeySpec::One, "1.0.0", "Puts elements before a list"),
    Command::row("lrange", lrange, 4, READ, KeySpec::One, "1.0.0", "Returns a part of a list"),
    Command::row("rpop", rpop, -2, WRITE | FAST, KeySpec::One, "1.0.0", "Takes the last elements of a list"),
    Command::row("rpush", rpush, -3, WRITE | FAST, KeySpec::One, "1.0.0", "Puts elements behind a list"),
];

fn lpush(call: Call<'_, '_>) -> Outcome {
    push(call, Side::Left)
}

fn rpush(call: Call<'_, '_>) -> Outcome {
    push(call, Side::Right)
}

fn push(mut call: Call<'_, '_>, side: Side) -> Outcome {
    let key = call.arguments.word()?;
    let length = call.keys.make(&key, |list: &mut List| {
        for value in call.arguments {
            side.push(list, value);
        }
        list.len()
    })?;
    call.reply.count(length);
    Ok(())
}

fn lpop(call: Call<'_, '_>) -> Outcome {
    pop(call, "lpop", Side::Left)
}

fn rpop(call: Call<'_, '_>) -> Outcome {
    pop(call, "rpop", Side::Right)
}

/// `LPOP key [count]`
fn pop(mut call: Call<'_, '_>, name: &str, side: Side) -> Outcome {
    let key = call.arguments.word()?;
    let Some(count) = call.arguments.next() else {
        let value = call.keys.change(&key, |list: &mut List| side.pop(list))?.flatten();
        call.reply.optional(value.as_deref());
        return Ok(());
    };
    if call.arguments.len() > 0 {
        return Err(CommandError::arity(name));
    }
    let count = integer(&count).and_then(|count| usize::try_from(count).ok());
    let count = count.ok_or_else(|| CommandError::new("ERR value is out of range, must be positive"))?;
    if call.keys.read::<List>(&key)?.is_none() {
        call.reply.null_array();
        return Ok(());
    }
    if count == 0 {
        call.reply.array(0);
        return Ok(());
    }
    let values = call.keys.change(&key, |list: &mut List| {
        let count = count.min(list.len());
        (0..count).filter_map(|_| side.pop(list)).collect::<Vec<_>>()
    })?;
    let values = values.unwrap_or_default();
    call.reply.array(values.len());
    for value in values {
        call.reply.bulk(&value);
    }
    Ok(())
}

fn llen(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.count(call.keys.read::<List>(&key)?.map_or(0, List::len));
    Ok(())
}

/// `LRANGE key start stop`, where negative numbers count from the end on.
fn lrange(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let (start, stop) = (call.arguments.integer()?, call.arguments.integer()?);
    let Some(list) = call.keys.read::<List>(&key)? else {
        call.reply.array(0);
        return Ok(());
    };
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let from_start = |at: i64| if at < 0 { at.saturating_add(length) } else { at };
    let start = from_start(start).clamp(0, length);
    let stop = from_start(stop).saturating_add(1).clamp(start, length);
    let part = |at| usize::try_from(at).unwrap_or(usize::MAX);
    let values = list.range(part(start)..part(stop));
    call.reply.array(values.len());
    for value in values {
        call.reply.bulk(value);
    }
    Ok(())
}
