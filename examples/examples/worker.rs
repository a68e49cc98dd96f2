//! A job runner with reload, limits in time, and a shutdown that loses no job. `--help` tells more.

use asynkit_examples::worker::cli;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    cli::main(env::args_os())
}
