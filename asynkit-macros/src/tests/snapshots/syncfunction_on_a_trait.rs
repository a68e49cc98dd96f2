// #[syncfunction(flatten)] pub trait Store: Sized { type T; async fn load(&self, k: &str) -> R; async fn put(mut self) -> R where Self: Copy { x } }

pub trait Store: Sized {
    type T;
    async fn load(&self, k: &str) -> R;
    async fn put(mut self) -> R
    where
        Self: Copy,
    {
        x
    }
    ///
    /**The sync twin of `load`.

# Errors

`SynchronousError` where `load` would have to wait.*/
    #[allow(dead_code)]
    #[track_caller]
    fn load_sync(&self, k: &str) -> R {
        ::asynkit::__private::flatten::<
            R,
        >(::asynkit::__private::await_sync(Self::load(self, k)))
    }
    ///
    /**The sync twin of `put`.

# Errors

`SynchronousError` where `put` would have to wait.*/
    #[allow(dead_code)]
    #[track_caller]
    fn put_sync(self) -> R
    where
        Self: Copy,
    {
        ::asynkit::__private::flatten::<
            R,
        >(::asynkit::__private::await_sync(Self::put(self)))
    }
}
