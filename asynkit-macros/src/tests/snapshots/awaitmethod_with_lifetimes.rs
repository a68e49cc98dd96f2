// #[awaitmethod] /// Docs.
// #[cfg(unix)] #[allow(x)] impl<'a, 'b: 'a> std::future::IntoFuture for &'a Job<'b, fn(&'a u8)> where 'a: 'a { /// More.
// #[inline] async fn into_future(mut self) -> &'a str { x } }

#[cfg(unix)]
#[allow(x)]
const _: () = {
    pub trait __AsynkitIntoFuture {
        type Output;
        fn into_future_body(
            self,
        ) -> impl ::asynkit::__private::Future<
            Output = Self::Output,
        > + ::asynkit::__private::Send;
    }
    impl<'a, 'b: 'a> __AsynkitIntoFuture for &'a Job<'b, fn(&'a u8)>
    where
        'a: 'a,
    {
        type Output = &'a str;
        #[allow(refining_impl_trait)]
        #[inline]
        async fn into_future_body(mut self) -> &'a str {
            x
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
    /// Docs.
    impl<'a, 'b: 'a> std::future::IntoFuture for &'a Job<'b, fn(&'a u8)>
    where
        'a: 'a,
    {
        type Output = &'a str;
        type IntoFuture = ::asynkit::__private::Await<
            Self,
            ::asynkit::__private::Sendable<__AsynkitBody>,
            {
                ::asynkit::__private::slot_size::<
                    &'static Job<'static, fn(&'static u8)>,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
            {
                ::asynkit::__private::slot_align::<
                    &'static Job<'static, fn(&'static u8)>,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
        >;
        /// More.
        #[inline]
        fn into_future(
            self,
        ) -> ::asynkit::__private::Await<
            Self,
            ::asynkit::__private::Sendable<__AsynkitBody>,
            {
                ::asynkit::__private::slot_size::<
                    &'static Job<'static, fn(&'static u8)>,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
            {
                ::asynkit::__private::slot_align::<
                    &'static Job<'static, fn(&'static u8)>,
                    ::asynkit::__private::Sendable<__AsynkitBody>,
                >()
            },
        > {
            ::asynkit::__private::Await::<
                Self,
                ::asynkit::__private::Sendable<__AsynkitBody>,
                {
                    ::asynkit::__private::slot_size::<
                        &'static Job<'static, fn(&'static u8)>,
                        ::asynkit::__private::Sendable<__AsynkitBody>,
                    >()
                },
                {
                    ::asynkit::__private::slot_align::<
                        &'static Job<'static, fn(&'static u8)>,
                        ::asynkit::__private::Sendable<__AsynkitBody>,
                    >()
                },
            >::new(self)
        }
    }
};
