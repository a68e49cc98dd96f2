//! [`Class`] and [`Way`]: what is asked for, and in which order it is answered.

use asynkit::Priority;
use std::fmt;

/// What a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Whether the server is well: at [`Priority::HIGH`].
    Health,
    /// What it is there for: at [`Priority::NORMAL`].
    Request,
    /// A report on all requests so far: at [`Priority::LOW`].
    Report,
}

impl Class {
    /// All of them.
    pub const ALL: [Class; 3] = [Class::Health, Class::Request, Class::Report];

    /// That of a path.
    pub fn of(path: &str) -> Option<Self> {
        Class::ALL.into_iter().find(|class| class.path() == path)
    }

    /// Where it is asked for.
    pub const fn path(self) -> &'static str {
        match self {
            Class::Health => "/health",
            Class::Request => "/request",
            Class::Report => "/report",
        }
    }

    /// How urgent it is.
    pub const fn priority(self) -> Priority {
        match self {
            Class::Health => Priority::HIGH,
            Class::Request => Priority::NORMAL,
            Class::Report => Priority::LOW,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Class::Health => "health, HIGH",
            Class::Request => "request, NORMAL",
            Class::Report => "report, LOW",
        }
    }
}

/// In which order a server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As things come: all have one priority.
    Alike,
    /// By priority, but with a lock that knows nothing of it.
    PlainLock,
    /// By priority, which whoever holds the lock inherits from those that wait for it.
    Inherited,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 3] = [Way::Alike, Way::PlainLock, Way::Inherited];

    pub(super) const fn has_priorities(self) -> bool {
        !matches!(self, Way::Alike)
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Way::Alike => "no priorities",
            Way::PlainLock => "priorities, plain lock",
            Way::Inherited => "priorities, inherited",
        })
    }
}
