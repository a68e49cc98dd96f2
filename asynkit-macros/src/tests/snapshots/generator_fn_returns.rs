// #[generator_fn(Map<u8, &'a u8>, crate = crate::x)] async fn f<'a>(mut n: Vec<&'a u8>) -> Result<(), E> where E: Copy { ayield!(n?); Ok(()) }

fn f<'a>(
    n: Vec<&'a u8>,
) -> crate::x::__private::Generator<
    impl crate::x::__private::RawGenerator<
        Item = Map<u8, &'a u8>,
        Resume = (),
        Return = Result<(), E>,
    >,
>
where
    E: Copy,
{
    crate::x::__private::generator_body! {
        ($) (async move) (Map < u8, & 'a u8 >) ()
        #[allow(clippy::no_effect_underscore_binding, clippy::shadow_same,
        clippy::used_underscore_binding)] let mut n = n; #[allow(unused_qualifications)]
        if false { return crate ::x::__private::unreachable:: < Result < (), E > > (); }
        ayield!(n ?); Ok(())
    }
}
