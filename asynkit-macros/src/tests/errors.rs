//! Each mistake is one error, on the guilty tokens, with what to write instead.

use super::expand;

/// What was found: the text under the arrows, and the message.
pub(super) fn errors(source: &str) -> Vec<(String, String)> {
    let (_, report) = expand(source);
    let found = report.errors().iter();
    found.map(|error| (error.span().source_text().unwrap_or_default(), error.to_string())).collect()
}

#[track_caller]
pub(super) fn one_error(source: &str, guilty: &str, message: &str) {
    assert_eq!(errors(source), [(guilty.to_owned(), message.to_owned())], "{source}");
}

#[test]
fn options_are_checked_on_the_guilty_word() {
    for (options, guilty, message) in [
        (
            "pancake",
            "pancake",
            "unknown option `pancake` for `#[syncfunction]`\nhelp: the available options are `crate`, `flatten`, `panic`, `twin`",
        ),
        ("pnaic", "pnaic", "unknown option `pnaic` for `#[syncfunction]`\nhelp: write `panic`"),
        ("twins", "twins", "unknown option `twins` for `#[syncfunction]`\nhelp: write `twin`"),
        (
            "local",
            "local",
            "option `local` is not available for `#[syncfunction]`; it belongs to `#[awaitmethod]`\nhelp: the available options are `crate`, `flatten`, `panic`, `twin`",
        ),
        ("twin, panic, twin", "twin", "option `twin` is set more than once\nhelp: remove this one"),
        (
            "panic, flatten",
            "flatten",
            "options `panic` and `flatten` cannot be combined\nhelp: keep one of them",
        ),
        ("panic = true", "= true", "option `panic` does not take a value\nhelp: write `panic`"),
        ("panic =", "=", "expected a value after `=`\nhelp: write `panic = value`, or `panic`"),
        ("crate", "crate", "option `crate` requires a value\nhelp: write `crate = ::path::to::asynkit`"),
        ("crate = \"::x\"", "\"::x\"", "expected a path, found a string literal\nhelp: remove the quotes"),
        (
            "crate = 3",
            "3",
            "expected a path, found an integer literal\nhelp: write `crate = ::path::to::asynkit`",
        ),
        (
            "crate = x::y",
            "x::y",
            "`crate` must be an absolute path\nhelp: write `::x::y`, or `crate::x::y` for a module of this crate",
        ),
        (
            "crate = self::x",
            "self::x",
            "`crate` must be an absolute path\nhelp: write `crate::` and the path from the root of this crate",
        ),
        (
            "twin = f",
            "f",
            "the twin must differ from the function's own name\nhelp: write `twin`, which names it `f_sync`",
        ),
        ("twin = \"g\"", "\"g\"", "expected a name, found a string literal\nhelp: remove the quotes"),
        ("twin = a::b", "a::b", "expected a name, found `a :: b`\nhelp: write `twin = name`, or `twin`"),
        (
            "\"panic\"",
            "\"panic\"",
            "expected an option, found a string literal\nhelp: the available options are `crate`, `flatten`, `panic`, `twin`",
        ),
    ] {
        one_error(&format!("#[syncfunction({options})] async fn f() {{}}"), guilty, message);
    }
}

#[test]
fn absolute_paths_and_trailing_commas_are_options_in_order() {
    for options in [
        "crate = ::x",
        "crate = crate::x",
        "crate = crate,",
        "panic, crate = ::a::b",
        "twin = g, flatten,",
        "",
    ] {
        assert_eq!(errors(&format!("#[syncfunction({options})] async fn f() {{}}")), []);
    }
}

#[test]
fn several_mistakes_are_all_reported_at_once() {
    let found = errors("#[syncfunction(pancake, crate)] const extern \"C\" async fn f() -> ! {}");
    // `const extern "C" async` is no order that rustc accepts; the signature is not read.
    assert_eq!(found.len(), 3, "{found:?}");
    let found = errors("#[syncfunction(pancake, crate)] const async extern \"C\" fn f() -> ! {}");
    let guilty: Vec<_> = found.iter().map(|(guilty, _)| guilty.as_str()).collect();
    assert_eq!(guilty, ["pancake", "crate", "const", "extern \"C\"", "!"]);
}

