// #[eager(scoped)] async fn f(&mut self, x: &str) -> Option<&str> { None }

#[track_caller]
fn f(
    &mut self,
    x: &str,
) -> ::asynkit::__private::CoroStart<
    ::asynkit::__private::Box<
        ::asynkit::__private::Coro<
            impl ::asynkit::__private::Future<Output = Option<&str>>,
        >,
    >,
> {
    ::asynkit::__private::scoped(async move {
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let x = x;
        #[allow(unused_qualifications)]
        if false {
            return ::asynkit::__private::unreachable::<Option<&str>>();
        }
        None
    })
}
