//! EXPIRE, TTL, PERSIST and their like.

use super::{
    Call, Command, KeySpec, Outcome,
    ending::Unit::{self, Milliseconds, Seconds},
    flag::{FAST, READ, WRITE},
};
use crate::kv::{
    request::{Arguments, CommandError, integer},
    store::Millis,
};

pub(super) const COMMANDS: &[Command] = &[
    Command::row(
        "expire",
        expire,
        -3,
        WRITE | FAST,
        KeySpec::One,
        "1.0.0",
        "Sets in how many seconds a key ends",
    ),
    Command::row(
        "expireat",
        expireat,
        -3,
        WRITE | FAST,
        KeySpec::One,
        "1.2.0",
        "Sets at which second a key ends",
    ),
    Command::row(
        "expiretime",
        expiretime,
        2,
        READ | FAST,
        KeySpec::One,
        "7.0.0",
        "Tells at which second a key ends",
    ),
    Command::row("persist", persist, 2, WRITE | FAST, KeySpec::One, "2.2.0", "Lets a key not end any more"),
    Command::row(
        "pexpire",
        pexpire,
        -3,
        WRITE | FAST,
        KeySpec::One,
        "2.6.0",
        "Sets in how many milliseconds it ends",
    ),
    Command::row(
        "pexpireat",
        pexpireat,
        -3,
        WRITE | FAST,
        KeySpec::One,
        "2.6.0",
        "Sets at which millisecond it ends",
    ),
    Command::row(
        "pexpiretime",
        pexpiretime,
        2,
        READ | FAST,
        KeySpec::One,
        "7.0.0",
        "Tells at which millisecond",
    ),
    Command::row(
        "pttl",
        pttl,
        2,
        READ | FAST,
        KeySpec::One,
        "2.6.0",
        "Tells in how many milliseconds a key ends",
    ),
    Command::row("ttl", ttl, 2, READ | FAST, KeySpec::One, "1.0.0", "Tells in how many seconds a key ends"),
];

fn ttl(call: Call<'_, '_>) -> Outcome {
    tell(call, |end, now| end.saturating_sub(now).saturating_add(500) / 1000)
}

fn pttl(call: Call<'_, '_>) -> Outcome {
    tell(call, Millis::saturating_sub)
}

fn expiretime(call: Call<'_, '_>) -> Outcome {
    tell(call, |end, _| end.saturating_add(500) / 1000)
}

fn pexpiretime(call: Call<'_, '_>) -> Outcome {
    tell(call, |end, _| end)
}

fn tell(mut call: Call<'_, '_>, shown: fn(Millis, Millis) -> Millis) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.integer(match call.keys.end(&key) {
        None => -2,
        Some(None) => -1,
        Some(Some(end)) => i64::try_from(shown(end, call.now)).unwrap_or(i64::MAX),
    });
    Ok(())
}

fn persist(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let ends = matches!(call.keys.end(&key), Some(Some(_)));
    if ends {
        call.keys.set_end(&key, None, call.now);
    }
    call.reply.integer(i64::from(ends));
    Ok(())
}

fn expire(call: Call<'_, '_>) -> Outcome {
    let now = call.now;
    set(call, "expire", Seconds, now)
}

fn pexpire(call: Call<'_, '_>) -> Outcome {
    let now = call.now;
    set(call, "pexpire", Milliseconds, now)
}

fn expireat(call: Call<'_, '_>) -> Outcome {
    set(call, "expireat", Seconds, 0)
}

fn pexpireat(call: Call<'_, '_>) -> Outcome {
    set(call, "pexpireat", Milliseconds, 0)
}

/// `EXPIRE key time [NX | XX | GT | LT]`, where the time counts from `base` on.
fn set(mut call: Call<'_, '_>, command: &str, unit: Unit, base: Millis) -> Outcome {
    let (key, time) = (call.arguments.word()?, call.arguments.word()?);
    let conditions = conditions(&mut call.arguments)?;
    let time = integer(&time).ok_or_else(CommandError::not_an_integer)?;
    // Redis keeps times as signed numbers: beyond those there is no time. One before 1970 has passed as any other.
    let end = i64::try_from(unit.millis())
        .ok()
        .and_then(|millis| time.checked_mul(millis)?.checked_add(i64::try_from(base).ok()?))
        .ok_or_else(|| CommandError::expire_time(command))?;
    let end = u64::try_from(end).unwrap_or(0);

    let is_set = match call.keys.end(&key) {
        None => false,
        Some(old) => conditions.iter().all(|condition| condition.allows(old, end)),
    };
    if is_set {
        call.keys.set_end(&key, Some(end), call.now);
    }
    call.reply.integer(i64::from(is_set));
    Ok(())
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
