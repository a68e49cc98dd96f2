//! A redis-compatible key-value server on asynkit's executor. `--help` tells more.

use asynkit_examples::kv::cli;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    cli::main(env::args_os())
}
