//! HSET, HGET, HDEL, HLEN, HGETALL.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, READ, WRITE},
};
use crate::kv::{request::CommandError, store::Hash};

pub(super) const COMMANDS: &[Command] = &[
    Command::row("hdel", hdel, -3, WRITE | FAST, KeySpec::One, "2.0.0", "Deletes fields of a hash"),
    Command::row("hget", hget, 3, READ | FAST, KeySpec::One, "2.0.0", "Returns the value of a field"),
    Command::row(
        "hgetall",
        hgetall,
        2,
        READ,
        KeySpec::One,
        "2.0.0",
        "Returns the fields of a hash with their values",
    ),
    Command::row("hlen", hlen, 2, READ | FAST, KeySpec::One, "2.0.0", "Returns how many fields a hash has"),
    Command::row("hset", hset, -4, WRITE | FAST, KeySpec::One, "2.0.0", "Sets the values of fields"),
];

fn hset(mut call: Call<'_, '_>) -> Outcome {
    if call.arguments.len() % 2 == 0 {
        return Err(CommandError::arity("hset"));
    }
    let key = call.arguments.word()?;
    let added = call.keys.make(&key, |hash: &mut Hash| {
        let mut added = 0;
        while let (Some(field), Some(value)) = (call.arguments.next(), call.arguments.next()) {
            added += i64::from(hash.insert(field, value).is_none());
        }
        added
    })?;
    call.reply.integer(added);
    Ok(())
}

fn hget(mut call: Call<'_, '_>) -> Outcome {
    let (key, field) = (call.arguments.word()?, call.arguments.word()?);
    let hash = call.keys.read::<Hash>(&key)?;
    call.reply.optional(hash.and_then(|hash| hash.get(&field)).map(Vec::as_slice));
    Ok(())
}

fn hdel(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let deleted = call.keys.change(&key, |hash: &mut Hash| {
        call.arguments.map(|field| i64::from(hash.remove(&field).is_some())).sum()
    })?;
    call.reply.integer(deleted.unwrap_or(0));
    Ok(())
}

fn hlen(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.count(call.keys.read::<Hash>(&key)?.map_or(0, Hash::len));
    Ok(())
}

fn hgetall(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let hash = call.keys.read::<Hash>(&key)?;
    call.reply.map(hash.map_or(0, Hash::len));
    for (field, value) in hash.into_iter().flatten() {
        call.reply.bulk(field);
        call.reply.bulk(value);
    }
    Ok(())
}
