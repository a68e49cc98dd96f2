//! [`Cuts`]: where to cut a stream of bytes, by chance but the same way each time.

/// An endless row of sizes that a seed decides.
#[derive(Debug, Clone)]
pub struct Cuts {
    state: u64,
    most: usize,
}

impl Cuts {
    /// Sizes from 1 to `most`.
    ///
    /// # Panics
    /// If `most` is 0.
    pub const fn new(seed: u64, most: usize) -> Self {
        assert!(most > 0, "pieces have a size");
        Cuts { state: seed, most }
    }

    /// The next size. Half of them are less than 17 bytes, so that every part of a frame is cut sooner or later.
    pub fn next_size(&mut self) -> usize {
        let small = self.next_number() % 2 == 0;
        let most = if small { self.most.min(16) } else { self.most };
        usize::try_from(self.next_number() % most as u64).unwrap_or(0) + 1
    }

    /// The next of a row of numbers that look random (`SplitMix64`).
    pub fn next_number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
