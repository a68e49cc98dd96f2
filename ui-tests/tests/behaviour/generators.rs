//! `#[generator_fn]` and `ayield!`.
#![allow(clippy::unused_async, clippy::useless_vec, reason = "what is tested is the signature")]

use asynkit::{Generator, aiter_sync, generator, generator::RawGenerator, generator_fn};
use futures::{Stream, StreamExt};
use std::{cell::RefCell, future::ready, marker::PhantomData, num::ParseIntError, pin::pin, sync::Arc};

fn all<T>(generator: impl Stream<Item = T>) -> Vec<T> {
    aiter_sync(pin!(generator)).collect::<Result<_, _>>().unwrap()
}

#[generator_fn(u64)]
async fn count(limit: u64) {
    for n in 0..limit {
        ayield!(n);
    }
}

#[generator_fn(&'a str)]
async fn words<'a>(text: &'a str, mut skip: usize, (from, _): (usize, usize)) {
    skip += from;
    for word in text.split(' ').skip(skip) {
        ready(()).await;
        ayield!(word);
    }
}

#[generator_fn(u8)]
async fn numbers(text: &str) -> Result<(), ParseIntError> {
    for word in text.split(' ') {
        ayield!(word.parse()?,);
    }
    Ok(())
}

struct Shelf {
    books: Vec<String>,
}

impl Shelf {
    #[generator_fn(&str)]
    async fn titles(&self) {
        for book in &self.books {
            ayield!(book.as_str());
        }
    }

    #[generator_fn(usize)]
    async fn grow(&mut self, by: &[&str]) {
        for book in by {
            self.books.push((*book).to_owned());
            ayield!(self.books.len());
        }
    }

    #[generator_fn(String)]
    async fn empty(mut self) -> usize {
        let mut sum = 0;
        while let Some(book) = self.books.pop() {
            sum += book.len();
            ayield!(book);
        }
        sum
    }

    #[generator_fn(usize)]
    async fn shared(self: Arc<Self>) {
        ayield!(self.books.len());
    }
}

/// Every place where `.await` may stand.
#[generator_fn(u8)]
async fn places() {
    let list = vec![{
        ayield!(1);
        2u8
    }];
    assert_eq!(format!("{:?}", ayield!(list[0])), "()");
    async { ayield!(3) }.await;
    let mut closure = async |n| ayield!(n);
    closure(4).await;
    async { ayield!(5) }.await;
    for await_inside in all(generator!({ ayield!(6u8) })) {
        ayield!(await_inside);
    }
    macro_rules! twice {
        ($value:expr) => {
            ayield!($value);
            ayield!($value + 1);
        };
    }
    twice!(7);
}

/// Hidden by the one of each body.
#[allow(unused_macros, reason = "it is hidden")]
macro_rules! ayield {
    ($value:expr) => {
        compile_error!("not this one")
    };
}

#[generator_fn(u8)]
async fn outer() {
    #[generator_fn(u8)]
    async fn inner() {
        ayield!(1);
    }
    ayield!(0);
    for item in all(inner()) {
        ayield!(item);
    }
    for item in all(generator!({ ayield!(2) })) {
        ayield!(item);
    }
}

#[test]
fn each_ayield_belongs_to_the_innermost_body() {
    assert_eq!(all(outer()), [0, 1, 2]);
}

#[test]
fn a_function_of_each_shape_is_a_generator() {
    assert_eq!(all(count(3)), [0, 1, 2]);
    assert_eq!(all(words("a b c d", 1, (1, 0))), ["c", "d"]);
    let mut shelf = Shelf { books: vec!["x".to_owned()] };
    assert_eq!(all(shelf.grow(&["y", "zz"])), [2, 3]);
    assert_eq!(all(shelf.titles()), ["x", "y", "zz"]);
    assert_eq!(all(Arc::new(Shelf { books: Vec::new() }).shared()), [0]);
    // It borrows no more.
    assert_eq!(shelf.books.len(), 3);
    drop(shelf.empty());
}

#[test]
fn an_error_is_the_last_item_of_a_try_stream() {
    let items = all(numbers("1 2 x 3").try_stream());
    assert_eq!(items.iter().flatten().collect::<Vec<_>>(), [&1, &2]);
    assert!(items[2].is_err());
    assert_eq!(items.len(), 3);
}

#[test]
fn ayield_stands_wherever_an_await_may() {
    assert_eq!(all(places()), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_generator_function_is_a_stream_on_any_executor() {
    let sum = smol::block_on(pin!(count(4)).fold(0, |sum, n| async move { sum + n }));
    assert_eq!(sum, 6);
}

fn is_send(_: &impl Send) {}

#[generator_fn(u8)]
async fn waits() {
    ayield!(1);
    std::future::pending::<()>().await;
}

#[test]
fn a_body_that_waits_is_an_error_of_the_sync_iterator() {
    let mut items = aiter_sync(Box::pin(waits()));
    assert_eq!(items.next().unwrap().unwrap(), 1);
    let error = items.next().unwrap().unwrap_err();
    assert_eq!(error.called_at().file(), file!());
}

#[test]
fn a_generator_of_what_is_send_is_send() {
    is_send(&count(1));
    is_send(&numbers("1"));
}

#[test]
fn nothing_runs_before_the_first_item_is_asked_for() {
    thread_local! {
        static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    }
    struct D(&'static str);
    impl Drop for D {
        fn drop(&mut self) {
            LOG.with_borrow_mut(|log| log.push(self.0));
        }
    }

    #[generator_fn(())]
    async fn noisy(_: D, used: D, _unused: D) {
        let _local = D("local");
        LOG.with_borrow_mut(|log| log.push("runs"));
        ayield!(());
        drop(used);
    }

    let new = || noisy(D("discarded"), D("used"), D("unused"));
    drop(new());
    assert_eq!(LOG.take(), ["discarded", "used", "unused"]);
    assert_eq!(all(new()).len(), 1);
    assert_eq!(LOG.take(), ["runs", "used", "local", "unused", "discarded"]);
    // The order of the native function, dropped while it is suspended.
    assert!(smol::block_on(async { pin!(new()).next().await }).is_some());
    assert_eq!(LOG.take(), ["runs", "local", "unused", "used", "discarded"]);
}

/// The type can be written.
fn named(limit: u64) -> Generator<impl RawGenerator<Item = u64, Resume = (), Return = ()>> {
    count(limit)
}

#[test]
fn a_generator_by_value_is_not_unpin() {
    struct Probe<T>(PhantomData<T>);
    trait Otherwise {
        fn is_unpin(&self) -> bool {
            false
        }
    }
    impl<T> Otherwise for &Probe<T> {}
    impl<T: Unpin> Probe<T> {
        fn is_unpin(&self) -> bool {
            assert_eq!(size_of_val(self), 0);
            true
        }
    }
    fn probe<T>(_: &T) -> Probe<T> {
        Probe(PhantomData)
    }
    macro_rules! is_unpin {
        ($value:expr) => {
            (&probe(&$value)).is_unpin()
        };
    }
    assert!(is_unpin!(Box::pin(named(1))));
    assert!(!is_unpin!(named(1)));
}
