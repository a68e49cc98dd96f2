//! Reads the Redis serialization protocol with one parser, run three ways; or serves it. `--help` tells more.

use asynkit_examples::resp::cli;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    cli::main(env::args_os())
}
