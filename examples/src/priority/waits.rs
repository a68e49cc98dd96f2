//! [`Waits`]: how long clients have waited.

use std::time::Duration;

/// How long clients have waited, each time.
#[derive(Debug, Clone, Default)]
pub struct Waits(Vec<Duration>);

impl Waits {
    /// One more.
    pub fn push(&mut self, wait: Duration) {
        self.0.push(wait);
    }

    /// Those of another time.
    pub fn extend(&mut self, other: Waits) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What so many of a hundred have not waited longer than; zero where nobody has waited.
    pub fn percentile(&self, of_a_hundred: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * of_a_hundred).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }

    /// The longest.
    pub fn max(&self) -> Duration {
        self.percentile(100)
    }
}
