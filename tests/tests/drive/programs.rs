//! Programs that users write, whole: one source for both colours, and drives with options.
#![expect(clippy::unused_async, reason = "a body that does not wait is what a sync form is for")]

use asynkit::{
    Interrupt, SyncDrive, SynchronousError, asyncfunction, coro_drive, drive_async, in_sync_drive, leavesync,
    syncfunction,
};
use asynkit_tests::block_on;
use std::{error::Error, io};

/// The methods of a trait, each with its sync twin.
#[syncfunction]
trait Store {
    async fn load(&self, key: &str) -> Option<String>;
    async fn load_twice(&self, key: &str) -> Option<String> {
        self.load(key).await;
        self.load(key).await
    }
}

struct Memory;

impl Store for Memory {
    async fn load(&self, key: &str) -> Option<String> {
        (key == "k").then(|| "v".to_string())
    }
}

#[syncfunction(twin)]
async fn same(x: &str) -> &str {
    x
}

#[syncfunction(panic)]
async fn panics(x: u8) -> u8 {
    x
}

#[derive(Debug)]
enum Failure {
    Blocked(SynchronousError),
    TooLarge(u8),
}

impl From<SynchronousError> for Failure {
    fn from(error: SynchronousError) -> Self {
        Failure::Blocked(error)
    }
}

#[syncfunction(flatten)]
async fn flattens(x: u8) -> Result<u8, Failure> {
    match x {
        0 => std::future::pending().await,
        1..10 => Ok(x),
        _ => Err(Failure::TooLarge(x)),
    }
}

/// One source for both colours: the reader is a parameter.
#[syncfunction(twin)]
async fn size(read: &impl AsyncFn(usize) -> io::Result<Vec<u8>>) -> io::Result<usize> {
    Ok(read(1).await?.len())
}

#[syncfunction]
async fn total(read: &impl AsyncFn(u32) -> u64) -> u64 {
    let mut sum = 0;
    for i in 0..3 {
        sum += read(i).await;
    }
    sum
}

#[test]
fn sync_callers() -> Result<(), Box<dyn Error>> {
    assert_eq!(Memory.load_twice_sync("k")?.as_deref(), Some("v"));
    assert_eq!(same_sync("x")?, "x");
    assert_eq!(panics(1), 1);
    assert_eq!(size_sync(&leavesync(|n| Ok::<_, io::Error>(vec![0; n])))??, 1);
    assert_eq!(total(&asyncfunction(u64::from))?, 3);
    Ok(())
}

#[test]
fn a_flattened_function_has_one_error() {
    assert_eq!(flattens(1).unwrap(), 1);
    assert!(matches!(flattens(10), Err(Failure::TooLarge(10))));
    let Err(Failure::Blocked(error)) = flattens(0) else { panic!("it waits for ever") };
    assert!(error.called_at().file().ends_with("programs.rs"));
}

#[test]
fn async_callers_of_the_same_source() {
    block_on(async {
        assert_eq!(size(&async |n| Ok(vec![0u8; n])).await.unwrap(), 1);
        assert_eq!(same("x").await, "x");
        assert_eq!(Memory.load_twice("none").await, None);
    });
}

#[test]
fn a_reader_that_blocks_fails_where_nothing_is_driven() {
    let read = leavesync(|n| Ok::<_, io::Error>(vec![0; n]));
    let error = block_on(size(&read)).unwrap_err();
    assert!(error.to_string().contains("sync drive"), "{error}");
}

#[test]
fn drives_with_options_with_a_callback_and_with_a_callback_only() -> Result<(), Box<dyn Error>> {
    const STRICT: SyncDrive = SyncDrive::new().strict(true);
    let one: u8 = STRICT.run(async { 1 })?;
    let inside = drive_async(async { in_sync_drive() }, || Ok(()))?;
    let outside = coro_drive(async { in_sync_drive() }, || Err(Interrupt::close()))?;
    assert_eq!((one, inside, outside), (1, true, false));
    Ok(())
}
