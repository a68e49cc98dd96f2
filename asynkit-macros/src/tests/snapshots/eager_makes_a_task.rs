// #[eager] /// Docs.
// #[must_use] pub async fn f(mut k: u8, (a, _): (u8, u8)) -> u8 { k += 1; k + a }

/// Docs.
#[track_caller]
pub fn f(k: u8, arg1: (u8, u8)) -> ::asynkit::__private::Eager<u8> {
    ::asynkit::__private::eager(async move {
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let mut k = k;
        let arg1 = arg1;
        let (a, _) = arg1;
        #[allow(unused_qualifications)]
        if false {
            return ::asynkit::__private::unreachable::<u8>();
        }
        k += 1;
        k + a
    })
}
