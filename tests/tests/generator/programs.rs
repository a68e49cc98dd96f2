//! Programs as users write them.

use super::send;
use asynkit::{
    AsyncGenerator, Co, GeneratorObject, Interrupt, generator,
    generator::{BoxGenerator, LocalBoxGenerator, Plain, RawGenerator},
};
use asynkit_tests::block_on;
use futures::{Stream, StreamExt as _, stream::FuturesUnordered};
use std::{
    pin::{Pin, pin},
    rc::Rc,
};

#[test]
fn yields_references_to_its_captures() {
    let s = String::from("x");
    let g = generator(async |mut co: Co<'_, &str>| {
        co.ayield(&s).await;
        co.ayield(s.as_str()).await;
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), ["x", "x"]);
}

fn numbers(n: u64) -> impl Stream<Item = u64> + Send {
    generator(async move |mut co: Co<'_, u64>| {
        for i in 0..n {
            co.ayield(i).await;
        }
    })
}

async fn sum(stream: impl Stream<Item = u64>) -> u64 {
    let mut stream = pin!(stream);
    let mut sum = 0;
    while let Some(x) = stream.next().await {
        sum += x;
    }
    sum
}

#[test]
fn a_stream_that_a_function_returns() {
    assert_eq!(block_on(sum(send(numbers(4)))), 6);
}

struct Holder<'a> {
    shared: BoxGenerator<'a, u64>,
    local: LocalBoxGenerator<'a, String>,
}

fn boxed(v: &[u64], r: Rc<u8>) -> Holder<'_> {
    Holder {
        shared: generator(async move |mut co: Co<'_, u64>| {
            for x in v {
                co.ayield(*x).await;
            }
        })
        .boxed(),
        local: generator(async move |mut co: Co<'_, String>| co.ayield(r.to_string()).await).boxed_local(),
    }
}

#[test]
fn boxed_generators_in_a_struct() {
    let mut holder = boxed(&[1, 2], Rc::new(3));
    block_on(async {
        let mut items = vec![];
        while let Some(x) = holder.shared.next().await {
            items.push(x);
        }
        assert_eq!(items, [1, 2]);
        assert_eq!(Pin::new(&mut holder.local).anext().await.as_deref(), Some("3"));
    });
}

fn on_tokio<S: Stream<Item = u64> + Send + 'static>(source: S) -> tokio::task::JoinHandle<u64> {
    tokio::spawn(async move {
        let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
            let mut source = pin!(source);
            while let Some(x) = source.next().await {
                co.ayield(x).await;
                tokio::task::yield_now().await;
            }
        }));
        let mut sum = 0;
        while let Some(x) = g.next().await {
            sum += x;
        }
        sum
    })
}

#[test]
fn inside_a_spawned_task_over_a_generic_stream() {
    let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(rt.block_on(async { on_tokio(numbers(4)).await.unwrap() }), 6);
}

#[test]
fn a_conversation() {
    block_on(async {
        let mut g = pin!(generator(async |mut co: Co<'_, u32, Result<u32, Interrupt>>| {
            let mut sum = 0;
            while sum < 9 {
                sum += co.ayield(sum).await?;
            }
            Ok::<_, Interrupt>(sum)
        }));
        assert_eq!(g.as_mut().anext().await, Some(0));
        assert_eq!(g.as_mut().asend(4).await, Ok(Some(4)));
        assert_eq!(g.as_mut().athrow("stop").await.unwrap(), None);
        assert_eq!(g.as_mut().aclose().await, Ok(()));
    });
}

#[test]
fn plain_answers() {
    block_on(async {
        let mut g = pin!(generator(async |mut co: Co<'_, u32, Plain<String>>| {
            let Plain(name) = co.ayield(1).await;
            assert_eq!(name, "x");
        }));
        assert!(g.as_mut().asend("x".into()).await.is_err());
        assert_eq!(g.as_mut().anext().await, Some(1));
        assert_eq!(g.as_mut().asend("x".into()).await, Ok(None));
    });
}

async fn ask(co: &mut Co<'_, usize, Result<Vec<u8>, Interrupt>>, depth: u8) -> Result<u8, Interrupt> {
    let bytes = co.ayield(1).await?;
    if bytes.len() > 3 { Box::pin(ask(co, depth + 1)).await } else { Ok(depth) }
}

fn stored_conversation() -> BoxGenerator<'static, usize, Result<Vec<u8>, Interrupt>, Result<u8, Interrupt>> {
    generator(async |mut co: Co<'_, usize, Result<Vec<u8>, Interrupt>>| ask(&mut co, 0).await).boxed()
}

