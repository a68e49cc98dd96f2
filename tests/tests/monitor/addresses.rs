//! Coroutines at any address: one whose address no turn can tell is no different from the others, whatever happens.

use asynkit::{Interrupt, NotActive, Step};
use asynkit_tests::poll_once;
use std::{
    cell::RefCell,
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// Counts its wakes.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A coroutine of bytes, which keeps what it does elsewhere: any address is good enough for it. It is no handle, either.
#[derive(Clone, Copy)]
struct Bytes([u8; 17]);

/// One at each address from the first that all alignments divide.
#[repr(align(16))]
struct Eight([Bytes; 8]);

/// Numbers from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 40).unwrap() % end
    }
}

type AnOob = Pin<Box<dyn Future<Output = Result<u32, Interrupt>>>>;

/// What the coroutine does, and what is done to its `oob`s from outside.
struct Inside {
    numbers: Numbers,
    ask: Box<dyn Fn(u32) -> AnOob>,
    asked: u32,
    oobs: Vec<(u32, AnOob)>,
    other: Waker,
    trace: Vec<String>,
}

thread_local! {
    static INSIDE: RefCell<Option<Inside>> = const { RefCell::new(None) };
}

/// A poll of an `oob` and the like is not to hold the `RefCell`: it wakes and drops what may come back.
fn with<R>(f: impl FnOnce(&mut Inside) -> R) -> R {
    let mut inside = INSIDE.take().expect("a talk goes on");
    let result = f(&mut inside);
    INSIDE.set(Some(inside));
    result
}

impl Inside {
    fn note(&mut self, what: impl Into<String>) {
        self.trace.push(what.into());
    }

    fn new_oob(&mut self) {
        self.asked += 1;
        self.oobs.push((self.asked, (self.ask)(self.asked)));
    }

    fn drop_oob(&mut self) {
        if !self.oobs.is_empty() {
            let at = self.numbers.below(self.oobs.len());
            let (item, _) = self.oobs.remove(at);
            self.note(format!("drop {item}"));
        }
    }

    /// Polls one; more often than not the last.
    fn poll_oob(&mut self, how: &str, cx: &mut Context<'_>) {
        let Some(last) = self.oobs.len().checked_sub(1) else { return };
        let at = if self.numbers.below(3) == 0 { self.numbers.below(last + 1) } else { last };
        let (item, oob) = &mut self.oobs[at];
        let (item, polled) = (*item, oob.as_mut().poll(cx));
        match &polled {
            Poll::Ready(Ok(answer)) => self.note(format!("{how} {item}: answer {answer}")),
            Poll::Ready(Err(e)) if e.is::<NotActive>() => self.note(format!("{how} {item}: not active")),
            Poll::Ready(Err(e)) => self.note(format!("{how} {item}: {e}")),
            Poll::Pending => self.note(format!("{how} {item}: waits")),
        }
        if polled.is_ready() {
            drop(self.oobs.remove(at));
        }
    }
}

impl Future for Bytes {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        assert_eq!(self.0, [0; 17]);
        with(|inside| {
            loop {
                match inside.numbers.below(16) {
                    0..=3 => inside.new_oob(),
                    4..=9 => inside.poll_oob("in", cx),
                    10 => inside.drop_oob(),
                    11 => {
                        let other = inside.other.clone();
                        inside.poll_oob("under", &mut Context::from_waker(&other));
                    }
                    12 => return Poll::Ready(inside.asked),
                    _ => return Poll::Pending,
                }
            }
        })
    }
}

macro_rules! talk {
    ($module:ident, $Monitor:ident) => {
        mod $module {
            use super::*;
            use asynkit::$Monitor;

            fn note(step: Poll<impl std::fmt::Debug>) {
                with(|inside| inside.note(format!("{step:?}")));
            }

            /// What is said and done in a talk that `seed` tells, with a coroutine at the address with this number.
            fn talk(place: usize, seed: u64) -> Vec<String> {
                let m = Rc::new($Monitor::<u32, u32>::new());
                let own = Rc::clone(&m);
                let (wakes, inner) = (Arc::new(Wakes::default()), Arc::new(Wakes::default()));
                INSIDE.set(Some(Inside {
                    numbers: Numbers(seed),
                    ask: Box::new(move |item| {
                        let m = Rc::clone(&own);
                        Box::pin(async move { m.oob(item).await })
                    }),
                    asked: 0,
                    oobs: Vec::new(),
                    other: Arc::clone(&inner).into(),
                    trace: Vec::new(),
                }));
                let mut all = Eight([Bytes([0; 17]); 8]);
                assert_eq!(std::ptr::from_ref(&all.0[place]).addr() % 8, place);
                let mut other = pin!(async {
                    for n in 1000.. {
                        _ = m.oob(n).await;
                    }
                });
                let waker = Waker::from(Arc::clone(&wakes));
                for data in 0..40 {
                    let c = Pin::new(&mut all.0[place]);
                    let cx = &mut Context::from_waker(&waker);
                    match with(|inside| inside.numbers.below(20)) {
                        0..=4 => note(m.poll_asend(c, &mut Some(data), cx)),
                        5 | 6 => note(m.poll_asend(c, &mut None, cx)),
                        7..=9 => note(poll_once(pin!(m.aawait(c))).map(|step| format!("{step:?}"))),
                        10 => note(poll_once(pin!(m.try_await(c, data)))),
                        11 => note(poll_once(pin!(m.athrow(c, "thrown"))).map(|step| format!("{step:?}"))),
                        12 => note(poll_once(pin!(m.aclose(c)))),
                        13 => note(m.poll_asend(other.as_mut(), &mut None, cx)),
                        14 => note(m.poll_asend(other.as_mut(), &mut Some(data), cx)),
                        15 => with(Inside::drop_oob),
                        16 => with(Inside::new_oob),
                        17 => {
                            // A call that goes on for a few polls.
                            let mut call = pin!(m.aawait(c));
                            for _ in 0..3 {
                                match call.as_mut().poll(cx) {
                                    Poll::Pending => with(|inside| inside.poll_oob("beside", cx)),
                                    ready @ Poll::Ready(Step::Done(_) | Step::Oob(_)) => {
                                        note(ready);
                                        break;
                                    }
                                }
                            }
                        }
                        _ => with(|inside| inside.poll_oob("out", cx)),
                    }
                    let woken = (wakes.0.load(Ordering::Relaxed), inner.0.load(Ordering::Relaxed));
                    with(|inside| inside.note(format!("{data}: {woken:?} {}", m.is_active())));
                }
                let inside = INSIDE.take().expect("the talk is over");
                drop(inside.oobs);
                inside.trace
            }

            #[test]
            fn the_same_is_said_at_every_address() {
                let count = if cfg!(miri) { 5 } else { 200 };
                let (mut answers, mut refused, mut thrown) = (0, 0, 0);
                for seed in 0..count {
                    let expected = talk(0, seed);
                    let lines = |what: &str| expected.iter().filter(|line| line.contains(what)).count();
                    answers += lines("answer");
                    refused += lines("not active");
                    thrown += lines(": interrupted: thrown");
                    for place in 1..8 {
                        assert_eq!(talk(place, seed), expected, "place {place}, seed {seed}");
                    }
                }
                if count > 5 {
                    assert!(answers > 100 && refused > 10 && thrown > 10, "{answers} {refused} {thrown}");
                }
            }
        }
    };
}

talk!(local, LocalMonitor);
talk!(shared, Monitor);
