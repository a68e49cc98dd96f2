//! [`Ending`]: when a key is to end, as the options of `SET` and `GETEX` say it.

use crate::kv::{
    request::{Arguments, CommandError, integer},
    store::{End, Millis},
};

/// When a key is to end.
#[derive(Debug)]
pub(super) enum Ending {
    /// As it was: `KEEPTTL`.
    Kept,
    /// `PERSIST`
    Never,
    /// So many units from now, or from 1970 on.
    Set { unit: Unit, since_1970: bool, text: Vec<u8> },
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
}

impl Unit {
    pub(super) const fn millis(self) -> Millis {
        match self {
            Unit::Seconds => 1000,
            Unit::Milliseconds => 1,
        }
    }
}

impl Ending {
    /// Takes one of `EX`, `PX`, `EXAT` and `PXAT` with its time; `false`: `option` is something else.
    ///
    /// The same option again replaces the time, another one does not go with it.
    pub(super) fn read(
        option: &[u8],
        arguments: &mut Arguments,
        ending: &mut Option<Ending>,
    ) -> Result<bool, CommandError> {
        let (unit, since_1970) = match option.to_ascii_lowercase().as_slice() {
            b"ex" => (Unit::Seconds, false),
            b"px" => (Unit::Milliseconds, false),
            b"exat" => (Unit::Seconds, true),
            b"pxat" => (Unit::Milliseconds, true),
            _ => return Ok(false),
        };
        match ending {
            None => {}
            Some(Ending::Set { unit: old, since_1970: base, .. }) if (*old, *base) == (unit, since_1970) => {}
            Some(_) => return Err(CommandError::syntax()),
        }
        *ending = Some(Ending::Set { unit, since_1970, text: arguments.word()? });
        Ok(true)
    }

    /// The point in time, for an option of `command`.
    pub(super) fn end(&self, command: &str, now: Millis) -> Result<End, CommandError> {
        let Ending::Set { unit, since_1970, text } = self else {
            return Ok(if matches!(self, Ending::Kept) { End::Kept } else { End::Never });
        };
        let number = integer(text).ok_or_else(CommandError::not_an_integer)?;
        let base = if *since_1970 { 0 } else { now };
        // Redis keeps times as signed numbers: beyond those there is no time.
        u64::try_from(number)
            .ok()
            .filter(|number| *number > 0)
            .and_then(|number| number.checked_mul(unit.millis())?.checked_add(base))
            .filter(|end| i64::try_from(*end).is_ok())
            .map(End::At)
            .ok_or_else(|| CommandError::expire_time(command))
    }
}
