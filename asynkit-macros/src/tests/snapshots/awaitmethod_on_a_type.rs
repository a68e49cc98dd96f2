// #[awaitmethod] impl IntoFuture for Job { async fn into_future(self) -> u8 { 1 } }

const _: () = {
    pub trait __AsynkitIntoFuture {
        type Output;
        fn into_future_body(
            self,
        ) -> impl ::asynkit::__private::Future<
            Output = Self::Output,
        > + ::asynkit::__private::Send;
    }
    impl __AsynkitIntoFuture for Job {
        type Output = u8;
        #[allow(refining_impl_trait)]
        async fn into_future_body(self) -> u8 {
            1
        }
    }
    pub struct __AsynkitBody;
    impl<T: __AsynkitIntoFuture> ::asynkit::__private::AwaitBody<T> for __AsynkitBody {
        type Output = T::Output;
        #[inline]
        fn start(
            target: T,
        ) -> impl ::asynkit::__private::Future<
            Output = T::Output,
        > + ::asynkit::__private::Send {
            target.into_future_body()
        }
    }
    impl IntoFuture for Job {
        type Output = u8;
        type IntoFuture = ::asynkit::__private::Await<
            Self,
            ::asynkit::__private::Sendable<__AsynkitBody>,
            {
                ::asynkit::__private::slot_size::<
                    Job,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
            {
                ::asynkit::__private::slot_align::<
                    Job,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
        >;
        #[inline]
        fn into_future(
            self,
        ) -> ::asynkit::__private::Await<
            Self,
            ::asynkit::__private::Sendable<__AsynkitBody>,
            {
                ::asynkit::__private::slot_size::<
                    Job,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
            {
                ::asynkit::__private::slot_align::<
                    Job,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
        > {
            ::asynkit::__private::Await::<
                Self,
                ::asynkit::__private::Sendable<__AsynkitBody>,
                {
                    ::asynkit::__private::slot_size::<
                        Job,
                        ::asynkit::__private::Sendable<__AsynkitBody>,
                    >()
                },
                {
                    ::asynkit::__private::slot_align::<
                        Job,
                        ::asynkit::__private::Sendable<__AsynkitBody>,
                    >()
                },
            >::new(self)
        }
    }
};
