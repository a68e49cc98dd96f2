//! Instructions per operation, ours beside each peer's.
//!
//! `cargo bench -p asynkit-benches --bench instructions -- --help` tells the options. Each function of the modules
//! below does one operation `n` times, with its inputs and results in `black_box`; a body that would be a task or a
//! stream of unknown type in a program lies behind `dyn`, as it would there.

mod contexts;
mod executors;
mod generators;
mod interrupts;
mod locks;
mod polls;
mod scheduling;
mod starts;
mod sync;
mod talks;
mod util;

use std::process::ExitCode;

fn main() -> ExitCode {
    let rows: Vec<_> = [
        sync::rows(),
        starts::rows(),
        polls::rows(),
        contexts::rows(),
        talks::rows(),
        generators::rows(),
        interrupts::rows(),
        executors::rows(),
        scheduling::rows(),
        locks::rows(),
    ]
    .into_iter()
    .flatten()
    .collect();
    asynkit_benches::main(&rows)
}
