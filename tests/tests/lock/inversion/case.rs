//! Random chains and trees of holders, and for how long at most they keep the most urgent one waiting.

use proptest::prelude::*;

#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub(super) own: i8,
    /// For how many yields it holds its lock when it has got that of the one before.
    pub(super) section: usize,
    pub(super) is_panicking: bool,
    /// How many it passes over, counted back, to the one whose lock it waits for.
    back: usize,
}

/// How the one that waits comes to be the most urgent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Rise {
    Comes,
    /// It waits already, as the least urgent one.
    IsPrioritised,
    /// Another one that was more urgent still leaves its wait.
    IsLeft,
}

#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) holders: Vec<Holder>,
    /// Those that yield for ever.
    pub(super) crowd: Vec<i8>,
    /// Turns of anybody before the urgent one comes.
    pub(super) delay: usize,
    pub(super) rise: Rise,
    /// The same of the urgent one.
    back: usize,
    /// Holders that get other priorities when it waits, or are aborted.
    pub(super) changes: Vec<(usize, Option<i8>)>,
}

impl Case {
    /// Whose lock the holder waits for, and the urgent one that comes after all.
    pub(super) fn before(&self, holder: usize) -> Option<usize> {
        let back = self.holders.get(holder).map_or(self.back, |holder| holder.back);
        holder.checked_sub(1).map(|last| last - back % holder)
    }

    /// Polls until the urgent one has its lock, at most, where some are through with their sections.
    pub(super) fn most(&self, is_through: &[bool]) -> (usize, usize) {
        // With the poll that each needs to take what was handed over to it.
        let polls = |holder: usize| self.holders[holder].section + 1;
        let (mut most, mut length) = (1, 0);
        let mut next = self.before(self.holders.len());
        while let Some(holder) = next {
            length += 1;
            if is_through[holder] {
                // One of these has the lock, or nobody.
                let after = (0..self.holders.len()).filter(|&other| self.before(other) == Some(holder));
                return (most + after.map(polls).max().unwrap_or(0), length);
            }
            most += polls(holder);
            next = self.before(holder);
        }
        // The first one waits for nobody.
        (most - 1, length)
    }
}

pub(super) fn cases() -> impl Strategy<Value = Case> {
    let holder = (-9..9_i8, 1..=5_usize, prop::bool::weighted(0.2), 0..64_usize);
    let holders = prop_oneof![
        4 => prop::collection::vec(holder.clone(), 1..=64),
        1 => prop::collection::vec(holder, 64),
    ];
    let shape = (holders, 0..64_usize, any::<bool>()).prop_map(|(holders, back, is_tree)| {
        let back_in = |back| if is_tree { back } else { 0 };
        let holder =
            |(own, section, is_panicking, back)| Holder { own, section, is_panicking, back: back_in(back) };
        (holders.into_iter().map(holder).collect(), back_in(back))
    });
    let rise = prop_oneof![Just(Rise::Comes), Just(Rise::IsPrioritised), Just(Rise::IsLeft)];
    let crowd = prop::collection::vec(-9..9_i8, 0..20);
    let delay = prop_oneof![Just(0), 0..60_usize];
    let changes = prop::collection::vec((0..64_usize, prop::option::of(-9..9_i8)), 0..4);
    (shape, crowd, delay, rise, changes).prop_map(|((holders, back), crowd, delay, rise, changes)| Case {
        holders,
        crowd,
        delay,
        rise,
        back,
        changes,
    })
}
