// #[syncfunction] impl<T> S<T> { const N: u8 = { 1 }; async fn a(&mut self) -> &T { &self.0 } fn b() {} mac! {} #[syncfunction(panic)] async fn c() {} }

impl<T> S<T> {
    const N: u8 = { 1 };
    async fn a(&mut self) -> &T {
        &self.0
    }
    fn b() {}
    mac! {}
    #[syncfunction(panic)]
    async fn c() {}
    ///
    /**The sync twin of `a`.

# Errors

`SynchronousError` where `a` would have to wait.*/
    #[allow(dead_code)]
    #[track_caller]
    fn a_sync(
        &mut self,
    ) -> ::asynkit::__private::Result<&T, ::asynkit::__private::SynchronousError> {
        ::asynkit::__private::await_sync(Self::a(self))
    }
}
