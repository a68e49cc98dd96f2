//! [`Trace`]: the log that a scenario writes.

use std::sync::{Arc, Mutex, PoisonError};

/// A log of lines; its clones write to the same one.
#[derive(Clone, Debug, Default)]
pub struct Trace(Arc<Mutex<String>>);

impl Trace {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a line.
    pub fn log(&self, line: impl AsRef<str>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_str(line.as_ref());
        lines.push('\n');
    }

    /// Takes the lines written so far, each with its newline.
    #[must_use]
    pub fn take(&self) -> String {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
