//! How deep things nest: what is flat is ten thousand deep on any thread, of the rest a level costs what the docs say.

use asynkit::{
    AsyncGenerator as _, Co, Coro, CoroStart, Interrupt, InterruptExt as _, InterruptKind, LocalMonitor,
    Monitor, Step, copy_context, generator, generator::BoxGenerator, shield, throw_when,
};
use asynkit_tests::{now, panic_text, poll_once, yield_now};
use futures::StreamExt as _;
use std::{cell::Cell, future::pending, pin::Pin, thread};

const DEEP: u32 = 10_000;

/// What a level may cost, in bytes of stack: the docs say so.
const LEVEL: usize = if cfg!(debug_assertions) { 4096 } else { 512 };

/// What threads have.
const STACK: usize = 2 << 20;

/// `f` on a thread with a stack of this size.
fn on_stack<T: Send>(bytes: usize, f: impl FnOnce() -> T + Send) -> T {
    thread::scope(|s| thread::Builder::new().stack_size(bytes).spawn_scoped(s, f).unwrap().join().unwrap())
}

thread_local! {
    static LOWEST: Cell<usize> = const { Cell::new(usize::MAX) };
    static REACHED: Cell<bool> = const { Cell::new(false) };
}

/// Notes how far down the stack it runs.
#[inline(never)]
fn note_depth() -> usize {
    let here = 0u8;
    let at = std::ptr::from_ref(std::hint::black_box(&here)).addr();
    LOWEST.set(LOWEST.get().min(at));
    at
}

/// Notes it where it is dropped.
struct Sounds;

impl Drop for Sounds {
    fn drop(&mut self) {
        note_depth();
    }
}

/// The bytes of stack that `f` used.
fn stack_of(f: impl FnOnce()) -> usize {
    LOWEST.set(usize::MAX);
    let top = note_depth();
    f();
    top.saturating_sub(LOWEST.get())
}

type Nested = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The innermost: it waits, and notes where.
fn bottom() -> Nested {
    let sounds = Sounds;
    Box::pin(async move {
        let _sounds = sounds;
        note_depth();
        REACHED.set(true);
        pending::<()>().await;
    })
}

/// A future that drives the one that it is given.
type Wrap = fn(Nested) -> Nested;

const WRAPPERS: &[(&str, Wrap)] = &[
    ("boxed async blocks", |inner| {
        Box::pin(async {
            inner.await;
        })
    }),
    ("Coro", |inner| Box::pin(Coro::new(inner))),
    // A start polls all that is inside, and so does its await: it is linear where the start comes to a wait first.
    ("CoroStart", |inner| {
        Box::pin(async {
            yield_now().await;
            CoroStart::boxed(inner).await;
        })
    }),
    ("a context", |inner| Box::pin(async { copy_context().scope(inner).await })),
    ("an interrupt point", |inner| Box::pin(async { inner.interruptible().await.unwrap_or(()) })),
    ("a shield", |inner| Box::pin(shield(inner))),
    ("throw_when", |inner| {
        Box::pin(async { throw_when(pending::<()>(), InterruptKind::Cancel, inner).await.unwrap_or(()) })
    }),
    ("a monitor", |mut inner| {
        Box::pin(async move {
            let m = Monitor::<()>::new();
            let Step::Done(()) = m.aawait(inner.as_mut()).await else { panic!("nobody sends") };
        })
    }),
    ("a bound monitor", |inner| {
        Box::pin(async {
            let m = Monitor::<()>::new();
            let Step::Done(()) = m.bind(inner).aawait().await else { panic!("nobody sends") };
        })
    }),
];

/// Started when its level is polled, so that levels are entered one inside the other.
fn lazily(wrap: Wrap, depth: u32) -> Nested {
    wrap(if depth == 0 { bottom() } else { Box::pin(async move { lazily(wrap, depth - 1).await }) })
}

fn reach_bottom(nested: &mut Nested) {
    REACHED.set(false);
    for _ in 0..2 {
        assert!(poll_once(nested.as_mut()).is_pending());
    }
    assert!(REACHED.get(), "the innermost was not polled");
}

/// What a level of `nested` costs, in the poll that reaches the innermost and in the drop.
fn cost_of_a_level<T>(name: &str, nested: impl Fn(u32) -> T, reach: impl Fn(&mut T)) {
    let uses = |depth| {
        let mut outermost = nested(depth);
        let polled = stack_of(|| reach(&mut outermost));
        (polled, stack_of(|| drop(outermost)))
    };
    let (flat, deep) = (uses(DEEP / 10), uses(DEEP));
    // Under AddressSanitizer variables are not on the stack.
    if std::env::var_os("ASAN_OPTIONS").is_none() {
        let levels = (DEEP - DEEP / 10) as usize;
        let (poll, drop) = ((deep.0 - flat.0) / levels, (deep.1 - flat.1) / levels);
        println!("{name}: {poll} bytes a level in a poll, {drop} in the drop");
        assert!((1..=LEVEL).contains(&poll), "{name}: {poll} bytes a level in a poll");
        assert!((1..=LEVEL).contains(&drop), "{name}: {drop} bytes a level in the drop");
    }
}

