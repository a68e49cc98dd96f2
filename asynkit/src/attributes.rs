//! The attribute macros, with their documentation.

/// Makes a type awaitable: an `async fn` as its [`IntoFuture`].
///
/// `.await` on the value runs the body; on a reference, where the block is for `&Type` or `&mut Type`, as often as one
/// likes. The body is an `async fn` like any other: it starts when it is awaited, its locals are dropped in the same
/// order, and every executor polls it.
///
/// The future has a type with a name, so it can be stored and passed on, and costs what the `async fn` costs: it is
/// kept in place, not in a box. For a generic type it is kept in place up to 256 bytes and boxed beyond.
///
/// # Examples
///
/// ```
/// use asynkit::awaitmethod;
///
/// struct Query {
///     rows: Vec<u32>,
/// }
///
/// #[awaitmethod]
/// impl IntoFuture for &Query {
///     async fn into_future(self) -> usize {
///         std::future::ready(self.rows.len()).await
///     }
/// }
///
/// async fn ask() {
///     let query = Query { rows: vec![1, 2] };
///     assert_eq!((&query).await, 2);
///     assert_eq!((&query).await, 2);
/// }
/// # use std::{pin::pin, task::{Context, Waker}};
/// # assert!(pin!(ask()).poll(&mut Context::from_waker(Waker::noop())).is_ready());
/// ```
///
/// An output that borrows from the value names the lifetime:
///
/// ```
/// # use asynkit::awaitmethod;
/// struct Counter(u32);
///
/// #[awaitmethod]
/// impl<'a> IntoFuture for &'a mut Counter {
///     async fn into_future(self) -> &'a u32 {
///         self.0 += 1;
///         &self.0
///     }
/// }
/// ```
///
/// # A body that awaits its own type
///
/// The size of the future is a constant of the type, so a body cannot await another value of the same type (E0391), box
/// or no box. Write the recursion as an `async fn` of its own and await that:
///
/// ```
/// # use asynkit::awaitmethod;
/// struct Countdown(u32);
///
/// async fn count(from: u32) -> u32 {
///     if from == 0 { 0 } else { Box::pin(count(from - 1)).await + 1 }
/// }
///
/// #[awaitmethod]
/// impl IntoFuture for Countdown {
///     async fn into_future(self) -> u32 {
///         count(self.0).await
///     }
/// }
/// # assert_eq!(asynkit::await_sync(Countdown(3)).unwrap(), 3);
/// ```
#[doc(alias = "awaitmethod_iter")]
pub use asynkit_macros::awaitmethod;

/// Makes an `async fn` callable from sync code, in its place or beside it.
///
/// The body is driven by [`await_sync`](crate::await_sync): it runs to its end in the call, at the cost of a sync
/// function, and where it would have to wait the call fails with a [`SynchronousError`](crate::SynchronousError) that
/// names the await and the line of the caller. Nothing else changes: arguments and locals are dropped in the order of an
/// `async fn`, a wrong value is reported on itself, and lints go on as before.
///
/// # Examples
///
/// In its place: `async fn f(..) -> T` becomes `fn f(..) -> Result<T, SynchronousError>`.
///
/// ```
/// use asynkit::{asyncfunction, syncfunction};
///
/// #[syncfunction]
/// async fn total(read: &impl AsyncFn(u32) -> u64) -> u64 {
///     let mut sum = 0;
///     for i in 0..3 {
///         sum += read(i).await;
///     }
///     sum
/// }
///
/// assert_eq!(total(&asyncfunction(u64::from))?, 3);
///
/// let error = total(&async |_| std::future::pending().await).unwrap_err();
/// assert_eq!(error.called_at().line(), line!() - 1);
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
///
/// Beside it, for callers of both colours:
///
/// ```
/// # use asynkit::syncfunction;
/// #[syncfunction(twin)]
/// async fn greeting(name: &str) -> String {
///     format!("hello {name}")
/// }
///
/// assert_eq!(greeting_sync("you")?, "hello you");
/// # smol::block_on(async {
/// assert_eq!(greeting("you").await, "hello you");
/// # });
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
///
/// On a trait or an `impl` block every `async fn` gets its twin; a trait's twins are provided methods, so each
/// implementation has them:
///
/// ```
/// # use asynkit::syncfunction;
/// #[syncfunction]
/// trait Store {
///     async fn load(&self, key: &str) -> Option<String>;
/// }
///
/// struct Memory;
///
/// impl Store for Memory {
///     async fn load(&self, key: &str) -> Option<String> {
///         Some(key.to_uppercase())
///     }
/// }
///
/// assert_eq!(Memory.load_sync("key")?.as_deref(), Some("KEY"));
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
///
/// Where the function returns a `Result` already, `flatten` puts the error in it:
///
/// ```
/// # use asynkit::syncfunction;
/// #[syncfunction(flatten)]
/// async fn parse(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
///     Ok(text.parse()?)
/// }
///
/// assert_eq!(parse("7")?, 7);
/// assert!(parse("seven").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "enterasync")]
#[doc(alias = "enterasyncmethod")]
pub use asynkit_macros::syncfunction;

