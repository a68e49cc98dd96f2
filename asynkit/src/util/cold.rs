//! [`cold_path`]: where a hot path ends.

/// Tells the compiler that the branch it is called on is seldom taken, and nothing else.
///
/// A call of a cold function tells it too, but not where what it is given has to be dropped afterwards, or what it gives
/// back: such a branch is laid out in the midst of the hot path.
#[cold]
#[cfg_attr(not(feature = "std"), allow(dead_code, reason = "what is used depends on the features"))]
pub(crate) fn cold_path() {}
