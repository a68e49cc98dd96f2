//! What the attributes expand to. `UPDATE_EXPECT=1 cargo test -p asynkit-macros` writes the files anew.

use super::expand;
use expect_test::expect_file;

macro_rules! snapshots {
    ($($name:ident: $source:expr;)*) => {$(
        #[test]
        fn $name() {
            let (expanded, report) = expand($source);
            assert!(report.errors().is_empty(), "{:?}", report.errors());
            let file = syn::parse2(expanded).expect("items");
            let text = format!("// {}\n\n{}", $source.trim().replace('\n', "\n// "), prettyplease::unparse(&file));
            expect_file![concat!("snapshots/", stringify!($name), ".rs")].assert_eq(&text);
        }
    )*};
}

snapshots! {
    syncfunction_rewrites_the_function: "#[syncfunction] pub async fn f(mut k: u8, (a, _): (u8, u8)) -> u8 { k += 1; k + a }";
    syncfunction_panics: "#[syncfunction(panic)] async fn f() {}";
    syncfunction_flattens: "#[syncfunction(flatten)] async fn f(x: &str) -> io::Result<&str> { Ok(x) }";
    syncfunction_owns_self: "#[syncfunction] async fn f(mut self, #[cfg(unix)] n: u8) -> u8 { #![allow(unused)] n }";
    syncfunction_adds_a_twin: "#[syncfunction(twin = blocking)] /// Docs.\n#[inline] pub async fn f<T, const N: usize>(x: [T; N], _: impl Fn()) -> T { x }";
    syncfunction_adds_an_unsafe_twin: "#[syncfunction(twin, panic)] async unsafe fn f(self: Arc<Self>) {}";
    syncfunction_on_an_impl: "#[syncfunction] impl<T> S<T> { const N: u8 = { 1 }; async fn a(&mut self) -> &T { &self.0 } fn b() {} mac! {} #[syncfunction(panic)] async fn c() {} }";
    syncfunction_on_a_trait: "#[syncfunction(flatten)] pub trait Store: Sized { type T; async fn load(&self, k: &str) -> R; async fn put(mut self) -> R where Self: Copy { x } }";
    syncfunction_names_the_library: "#[syncfunction(crate = ::other::asynkit)] async fn f() -> impl Iterator<Item = u8> { x }";
    awaitmethod_on_a_type: "#[awaitmethod] impl IntoFuture for Job { async fn into_future(self) -> u8 { 1 } }";
    awaitmethod_with_lifetimes: "#[awaitmethod] /// Docs.\n#[cfg(unix)] #[allow(x)] impl<'a, 'b: 'a> std::future::IntoFuture for &'a Job<'b, fn(&'a u8)> where 'a: 'a { /// More.\n#[inline] async fn into_future(mut self) -> &'a str { x } }";
    awaitmethod_on_a_generic_type: "#[awaitmethod(local)] impl<T: Clone, const N: usize> IntoFuture for Job<T, N> where T: Copy { async fn into_future(self) {} }";
    generator_fn_opens_ayield: "#[generator_fn(u64)] pub async fn f(&self, n: u64) { ayield!(n); }";
    generator_fn_returns: "#[generator_fn(Map<u8, &'a u8>, crate = crate::x)] async fn f<'a>(mut n: Vec<&'a u8>) -> Result<(), E> where E: Copy { ayield!(n?); Ok(()) }";
    eager_makes_a_task: "#[eager] /// Docs.\n#[must_use] pub async fn f(mut k: u8, (a, _): (u8, u8)) -> u8 { k += 1; k + a }";
    eager_owns_self: "#[eager] async fn f(self: Rc<Self>, call: impl Fn(&u8) -> &u8 + 'static) -> impl Iterator<Item = u8> { x }";
    eager_in_a_scope: "#[eager(scoped)] async fn f(&mut self, x: &str) -> Option<&str> { None }";
    eager_on_a_spawner: "#[eager(spawn = asynkit::spawner::Tokio, crate = crate::x)] async fn f<T: Send + 'static>(x: T) -> T where T: Clone { x }";
    eager_on_a_spawner_returns_an_impl: "#[eager(spawn = Tokio)] async fn f() -> impl Iterator<Item = u8> { x }";
}
