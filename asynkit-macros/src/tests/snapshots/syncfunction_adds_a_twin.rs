// #[syncfunction(twin = blocking)] /// Docs.
// #[inline] pub async fn f<T, const N: usize>(x: [T; N], _: impl Fn()) -> T { x }

/// Docs.
#[inline]
pub async fn f<T, const N: usize>(x: [T; N], _: impl Fn()) -> T {
    x
}
/// Docs.
///
/**The sync twin of `f`.

# Errors

`SynchronousError` where `f` would have to wait.*/
#[track_caller]
pub fn blocking<T, const N: usize>(
    x: [T; N],
    arg1: impl Fn(),
) -> ::asynkit::__private::Result<T, ::asynkit::__private::SynchronousError> {
    ::asynkit::__private::await_sync(f::<T, N>(x, arg1))
}
