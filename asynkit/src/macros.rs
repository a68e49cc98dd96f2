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

/// A generator of a block: the body as it would stand in an async block, and `ayield!(item)` in it.
///
/// | head | what it is |
/// |---|---|
/// | `generator!({ .. })` | borrows what it names; returns `()` |
/// | `generator!(move { .. })` | takes what it names: for generators that functions return |
/// | `generator!(-> T { .. })` | returns a `T`; with `Result<(), E>` there is `?`, and [`try_stream`] |
/// | `generator!(move -> T { .. })` | both |
///
/// Nothing of the block is rewritten: `return`, `?`, `break` and `.await` mean what they mean in an async block, and
/// `ayield!` may stand wherever `.await` may: in `println!`, `vec![]`, `select!`, an async block that is awaited in place.
/// A macro of your own with the name `ayield` is hidden inside. The type of the items is inferred from them; where
/// there are none, name it: `let g: Generator<..>`, or write the closure of [`generator()`].
///
/// [`try_stream`]: crate::generator::Generator::try_stream
/// [`generator()`]: crate::generator::generator()
///
/// # Examples
/// ```
/// use asynkit::{aiter_sync, generator};
/// use std::pin::pin;
///
/// let words = ["to", "be"];
/// let mut g = pin!(generator!({
///     for word in words {
///         for letter in word.chars() {
///             ayield!(letter);
///         }
///     }
/// }));
/// assert_eq!(aiter_sync(g.as_mut()).collect::<Result<String, _>>().unwrap(), "tobe");
/// ```
///
/// What the body returns is checked at the place where it is returned:
/// ```compile_fail,E0308
/// let g = asynkit::generator!({
///     ayield!(1);
///     return 5;
/// });
/// ```
///
/// An `ayield!` belongs to the body, not to a closure in it:
/// ```compile_fail,E0728
/// let g = asynkit::generator!({
///     [1, 2].iter().for_each(|i| ayield!(*i));
/// });
/// ```
#[macro_export]
macro_rules! generator {
    ({ $($body:tt)* }) => { $crate::__generator!(($) (async) (_) (()) $($body)*) };
    (move { $($body:tt)* }) => { $crate::__generator!(($) (async move) (_) (()) $($body)*) };
    (-> $return:ty { $($body:tt)* }) => { $crate::__generator!(($) (async) (_) ($return) $($body)*) };
    (move -> $return:ty { $($body:tt)* }) => { $crate::__generator!(($) (async move) (_) ($return) $($body)*) };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`generator!` takes a block\nhelp: write `generator!({ .. })`, `generator!(move { .. })` or \
             `generator!(-> Result<(), E> { .. })`"
        )
    };
}

/// What `generator!` and `#[generator_fn]` expand to.
///
/// The dollar comes as a token, so that the macro that is defined here can have arguments of its own. It is defined in
/// the same expansion that the body is put into, so that it hides any other `ayield!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __generator {
    (($dollar:tt) ($($closure:tt)+) ($item:ty) ($($return:ty)?) $($body:tt)*) => {
        $crate::generator::generator($($closure)+ |mut __co: $crate::generator::Co<'_, $item, ()>| {
            // By reference: an `async move` block inside takes a borrow with it, not the handle.
            let __co = &mut __co;
            #[allow(unused_macros)]
            macro_rules! ayield {
                () => {
                    ::core::compile_error!("`ayield!` requires a value\nhelp: write `ayield!(())`")
                };
                ($dollar item:expr $dollar(,)?) => {
                    // Not by way of a binding: a wrong item is reported on itself.
                    __co.ayield($dollar item).await
                };
                ($dollar($dollar items:expr),+ $dollar(,)?) => {
                    ::core::compile_error!(::core::concat!(
                        "`ayield!` takes one value\nhelp: write `ayield!((",
                        ::core::stringify!($dollar($dollar items),+),
                        "))`"
                    ))
                };
            }
            $(
                // Says what is returned: a wrong value is reported on itself, which `-> $return` does not do.
                if false {
                    return $crate::__private::unreachable::<$return>();
                }
            )?
            $($body)*
        })
    };
}

/// Yields an item: `ayield!(item)` in the body of [`generator!`](crate::generator!) and `#[generator_fn]`.
///
/// Those open a macro of this name for their bodies, so it needs no import. This one only says so.
///
/// # Examples
/// ```
/// use asynkit::{aiter_sync, generator};
///
/// let g = generator!({
///     ayield!(1);
///     println!("between the items");
///     ayield!(2);
/// });
/// assert_eq!(aiter_sync(g.boxed()).collect::<Result<Vec<_>, _>>().unwrap(), [1, 2]);
/// ```
#[macro_export]
macro_rules! ayield {
    ($($item:tt)*) => {
        ::core::compile_error!(
            "`ayield!` can only be used inside `generator!` or `#[generator_fn]`\nhelp: with \
             `generator(async |mut co: Co<'_, T>| ..)`, write `co.ayield(item).await`"
        )
    };
}
