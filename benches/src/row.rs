//! An operation, who does it, and what it may cost.

/// The name under which our own implementation stands in the table.
pub(crate) const OURS: &str = "asynkit";

/// One operation, done by us and by others.
#[derive(Debug)]
pub struct Row {
    pub(crate) name: &'static str,
    pub(crate) entries: Vec<Entry>,
    pub(crate) goal: Option<Goal>,
    /// How many operations one turn of the loop stands for.
    pub(crate) per_turn: u32,
    /// The turns of the short and of the long run.
    pub(crate) lengths: (u32, u32),
    /// Ours executes no atomic read-modify-write.
    pub(crate) is_without_atomics: bool,
}

/// Who does it, and the function that does it `n` times.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) who: &'static str,
    pub(crate) run: fn(u32),
}

/// What ours may cost.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// So many instructions; and the figure that is hoped for, where there is one.
    AtMost { limit: f64, hoped: Option<f64> },
    /// So many instructions more than another entry of the row.
    Over { who: &'static str, by: f64 },
    /// So many times what another entry of the row costs.
    Times { who: &'static str, factor: f64 },
}

impl Row {
    /// An operation that nobody does yet.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            entries: Vec::new(),
            goal: None,
            per_turn: 1,
            lengths: (1000, 3000),
            is_without_atomics: false,
        }
    }

    /// Our own implementation.
    #[must_use]
    pub fn ours(self, run: fn(u32)) -> Self {
        self.by(OURS, run)
    }

    /// Somebody else's, or another way to do it.
    #[must_use]
    pub fn by(mut self, who: &'static str, run: fn(u32)) -> Self {
        self.entries.push(Entry { who, run });
        self
    }

    /// Ours costs at most so many instructions.
    #[must_use]
    pub fn at_most(mut self, limit: f64) -> Self {
        self.goal = Some(Goal::AtMost { limit, hoped: None });
        self
    }

    /// Ours costs at most `limit` instructions, and `hoped` is the figure to work towards.
    #[must_use]
    pub fn at_most_hoped(mut self, limit: f64, hoped: f64) -> Self {
        self.goal = Some(Goal::AtMost { limit, hoped: Some(hoped) });
        self
    }

    /// Ours costs what `who` costs, an entry of this row.
    #[must_use]
    pub fn same_as(self, who: &'static str) -> Self {
        self.over(who, 0.0)
    }

    /// Ours costs at most `by` instructions more than `who`, an entry of this row.
    #[must_use]
    pub fn over(mut self, who: &'static str, by: f64) -> Self {
        self.goal = Some(Goal::Over { who, by });
        self
    }

    /// Ours costs at most `factor` times what `who` costs, an entry of this row.
    #[must_use]
    pub fn times(mut self, who: &'static str, factor: f64) -> Self {
        self.goal = Some(Goal::Times { who, factor });
        self
    }

    /// Ours executes no atomic read-modify-write, apart from what an executor does once in a number of polls.
    #[must_use]
    pub fn without_atomics(mut self) -> Self {
        self.is_without_atomics = true;
        self
    }

    /// One turn of the loop does `n` operations.
    #[must_use]
    pub fn per_turn(mut self, n: u32) -> Self {
        self.per_turn = n;
        self
    }

    /// The lengths of the two runs, in turns: fewer for what is slow.
    #[must_use]
    pub fn lengths(mut self, short: u32, long: u32) -> Self {
        self.lengths = (short, long);
        self
    }

    /// Whether a filter of the command line asks for this row.
    pub(crate) fn matches(&self, filters: &[String]) -> bool {
        filters.is_empty() || filters.iter().any(|f| self.name.contains(f.as_str()))
    }
}
