//! [`Screen`]: what is printed, and the bar that moves below it.

use super::board::Standing;
use std::{
    cell::{Cell, RefCell},
    fmt,
    io::{self, IsTerminal as _, Write},
    time::{Duration, Instant},
};

/// How often the bar is drawn anew on a terminal, and how often a line is written elsewhere.
pub(super) const REDRAW: Duration = Duration::from_millis(100);
const REWRITE: Duration = Duration::from_secs(5);

/// How many signs the bar has.
const WIDTH: u64 = 24;

/// Where lines and the bar go.
///
/// On a terminal the bar is one line that moves; elsewhere what takes long says a plain line every five seconds.
pub struct Screen {
    lines: RefCell<Box<dyn Write>>,
    progress: RefCell<Box<dyn Write>>,
    terminal: bool,
    began: Instant,
    due: Cell<Instant>,
    /// How long the bar on the terminal is.
    drawn: Cell<usize>,
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Screen").field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

impl Screen {
    /// Lines to stdout, the bar to stderr.
    pub fn new() -> Self {
        Screen::to(io::stdout(), io::stderr(), io::stderr().is_terminal())
    }

    /// Lines and the bar to wherever, the latter as on a terminal or not.
    pub fn to(lines: impl Write + 'static, progress: impl Write + 'static, terminal: bool) -> Self {
        let began = Instant::now();
        Screen {
            lines: RefCell::new(Box::new(lines)),
            progress: RefCell::new(Box::new(progress)),
            terminal,
            began,
            due: Cell::new(if terminal { began } else { began + REWRITE }),
            drawn: Cell::new(0),
        }
    }

    /// A line that stays.
    pub fn line(&self, text: impl fmt::Display) {
        self.wipe();
        // Nobody reading it is no reason to leave a job undone.
        let mut lines = self.lines.borrow_mut();
        let _ = writeln!(lines, "{text}").and_then(|()| lines.flush());
        self.due.set(self.due.get().min(Instant::now() + REDRAW));
    }

    /// How far everything is, if it is time to say so.
    pub fn bar(&self, standing: Standing) {
        let now = Instant::now();
        if now < self.due.get() || standing.ended == standing.jobs {
            return;
        }
        let line = bar(standing, now - self.began);
        let mut progress = self.progress.borrow_mut();
        let _ = if self.terminal {
            let width = self.drawn.replace(line.len());
            write!(progress, "\r{line:width$}")
        } else {
            writeln!(progress, "{line}")
        };
        let _ = progress.flush();
        self.due.set(now + if self.terminal { REDRAW } else { REWRITE });
    }

    /// Wipes the bar away.
    pub fn wipe(&self) {
        let width = self.drawn.take();
        if width > 0 {
            let mut progress = self.progress.borrow_mut();
            let _ = write!(progress, "\r{:width$}\r", "").and_then(|()| progress.flush());
        }
    }
}

impl Default for Screen {
    fn default() -> Self {
        Screen::new()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// `[######------------------]  25 %, 1 of 3 jobs, 5 of 20 MB, 3 s left`
fn bar(standing: Standing, took: Duration) -> String {
    let Standing { jobs, ended, bytes, read } = standing;
    let part = |of: u64| read.min(bytes).saturating_mul(of).checked_div(bytes).unwrap_or(of);
    let full: String = (0..WIDTH).map(|at| if at < part(WIDTH) { '#' } else { '-' }).collect();
    let megabytes = |bytes: u64| bytes / 1_000_000;
    let (read, of) = (megabytes(read), megabytes(bytes));
    let left = took.as_millis() * u128::from(100 - part(100));
    let left = left.checked_div(part(100).into());
    let left = left.map(|left| format!(", {} s left", left.div_ceil(1000))).unwrap_or_default();
    format!("[{full}] {:>3} %, {ended} of {jobs} jobs, {read} of {of} MB{left}", part(100))
}
