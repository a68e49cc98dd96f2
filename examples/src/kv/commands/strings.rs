//! GET, SET and the other commands of strings, counters among them.

use super::{
    Call, Command, KeySpec, Outcome,
    ending::{Ending, Unit},
    flag::{FAST, READ, WRITE},
};
use crate::kv::{
    request::{CommandError, integer},
    store::{End, Text},
};

const MANY: KeySpec = KeySpec::Many { step: 1, after: 0 };
const PAIRS: KeySpec = KeySpec::Many { step: 2, after: 0 };

pub(super) const COMMANDS: &[Command] = &[
    Command::row("append", append, 3, WRITE | FAST, KeySpec::One, "2.0.0", "Appends to a string"),
    Command::row("decr", decr, 2, WRITE | FAST, KeySpec::One, "1.0.0", "Takes one from a number"),
    Command::row("decrby", decrby, 3, WRITE | FAST, KeySpec::One, "1.0.0", "Takes from a number"),
    Command::row("get", get, 2, READ | FAST, KeySpec::One, "1.0.0", "Returns the value of a key"),
    Command::row(
        "getdel",
        getdel,
        2,
        WRITE | FAST,
        KeySpec::One,
        "6.2.0",
        "Returns a value and deletes its key",
    ),
    Command::row(
        "getex",
        getex,
        -2,
        WRITE | FAST,
        KeySpec::One,
        "6.2.0",
        "Returns a value and sets when it ends",
    ),
    Command::row("getset", getset, 3, WRITE | FAST, KeySpec::One, "1.0.0", "Replaces a value and returns it"),
    Command::row(
        "incr",
        incr,
        2,
        WRITE | FAST,
        KeySpec::One,
        "1.0.0",
        "Adds one to the number that a key holds",
    ),
    Command::row(
        "incrby",
        incrby,
        3,
        WRITE | FAST,
        KeySpec::One,
        "1.0.0",
        "Adds to the number that a key holds",
    ),
    Command::row("mget", mget, -2, READ | FAST, MANY, "1.0.0", "Returns the values of several keys"),
    Command::row("mset", mset, -3, WRITE, PAIRS, "1.0.1", "Sets the values of several keys"),
    Command::row("psetex", psetex, 4, WRITE, KeySpec::One, "2.6.0", "Sets a value that ends in milliseconds"),
    Command::row("set", set, -3, WRITE, KeySpec::One, "1.0.0", "Sets the value of a key"),
    Command::row("setex", setex, 4, WRITE, KeySpec::One, "2.0.0", "Sets a value that ends in seconds"),
    Command::row("setnx", setnx, 3, WRITE | FAST, KeySpec::One, "1.0.0", "Sets the value of a new key"),
    Command::row("strlen", strlen, 2, READ | FAST, KeySpec::One, "2.2.0", "Returns how long a string is"),
];

fn get(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.optional(call.keys.read::<Text>(&key)?.map(Vec::as_slice));
    Ok(())
}

fn strlen(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    call.reply.count(call.keys.read::<Text>(&key)?.map_or(0, Vec::len));
    Ok(())
}

fn mget(mut call: Call<'_, '_>) -> Outcome {
    call.reply.array(call.arguments.len());
    for key in call.arguments {
        // What is no string counts as nothing.
        call.reply.optional(call.keys.read::<Text>(&key).unwrap_or(None).map(Vec::as_slice));
    }
    Ok(())
}

fn mset(mut call: Call<'_, '_>) -> Outcome {
    if call.arguments.len() % 2 != 0 {
        return Err(CommandError::arity("mset"));
    }
    while let (Some(key), Some(value)) = (call.arguments.next(), call.arguments.next()) {
        call.keys.set(&key, value, End::Never);
    }
    call.reply.ok();
    Ok(())
}

fn append(mut call: Call<'_, '_>) -> Outcome {
    let (key, more) = (call.arguments.word()?, call.arguments.word()?);
    let most = call.server.limits.bulk;
    if call.keys.read::<Text>(&key)?.is_some_and(|text| text.len() + more.len() > most) {
        return Err(CommandError::new("ERR string exceeds maximum allowed size (proto-max-bulk-len)"));
    }
    let length = call.keys.make(&key, |text: &mut Text| {
        text.extend_from_slice(&more);
        text.len()
    })?;
    call.reply.count(length);
    Ok(())
}

fn getdel(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let text = call.keys.change(&key, |text: &mut Text| std::mem::take(text))?;
    call.keys.remove(&key);
    call.reply.optional(text.as_deref());
    Ok(())
}

fn getset(mut call: Call<'_, '_>) -> Outcome {
    let (key, value) = (call.arguments.word()?, call.arguments.word()?);
    call.reply.optional(call.keys.read::<Text>(&key)?.map(Vec::as_slice));
    call.keys.set(&key, value, End::Never);
    Ok(())
}

