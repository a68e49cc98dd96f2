// #[eager(spawn = asynkit::spawner::Tokio, crate = crate::x)] async fn f<T: Send + 'static>(x: T) -> T where T: Clone { x }

#[track_caller]
fn f<T: Send + 'static>(
    x: T,
) -> crate::x::__private::Eager<
    T,
    <asynkit::spawner::Tokio as crate::x::__private::Spawner>::Handle<T>,
>
where
    T: Clone,
{
    crate::x::__private::eager_with(
        async move {
            #[allow(
                clippy::no_effect_underscore_binding,
                clippy::shadow_same,
                clippy::used_underscore_binding
            )]
            let x = x;
            #[allow(unused_qualifications)]
            if false {
                return crate::x::__private::unreachable::<T>();
            }
            x
        },
        asynkit::spawner::Tokio,
    )
}
