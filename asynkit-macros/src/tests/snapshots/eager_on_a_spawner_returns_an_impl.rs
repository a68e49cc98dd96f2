// #[eager(spawn = Tokio)] async fn f() -> impl Iterator<Item = u8> { x }

#[track_caller]
fn f() -> ::asynkit::__private::EagerOn<impl Iterator<Item = u8>, Tokio> {
    ::asynkit::__private::eager_with(async move { x }, Tokio)
}
