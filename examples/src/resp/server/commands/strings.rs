//! GET, SET, INCR, MGET, MSET.

use super::Call;
use crate::resp::{
    Null, Value,
    server::{
        request::{Arguments, CommandError, integer},
        store::Millis,
    },
};

/// `GET key`
pub(super) fn get(mut call: Call<'_>) -> Result<Value, CommandError> {
    let key = call.arguments.word()?;
    Ok(bulk_or_null(call.server.store.get(&key)))
}

/// `MGET key [key ...]`
#[expect(clippy::unnecessary_wraps, reason = "the commands of the table have one type")]
pub(super) fn mget(call: Call<'_>) -> Result<Value, CommandError> {
    let store = &call.server.store;
    Ok(Value::Array(call.arguments.map(|key| bulk_or_null(store.get(&key))).collect()))
}

/// `MSET key value [key value ...]`
pub(super) fn mset(mut call: Call<'_>) -> Result<Value, CommandError> {
    if call.arguments.len() % 2 != 0 {
        return Err(CommandError::arity("mset"));
    }
    while let (Some(key), Some(value)) = (call.arguments.next(), call.arguments.next()) {
        call.server.store.set(&key, value);
        call.server.store.set_end(&key, None);
    }
    Ok(Value::simple("OK"))
}

/// `INCR key`
pub(super) fn incr(mut call: Call<'_>) -> Result<Value, CommandError> {
    let key = call.arguments.word()?;
    let number = match call.server.store.get(&key) {
        Some(value) => integer(value).ok_or_else(CommandError::not_an_integer)?,
        None => 0,
    };
    let Some(number) = number.checked_add(1) else {
        return Err(CommandError::new("ERR increment or decrement would overflow"));
    };
    call.server.store.set(&key, number.to_string().into_bytes());
    Ok(Value::Integer(number))
}

/// `SET key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT time | PXAT time | KEEPTTL]`
pub(super) fn set(mut call: Call<'_>) -> Result<Value, CommandError> {
    let key = call.arguments.word()?;
    let value = call.arguments.word()?;
    let options = SetOptions::read(&mut call.arguments)?;
    let end = options.end(call.server.now)?;

    let store = &mut call.server.store;
    let old = store.get(&key);
    let allowed = match options.only_if {
        Some(OnlyIf::New) => old.is_none(),
        Some(OnlyIf::There) => old.is_some(),
        None => true,
    };
    let answer = match (options.get, allowed) {
        (true, _) => bulk_or_null(old),
        (false, true) => Value::simple("OK"),
        (false, false) => Value::Null(Null::Plain),
    };
    if allowed {
        store.set(&key, value);
        if !matches!(options.ending, Some(Ending::Kept)) {
            store.set_end(&key, end);
        }
    }
    Ok(answer)
}

#[derive(Default)]
struct SetOptions {
    only_if: Option<OnlyIf>,
    get: bool,
    ending: Option<Ending>,
}

#[derive(PartialEq)]
enum OnlyIf {
    New,
    There,
}

enum Ending {
    /// As it was: `KEEPTTL`.
    Kept,
    /// So many units from now, or from 1970 on.
    Set { unit: Unit, since_1970: bool, text: Vec<u8> },
}

#[derive(PartialEq, Clone, Copy)]
enum Unit {
    Seconds,
    Milliseconds,
}

impl SetOptions {
    fn read(arguments: &mut Arguments) -> Result<Self, CommandError> {
        let mut options = SetOptions::default();
        while let Some(option) = arguments.next() {
            match option.to_ascii_lowercase().as_slice() {
                b"nx" if options.only_if != Some(OnlyIf::There) => options.only_if = Some(OnlyIf::New),
                b"xx" if options.only_if != Some(OnlyIf::New) => options.only_if = Some(OnlyIf::There),
                b"get" => options.get = true,
                b"keepttl" if !matches!(options.ending, Some(Ending::Set { .. })) => {
                    options.ending = Some(Ending::Kept);
                }
                b"ex" => options.set_ending(Unit::Seconds, false, arguments)?,
                b"px" => options.set_ending(Unit::Milliseconds, false, arguments)?,
                b"exat" => options.set_ending(Unit::Seconds, true, arguments)?,
                b"pxat" => options.set_ending(Unit::Milliseconds, true, arguments)?,
                _ => return Err(CommandError::syntax()),
            }
        }
        Ok(options)
    }

    /// The same option again replaces the time, another one does not go with it.
    fn set_ending(
        &mut self,
        unit: Unit,
        since_1970: bool,
        arguments: &mut Arguments,
    ) -> Result<(), CommandError> {
        match self.ending {
            None => {}
            Some(Ending::Set { unit: old, since_1970: base, .. }) if (old, base) == (unit, since_1970) => {}
            Some(_) => return Err(CommandError::syntax()),
        }
        self.ending = Some(Ending::Set { unit, since_1970, text: arguments.word()? });
        Ok(())
    }

    /// When the key ends.
    fn end(&self, now: Millis) -> Result<Option<Millis>, CommandError> {
        let Some(Ending::Set { unit, since_1970, text }) = &self.ending else { return Ok(None) };
        let number = integer(text).ok_or_else(CommandError::not_an_integer)?;
        let factor = if *unit == Unit::Seconds { 1000 } else { 1 };
        let base = if *since_1970 { 0 } else { now };
        // Redis keeps times as signed numbers: beyond those there is no time.
        u64::try_from(number)
            .ok()
            .filter(|number| *number > 0)
            .and_then(|number| number.checked_mul(factor)?.checked_add(base))
            .filter(|end| i64::try_from(*end).is_ok())
            .map(Some)
            .ok_or_else(|| CommandError::expire_time("set"))
    }
}

fn bulk_or_null(value: Option<&[u8]>) -> Value {
    value.map_or(Value::Null(Null::Plain), Value::bulk)
}
