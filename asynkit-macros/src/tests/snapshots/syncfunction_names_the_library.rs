// #[syncfunction(crate = ::other::asynkit)] async fn f() -> impl Iterator<Item = u8> { x }

#[allow(clippy::missing_errors_doc)]
#[track_caller]
fn f() -> ::other::asynkit::__private::Result<
    impl Iterator<Item = u8>,
    ::other::asynkit::__private::SynchronousError,
> {
    ::other::asynkit::__private::await_sync(async move { x })
}
