// #[syncfunction(panic)] async fn f() {}

#[track_caller]
fn f() {
    ::asynkit::__private::or_panic(
        ::asynkit::__private::await_sync(async move {
            #[allow(unused_qualifications)]
            if false {
                return ::asynkit::__private::unreachable::<()>();
            }
        }),
    )
}
