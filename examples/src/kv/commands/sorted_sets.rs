//! ZADD, ZREM, ZSCORE, ZCARD, ZPOPMIN.

use super::{
    Call, Command, KeySpec, Outcome,
    flag::{FAST, READ, WRITE},
};
use crate::kv::{
    request::{CommandError, float, integer},
    store::Sorted,
};
use crate::resp::Protocol;

pub(super) const COMMANDS: &[Command] = &[
    Command::row(
        "zadd",
        zadd,
        -4,
        WRITE | FAST,
        KeySpec::One,
        "1.2.0",
        "Adds members, or changes their scores",
    ),
    Command::row("zcard", zcard, 2, READ | FAST, KeySpec::One, "1.2.0", "Returns how many members there are"),
    Command::row(
        "zpopmin",
        zpopmin,
        -2,
        WRITE | FAST,
        KeySpec::One,
        "5.0.0",
        "Takes the members of the lowest scores",
    ),
    Command::row("zrem", zrem, -3, WRITE | FAST, KeySpec::One, "1.2.0", "Takes members out"),
    Command::row("zscore", zscore, 3, READ | FAST, KeySpec::One, "1.2.0", "Returns the score of a member"),
];

/// Which members `ZADD` adds or changes, and what it counts.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is there or not")]
struct Options {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
    ch: bool,
}

impl Options {
    fn read(call: &mut Call<'_, '_>) -> Result<Self, CommandError> {
        let mut options = Options::default();
        while let Some(option) = call.arguments.peek(0) {
            match option.to_ascii_lowercase().as_slice() {
                b"nx" => options.nx = true,
                b"xx" => options.xx = true,
                b"gt" => options.gt = true,
                b"lt" => options.lt = true,
                b"ch" => options.ch = true,
                _ => break,
            }
            call.arguments.next();
        }
        if options.nx && options.xx {
            return Err(CommandError::new("ERR XX and NX options at the same time are not compatible"));
        }
        if options.gt && options.lt || options.nx && (options.gt || options.lt) {
            return Err(CommandError::new(
                "ERR GT, LT, and/or NX options at the same time are not compatible",
            ));
        }
        Ok(options)
    }

    fn allows(&self, old: Option<f64>, new: f64) -> bool {
        match old {
            None => !self.xx,
            Some(old) => !self.nx && (!self.gt || new > old) && (!self.lt || new < old),
        }
    }
}

/// `ZADD key [NX | XX] [GT | LT] [CH] score member [score member ...]`
fn zadd(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let options = Options::read(&mut call)?;
    if call.arguments.len() == 0 || call.arguments.len() % 2 != 0 {
        return Err(CommandError::syntax());
    }
    // All are read before one is added.
    let mut pairs = Vec::new();
    while let (Some(score), Some(member)) = (call.arguments.next(), call.arguments.next()) {
        let score = float(&score).ok_or_else(|| CommandError::new("ERR value is not a valid float"))?;
        pairs.push((score, member));
    }
    let counted = call.keys.make(&key, |sorted: &mut Sorted| {
        let mut counted = 0;
        for (score, member) in pairs {
            let old = sorted.score(&member);
            if options.allows(old, score) {
                sorted.set(&member, score);
                #[expect(clippy::float_cmp, reason = "it is changed unless it is the same")]
                let is_changed = old.is_none_or(|old| options.ch && old != score);
                counted += i64::from(is_changed);
            }
        }
        counted
    })?;
    call.reply.integer(counted);
    Ok(())
}

fn zrem(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let removed = call.keys.change(&key, |sorted: &mut Sorted| {
        call.arguments.map(|member| i64::from(sorted.remove(&member).is_some())).sum()
    })?;
    call.reply.integer(removed.unwrap_or(0));
    Ok(())
}

fn zscore(mut call: Call<'_, '_>) -> Outcome {
    let (key, member) = (call.arguments.word()?, call.arguments.word()?);
    match call.keys.read::<Sorted>(&key)?.and_then(|sorted| sorted.score(&member)) {
        Some(score) => call.reply.double(score),
        None => call.reply.null(),
    }
    Ok(())
}

fn zcard(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.count(call.keys.read::<Sorted>(&key)?.map_or(0, Sorted::len));
    Ok(())
}

/// `ZPOPMIN key [count]`
fn zpopmin(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let count = call.arguments.next();
    call.arguments.end()?;
    // RESP3 pairs them up where a count was given.
    let are_paired = count.is_some() && call.client.protocol == Protocol::Resp3;
    let count = match count {
        None => 1,
        Some(count) => integer(&count)
            .and_then(|count| usize::try_from(count).ok())
            .ok_or_else(|| CommandError::new("ERR value is out of range, must be positive"))?,
    };
    let popped = call.keys.change(&key, |sorted: &mut Sorted| {
        let count = count.min(sorted.len());
        (0..count).filter_map(|_| sorted.pop_first()).collect::<Vec<_>>()
    })?;
    let popped = popped.unwrap_or_default();
    call.reply.array(if are_paired { popped.len() } else { popped.len() * 2 });
    for (member, score) in popped {
        if are_paired {
            call.reply.array(2);
        }
        call.reply.bulk(&member);
        call.reply.double(score);
    }
    Ok(())
}
