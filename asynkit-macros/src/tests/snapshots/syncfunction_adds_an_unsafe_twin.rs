// #[syncfunction(twin, panic)] async unsafe fn f(self: Arc<Self>) {}

async unsafe fn f(self: Arc<Self>) {}
///
/**The sync twin of `f`.

# Panics

Panics where `f` would have to wait.*/
#[track_caller]
unsafe fn f_sync(self: Arc<Self>) {
    ::asynkit::__private::or_panic(
        ::asynkit::__private::await_sync(unsafe { Self::f(self) }),
    )
}
