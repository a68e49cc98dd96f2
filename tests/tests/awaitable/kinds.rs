//! What can be awaited: values, references, generic types, types of one thread.

use crate::run;
use asynkit::awaitmethod;
use std::{collections::HashMap, fmt::Debug, rc::Rc};
use tokio::task::yield_now;

/// Python's `@awaitmethod`: each await of the object makes a new coroutine.
struct Counted {
    awaits: u32,
}

#[awaitmethod]
impl IntoFuture for &mut Counted {
    async fn into_future(self) -> String {
        self.awaits += 1;
        yield_now().await;
        self.awaits += 1;
        format!("foobar{}", self.awaits - 1)
    }
}

#[test]
fn each_await_of_a_reference_runs_the_body_again() {
    let mut counted = Counted { awaits: 0 };
    assert_eq!(run(&mut counted), "foobar1");
    assert_eq!(run(async { (&mut counted).await }), "foobar3");
    assert_eq!(counted.awaits, 4);
}

struct Job<'a> {
    words: Vec<&'a str>,
}

#[awaitmethod]
impl<'a> IntoFuture for Job<'a> {
    async fn into_future(self) -> Option<&'a str> {
        let last = &self.words;
        yield_now().await;
        last.last().copied()
    }
}

#[awaitmethod]
impl IntoFuture for &Job<'_> {
    async fn into_future(self) -> usize {
        yield_now().await;
        self.words.len()
    }
}

#[awaitmethod]
impl<'a, 'b> IntoFuture for &'a mut Job<'b> {
    async fn into_future(self) -> &'a mut &'b str {
        self.words.push("pushed");
        let last = self.words.len() - 1;
        yield_now().await;
        &mut self.words[last]
    }
}

#[test]
fn one_type_is_awaited_by_value_by_reference_and_by_mutable_reference() {
    let text = String::from("a b");
    let mut job = Job { words: text.split(' ').collect() };
    assert_eq!(run(&job), 2);
    *run(&mut job) = "c";
    assert_eq!(run(&job), 3);
    assert_eq!(run(job), Some("c"));
}

struct Pair<T>(T);

#[awaitmethod]
impl<T: Clone + Send> IntoFuture for Pair<T> {
    async fn into_future(self) -> (T, T) {
        yield_now().await;
        (self.0.clone(), self.0)
    }
}

struct Wide<T, const N: usize>([T; N]);

#[awaitmethod]
impl<T, const N: usize> IntoFuture for Wide<T, N>
where
    T: Into<u64> + Copy + Send + Sync,
{
    async fn into_future(self) -> u64 {
        let mut sum = 0;
        for item in &self.0 {
            yield_now().await;
            sum += (*item).into();
        }
        sum
    }
}

#[test]
fn generic_types_are_awaitable_whatever_their_size() {
    assert_eq!(run(Pair(String::from("x"))), (String::from("x"), String::from("x")));
    assert_eq!(run(Pair(())), ((), ()));
    assert_eq!(run(Wide([1u8; 3])), 3);
    assert_eq!(run(Wide([1u64; 500])), 500);
}

struct Local(Rc<u8>);

#[awaitmethod(local)]
impl IntoFuture for &Local {
    async fn into_future(self) -> u8 {
        let shared = Rc::clone(&self.0);
        yield_now().await;
        *shared
    }
}

struct LocalPair<T>(T);

#[awaitmethod(local)]
impl<T: Clone> IntoFuture for LocalPair<T> {
    async fn into_future(self) -> (T, T) {
        yield_now().await;
        (self.0.clone(), self.0)
    }
}

#[test]
fn a_body_may_hold_what_is_not_send_if_it_says_so() {
    assert_eq!(run(&Local(Rc::new(7))), 7);
    assert_eq!(*run(LocalPair(Rc::new(7))).0, 7);
}

type Callback<'a> = Box<dyn Fn(&u8) -> &u8 + Send + Sync + 'a>;
struct Odd<T>(T);

