//! [`Boost`]: how a queue keeps what is less urgent from waiting for ever.

/// How a ready queue keeps tasks of late priorities from waiting for ever while earlier ones are always ready.
///
/// From time to time, about once per as many operations as it holds entries and not more often than every tenth, the
/// queue looks for *stragglers*: entries that have waited through more pushes than it holds entries. Each is moved
/// ahead by a random part, from nothing to `factor`, of the distance to the most urgent entry of that moment: past
/// those that this overtakes, and before the most urgent one where the part is 1 or more. An entry that was moved keeps
/// its new place until it runs; the next time it is queued by its priority again.
///
/// The same seed and the same operations give the same order.
///
/// # Examples
/// ```
/// use asynkit::priority::Boost;
///
/// let gentle = Boost::new(1.05).unwrap().seed(7);
/// assert_eq!(gentle.factor(), 1.05);
/// assert_eq!(Boost::new(-1.0), None);
/// assert_eq!(Boost::new(0.0), Some(Boost::OFF));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "a queue has to be told"]
pub struct Boost {
    factor: f64,
    seed: u64,
}

impl Boost {
    /// No boosts: strictly by priority.
    pub const OFF: Boost = Boost { factor: 0.0, seed: 0 };

    /// Boosts of up to `factor` of the distance to the most urgent entry; `None` where that is negative or not finite.
    ///
    /// Below 1, the most urgent entries are never overtaken.
    ///
    /// # Examples
    /// ```
    /// use asynkit::priority::Boost;
    ///
    /// assert!(Boost::new(0.5).is_some());
    /// assert!(Boost::new(f64::NAN).is_none());
    /// ```
    #[doc(alias = "priority_boost_factor")]
    pub const fn new(factor: f64) -> Option<Boost> {
        if factor.is_finite() && factor >= 0.0 { Some(Boost { factor, seed: 0 }) } else { None }
    }

    /// Draws other random numbers.
    ///
    /// # Examples
    /// ```
    /// use asynkit::priority::Boost;
    ///
    /// let boost = Boost::new(0.5).unwrap();
    /// assert_ne!(boost, boost.seed(7));
    /// ```
    pub const fn seed(self, seed: u64) -> Boost {
        Boost { seed, ..self }
    }

    /// The greatest part of the distance to the most urgent entry.
    ///
    /// # Examples
    /// ```
    /// use asynkit::priority::Boost;
    ///
    /// assert_eq!(Boost::new(0.5).unwrap().factor(), 0.5);
    /// ```
    #[must_use]
    pub const fn factor(self) -> f64 {
        self.factor
    }

    /// A number from 0 to just below the factor: the same for the same arguments.
    #[cfg_attr(not(feature = "executor"), allow(dead_code, reason = "the ready queue draws"))]
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    pub(crate) fn draw(self, round: u64, entry: u64) -> f64 {
        let bits = mixed(mixed(mixed(self.seed) ^ round) ^ entry);
        (bits >> 11) as f64 / (1_u64 << 53) as f64 * self.factor
    }
}

/// A factor of 1.2.
impl Default for Boost {
    fn default() -> Self {
        Boost { factor: 1.2, seed: 0 }
    }
}

/// Spreads the bits of a counter; the finalizer of `SplitMix64`.
const fn mixed(bits: u64) -> u64 {
    let bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
