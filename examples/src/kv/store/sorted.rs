//! [`Sorted`]: strings ordered by a number each.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Strings ordered by a number each, and among equal numbers by their bytes.
#[derive(Debug, Default)]
pub struct Sorted {
    scores: HashMap<Arc<[u8]>, f64>,
    order: BTreeSet<(Score, Arc<[u8]>)>,
}

/// A number that is not a NaN.
#[derive(Debug, Clone, Copy)]
struct Score(f64);

impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        // Unlike `total_cmp`, in which -0 comes before 0.
        self.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal)
    }
}

impl Sorted {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// The number of a member.
    pub fn score(&self, member: &[u8]) -> Option<f64> {
        self.scores.get(member).copied()
    }

    /// Sets the number of a member, which must not be a NaN; the one that it had.
    pub fn set(&mut self, member: &[u8], score: f64) -> Option<f64> {
        debug_assert!(!score.is_nan(), "NaNs have no order");
        let old = self.remove(member);
        let member: Arc<[u8]> = member.into();
        self.scores.insert(Arc::clone(&member), score);
        self.order.insert((Score(score), member));
        old
    }

    /// Takes one out; the number that it had.
    pub fn remove(&mut self, member: &[u8]) -> Option<f64> {
        let (member, score) = self.scores.remove_entry(member)?;
        self.order.remove(&(Score(score), member));
        Some(score)
    }

    /// Takes the least one out.
    pub fn pop_first(&mut self) -> Option<(Arc<[u8]>, f64)> {
        let (Score(score), member) = self.order.pop_first()?;
        self.scores.remove(&member);
        Some((member, score))
    }

    /// All of them, the least one first.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], f64)> {
        self.order.iter().map(|(score, member)| (&**member, score.0))
    }
}
