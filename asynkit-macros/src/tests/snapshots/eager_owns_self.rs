// #[eager] async fn f(self: Rc<Self>, call: impl Fn(&u8) -> &u8 + 'static) -> impl Iterator<Item = u8> { x }

#[track_caller]
fn f(
    self: Rc<Self>,
    call: impl Fn(&u8) -> &u8 + 'static,
) -> ::asynkit::__private::Eager<impl Iterator<Item = u8>> {
    ::asynkit::__private::eager(async move {
        let _ = &self;
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let call = call;
        x
    })
}
