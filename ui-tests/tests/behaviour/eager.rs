//! The forms of `#[eager]`, and the signatures that they take.

#![allow(clippy::unused_async, reason = "what is tested is the signature")]

use asynkit::{
    Cancellable, Coro, CoroStart, Eager, Executor, Task, TaskError, current_task, eager,
    spawner::{Local, Smol, Spawn, Spawner, Tokio, TokioTask},
    yield_now,
};
use std::{
    cell::{Cell, RefCell},
    fmt::Display,
    future::{pending, ready},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    rc::Rc,
    sync::Arc,
};

type Log = Rc<RefCell<Vec<&'static str>>>;

#[eager]
async fn two_parts(log: Log) -> usize {
    log.borrow_mut().push("first");
    yield_now().await;
    log.borrow_mut().push("second");
    log.borrow().len()
}

#[test]
fn the_first_part_runs_at_the_call_and_the_rest_as_a_task() {
    let log = Log::default();
    Executor::run(async {
        let started: Eager<usize> = two_parts(Rc::clone(&log));
        assert_eq!(*log.borrow(), ["first"]);
        log.borrow_mut().push("caller");
        assert!(!started.is_finished());
        assert_eq!(started.await, 3);
    });
    assert_eq!(*log.borrow(), ["first", "caller", "second"]);
}

#[eager]
async fn where_am_i() -> [asynkit::TaskRef; 2] {
    let first = current_task().expect("it is one itself");
    yield_now().await;
    [first, current_task().expect("it is one itself")]
}

#[test]
fn it_is_itself_from_its_first_instruction() {
    Executor::run(async {
        let [first, later] = where_am_i().await;
        assert_eq!(first, later);
        assert_ne!(Some(first), current_task());
    });
}

#[test]
fn the_spawn_site_is_the_line_of_the_call() {
    Executor::run(async {
        let line = line!() + 1;
        let started = where_am_i();
        let site = started.task().expect("it waits").spawned_at();
        assert_eq!((site.file(), site.line()), (file!(), line));
        let _ = started.await;
    });
}

/// What is called outside of an executor runs nothing.
#[test]
fn without_an_executor_the_call_panics_before_the_first_instruction() {
    let log = Log::default();
    let payload = catch_unwind(AssertUnwindSafe(|| drop(two_parts(Rc::clone(&log))))).unwrap_err();
    let text = payload.downcast_ref::<&str>().expect("a text");
    assert!(text.starts_with("no executor runs here"), "{text}");
    assert!(log.borrow().is_empty());
}

#[eager]
async fn panics(late: bool) -> u8 {
    if late {
        yield_now().await;
    }
    panic!("on purpose")
}

#[test]
fn a_panic_in_either_part_is_its_awaiters() {
    Executor::run(async {
        for late in [false, true] {
            let started = panics(late);
            let Err(TaskError::Panicked(payload)) = started.join().await else { panic!("it panics") };
            assert_eq!(payload.message(), Some("on purpose"));
        }
    });
}

struct Shop {
    name: String,
}

impl Shop {
    #[eager]
    async fn of(name: &'static str) -> Self {
        Shop { name: name.to_owned() }
    }
    #[eager]
    async fn shared(self: Rc<Self>) -> usize {
        yield_now().await;
        self.name.len()
    }
    #[eager]
    async fn renamed(mut self, (first, second): (char, char), mut suffix: String, _: u8) -> Self
    where
        Self: Sized,
    {
        suffix.push(second);
        self.name.push(first);
        self.name.push_str(&suffix);
        self
    }
    #[eager(scoped)]
    async fn borrowed(&self, more: &str) -> &str {
        ready(more.len()).await;
        &self.name
    }
    #[eager(scoped)]
    async fn push<'a>(&'a mut self, v: &str) -> Option<&'a String> {
        self.name.push_str(v);
        Some(&self.name)
    }
    #[eager(scoped)]
    async fn pinned(self: Pin<&mut Self>, hidden: Option<&str>) -> usize {
        self.name.len() + hidden.map_or(0, str::len)
    }
}

#[eager]
async fn callback(f: impl Fn(u8) -> u8 + 'static, d: impl Display + 'static) -> String {
    format!("{}{d}", f(1))
}

#[eager]
async fn iterator(x: Vec<u8>) -> impl Iterator<Item = u8> {
    x.into_iter().rev()
}

#[eager(spawn = Tokio)]
async fn iterator_on_tokio(x: Vec<u8>) -> impl Iterator<Item = u8> + Send {
    tokio::task::yield_now().await;
    x.into_iter().rev()
}

#[eager(scoped)]
async fn iterator_in_place(x: &[u8]) -> impl Iterator<Item = &u8> {
    x.iter().rev()
}

#[eager]
async fn generic<T: Clone + 'static, const N: usize>(x: T) -> [T; N] {
    std::array::from_fn(|_| x.clone())
}

#[eager]
#[allow(unsafe_code, reason = "an unsafe fn is one of the shapes")]
async unsafe fn unsafe_fn(p: *const u8) -> u8 {
    // SAFETY: the caller says that it points to a byte.
    unsafe { *p }
}

#[eager]
async fn attributes(
    #[allow(unused_mut, reason = "the attribute has to hold for the argument")] mut n: u8,
    #[cfg(false)] gone: u8,
) -> u8 {
    #![allow(non_snake_case, reason = "the attribute has to hold for the body")]
    let LOUD = 3;
    LOUD + n - n
}

#[eager]
async fn question(text: String) -> Result<u8, std::num::ParseIntError> {
    Ok(text.parse::<u8>()? + 1)
}

#[eager]
async fn r#loop(r#in: u8) -> u8 {
    r#in
}

