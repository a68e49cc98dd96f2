//! The memory that a frame may take is bounded by what has arrived and by the limits, not by what is declared.
//!
//! One test alone in its program, because it counts every allocation of the process.
#![allow(unsafe_code, reason = "an allocator that counts is an unsafe trait's implementation")]

use asynkit_examples::resp::{Grammar, Limits, Value, check::parse};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering},
};

/// The system's allocator, with a count of the bytes in use and of the most there ever were.
struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn add(bytes: usize) {
    let used = USED.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(used, Ordering::Relaxed);
}

// SAFETY: every request goes to the system's allocator as it is; counting does not touch the memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promises are the system allocator's demands.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are the system allocator's demands, and `memory` came from it.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Counted as if both were there at once, as they are where memory has to be moved.
        add(size);
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are the system allocator's demands, and `memory` came from it.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How much more memory than before `bytes` take at most, in pieces of up to 64 KiB; the last of them may be cut off.
fn peak(pieces: impl Iterator<Item: AsRef<[u8]>>, limits: Limits) -> usize {
    let before = USED.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let _ = parse(pieces, Grammar::Replies, limits, |_, _| {});
    PEAK.load(Ordering::Relaxed) - before
}

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

#[test]
fn memory_is_bounded_by_what_arrives_and_by_the_limits() {
    let piece = vec![b'x'; 64 * KIB];

    // Half a gigabyte is declared, and nothing of it comes.
    let declared = [b"$536870912\r\n".as_slice()];
    assert!(peak(declared.into_iter(), Limits::new()) < 100 * KIB);
    // A megabyte of it comes: doubled where the string is moved to a larger place, and a piece on its way.
    let arriving = declared.into_iter().chain(std::iter::repeat_n(&*piece, 16));
    assert!(peak(arriving, Limits::new()) < 4 * MIB);
    // All of what is declared comes: no memory is reserved past its end.
    let all = [b"$33554432\r\n".as_slice()].into_iter().chain(std::iter::repeat_n(&*piece, 512));
    let used = peak(all, Limits::new());
    assert!((32 * MIB..50 * MIB).contains(&used), "{used}");

    // A million elements are declared, on each of many levels.
    assert!(peak([b"*1048576\r\n".as_slice()].into_iter(), Limits::new()) < 10 * KIB);
    let nested = b"*1000\r\n".repeat(100);
    assert!(peak([&*nested].into_iter(), Limits::new()) < 200 * KIB);
    let deep = b"*1\r\n".repeat(1_000_000);
    assert!(peak(deep.chunks(64 * KIB), Limits::new()) < 400 * KIB);

    // As many values as are allowed, as small as they can be, and one more than fit before the vector doubles.
    let limits = Limits { values: 65537, ..Limits::new() };
    let mut many = b"*65537\r\n".to_vec();
    many.extend_from_slice(&b"_\r\n".repeat(65537));
    let used = peak(many.chunks(64 * KIB), limits);
    assert!(used < 65537 * size_of::<Value>() * 3 + 300 * KIB, "{used}");

    // A line that never ends, and a string of chunks that never ends.
    assert!(peak(std::iter::once(&b"+"[..]).chain(std::iter::repeat(&*piece)), Limits::new()) < 400 * KIB);
    let limits = Limits { bulk: MIB, ..Limits::new() };
    let chunk = [b";65536\r\n".as_slice(), &piece, b"\r\n"].concat();
    let endless = std::iter::once(&b"$?\r\n"[..]).chain(std::iter::repeat(&*chunk));
    let used = peak(endless, limits);
    assert!((MIB..3 * MIB).contains(&used), "{used}");
}