#[awaitmethod]
impl<'a> IntoFuture for Odd<(&'a u8, fn(&u8) -> &u8, Callback<'a>)> {
    async fn into_future(self) -> &'a u8 {
        let (value, function, callback) = &self.0;
        yield_now().await;
        assert_eq!(callback(function(value)), *value);
        value
    }
}

#[awaitmethod]
impl IntoFuture for Odd<fn(&u8) -> &u8> {
    async fn into_future(self) -> fn(&u8) -> &u8 {
        self.0
    }
}

#[test]
fn function_types_and_trait_objects_keep_their_own_lifetimes() {
    fn same(byte: &u8) -> &u8 {
        byte
    }
    let byte = 3;
    assert_eq!(run(Odd((&byte, same as fn(&u8) -> &u8, Box::new(same) as Callback<'_>))), &3);
    assert_eq!(run(Odd(same as fn(&u8) -> &u8))(&4), &4);
}

/// A tree: the box that an `async fn` needs is needed here as well.
enum Tree<T> {
    Leaf(T),
    Node(Box<Tree<T>>, Box<Tree<T>>),
}

#[awaitmethod]
impl<T: Send + Sync> IntoFuture for &Tree<T> {
    async fn into_future(self) -> usize {
        yield_now().await;
        match self {
            Tree::Leaf(_) => 1,
            Tree::Node(left, right) => {
                Box::pin((&**left).into_future()).await + Box::pin((&**right).into_future()).await
            }
        }
    }
}

#[test]
fn a_generic_type_awaits_its_own_kind() {
    let leaf = |n| Box::new(Tree::Leaf(n));
    let tree = Tree::Node(leaf(1), Box::new(Tree::Node(leaf(2), leaf(3))));
    assert_eq!(run(&tree), 3);
}

#[test]
fn a_type_inside_a_function_is_awaitable() {
    struct Inside<'a>(&'a HashMap<u8, u8>);

    #[awaitmethod]
    impl IntoFuture for Inside<'_> {
        async fn into_future(self) -> Option<u8> {
            yield_now().await;
            self.0.get(&1).copied()
        }
    }
    assert_eq!(run(Inside(&HashMap::from([(1, 2)]))), Some(2));
}

macro_rules! awaitable {
    ($target:ty, $output:ty, $body:block) => {
        #[awaitmethod]
        impl IntoFuture for $target {
            async fn into_future(self) -> $output $body
        }
    };
}

struct ByMacro;
awaitable!(ByMacro, u8, {
    yield_now().await;
    5
});
awaitable!(&ByMacro, &'static str, { "borrowed" });

#[test]
fn a_macro_may_write_the_block() {
    assert_eq!(run(ByMacro), 5);
    assert_eq!(run(&ByMacro), "borrowed");
}

struct Gated;

#[awaitmethod]
#[cfg(false)]
impl IntoFuture for Gated {
    async fn into_future(self) -> u8 {
        1
    }
}

#[awaitmethod]
#[cfg(not(false))]
impl IntoFuture for Gated {
    async fn into_future(self) -> u8 {
        2
    }
}

#[test]
fn cfg_holds_for_all_that_is_written() {
    assert_eq!(run(Gated), 2);
}

#[test]
fn the_future_is_spawned_where_futures_must_be_send() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let sums = runtime.block_on(async {
        let one = tokio::spawn(Pair(1).into_future());
        let two = tokio::spawn(Wide([1u64; 500]).into_future());
        (one.await.unwrap(), two.await.unwrap())
    });
    assert_eq!(sums, ((1, 1), 500));
}

#[test]
fn the_future_shows_itself_whatever_it_holds() {
    fn shown(future: impl Debug) -> String {
        format!("{future:?}")
    }
    assert_eq!(shown(Pair(1).into_future()), "Await { .. }");
    assert_eq!(shown(Local(Rc::new(1)).into_future()), "Await { .. }");
}
