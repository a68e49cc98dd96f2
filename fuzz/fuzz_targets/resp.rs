//! Any bytes, read whole and cut: no panic, the same frames, the same error. `examples/README.md` tells how to run it.
#![no_main]

use asynkit_examples::resp::check::any_bytes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u64, &[u8])| {
    let (seed, bytes) = input;
    any_bytes(bytes, seed);
});