#[test]
fn other_items_are_refused_on_their_keyword() {
    for (item, guilty) in [
        ("pub struct S;", "struct"),
        ("enum E {}", "enum"),
        ("pub(crate) mod m {}", "mod"),
        ("use a::b;", "use"),
        ("const X: u8 = 1;", "const"),
        ("#[doc = \"x\"] static X: u8 = 1;", "static"),
        ("extern crate x;", "extern"),
        ("unsafe extern \"C\" {}", "unsafe"),
    ] {
        let found = errors(&format!("#[syncfunction] {item}"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, guilty);
    }
}

#[test]
fn functions_are_checked_on_the_guilty_token() {
    for (function, guilty, first_line) in [
        ("fn f() {}", "fn", "`#[syncfunction]` can only be applied to an `async fn`"),
        ("async fn f();", ";", "`#[syncfunction]` requires a function body"),
        ("const async fn f() {}", "const", "functions cannot be both `const` and `async`"),
        (
            "async extern \"C\" fn f() {}",
            "extern \"C\"",
            "`#[syncfunction]` functions cannot have an explicit ABI",
        ),
        ("async fn f(_: u8, ...) {}", "...", "`#[syncfunction]` functions cannot be variadic"),
        ("async fn f() -> ! {}", "!", "`#[syncfunction]` functions cannot return `!`"),
        ("#[syncfunction] async fn f() {}", "#[syncfunction]", "`#[syncfunction]` is applied more than once"),
        (
            "#[asynkit::generator_fn(u8)] async fn f() {}",
            "#[asynkit::generator_fn(u8)]",
            "`#[syncfunction]` and `#[generator_fn]` cannot be combined",
        ),
    ] {
        let found = errors(&format!("#[syncfunction] {function}"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, guilty);
        assert_eq!(found[0].1.lines().next(), Some(first_line));
        assert!(found[0].1.lines().nth(1).is_some_and(|line| line.starts_with("help: ")), "{found:?}");
    }
}

#[test]
fn awaitable_blocks_are_checked_on_the_guilty_token() {
    for (block, guilty, message) in [
        (
            "impl Job {}",
            "impl",
            "`#[awaitmethod]` can only be applied to an `impl IntoFuture` block\nhelp: write `impl IntoFuture for Job`",
        ),
        (
            "impl Clone for &'a Job<u8> {}",
            "Clone",
            "`#[awaitmethod]` can only be applied to an `impl IntoFuture` block\nhelp: write `impl IntoFuture for &'a Job<u8>`",
        ),
        (
            "impl IntoFuture for Job {}",
            "impl",
            "`#[awaitmethod]` found no `async fn into_future` in this block\nhelp: write `async fn into_future(self) -> Output { … }` in it",
        ),
        (
            "impl IntoFuture for Job { async fn run(self) {} }",
            "run",
            "`#[awaitmethod]` blocks hold one `async fn into_future` and nothing else\nhelp: move it to another `impl` block, or name it `into_future` if it is the one to await",
        ),
        (
            "impl IntoFuture for Job { fn into_future(self) {} }",
            "fn",
            "`#[awaitmethod]` requires `into_future` to be an `async fn`\nhelp: write `async fn into_future`, or remove the attribute",
        ),
        (
            "impl IntoFuture for Job { async fn into_future() {} }",
            "()",
            "`#[awaitmethod]` requires a `self` receiver\nhelp: write `self`, and `impl IntoFuture for &Job` to await a reference",
        ),
        (
            "impl IntoFuture for Job { async fn into_future(&mut self) {} }",
            "&mut self",
            "`#[awaitmethod]` does not support `&mut self`\nhelp: write `self`, and `impl IntoFuture for &mut Job` to await a reference",
        ),
        (
            "impl IntoFuture for Job { async fn into_future(self: Arc<Self>) {} }",
            "Arc<Self>",
            "`#[awaitmethod]` does not support the receiver type `Arc<Self>`\nhelp: write `self`, and `impl IntoFuture for Arc<Job>`",
        ),
        (
            "impl IntoFuture for Job { async fn into_future(self, a: u8, b: u8) {} }",
            "a: u8, b: u8",
            "`#[awaitmethod]` methods take no arguments besides `self`\nhelp: store the value in `Self`, since `.await` cannot pass arguments",
        ),
        (
            "impl IntoFuture for Job { async fn into_future<T>(self) {} }",
            "<T>",
            "`#[awaitmethod]` methods cannot be generic\nhelp: move the parameters to the `impl` block",
        ),
        (
            "impl IntoFuture for Job { async fn into_future(self) -> Option<impl Copy> {} }",
            "Option<impl Copy>",
            "`#[awaitmethod]` methods cannot return `impl Trait`\nhelp: name the type, or return a `Box<dyn Trait>`",
        ),
        (
            "impl IntoFuture for Job { async fn into_future(self) -> (u8, &str) {} }",
            "&",
            "the type that `#[awaitmethod]` returns must name its lifetimes\nhelp: write `'a`, and `impl<'a> IntoFuture for …` with it",
        ),
        (
            "impl<'x> IntoFuture for Job<'x> { async fn into_future(self) -> Cow<'_, str> {} }",
            "'_",
            "the type that `#[awaitmethod]` returns must name its lifetimes\nhelp: write `'x`",
        ),
        (
            "impl IntoFuture for Job { type Output = u8; async fn into_future(self) -> u8 {} }",
            "type Output = u8;",
            "`#[awaitmethod]` blocks hold one `async fn into_future` and nothing else\nhelp: remove it; the attribute writes the associated types",
        ),
        (
            "impl IntoFuture for Job { async unsafe fn into_future(self) {} }",
            "unsafe",
            "`#[awaitmethod]` methods cannot be `unsafe`\nhelp: remove `unsafe`, since `.await` calls it",
        ),
        (
            "impl IntoFuture for Job { async fn into_future(self); }",
            ";",
            "`#[awaitmethod]` requires a function body\nhelp: write `{ … }`",
        ),
        (
            "async fn f(self) {}",
            "fn",
            "`#[awaitmethod]` can only be applied to an `impl IntoFuture` block\nhelp: write `#[awaitmethod] impl IntoFuture for Type { async fn into_future(self) -> Output { … } }`",
        ),
    ] {
        one_error(&format!("#[awaitmethod] {block}"), guilty, message);
    }
}

#[test]
fn lifetimes_of_function_types_are_their_own() {
    let block = "impl<'a> IntoFuture for Job<'a> { async fn into_future(self) -> (fn(&u8) -> &u8, Box<dyn Fn(&'_ u8) -> &u8>, &'a u8) {} }";
    assert_eq!(errors(&format!("#[awaitmethod] {block}")), []);
}

#[test]
fn a_wrong_block_still_makes_the_type_awaitable() {
    let (expanded, _) =
        expand("#[awaitmethod] impl IntoFuture for Job { async fn into_future(&self) -> u8 { 1 } }");
    let block: syn::ItemImpl = syn::parse2(expanded).expect("one block");
    assert_eq!(block.items.len(), 3, "two types and the method");
}

#[test]
fn generator_functions_need_the_type_of_the_items() {
    let problem = "`#[generator_fn]` requires the type of the items\nhelp: write `#[generator_fn(Type)]`";
    for attribute in ["#[generator_fn]", "#[generator_fn()]", "#[generator_fn(crate = ::x)]"] {
        let found = errors(&format!("{attribute} async fn f() {{}}"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, problem);
    }
    one_error(
        "#[generator_fn(3)] async fn f() {}",
        "3",
        "expected the type of the items\nhelp: write `#[generator_fn(Type)]`",
    );
    one_error(
        "#[generator_fn(u8)] impl S { async fn f() {} }",
        "impl",
        "`#[generator_fn]` cannot be applied to an `impl` block\nhelp: apply it to each `async fn` inside the block",
    );
}

#[test]
fn a_block_without_an_async_fn_is_refused() {
    one_error(
        "#[syncfunction] trait T { fn f(); }",
        "trait",
        "`#[syncfunction]` found no `async fn` in this `trait`\nhelp: remove the attribute",
    );
    one_error(
        "#[syncfunction] impl T for S { async fn f() {} }",
        "impl",
        "`#[syncfunction]` cannot be applied to an `impl` of a trait\nhelp: apply it to the `trait`, which gives the twins to every `impl`",
    );
    one_error(
        "#[syncfunction(twin = g)] impl S { async fn f() {} async fn h() {} }",
        "g",
        "one name cannot be given to all twins of this `impl`\nhelp: write `twin`, or name the twin of one `async fn` by an attribute on it",
    );
}
