//! [`Priority`]: a number, and the lower one runs first.

use core::{cmp::Ordering, fmt};

/// The bit that tells negative floats.
const SIGN: u64 = 1 << 63;

/// When a task runs, compared with the others that are ready: the lower number first, equal ones in turn.
///
/// Any `f64` but NaN is one, the infinities too. `-0.0` and `0.0` are the same priority.
///
/// # Examples
/// ```
/// use asynkit::Priority;
///
/// let urgent = Priority::new(-20.0).unwrap();
/// assert!(urgent < Priority::HIGH && Priority::HIGH < Priority::NORMAL && Priority::NORMAL < Priority::LOW);
/// assert_eq!(Priority::default(), Priority::NORMAL);
/// assert_eq!(Priority::new(f64::NAN), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Priority {
    /// [`Self::key`], which orders as the numbers do, with the high bit the other way round: the usual one is 0.
    flipped: u64,
}

impl Priority {
    /// Before the usual: -10.
    pub const HIGH: Priority = Priority::of(-10.0);

    /// What tasks have that nobody gave another: 0.
    pub const NORMAL: Priority = Priority::of(0.0);

    /// After the usual: 10.
    pub const LOW: Priority = Priority::of(10.0);

    /// The priority of this number; `None` for NaN, which is neither before nor after anything.
    ///
    /// # Examples
    /// ```
    /// use asynkit::Priority;
    ///
    /// assert_eq!(Priority::new(-10.0), Some(Priority::HIGH));
    /// assert_eq!(Priority::new(-0.0), Some(Priority::NORMAL));
    /// ```
    #[must_use]
    pub const fn new(value: f64) -> Option<Priority> {
        if value.is_nan() { None } else { Some(Priority::of(value)) }
    }

    const fn of(value: f64) -> Priority {
        // The sum makes 0.0 of -0.0.
        let bits = (value + 0.0).to_bits();
        Priority { flipped: if bits & SIGN == 0 { bits } else { !bits ^ SIGN } }
    }

    /// Its number.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(asynkit::Priority::LOW.get(), 10.0);
    /// ```
    #[must_use]
    pub const fn get(self) -> f64 {
        f64::from_bits(if self.flipped & SIGN == 0 { self.flipped } else { !self.flipped ^ SIGN })
    }

    /// The priority of a [`key`](Self::key).
    #[cfg_attr(not(feature = "executor"), allow(dead_code, reason = "the ready queue compares keys"))]
    pub(crate) const fn from_key(key: u64) -> Priority {
        Priority { flipped: key ^ SIGN }
    }

    /// An integer that orders as the numbers do.
    #[cfg_attr(not(feature = "executor"), allow(dead_code, reason = "the ready queue compares keys"))]
    pub(crate) const fn key(self) -> u64 {
        self.flipped ^ SIGN
    }
}

impl Default for Priority {
    fn default() -> Self {
        Priority::NORMAL
    }
}

impl PartialOrd for Priority {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl fmt::Debug for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Priority").field(&self.get()).finish()
    }
}
