//! PING, ECHO, HELLO, QUIT.

use super::Call;
use crate::resp::{
    Protocol, Value,
    server::request::{CommandError, integer},
};

/// `PING [message]`
pub(super) fn ping(mut call: Call<'_>) -> Result<Value, CommandError> {
    match (call.arguments.next(), call.arguments.len()) {
        (None, _) => Ok(Value::simple("PONG")),
        (Some(message), 0) => Ok(Value::Bulk(message)),
        _ => Err(CommandError::arity("ping")),
    }
}

/// `ECHO message`
pub(super) fn echo(mut call: Call<'_>) -> Result<Value, CommandError> {
    Ok(Value::Bulk(call.arguments.word()?))
}

/// `QUIT`
#[expect(clippy::unnecessary_wraps, reason = "the commands of the table have one type")]
pub(super) fn quit(call: Call<'_>) -> Result<Value, CommandError> {
    let Call { client, .. } = call;
    client.quits = true;
    Ok(Value::simple("OK"))
}

/// `HELLO [version [AUTH user password] [SETNAME name]]`
pub(super) fn hello(mut call: Call<'_>) -> Result<Value, CommandError> {
    let mut protocol = call.client.protocol;
    if let Some(version) = call.arguments.next() {
        protocol = match integer(&version) {
            Some(2) => Protocol::Resp2,
            Some(3) => Protocol::Resp3,
            Some(_) => return Err(CommandError::new("NOPROTO unsupported protocol version")),
            None => {
                return Err(CommandError::new("ERR Protocol version is not an integer or out of range"));
            }
        };
    }
    while let Some(option) = call.arguments.next() {
        match (option.to_ascii_lowercase().as_slice(), call.arguments.len()) {
            (b"auth", 2..) => {
                // As a redis without passwords: its one user is let in with any.
                let user = call.arguments.word()?;
                call.arguments.word()?;
                if user != b"default" {
                    return Err(CommandError::new(
                        "WRONGPASS invalid username-password pair or user is disabled.",
                    ));
                }
            }
            (b"setname", 1..) => {
                if !call.arguments.word()?.iter().all(|byte| matches!(byte, b'!'..=b'~')) {
                    return Err(CommandError::new(
                        "ERR Client names cannot contain spaces, newlines or special characters.",
                    ));
                }
            }
            _ => return Err(CommandError::hello_option(&option)),
        }
    }
    call.client.protocol = protocol;
    let proto = match protocol {
        Protocol::Resp2 => 2,
        Protocol::Resp3 => 3,
    };
    Ok(Value::Map(vec![
        (Value::bulk("server"), Value::bulk("asynkit-resp")),
        (Value::bulk("version"), Value::bulk(env!("CARGO_PKG_VERSION"))),
        (Value::bulk("proto"), Value::Integer(proto)),
        (Value::bulk("id"), Value::Integer(call.client.id)),
        (Value::bulk("mode"), Value::bulk("standalone")),
        (Value::bulk("role"), Value::bulk("master")),
        (Value::bulk("modules"), Value::Array(Vec::new())),
    ]))
}
