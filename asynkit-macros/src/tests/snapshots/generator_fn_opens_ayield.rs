// #[generator_fn(u64)] pub async fn f(&self, n: u64) { ayield!(n); }

pub fn f(
    &self,
    n: u64,
) -> ::asynkit::__private::Generator<
    impl ::asynkit::__private::RawGenerator<Item = u64, Resume = (), Return = ()>,
> {
    ::asynkit::__private::generator_body! {
        ($) (async move) (u64) () #[allow(clippy::no_effect_underscore_binding,
        clippy::shadow_same, clippy::used_underscore_binding)] let n = n;
        #[allow(unused_qualifications)] if false { return
        ::asynkit::__private::unreachable:: < () > (); } ayield!(n);
    }
}
