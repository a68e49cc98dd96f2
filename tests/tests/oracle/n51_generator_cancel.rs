use crate::{
    asyncio::{run, sleep0},
    compare::{Difference, compare},
};
use asynkit::{
    AsyncGenerator as _, GeneratorObject, Interrupt, InterruptExt as _, InterruptKind, interrupt::throw_when,
};
use asynkit_tests::{OnDrop, Trace};
use std::pin::{Pin, pin};

const DIFFERENCES: &[Difference<'_>] = &[
    ("consumer CancelledError", "consumer Ok", "the producer was told, and ended: its consumer sees the end"),
    ("TimeoutError", "anext -> Ok(None)", "the producer was told, and ended: what is ready wins"),
];

/// So many milliseconds.
async fn sleep(passes: u32) {
    for _ in 0..passes {
        sleep0().await;
    }
}

async fn prod(log: &Trace, g: GeneratorObject<u32>) -> Result<(), Interrupt> {
    let _finally = OnDrop(|| log.log("producer finally"));
    let told = |told: Interrupt| {
        log.log(match told.kind() {
            InterruptKind::Close => "producer GeneratorExit",
            _ => "producer CancelledError",
        });
        told
    };
    for i in 0..5 {
        log.log(format!("producing {i}"));
        sleep(10).interruptible().await.map_err(told)?;
        g.ayield(i).await.map_err(told)?;
    }
    Ok(())
}

async fn consume<G>(log: &Trace, mut it: Pin<&mut G>, pause: u32) -> Result<(), Interrupt>
where
    G: asynkit::generator::RawGenerator<Item = u32, Resume = Result<(), Interrupt>>,
{
    while let Some(v) = it.as_mut().anext().await {
        log.log(format!("consumed {v}"));
        sleep(pause).interruptible().await?;
    }
    Ok(())
}

fn consumer(log: &Trace, ended: Result<Result<(), Interrupt>, Interrupt>) {
    match ended.expect("it is never dropped: something in it is told") {
        Ok(()) => log.log("consumer Ok"),
        Err(told) => {
            assert_eq!(told.kind(), InterruptKind::Cancel);
            log.log("consumer CancelledError");
        }
    }
}

#[test]
fn n51_generator_cancel() {
    let log = &Trace::new();
    run(async {
        let g = GeneratorObject::new();
        let mut it = pin!(g.iterate(prod(log, g.clone())));
        let t = throw_when(sleep(5), InterruptKind::Cancel, consume(log, it.as_mut(), 0));
        consumer(log, t.await);
        if it.as_mut().anext().await.is_none() {
            log.log("generator is finished after the cancel");
        }
        log.log("== consumer cancelled between items: the producer is only suspended at its ayield");
        let mut it = pin!(g.iterate(prod(log, g.clone())));
        let t = throw_when(sleep(30), InterruptKind::Cancel, consume(log, it.as_mut(), 1000));
        consumer(log, t.await);
        log.log(format!("next item {}", it.as_mut().anext().await.unwrap()));
        it.as_mut().aclose().await.unwrap();
        log.log("== wait_for around anext kills the generator");
        let mut it = pin!(g.iterate(prod(log, g.clone())));
        let item = throw_when(sleep(2), InterruptKind::Timeout, it.as_mut().anext()).await;
        log.log(format!("anext -> {item:?}"));
        if it.as_mut().anext().await.is_none() {
            log.log("finished");
        }
    });
    compare("51_generator_cancel", &log.take(), DIFFERENCES);
}
