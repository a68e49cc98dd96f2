//! [`Progress`]: how far a long read has come, on stderr.

use std::{
    cell::Cell,
    io::{IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

/// Nothing is said of a read that takes less than this.
const QUIET: Duration = Duration::from_secs(1);

/// How often a line is drawn anew on a terminal, and how often one is written elsewhere.
const REDRAW: Duration = Duration::from_millis(100);
const REWRITE: Duration = Duration::from_secs(5);

/// Says how much of a file has been read once that takes more than a second: on a terminal in one line that moves, else
/// in a line every five seconds.
#[derive(Debug)]
pub struct Progress {
    label: String,
    total: u64,
    read: Cell<u64>,
    /// When to speak again.
    due: Cell<Instant>,
    /// How long the line on the terminal is.
    drawn: Cell<usize>,
    terminal: bool,
}

impl Progress {
    /// A read of `total` bytes begins.
    pub fn new(label: impl Into<String>, total: u64) -> Self {
        Progress {
            label: label.into(),
            total,
            read: Cell::new(0),
            due: Cell::new(Instant::now() + QUIET),
            drawn: Cell::new(0),
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// So many more bytes have been read.
    pub fn add(&self, bytes: usize) {
        let read = self.read.get() + bytes as u64;
        self.read.set(read);
        let now = Instant::now();
        if now < self.due.get() {
            return;
        }
        let percent = read.saturating_mul(100).checked_div(self.total).unwrap_or(100).min(100);
        let line =
            format!("{}: {} MB of {} MB, {percent} %", self.label, read / 1_000_000, self.total / 1_000_000);
        let mut stderr = std::io::stderr().lock();
        // A lost line of progress is no reason to stop.
        let _ = if self.terminal {
            write!(stderr, "\r{line:width$}", width = self.drawn.replace(line.len()))
        } else {
            writeln!(stderr, "{line}")
        };
        self.due.set(now + if self.terminal { REDRAW } else { REWRITE });
    }
}

impl Drop for Progress {
    /// Wipes the line away.
    fn drop(&mut self) {
        if self.drawn.get() > 0 {
            let _ = write!(std::io::stderr(), "\r{:width$}\r", "", width = self.drawn.get());
        }
    }
}
