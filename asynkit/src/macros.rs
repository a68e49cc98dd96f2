//! The macros by example: what must be a statement, or needs names of the caller's.

/// `coro!(let c = fut);` pins a [`Coro`](crate::Coro) on the stack: `c` is a `Pin<&mut Coro<F>>`.
///
/// # Examples
/// ```
/// use asynkit::coro;
///
/// coro!(let mut c = async { 1 });
/// assert!(asynkit::coro_is_new(&c));
/// assert_eq!(asynkit::await_sync(c.as_mut()).unwrap(), 1);
/// ```
#[macro_export]
macro_rules! coro {
    (let mut $name:ident = $future:expr $(;)?) => {
        let mut $name = ::core::pin::pin!($crate::Coro::new($future));
    };
    (let $name:ident = $future:expr $(;)?) => {
        let $name = ::core::pin::pin!($crate::Coro::new($future));
    };
}

/// `start!(let c = fut);` pins a coroutine on the stack and runs it to its first suspension: `c` is a
/// [`CoroStart`](crate::CoroStart).
///
/// # Examples
/// ```
/// use asynkit::start;
///
/// # asynkit::await_sync(async {
/// start!(let c = async { "read" });
/// if c.is_done() {
///     assert_eq!(c.result(), Some(&"read"));
/// } else {
///     c.await;
/// }
/// # }).unwrap();
/// ```
#[macro_export]
macro_rules! start {
    (let mut $name:ident = $future:expr $(;)?) => {
        $crate::coro!(let __coro = $future);
        let mut $name = $crate::CoroStart::new(__coro);
    };
    (let $name:ident = $future:expr $(;)?) => {
        $crate::coro!(let __coro = $future);
        let $name = $crate::CoroStart::new(__coro);
    };
}
