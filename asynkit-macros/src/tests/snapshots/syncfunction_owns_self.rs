// #[syncfunction] async fn f(mut self, #[cfg(unix)] n: u8) -> u8 { #![allow(unused)] n }

#[allow(clippy::missing_errors_doc)]
#[track_caller]
fn f(
    mut self,
    #[cfg(unix)]
    n: u8,
) -> ::asynkit::__private::Result<u8, ::asynkit::__private::SynchronousError> {
    #![allow(unused)]
    ::asynkit::__private::await_sync(async move {
        let _ = &self;
        #[cfg(unix)]
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let n = n;
        #[allow(unused_qualifications)]
        if false {
            return ::asynkit::__private::unreachable::<u8>();
        }
        n
    })
}
