//! The README and the chapters of the guide: every code block is a doctest.

#[doc = include_str!("../../docs/guide/awaitable-types.md")]
struct AwaitableTypes;

#[doc = include_str!("../../docs/guide/contexts.md")]
struct Contexts;

#[doc = include_str!("../../docs/guide/dual-colour.md")]
struct DualColour;

#[doc = include_str!("../../docs/guide/eager.md")]
struct Eager;

#[doc = include_str!("../../docs/guide/either-colour.md")]
struct EitherColour;

#[doc = include_str!("../../docs/guide/executors.md")]
struct Executors;

#[doc = include_str!("../../docs/guide/generators.md")]
struct Generators;

#[doc = include_str!("../../docs/guide/groups.md")]
struct Groups;

#[doc = include_str!("../../docs/guide/interrupting.md")]
struct Interrupting;

#[doc = include_str!("../../docs/guide/interrupts.md")]
struct Interrupts;

#[doc = include_str!("../../docs/guide/locks.md")]
struct Locks;

#[doc = include_str!("../../docs/guide/monitors.md")]
struct Monitors;

#[doc = include_str!("../../README.md")]
struct Readme;

#[doc = include_str!("../../docs/guide/scheduling.md")]
struct Scheduling;

#[doc = include_str!("../../docs/guide/start-now.md")]
struct StartNow;
