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
#[doc(alias = "awaitmethod_iter")]
pub use asynkit_macros::awaitmethod;
