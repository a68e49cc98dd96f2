//! SADD, SREM, SPOP, SCARD, SISMEMBER, SMEMBERS.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, READ, WRITE},
};
use crate::kv::{
    request::{CommandError, integer},
    store::Members,
};

pub(super) const COMMANDS: &[Command] = &[
    Command::row("sadd", sadd, -3, WRITE | FAST, KeySpec::One, "1.0.0", "Adds members to a set"),
    Command::row("scard", scard, 2, READ | FAST, KeySpec::One, "1.0.0", "Returns how many members a set has"),
    Command::row(
        "sismember",
        sismember,
        3,
        READ | FAST,
        KeySpec::One,
        "1.0.0",
        "Tells whether a set has a member",
    ),
    Command::row("smembers", smembers, 2, READ, KeySpec::One, "1.0.0", "Returns the members of a set"),
    Command::row("spop", spop, -2, WRITE | FAST, KeySpec::One, "1.0.0", "Takes any members out of a set"),
    Command::row("srem", srem, -3, WRITE | FAST, KeySpec::One, "1.0.0", "Takes members out of a set"),
];

fn sadd(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let added = call
        .keys
        .make(&key, |set: &mut Members| call.arguments.map(|member| i64::from(set.insert(&member))).sum())?;
    call.reply.integer(added);
    Ok(())
}

fn srem(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let removed = call.keys.change(&key, |set: &mut Members| {
        call.arguments.map(|member| i64::from(set.remove(&member))).sum()
    })?;
    call.reply.integer(removed.unwrap_or(0));
    Ok(())
}

/// `SPOP key [count]`
fn spop(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let Some(count) = call.arguments.next() else {
        let member = call.keys.change(&key, Members::pop)?.flatten();
        call.reply.optional(member.as_deref());
        return Ok(());
    };
    call.arguments.end()?;
    let count = integer(&count).and_then(|count| usize::try_from(count).ok());
    let count = count.ok_or_else(|| CommandError::new("ERR value is out of range, must be positive"))?;
    let members = call.keys.change(&key, |set: &mut Members| {
        let count = count.min(set.len());
        (0..count).filter_map(|_| set.pop()).collect::<Vec<_>>()
    })?;
    let members = members.unwrap_or_default();
    call.reply.set(members.len());
    for member in members {
        call.reply.bulk(&member);
    }
    Ok(())
}

fn scard(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.count(call.keys.read::<Members>(&key)?.map_or(0, Members::len));
    Ok(())
}

fn sismember(mut call: Call<'_, '_>) -> Outcome {
    let (key, member) = (call.arguments.word()?, call.arguments.word()?);
    let set = call.keys.read::<Members>(&key)?;
    call.reply.integer(i64::from(set.is_some_and(|set| set.contains(&member))));
    Ok(())
}

fn smembers(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let set = call.keys.read::<Members>(&key)?;
    call.reply.set(set.map_or(0, Members::len));
    for member in set.into_iter().flat_map(Members::iter) {
        call.reply.bulk(member);
    }
    Ok(())
}
