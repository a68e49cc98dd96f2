//! The same of `#[eager]`.

use super::{
    errors::{errors, one_error},
    expand,
};

#[test]
fn options_of_eager_are_checked_on_the_guilty_word() {
    let spawner = "write `spawn = asynkit::spawner::Tokio`, or another spawner";
    for (options, guilty, message) in [
        ("spwan", "spwan", "unknown option `spwan` for `#[eager]`\nhelp: write `spawn`".to_owned()),
        (
            "timeout",
            "timeout",
            "unknown option `timeout` for `#[eager]`\nhelp: the available options are `crate`, `scoped`, `spawn`".to_owned(),
        ),
        (
            "local",
            "local",
            "option `local` is not available for `#[eager]`; it belongs to `#[awaitmethod]`\nhelp: the available options are `crate`, `scoped`, `spawn`".to_owned(),
        ),
        (
            "scoped, spawn = X",
            "spawn",
            "options `scoped` and `spawn` cannot be combined\nhelp: keep one of them".to_owned(),
        ),
        (
            "spawn = X, scoped",
            "scoped",
            "options `spawn` and `scoped` cannot be combined\nhelp: keep one of them".to_owned(),
        ),
        ("scoped = true", "= true", "option `scoped` does not take a value\nhelp: write `scoped`".to_owned()),
        ("spawn", "spawn", format!("option `spawn` requires a value\nhelp: {spawner}")),
        (
            "spawn = \"a::Tokio\"",
            "\"a::Tokio\"",
            "expected a path, found a string literal\nhelp: remove the quotes".to_owned(),
        ),
        ("spawn = 3", "3", format!("expected a path, found an integer literal\nhelp: {spawner}")),
        (
            "spawn = tokio::spawn",
            "tokio::spawn",
            "option `spawn` takes the type of a spawner, found the function `tokio::spawn`\nhelp: write `spawn = asynkit::spawner::Tokio`".to_owned(),
        ),
        (
            "spawn = tokio::task::spawn_local",
            "tokio::task::spawn_local",
            "option `spawn` takes the type of a spawner, found the function `tokio::task::spawn_local`\nhelp: write `spawn = asynkit::spawner::TokioLocal`".to_owned(),
        ),
        (
            "spawn = smol::spawn",
            "smol::spawn",
            "option `spawn` takes the type of a spawner, found the function `smol::spawn`\nhelp: write `spawn = asynkit::spawner::Smol`".to_owned(),
        ),
        (
            "spawn = my_spawn",
            "my_spawn",
            "option `spawn` takes the type of a spawner, found the function `my_spawn`\nhelp: write `spawn = path::to::Spawner`".to_owned(),
        ),
    ] {
        one_error(&format!("#[eager({options})] async fn f() {{}}"), guilty, &message);
    }
}

#[test]
fn a_task_borrows_nothing_from_the_call() {
    let owned = "take an owned value, or use `#[eager(scoped)]` to await it in place";
    let problem = "`#[eager]` functions that may be spawned cannot borrow";
    for (arguments, guilty, name, help) in [
        (
            "&self",
            "&",
            "`self`",
            "take `self: Rc<Self>` (or an owned value), or use `#[eager(scoped)]` to await it in place",
        ),
        (
            "&'a mut self",
            "&",
            "`self`",
            "take `self: Rc<Self>` (or an owned value), or use `#[eager(scoped)]` to await it in place",
        ),
        (
            "self: Pin<&mut Self>",
            "&",
            "`self`",
            "take `self: Rc<Self>` (or an owned value), or use `#[eager(scoped)]` to await it in place",
        ),
        ("n: u8, x: &str", "&", "`x`", owned),
        ("x: Vec<Option<&'a str>>", "'a", "`x`", owned),
        ("x: Cow<'_, str>", "'_", "`x`", owned),
        ("x: impl Fn(&u8) + '_", "'_", "`x`", owned),
        ("x: Box<dyn for<'x> Fn(&'x u8) + 'a>", "'a", "`x`", owned),
        ("(a, b): (&u8, &u8)", "&", "an argument", owned),
    ] {
        for attribute in ["#[eager]", "#[eager(spawn = Tokio)]"] {
            let source = format!("{attribute} async fn f<'a>({arguments}) {{}}");
            let (_, report) = expand(&source);
            let found: Vec<_> = report.errors().iter().map(ToString::to_string).collect();
            assert_eq!(found, [format!("{problem} {name}\nhelp: {help}")], "{source}");
            let text = report.errors()[0].span().source_text().unwrap_or_default();
            // On some the span joins the tick and the name, on some it is the tick: both begin at the guilty token.
            assert!(text.starts_with(&guilty[..1]), "{source}: {text}");
        }
        assert_eq!(errors(&format!("#[eager(scoped)] async fn f<'a>({arguments}) {{}}")), []);
    }
    for arguments in [
        "self",
        "self: Rc<Self>",
        "x: &'static str",
        "x: fn(&u8) -> &u8",
        "x: impl Fn(&u8) -> &str",
        "x: Box<dyn for<'x> Fn(&'x u8, Foo<'x>)>",
        "x: Cow<'static, str>",
    ] {
        assert_eq!(errors(&format!("#[eager] async fn f({arguments}) {{}}")), [], "{arguments}");
    }
}

#[test]
fn each_borrowed_argument_is_an_error_and_the_type_of_the_function_stays() {
    let (expanded, report) = expand("#[eager] async fn f(&self, x: &str, n: u8) -> u8 { n }");
    assert_eq!(report.errors().len(), 2);
    let text = expanded.to_string();
    assert!(text.contains("Eager < u8 >"), "{text}");
    assert!(!text.contains("{ n }"), "its body does not stand: {text}");
}

#[test]
fn main_is_awaited_by_nobody() {
    let problem = "`#[eager]` on `main` returns a value nobody awaits\nhelp: use `#[syncfunction]`, or `Executor::run` in a plain `main`";
    let found = errors("#[eager] async fn main() {}");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, problem);
    assert_eq!(errors("#[eager] async fn main(self) {}"), [], "a method");
}

#[test]
fn eager_goes_on_functions_alone() {
    one_error(
        "#[eager] impl S { async fn f() {} }",
        "impl",
        "`#[eager]` cannot be applied to an `impl` block\nhelp: apply it to each `async fn` inside the block",
    );
    one_error(
        "#[eager] trait T { async fn f(); }",
        "trait",
        "`#[eager]` cannot be applied to a `trait`\nhelp: apply it to each `async fn` inside the block",
    );
    one_error(
        "#[eager] struct S;",
        "struct",
        "`#[eager]` can only be applied to an `async fn`\nhelp: remove the attribute, or move it to an `async fn`",
    );
    one_error(
        "#[eager] async fn f();",
        ";",
        "`#[eager]` requires a function body\nhelp: apply it in the `impl`; declare the trait method as `fn f(…) -> Eager<…>`",
    );
}