#[test]
#[allow(unsafe_code, reason = "an unsafe fn is one of the shapes")]
fn every_shape_of_a_signature_works() {
    Executor::run(async {
        let shop = Shop::of("abc").await;
        let mut shop = shop.renamed(('d', 'f'), "e".to_owned(), 0).await;
        assert_eq!(shop.borrowed("x").await, "abcdef");
        assert_eq!(shop.push("g").await.map(String::as_str), Some("abcdefg"));
        assert_eq!(Pin::new(&mut shop).pinned(Some("hi")).await, 9);
        assert_eq!(Rc::new(shop).shared().await, 7);
        assert_eq!(callback(|n| n + 1, "x").await, "2x");
        assert!(iterator(vec![1, 2]).await.eq([2, 1]));
        assert!(iterator_in_place(&[1, 2]).await.eq(&[2, 1]));
        assert_eq!(generic::<u8, 2>(7).await, [7, 7]);
        // SAFETY: it is the address of a byte.
        assert_eq!(unsafe { unsafe_fn(&raw const BYTE) }.await, 5);
        assert_eq!(attributes(1).await, 3);
        assert_eq!(question("1".to_owned()).await.unwrap(), 2);
        assert!(question("x".to_owned()).await.is_err());
        assert_eq!(r#loop(4).await, 4);
    });
}

static BYTE: u8 = 5;

#[test]
fn in_a_scope_the_rest_runs_where_it_is_awaited() {
    #[eager(scoped)]
    async fn twice(log: &Cell<u8>) -> u8 {
        log.set(1);
        smol::future::yield_now().await;
        log.set(2);
        log.get()
    }
    let log = Cell::new(0);
    let started: CoroStart<Box<Coro<_>>> = twice(&log);
    assert!(started.is_pending());
    assert_eq!(log.get(), 1);
    assert_eq!(smol::block_on(started), 2, "on any executor");
    drop(twice(&log));
    assert_eq!(log.get(), 1, "the rest is dropped with it");
}

#[test]
fn recursion_needs_no_box_of_the_users() {
    #[eager]
    async fn count(from: u8) -> u8 {
        if from == 0 {
            return 0;
        }
        yield_now().await;
        count(from - 1).await + 1
    }
    #[eager(scoped)]
    async fn count_in_place(from: &u8) -> u8 {
        if *from == 0 { 0 } else { count_in_place(&(from - 1)).await + 1 }
    }
    assert_eq!(Executor::run(async { count(200).await }), 200);
    assert_eq!(count_in_place(&100).into_result().unwrap(), 100);
}

/// Declared as an `async fn`, and as what the attribute makes.
trait Fetch {
    async fn fetch(&self, n: u8) -> u8;
    fn start(self: Rc<Self>, n: u8) -> Eager<u8>;
    #[eager(scoped)]
    async fn provided(&self, n: u8) -> u8 {
        self.fetch(n).await
    }
}

struct Plus(u8);

impl Fetch for Plus {
    #[eager(scoped)]
    async fn fetch(&self, n: u8) -> u8 {
        n + self.0
    }
    #[eager]
    async fn start(self: Rc<Self>, n: u8) -> u8 {
        self.fetch(n).await
    }
}

#[test]
fn traits_declare_it_in_both_ways() {
    let plus = Rc::new(Plus(1));
    Executor::run(async {
        assert_eq!(plus.fetch(1).await, 2);
        assert_eq!(plus.provided(2).await, 3);
        assert_eq!(Rc::clone(&plus).start(3).await, 4);
    });
}

#[eager(spawn = Tokio)]
async fn on_tokio(shared: Arc<u8>) -> u8 {
    tokio::task::yield_now().await;
    *shared
}

#[eager(spawn = Smol)]
async fn on_smol(shared: Arc<u8>) -> u8 {
    smol::future::yield_now().await;
    *shared
}

#[eager(spawn = Local)]
async fn on_ours(shared: Rc<u8>) -> u8 {
    yield_now().await;
    *shared
}

#[test]
fn a_spawner_takes_the_rest() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let started: Eager<u8, TokioTask<u8>> = on_tokio(Arc::new(1));
        assert_eq!(started.await, 1);
        assert!(iterator_on_tokio(vec![1, 2]).await.eq([2, 1]));
    });
    assert_eq!(smol::block_on(on_smol(Arc::new(2))), 2);
    assert_eq!(Executor::run(async { on_ours(Rc::new(3)).await }), 3);
}

/// A spawner of somebody else's.
struct Named;

impl Spawner for Named {
    type Handle<T: 'static> = Task<T>;
}

impl<F: Future<Output: 'static> + 'static> Spawn<F> for Named {
    fn spawn(&self, future: F) -> Task<F::Output> {
        asynkit::TaskBuilder::new(future).name("mine").spawn()
    }
}

#[eager(spawn = Named)]
async fn never() -> u8 {
    pending::<()>().await;
    1
}

#[test]
fn a_spawner_of_ones_own_takes_it() {
    Executor::run(async {
        let started = never();
        assert_eq!(started.task().expect("it waits").name().as_deref(), Some("mine"));
        assert!(started.cancel());
        assert!(matches!(started.join().await, Err(TaskError::Cancelled)));
    });
}

/// An attribute is not told which delimiters it was written with.
#[eager[scoped]]
async fn in_brackets() -> u8 {
    1
}

#[eager { scoped }]
async fn in_braces() -> u8 {
    2
}

#[test]
fn all_delimiters_hold_the_options() {
    assert_eq!(in_brackets().into_result().unwrap() + in_braces().into_result().unwrap(), 3);
}
