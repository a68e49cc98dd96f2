// #[syncfunction(flatten)] async fn f(x: &str) -> io::Result<&str> { Ok(x) }

#[track_caller]
fn f(x: &str) -> io::Result<&str> {
    ::asynkit::__private::flatten::<
        io::Result<&str>,
    >(
        ::asynkit::__private::await_sync(async move {
            #[allow(
                clippy::no_effect_underscore_binding,
                clippy::shadow_same,
                clippy::used_underscore_binding
            )]
            let x = x;
            #[allow(unused_qualifications)]
            if false {
                return ::asynkit::__private::unreachable::<io::Result<&str>>();
            }
            Ok(x)
        }),
    )
}
