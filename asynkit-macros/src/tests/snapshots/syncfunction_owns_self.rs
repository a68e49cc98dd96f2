// #[syncfunction] async fn f(mut self, #[cfg(unix)] n: u8) -> u8 { #![allow(unused)] n }

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
        let n = n;
        if false {
            return ::asynkit::__private::unreachable::<u8>();
        }
        n
    })
}
