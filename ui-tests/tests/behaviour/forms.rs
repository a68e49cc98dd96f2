//! The forms of `#[syncfunction]`.

#![allow(clippy::unused_async, reason = "what is tested is the signature")]
use asynkit::{SynchronousError, asyncfunction, await_sync, leavesync, syncfunction};
use std::{future::pending, io, panic::catch_unwind};

#[syncfunction]
async fn plain(wait: bool) -> u8 {
    if wait {
        pending::<()>().await;
    }
    1
}

#[syncfunction(panic)]
async fn panicking(wait: bool) -> u8 {
    if wait {
        pending::<()>().await;
    }
    2
}

#[derive(Debug)]
enum Failure {
    Blocked(SynchronousError),
    Odd,
}

impl From<SynchronousError> for Failure {
    fn from(error: SynchronousError) -> Self {
        Failure::Blocked(error)
    }
}

#[syncfunction(flatten)]
async fn flattened(n: Option<u8>) -> Result<u8, Failure> {
    let Some(n) = n else { pending().await };
    if n % 2 == 0 { Ok(n) } else { Err(Failure::Odd) }
}

#[syncfunction(twin)]
async fn coloured(n: u8) -> u8 {
    n + 1
}

#[syncfunction(twin = blocking, panic)]
async fn named(n: u8) -> u8 {
    n + 1
}

#[syncfunction(twin, flatten)]
async fn fallible(text: &str) -> Result<u8, Box<dyn std::error::Error>> {
    Ok(text.parse()?)
}

#[test]
fn a_function_that_does_not_wait_gives_its_value_in_each_form() {
    assert_eq!(plain(false).unwrap(), 1);
    assert_eq!(panicking(false), 2);
    assert_eq!(flattened(Some(4)).unwrap(), 4);
    assert!(matches!(flattened(Some(3)), Err(Failure::Odd)));
    assert_eq!(coloured_sync(1).unwrap(), 2);
    assert_eq!(smol::block_on(coloured(1)), 2);
    assert_eq!(blocking(1), 2);
    assert_eq!(await_sync(named(1)).unwrap(), 2);
    assert_eq!(fallible_sync("7").unwrap(), 7);
    assert!(fallible_sync("seven").is_err());
}

#[test]
fn one_that_waits_names_the_line_of_the_caller() {
    let line = line!() + 1;
    let error = plain(true).unwrap_err();
    assert_eq!((error.called_at().file(), error.called_at().line()), (file!(), line));
    let line = line!() + 1;
    let Err(Failure::Blocked(error)) = flattened(None) else { panic!("it has to wait") };
    assert_eq!((error.called_at().file(), error.called_at().line()), (file!(), line));
}

#[test]
fn one_that_panics_says_what_blocked() {
    let payload = catch_unwind(|| panicking(true)).unwrap_err();
    let text = payload.downcast_ref::<String>().expect("the error's text");
    assert!(text.contains(&format!("driven at {}", file!())), "{text}");
    assert!(text.contains("forms::panicking"), "{text}");
}

/// A trait of both colours, as in `macros.md`: the twins are provided methods.
#[syncfunction]
trait Store {
    async fn load(&self, key: &str) -> Option<String>;
    async fn load_twice(&self, key: &str) -> Option<String> {
        self.load(key).await;
        self.load(key).await
    }
    /// Has an attribute of its own, so no twin.
    #[syncfunction(panic)]
    async fn kind(&self) -> &'static str {
        "store"
    }
}

struct Memory;

impl Store for Memory {
    async fn load(&self, key: &str) -> Option<String> {
        Some(key.to_owned())
    }
}

#[test]
fn a_trait_gives_each_implementation_its_twins() {
    assert_eq!(Memory.load_sync("k").unwrap().as_deref(), Some("k"));
    assert_eq!(Memory.load_twice_sync("k").unwrap().as_deref(), Some("k"));
    assert_eq!(smol::block_on(Memory.load("k")).as_deref(), Some("k"));
    assert_eq!(Memory.kind(), "store");
}

struct Counter(u32);

#[syncfunction]
impl Counter {
    const START: u32 = { 3 };
    async fn new(start: u32) -> Self {
        Counter(start)
    }
    async fn get(&self) -> u32 {
        self.0
    }
    async fn add(&mut self, n: u32) -> &mut u32 {
        self.0 += n;
        &mut self.0
    }
    fn not_async(&self) -> u32 {
        self.0
    }
    #[syncfunction(panic)]
    async fn only_sync(self) -> u32 {
        self.0
    }
}

#[test]
fn an_impl_block_gets_a_twin_for_each_async_fn() {
    let mut counter = Counter::new_sync(Counter::START).unwrap();
    *counter.add_sync(1).unwrap() += 1;
    assert_eq!(counter.get_sync().unwrap(), 5);
    assert_eq!(await_sync(counter.get()).unwrap(), counter.not_async());
    assert_eq!(counter.only_sync(), 5);
}

/// One source for both colours: the reader is a parameter.
#[syncfunction(twin)]
async fn size(read: &impl AsyncFn(u32) -> io::Result<Vec<u8>>) -> io::Result<usize> {
    Ok(read(1).await?.len())
}

#[test]
fn the_dual_colour_recipe_drives_a_sync_reader_and_awaits_an_async_one() {
    let blocking = leavesync(|n| Ok::<_, io::Error>(vec![0; n as usize]));
    assert_eq!(size_sync(&blocking).unwrap().unwrap(), 1);
    assert_eq!(size_sync(&asyncfunction(|_| Ok(vec![0; 5]))).unwrap().unwrap(), 5);
    smol::block_on(async {
        assert_eq!(size(&async |n| Ok(vec![0; n as usize + 1])).await.unwrap(), 2);
        // Outside of a sync drive the blocking reader refuses to run.
        assert!(size(&blocking).await.is_err());
    });
}

/// An attribute is not told which delimiters it was written with.
#[syncfunction[panic]]
async fn in_brackets() -> u8 {
    1
}

#[syncfunction { panic }]
async fn in_braces() -> u8 {
    2
}

#[test]
fn all_delimiters_hold_the_options() {
    assert_eq!((in_brackets(), in_braces()), (1, 2));
}

#[syncfunction(panic)]
#[allow(clippy::async_yields_async, reason = "it is what is tested")]
async fn yields_a_future() -> std::future::Ready<u8> {
    std::future::ready(3)
}

#[test]
fn a_future_that_is_returned_is_not_awaited() {
    assert_eq!(smol::block_on(yields_a_future()), 3);
}

#[test]
fn a_sync_function_may_be_called_from_async_code() {
    assert_eq!(smol::block_on(async { plain(false).unwrap() }), 1);
}

/// The attribute on `#[test]` and on `main` leaves them what they are.
#[syncfunction(panic)]
#[test]
async fn a_test_may_be_async() {
    assert_eq!(coloured(1).await, 2);
}
