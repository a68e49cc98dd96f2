//! An HTTP server whose tasks have priorities, under more load than it can take. `--help` tells more.

use asynkit_examples::priority::cli;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    cli::main(env::args_os())
}
