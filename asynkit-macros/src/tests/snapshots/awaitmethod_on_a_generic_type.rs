// #[awaitmethod(local)] impl<T: Clone, const N: usize> IntoFuture for Job<T, N> where T: Copy { async fn into_future(self) {} }

const _: () = {
    pub trait __AsynkitIntoFuture {
        type Output;
        fn into_future_body(
            self,
        ) -> impl ::asynkit::__private::Future<Output = Self::Output>;
    }
    impl<T: Clone, const N: usize> __AsynkitIntoFuture for Job<T, N>
    where
        T: Copy,
    {
        type Output = ();
        #[allow(refining_impl_trait)]
        async fn into_future_body(self) {}
    }
    pub struct __AsynkitBody;
    impl<T: __AsynkitIntoFuture> ::asynkit::__private::AwaitBodyLocal<T>
    for __AsynkitBody {
        type Output = T::Output;
        #[inline]
        fn start(target: T) -> impl ::asynkit::__private::Future<Output = T::Output> {
            target.into_future_body()
        }
    }
    impl<T: Clone, const N: usize> IntoFuture for Job<T, N>
    where
        T: Copy,
    {
        type Output = ();
        type IntoFuture = ::asynkit::__private::Await<
            Self,
            ::asynkit::__private::Local<__AsynkitBody>,
            { ::asynkit::__private::GENERIC_SIZE },
            { ::asynkit::__private::GENERIC_ALIGN },
        >;
        #[inline]
        fn into_future(
            self,
        ) -> ::asynkit::__private::Await<
            Self,
            ::asynkit::__private::Local<__AsynkitBody>,
            { ::asynkit::__private::GENERIC_SIZE },
            { ::asynkit::__private::GENERIC_ALIGN },
        > {
            ::asynkit::__private::Await::<
                Self,
                ::asynkit::__private::Local<__AsynkitBody>,
                { ::asynkit::__private::GENERIC_SIZE },
                { ::asynkit::__private::GENERIC_ALIGN },
            >::new(self)
        }
    }
};
