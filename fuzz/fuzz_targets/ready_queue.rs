//! Any operations: the ready queue gives the same order as a plain model of it. CONTRIBUTING.md tells how to run it.
#![no_main]

use asynkit::__private::ready_queue_any_bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| ready_queue_any_bytes(bytes));