fn getex(mut call: Call<'_, '_>) -> Outcome {
    let key = call.arguments.word()?;
    let mut ending = None;
    while let Some(option) = call.arguments.next() {
        if option.eq_ignore_ascii_case(b"persist") && ending.is_none() {
            ending = Some(Ending::Never);
        } else if !Ending::read(&option, &mut call.arguments, &mut ending)? {
            return Err(CommandError::syntax());
        }
    }
    let Some(text) = call.keys.read::<Text>(&key)? else {
        call.reply.null();
        return Ok(());
    };
    call.reply.bulk(text);
    match ending.map(|ending| ending.end("getex", call.now)).transpose()? {
        Some(End::Never) => call.keys.set_end(&key, None, call.now),
        Some(End::At(end)) => call.keys.set_end(&key, Some(end), call.now),
        Some(End::Kept) | None => {}
    }
    Ok(())
}

fn incr(call: Call<'_, '_>) -> Outcome {
    add(call, 1)
}

fn decr(call: Call<'_, '_>) -> Outcome {
    add(call, -1)
}

fn incrby(call: Call<'_, '_>) -> Outcome {
    let by = integer(call.arguments.peek(1).unwrap_or_default());
    let by = by.ok_or_else(CommandError::not_an_integer)?;
    add(call, by)
}

fn decrby(call: Call<'_, '_>) -> Outcome {
    let by = integer(call.arguments.peek(1).unwrap_or_default());
    let by = by.ok_or_else(CommandError::not_an_integer)?;
    let by = by.checked_neg().ok_or_else(|| CommandError::new("ERR decrement would overflow"))?;
    add(call, by)
}

fn add(mut call: Call<'_, '_>, by: i64) -> Outcome {
    let key = call.arguments.word()?;
    let number = match call.keys.read::<Text>(&key)? {
        Some(text) => integer(text).ok_or_else(CommandError::not_an_integer)?,
        None => 0,
    };
    let Some(number) = number.checked_add(by) else {
        return Err(CommandError::new("ERR increment or decrement would overflow"));
    };
    call.keys.set(&key, number.to_string().into_bytes(), End::Kept);
    call.reply.integer(number);
    Ok(())
}

fn setnx(mut call: Call<'_, '_>) -> Outcome {
    let (key, value) = (call.arguments.word()?, call.arguments.word()?);
    let is_new = call.keys.object(&key).is_none();
    if is_new {
        call.keys.set(&key, value, End::Never);
    }
    call.reply.integer(i64::from(is_new));
    Ok(())
}

fn setex(call: Call<'_, '_>) -> Outcome {
    set_ending(call, "setex", Unit::Seconds)
}

fn psetex(call: Call<'_, '_>) -> Outcome {
    set_ending(call, "psetex", Unit::Milliseconds)
}

fn set_ending(mut call: Call<'_, '_>, command: &str, unit: Unit) -> Outcome {
    let key = call.arguments.word()?;
    let ending = Ending::Set { unit, since_1970: false, text: call.arguments.word()? };
    let end = ending.end(command, call.now)?;
    call.keys.set(&key, call.arguments.word()?, end);
    call.reply.ok();
    Ok(())
}

/// `SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT time | PXAT time | KEEPTTL]`
fn set(mut call: Call<'_, '_>) -> Outcome {
    let (key, value) = (call.arguments.word()?, call.arguments.word()?);
    let options = SetOptions::read(&mut call)?;
    let end = match options.ending {
        Some(ending) => ending.end("set", call.now)?,
        None => End::Never,
    };
    let mut is_allowed = true;
    if let Some(wanted) = options.only_if_there {
        is_allowed = call.keys.object(&key).is_some() == wanted;
    }
    if options.get {
        call.reply.optional(call.keys.read::<Text>(&key)?.map(Vec::as_slice));
    } else if is_allowed {
        call.reply.ok();
    } else {
        call.reply.null();
    }
    if is_allowed {
        call.keys.set(&key, value, end);
        if let End::At(end) = end {
            // A time that has passed already.
            if end <= call.now {
                call.keys.remove(&key);
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct SetOptions {
    /// `XX`, or not: `NX`.
    only_if_there: Option<bool>,
    get: bool,
    ending: Option<Ending>,
}

impl SetOptions {
    fn read(call: &mut Call<'_, '_>) -> Result<Self, CommandError> {
        let mut options = SetOptions::default();
        while let Some(option) = call.arguments.next() {
            match option.to_ascii_lowercase().as_slice() {
                b"nx" if options.only_if_there != Some(true) => options.only_if_there = Some(false),
                b"xx" if options.only_if_there != Some(false) => options.only_if_there = Some(true),
                b"get" => options.get = true,
                b"keepttl" if matches!(options.ending, None | Some(Ending::Kept)) => {
                    options.ending = Some(Ending::Kept);
                }
                _ if Ending::read(&option, &mut call.arguments, &mut options.ending)? => {}
                _ => return Err(CommandError::syntax()),
            }
        }
        Ok(options)
    }
}