#[test]
fn a_stored_conversation_with_a_recursive_parser() {
    let mut g = stored_conversation();
    let mut g = Pin::new(&mut g);
    block_on(async {
        assert_eq!(g.as_mut().anext().await, Some(1));
        assert_eq!(g.as_mut().asend(vec![0; 4]).await.unwrap(), Some(1));
        assert_eq!(g.as_mut().asend(vec![]).await.unwrap(), None);
    });
}

#[test]
fn delegation_in_a_spawned_task() {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let task = rt.spawn(async {
        let mut g = pin!(generator(async |mut co: Co<'_, u64>| {
            co.call(async |mut co: Co<'_, u64>| {
                co.ayield(1).await;
                co.call(async |mut co: Co<'_, u64>| co.ayield(2).await).await;
            })
            .await;
            co.yield_from(numbers(2)).await;
            let co = co.share();
            futures::join!(co.ayield(1), co.ayield(2));
        }));
        let mut items = vec![];
        while let Some(x) = g.next().await {
            items.push(x);
        }
        items
    });
    assert_eq!(rt.block_on(task).unwrap(), [1, 2, 0, 1, 1, 2]);
}

fn count_down<'c>(co: &'c mut Co<'_, u64>, n: u64) -> Pin<Box<dyn Future<Output = ()> + Send + 'c>> {
    Box::pin(co.call(async move |mut co: Co<'_, u64>| {
        co.ayield(n).await;
        if n > 0 {
            count_down(&mut co, n - 1).await;
        }
    }))
}

#[test]
fn a_recursive_call() {
    let g = send(generator(async |mut co: Co<'_, u64>| count_down(&mut co, 3).await));
    assert_eq!(block_on(g.collect::<Vec<_>>()), [3, 2, 1, 0]);
}

#[test]
fn branches_in_a_futures_unordered_share_the_handle() {
    let g = send(generator(async |mut co: Co<'_, u64>| {
        let co = co.share();
        let mut branches: FuturesUnordered<_> = (0..3).map(|i| co.ayield(i)).collect();
        while branches.next().await.is_some() {}
    }));
    assert_eq!(block_on(g.collect::<Vec<_>>()), [0, 1, 2]);
}

fn on_two_workers<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    rt.block_on(async { tokio::spawn(future).await.unwrap() })
}

#[test]
fn the_handle_cloned_into_another_task_of_a_multi_thread_runtime() {
    let g = GeneratorObject::new();
    let items = g.iterate({
        let g = g.clone();
        async move {
            let helper = tokio::spawn({
                let g = g.clone();
                async move { g.ayield(1_u32).await }
            });
            g.ayield(2).await?;
            helper.await.unwrap()?;
            Ok::<(), Interrupt>(())
        }
    });
    let mut items = on_two_workers(async move {
        let mut items = pin!(items.try_stream());
        let mut seen = vec![];
        while let Some(x) = items.next().await {
            seen.push(x.unwrap());
        }
        seen
    });
    items.sort_unstable();
    assert_eq!(items, [1, 2]);
}

#[test]
fn the_handle_with_answers() {
    async fn with_answers() -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let g = GeneratorObject::<u32, String>::resumable();
        let answers = std::cell::RefCell::new(vec![]);
        let mut items = pin!(g.iterate(async {
            while let Ok(answer) = g.ayield(1).await {
                let answer: String = answer;
                answers.borrow_mut().push(answer);
            }
        }));
        items.next().await;
        items.as_mut().asend("x".into()).await?;
        items.next().await;
        Ok(answers.take())
    }
    assert_eq!(block_on(with_answers()).unwrap(), ["x", ""]);
}

async fn yields_elsewhere(g: GeneratorObject<i32>) -> Result<(), Interrupt> {
    g.ayield(2).await
}

#[test]
fn the_handle_given_to_a_spawned_function() {
    let g = GeneratorObject::new();
    let it = g.iterate({
        let g = g.clone();
        async move {
            g.ayield(1).await?;
            tokio::spawn(yields_elsewhere(g)).await??;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        }
    });
    let items = on_two_workers(it.try_stream().map(Result::unwrap).collect::<Vec<_>>());
    assert_eq!(items, [1, 2]);
}

async fn drain<G: AsyncGenerator<Item = u8, Resume = ()>>(mut g: Pin<&mut G>) -> u32 {
    let mut n = 0;
    while let Some(x) = g.as_mut().anext().await {
        n += u32::from(x);
    }
    n
}

fn behind_dyn(mut g: Pin<Box<dyn RawGenerator<Item = u8, Resume = (), Return = ()>>>) -> u32 {
    block_on(drain(Pin::new(&mut g)))
}

#[test]
fn generic_code_and_a_generator_behind_dyn() {
    assert_eq!(block_on(drain(pin!(generator!({ ayield!(1) })))), 1);
    assert_eq!(behind_dyn(Box::pin(generator!({ ayield!(2) }))), 2);
}
