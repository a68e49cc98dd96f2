//! The signatures that there are, in place and as twins.

#![allow(clippy::unused_async, reason = "what is tested is the signature")]
use asynkit::{SynchronousError, syncfunction};
use std::{fmt::Display, pin::Pin, rc::Rc, sync::Arc};

macro_rules! shapes {
    ($module:ident, #[$attribute:meta]) => {
        pub(crate) mod $module {
            use super::*;

            pub(crate) struct S<const N: usize> {
                pub(crate) x: String,
            }

            pub(crate) struct Wrap(pub(crate) u8);

            impl<const N: usize> S<N> {
                #[$attribute]
                pub(crate) async fn borrow(&self) -> &str {
                    &self.x
                }
                #[$attribute]
                pub(crate) async fn push(&mut self, v: &str) -> Option<&String> {
                    self.x.push_str(v);
                    Some(&self.x)
                }
                #[$attribute]
                pub(crate) async fn shared(self: Arc<Self>) -> usize {
                    self.x.len()
                }
                #[$attribute]
                pub(crate) async fn counted(self: Rc<Self>, _: &()) -> usize {
                    N + self.x.len()
                }
                #[$attribute]
                pub(crate) async fn pinned(self: Pin<&mut Self>) -> usize {
                    N + self.x.len()
                }
                #[$attribute]
                pub(crate) async fn typed(self: &Self) -> usize {
                    self.x.len()
                }
                #[$attribute]
                pub(crate) async fn cleared(mut self) -> Self
                where
                    Self: Sized,
                {
                    self.x.clear();
                    self
                }
                #[$attribute]
                pub(crate) async fn longer<'a, T>(&self, t: &'a T) -> &'a str
                where
                    T: ?Sized + AsRef<str> + Sync,
                {
                    if t.as_ref().len() > self.x.len() { t.as_ref() } else { "" }
                }
                #[$attribute]
                pub(crate) async fn optional(&self, o: Option<&str>) -> usize {
                    o.map_or(0, str::len) + self.x.len()
                }
            }

            #[$attribute]
            pub(crate) async fn patterns(
                Wrap(v): Wrap,
                [p, mut q]: [u8; 2],
                (_, ref r): (u8, u8),
                _: u8,
            ) -> u8 {
                q += 1;
                v + p + q + r
            }
            #[$attribute]
            pub(crate) async fn callback(f: impl Fn(u8) -> u8, d: impl Display) -> String {
                format!("{}{d}", f(1))
            }
            #[$attribute]
            pub(crate) async fn iterator(x: &[u8]) -> impl Iterator<Item = &u8> {
                x.iter().rev()
            }
            #[$attribute]
            pub(crate) async fn generic<T: Clone, const N: usize>(x: T) -> [T; N] {
                std::array::from_fn(|_| x.clone())
            }
            #[$attribute]
            pub(crate) async fn of_the_caller<T: Default>() -> T {
                T::default()
            }
            #[$attribute]
            #[allow(unsafe_code, reason = "an unsafe fn is one of the shapes")]
            pub(crate) async unsafe fn unsafe_fn(p: *const u8) -> u8 {
                // SAFETY: the caller says that it points to a byte.
                unsafe { *p }
            }
            #[$attribute]
            pub(crate) async fn inner_attributes(
                #[allow(unused_variables, reason = "the attribute has to hold for the argument")] n: u8,
                #[cfg(false)] gone: u8,
            ) -> u8 {
                #![allow(non_snake_case, reason = "the attribute has to hold for the body")]
                let LOUD = 3;
                LOUD
            }
            #[$attribute]
            pub(crate) async fn question(text: &str) -> Result<u8, std::num::ParseIntError> {
                Ok(text.parse::<u8>()? + 1)
            }
            #[$attribute]
            pub(crate) async fn r#loop(r#in: u8) -> u8 {
                r#in
            }
        }
    };
}

shapes!(in_place, #[syncfunction]);
shapes!(twins, #[syncfunction(twin)]);

macro_rules! check {
    ($module:ident: $borrow:ident $push:ident $shared:ident $counted:ident $pinned:ident $typed:ident $cleared:ident
        $longer:ident $optional:ident $patterns:ident $callback:ident $iterator:ident $generic:ident $caller:ident
        $unsafe_fn:ident $inner:ident $question:ident $keyword:ident) => {{
        use $module::*;
        let new = || S::<3> { x: "abc".to_owned() };
        let mut s = new();
        assert_eq!(s.$borrow()?, "abc");
        assert_eq!(s.$push("d")?.map(String::as_str), Some("abcd"));
        assert_eq!(Pin::new(&mut s).$pinned()?, 7);
        assert_eq!(s.$typed()?, 4);
        assert_eq!(s.$longer("longer")?, "longer");
        assert_eq!(s.$optional(Some("xy"))?, 6);
        assert_eq!(s.$cleared()?.x, "");
        assert_eq!(Arc::new(new()).$shared()?, 3);
        assert_eq!(Rc::new(new()).$counted(&())?, 6);
        assert_eq!($patterns(Wrap(1), [2, 3], (4, 5), 6)?, 12);
        assert_eq!($callback(|n| n + 1, "x")?, "2x");
        assert_eq!($iterator(&[1, 2])?.collect::<Vec<_>>(), [&2, &1]);
        assert_eq!($generic::<u8, 2>(7)?, [7, 7]);
        assert_eq!($caller::<u8>()?, 0);
        // SAFETY: it is the address of a byte.
        assert_eq!(unsafe { $unsafe_fn(&5) }?, 5);
        assert_eq!($inner(1)?, 3);
        assert_eq!($question("1")?.unwrap(), 2);
        assert!($question("x")?.is_err());
        assert_eq!($keyword(4)?, 4);
    }};
}

#[test]
#[allow(unsafe_code, reason = "an unsafe fn is one of the shapes")]
fn every_shape_of_a_signature_works_in_place() -> Result<(), SynchronousError> {
    check!(in_place: borrow push shared counted pinned typed cleared longer optional patterns callback iterator generic
        of_the_caller unsafe_fn inner_attributes question r#loop);
    Ok(())
}

#[test]
#[allow(unsafe_code, reason = "an unsafe fn is one of the shapes")]
fn every_shape_of_a_signature_has_a_twin() -> Result<(), SynchronousError> {
    check!(twins: borrow_sync push_sync shared_sync counted_sync pinned_sync typed_sync cleared_sync longer_sync
        optional_sync patterns_sync callback_sync iterator_sync generic_sync of_the_caller_sync unsafe_fn_sync
        inner_attributes_sync question_sync loop_sync);
    Ok(())
}
