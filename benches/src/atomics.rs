//! Atomic read-modify-writes: how many of them an operation executes, on whatever thread, in our code and in libraries.
//!
//! Callgrind tells how often each instruction was executed, objdump which of them are atomic. As with all counts, a
//! short run is subtracted from a long one.

use std::{
    collections::{HashMap, HashSet},
    env, fs, io,
    process::{self, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use crate::{count::valgrind, row::Row};

/// An instruction: the file that it is from, and its address there.
type Place = (String, u64);

/// Atomic read-modify-writes per operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// Of the operation itself.
    pub(crate) always: f64,
    /// Of what an executor does once in a number of polls: it looks for sockets, and for wakes of other threads.
    pub(crate) now_and_then: f64,
}

/// An instruction that is executed less often per operation than this is not the operation's.
const NOW_AND_THEN: f64 = 0.25;

/// Disassembles each file once.
#[derive(Debug, Default)]
pub(crate) struct Atomics(Mutex<HashMap<String, HashSet<u64>>>);

impl Atomics {
    /// For when `objdump` is there, or why there is nothing to be counted.
    pub(crate) fn new() -> Result<Self, String> {
        if cfg!(not(target_arch = "x86_64")) {
            return Err("Atomic read-modify-writes are counted on x86-64 only.".to_owned());
        }
        let found =
            Command::new("objdump").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        match found {
            Ok(status) if status.success() => Ok(Self::default()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err("objdump was not found; it is what tells which \
                instructions are atomic. Install it (`apt install binutils`, `dnf install binutils`) to see how many are."
                .to_owned()),
            Ok(status) => Err(format!("`objdump --version` failed ({status}); no atomic instructions are counted.")),
            Err(e) => Err(format!("objdump did not start: {e}; no atomic instructions are counted.")),
        }
    }

    /// Atomic read-modify-writes per operation of one entry of a row.
    pub(crate) fn per_operation(&self, row: &Row, index: (usize, usize)) -> Result<Figures, String> {
        let (short, long) = row.lengths;
        let mut more = executed(index, long)?;
        for (place, count) in executed(index, short)? {
            let known = more.entry(place).or_default();
            *known = known.saturating_sub(count);
        }
        let mut figures = Figures { always: 0.0, now_and_then: 0.0 };
        for ((file, address), count) in more {
            if count == 0 || !self.is_atomic(&file, address)? {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
            let figure = count as f64 / f64::from((long - short) * row.per_turn);
            *(if figure < NOW_AND_THEN { &mut figures.now_and_then } else { &mut figures.always }) += figure;
        }
        Ok(figures)
    }

    fn is_atomic(&self, file: &str, address: u64) -> Result<bool, String> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !files.contains_key(file) {
            files.insert(file.to_owned(), atomics_of(file)?);
        }
        Ok(files[file].contains(&address))
    }
}

/// How often each instruction is executed in a run of so many turns.
fn executed((row, entry): (usize, usize), turns: u32) -> Result<HashMap<Place, u64>, String> {
    let name = format!("asynkit-benches-{}-{row}-{entry}-{turns}.out", process::id());
    let path = env::temp_dir().join(name);
    let run = valgrind(
        &path,
        &["--dump-instr=yes", "--compress-strings=no", "--compress-pos=no"],
        (row, entry),
        turns,
    );
    let text = run.and_then(|_| fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display())));
    let _ = fs::remove_file(&path);
    Ok(places(&text?))
}

/// Reads callgrind's file: lines with an address, a line number and a count, below the file (`ob=`) that they are from.
fn places(text: &str) -> HashMap<Place, u64> {
    let mut places = HashMap::new();
    let (mut file, mut is_of_callee) = ("", false);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("ob=") {
            file = name;
        } else if line.starts_with("calls=") {
            // The next line has what was executed in the callee, which has lines of its own.
            is_of_callee = true;
        } else if let Some(hex) = line.strip_prefix("0x") {
            let mut columns = hex.split(' ');
            let address = columns.next().and_then(|hex| u64::from_str_radix(hex, 16).ok());
            let count = columns.nth(1).and_then(|count| count.parse::<u64>().ok());
            if let (Some(address), Some(count), false) = (address, count, is_of_callee) {
                *places.entry((file.to_owned(), address)).or_default() += count;
            }
            is_of_callee = false;
        }
    }
    places
}

/// The addresses of the atomic read-modify-writes of a program or library; of what is no file, none.
fn atomics_of(file: &str) -> Result<HashSet<u64>, String> {
    if !fs::exists(file).unwrap_or(false) {
        return Ok(HashSet::new());
    }
    let output = Command::new("objdump")
        .args(["--disassemble", "--no-show-raw-insn", file])
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("objdump did not start: {e}"))?;
    if !output.status.success() {
        return Err(format!("objdump {file}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(atomic).collect())
}

/// The address of the instruction in a line of objdump's, if it is a locked one, or exchanges with memory.
fn atomic(line: &str) -> Option<u64> {
    let (address, instruction) = line.trim_start().split_once(":\t")?;
    let is_exchange = instruction.starts_with("xchg") && instruction.contains('(');
    (is_exchange || instruction.starts_with("lock")).then(|| u64::from_str_radix(address, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::{atomic, places};

    #[test]
    fn locked_instructions_and_exchanges_with_memory_are_atomic() {
        assert_eq!(atomic("   70ab8:\tlock xadd %rax,0x10(%rdi)"), Some(0x70ab8));
        assert_eq!(atomic("    1234:\tlock cmpxchg %ecx,(%rdx)"), Some(0x1234));
        assert_eq!(atomic("    1235:\txchg   %al,0x8(%rbx)"), Some(0x1235));
        for line in ["    10:\txchg   %ax,%ax", "    12:\tmov    %rax,(%rdi)", "0000 <lock_it>:", ""] {
            assert_eq!(atomic(line), None, "{line}");
        }
    }

    #[test]
    fn what_a_callee_executes_is_not_counted_again() {
        let text = "ob=/bin/a\nfn=f\n0x10 1 5\ncob=/lib/b\ncfn=g\ncalls=5 0x10 0\n0x12 1 500\n0x14 1 5\n\nob=/lib/b\nfn=g\n0x10 0 7\n";
        let places = places(text);
        let count = |file: &str, address| places.get(&(file.to_owned(), address)).copied();
        assert_eq!(count("/bin/a", 0x10), Some(5));
        assert_eq!(count("/bin/a", 0x12), None);
        assert_eq!(count("/bin/a", 0x14), Some(5));
        assert_eq!(count("/lib/b", 0x10), Some(7));
    }
}
