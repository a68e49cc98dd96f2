//! CLIENT.

use super::{Call, Command, KeySpec, Outcome, flag::FAST};
use crate::kv::request::{CommandError, integer};

pub(super) const COMMANDS: &[Command] = &[Command::row(
    "client",
    client,
    -2,
    FAST,
    KeySpec::None,
    "2.4.0",
    "Tells about connections, names and closes them",
)];

/// `CLIENT ID | INFO | LIST | GETNAME | SETNAME name | SETINFO option value | KILL ID number`
fn client(mut call: Call<'_, '_>) -> Outcome {
    let subcommand = call.arguments.word()?;
    let id = call.client.id;
    match (subcommand.to_ascii_lowercase().as_slice(), call.arguments.len()) {
        (b"id", 0) => call.reply.integer(id),
        (b"getname", 0) => {
            let name = call.server.name_of(id);
            call.reply.optional(Some(name.as_slice()).filter(|name| !name.is_empty()));
        }
        (b"setname", 1) => {
            call.server.rename(id, CommandError::check_name(call.arguments.word()?)?);
            call.reply.ok();
        }
        // What a library says of itself is of no use here.
        (b"setinfo", 2) => call.reply.ok(),
        (b"info", 0) => call.reply.text(call.server.describe(Some(id))),
        (b"list", 0) => call.reply.text(call.server.describe(None)),
        (b"kill", 2) if call.arguments.word()?.eq_ignore_ascii_case(b"id") => {
            let number = integer(&call.arguments.word()?).filter(|number| *number > 0);
            let number = number.ok_or_else(|| CommandError::new("ERR client-id should be greater than 0"))?;
            if number == id {
                call.client.quits = true;
                call.reply.integer(1);
            } else {
                call.reply.integer(i64::from(call.server.kill(number)));
            }
        }
        (b"id" | b"getname" | b"setname" | b"setinfo" | b"info" | b"list", _) => {
            let name = String::from_utf8_lossy(&subcommand).to_lowercase();
            return Err(CommandError::arity(&format!("client|{name}")));
        }
        (b"kill", _) => return Err(CommandError::syntax()),
        _ => return Err(CommandError::unknown_subcommand("CLIENT", &subcommand)),
    }
    Ok(())
}