#[test]
fn ten_thousand_levels_cost_what_the_docs_say_and_are_dropped() {
    on_stack(LEVEL * DEEP as usize * 8, || {
        for &(name, wrap) in WRAPPERS {
            cost_of_a_level(name, |depth| lazily(wrap, depth), reach_bottom);
        }
        let reach = |g: &mut BoxGenerator<'static, u32>| assert_eq!(now(g.next()), Some(Some(0)));
        cost_of_a_level("yield_from", forwards, reach);
        cost_of_a_level("a loop over a generator", loops, reach);
    });
}

#[test]
fn five_hundred_levels_fit_on_any_thread() {
    // AddressSanitizer makes each frame several times as large.
    let stack = if std::env::var_os("ASAN_OPTIONS").is_some() { STACK * 8 } else { STACK };
    on_stack(stack, || {
        for (_, wrap) in WRAPPERS {
            reach_bottom(&mut lazily(*wrap, 500));
        }
        assert_eq!(now(forwards(500).next()), Some(Some(0)));
        assert_eq!(now(loops(500).next()), Some(Some(0)));
    });
}

fn forwards(depth: u32) -> BoxGenerator<'static, u32> {
    generator(async move |mut co: Co<'_, u32>| {
        if depth > 0 {
            return co.yield_from(forwards(depth - 1)).await;
        }
        let _sounds = Sounds;
        note_depth();
        co.ayield(0).await;
    })
    .boxed()
}

fn loops(depth: u32) -> BoxGenerator<'static, u32> {
    generator(async move |mut co: Co<'_, u32>| {
        if depth > 0 {
            let mut inner = loops(depth - 1);
            while let Some(item) = inner.next().await {
                co.ayield(item).await;
            }
            return;
        }
        let _sounds = Sounds;
        note_depth();
        co.ayield(0).await;
    })
    .boxed()
}

type Told = Result<(), Interrupt>;
type Called<'c> = Pin<Box<dyn Future<Output = u32> + Send + 'c>>;

/// Calls, one inside the other; the innermost yields, and answers how that went.
fn calls<'c>(co: &'c mut Co<'_, u32, Told>, depth: u32, panics: bool) -> Called<'c> {
    Box::pin(co.call(async move |mut co: Co<'_, u32, Told>| {
        if depth > 0 {
            return calls(&mut co, depth - 1, panics).await;
        }
        let told = co.ayield(0).await;
        assert!(!panics, "at the bottom");
        u32::from(told.is_err())
    }))
}

fn calling(panics: bool) -> BoxGenerator<'static, u32, Told> {
    generator(async move |mut co: Co<'_, u32, Told>| {
        let told = calls(&mut co, DEEP, panics).await;
        let _ = co.ayield(told).await;
    })
    .boxed()
}

#[test]
fn ten_thousand_calls_are_thrown_into_closed_and_unwound_on_a_small_stack() {
    on_stack(STACK / 8, || {
        let mut thrown = calling(false);
        assert_eq!(now(thrown.next()), Some(Some(0)));
        assert_eq!(now(Pin::new(&mut thrown).athrow("to the bottom")).unwrap().unwrap(), Some(1));
        let mut closed = calling(false);
        assert_eq!(now(closed.next()), Some(Some(0)));
        assert_eq!(now(Pin::new(&mut closed).aclose()), Some(Ok(())));
        assert_eq!(now(closed.next()), Some(None));
        let mut unwound = calling(true);
        assert_eq!(now(unwound.next()), Some(Some(0)));
        assert_eq!(panic_text(|| now(unwound.next())), "at the bottom");
        assert_eq!(now(unwound.next()), Some(None));
    });
}

#[test]
fn ten_thousand_that_are_not_nested_are_no_matter_of_depth() {
    on_stack(STACK / 8, || {
        let m = &LocalMonitor::<u32, u32>::new();
        let mut talks: Vec<_> = (0..DEEP).map(|i| Box::pin(async move { m.oob(i).await.unwrap() })).collect();
        for (i, c) in (0..DEEP).zip(&mut talks) {
            assert_eq!(now(m.start(c.as_mut())), Some(Ok(i)));
        }
        for (i, c) in (0..DEEP).zip(&mut talks).rev() {
            assert_eq!(now(m.asend(c.as_mut(), i + 1)), Some(Step::Done(i + 1)));
        }
        let started: Vec<_> = (0..DEEP).map(|_| CoroStart::boxed(bottom())).collect();
        let generators: Vec<_> = (0..DEEP).map(|_| loops(0)).collect();
        assert!(started.iter().all(CoroStart::is_pending));
        drop((talks, started, generators));
    });
}

#[test]
fn ten_thousand_started_coroutines_that_need_not_wait_return_through_each_other() {
    fn count(depth: u32) -> Pin<Box<dyn Future<Output = u32>>> {
        Box::pin(async move {
            if depth == 0 { 0 } else { CoroStart::boxed(count(depth - 1)).into_result().unwrap() + 1 }
        })
    }
    on_stack(LEVEL * DEEP as usize * 8, || {
        assert_eq!(now(count(DEEP)), Some(DEEP));
    });
}