/// Makes an `async fn` with `ayield!` in it a generator.
///
/// `#[generator_fn(T)] async fn f(..) -> R` becomes `fn f(..) -> Generator<impl RawGenerator<Item = T, Return = R>>`: a
/// stream of `T` where it returns nothing. The body is that of [`generator!`](crate::generator!): nothing of it runs
/// before the first item is asked for, it may await anything, and `ayield!(item)` stands wherever `.await` may.
///
/// # Examples
///
/// ```
/// use asynkit::{aiter_sync, generator_fn};
/// use std::pin::pin;
///
/// #[generator_fn(u64)]
/// async fn evens(limit: u64) {
///     for n in (0..limit).step_by(2) {
///         ayield!(n);
///     }
/// }
///
/// assert_eq!(aiter_sync(pin!(evens(5))).collect::<Result<Vec<_>, _>>()?, [0, 2, 4]);
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
///
/// It may borrow its arguments, and return an error, which [`try_stream`](crate::Generator::try_stream) gives as the
/// last item:
///
/// ```
/// use asynkit::{aiter_sync, generator_fn};
/// use std::{num::ParseIntError, pin::pin};
///
/// #[generator_fn(u8)]
/// async fn numbers(text: &str) -> Result<(), ParseIntError> {
///     for word in text.split(' ') {
///         ayield!(word.parse()?);
///     }
///     Ok(())
/// }
///
/// let items = aiter_sync(pin!(numbers("1 2 x").try_stream())).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(items.len(), 3);
/// assert!(items[2].is_err());
/// # Ok::<(), asynkit::SynchronousError>(())
/// ```
pub use asynkit_macros::generator_fn;

/// Makes an `async fn` one that runs at the call, to its first suspension, and goes on by itself.
///
/// | form | `async fn f(..) -> T` becomes | the rest runs |
/// |---|---|---|
/// | `#[eager]` | `fn f(..) -> `[`Eager<T>`](crate::Eager) | as a task of the executor that runs the caller |
/// | `#[eager(spawn = S)]` | `fn f(..) -> Eager<T, <S as Spawner>::Handle<T>>` | as a task of `S`, a unit struct: a [`Spawner`](crate::spawner::Spawner) |
/// | `#[eager(scoped)]` | `fn f(..) -> `[`CoroStart<..>`](crate::CoroStart) | where it is awaited: there is no task, and it may borrow |
///
/// The first part runs inside of the call, under whatever the caller holds, as the new task's own: its identity, its context,
/// its interrupt scope. Where 64 such starts are on the stack, the next one is queued instead. Dropping the
/// [`Eager`](crate::Eager) lets the task go on; dropping the `CoroStart` drops the rest.
///
/// Nothing else changes: arguments and locals are dropped in the order of an `async fn`, a wrong value is reported on
/// itself, and lints go on as before. All forms but `scoped` need the feature `executor`. A method of a trait is declared
/// without the attribute, as `fn f(..) -> Eager<T>`; the attribute goes on its implementation, or on a provided method.
///
/// # Panics
/// The function panics where there is no executor for the rest, before its first instruction. What the body panics
/// with goes on where the result is awaited, and with `scoped` at the call.
///
/// # Examples
///
/// ```
/// use asynkit::{Executor, eager, yield_now};
///
/// #[eager]
/// async fn fetch(url: String) -> usize {
///     // The request is sent here, at the call.
///     yield_now().await;
///     url.len()
/// }
///
/// Executor::run(async {
///     let page = fetch("example.org".to_owned()); // in flight
///     yield_now().await; // other work
///     assert_eq!(page.await, 11);
/// });
/// ```
///
/// With borrows, without a task:
///
/// ```
/// use asynkit::eager;
///
/// #[eager(scoped)]
/// async fn longest(words: &[&str]) -> usize {
///     words.iter().map(|word| word.len()).max().unwrap_or(0)
/// }
///
/// assert_eq!(longest(&["to", "be"]).into_result().unwrap(), 2);
/// ```
///
/// On another executor:
///
/// ```
/// # use asynkit::{Executor, eager};
/// use asynkit::spawner::Local; // or `Tokio`, `TokioLocal`, `Smol`, `SmolLocal`, or one of your own
///
/// #[eager(spawn = Local)]
/// async fn answer() -> u32 {
///     42
/// }
///
/// Executor::run(async { assert_eq!(answer().join().await.unwrap(), 42) });
/// ```
#[doc(alias = "func_eager")]
#[doc(alias = "coro_eager")]
pub use asynkit_macros::eager;
