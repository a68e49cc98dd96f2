use crate::{
    asyncio::{run, sleep0},
    compare::compare,
};
use asynkit::{BoundMonitor, Interrupt, Monitor, Step};
use asynkit_tests::Trace;
use std::pin::{Pin, pin};

type Data = Option<&'static str>;
type M = Monitor<String, Data>;
type Outcome = Result<&'static str, Interrupt>;

fn repr(data: Data) -> String {
    data.map_or("None".into(), |text| format!("'{text}'"))
}

fn state<Out, In>(m: &Monitor<Out, In>) -> &'static str {
    if m.is_active() { "ACTIVE" } else { "INACTIVE" }
}

async fn co(log: &Trace, m: &M, n: usize) -> Outcome {
    for i in 0..n {
        log.log(format!("co oob {i}"));
        let got = m.oob(format!("'out{i}'")).await?;
        log.log(format!("co got {}", repr(got)));
        sleep0().await;
        log.log("co after sleep");
    }
    Ok("result")
}

async fn drive(log: &Trace, m: &M, mut c: Pin<&mut impl Future<Output = Outcome>>, datas: &[&'static str]) {
    let mut datas = datas.iter();
    let mut next = None;
    loop {
        log.log(format!("aawait({})", repr(next)));
        let step = match next {
            None => m.aawait(c.as_mut()).await,
            next => m.asend(c.as_mut(), next).await,
        };
        match step {
            Step::Oob(item) => log.log(format!("OOBData({item}) state={}", state(m))),
            Step::Done(value) => {
                return log.log(format!("returned '{}' state={}", value.unwrap(), state(m)));
            }
        }
        next = datas.next().copied();
    }
}

#[test]
fn n15_monitor_basic() {
    let log = &Trace::new();
    run(async {
        let m = &M::new();
        log.log(format!("state={}", state(m)));
        drive(log, m, pin!(co(log, m, 2)), &["in0", "in1"]).await;
        log.log("== bound");
        let mut b = m.bind(Box::pin(co(log, m, 2)));
        log.log("BoundMonitor");
        for _ in 0..3 {
            match (&mut b).await {
                Step::Oob(item) => log.log(format!("OOBData({item})")),
                Step::Done(value) => log.log(format!("await b -> '{}'", value.unwrap())),
            }
        }
        log.log("== bound aawait(data)");
        let mut b = BoundMonitor::new(m, Box::pin(co(log, m, 1)));
        let Step::Oob(item) = b.aawait().await else { panic!("it sends first") };
        log.log(format!("OOBData({item})"));
        log.log(format!("'{}'", b.asend(Some("hello")).await.done().unwrap().unwrap()));
        log.log("== start / try_await");
        let mut b = m.bind(Box::pin(co(log, m, 2)));
        log.log(format!("start -> {}", b.start().await.unwrap()));
        for data in ["d0", "d1"] {
            let value = b.try_await(Some(data)).await.map_or("SENT", Result::unwrap);
            log.log(format!("try_await -> '{value}'"));
        }
        log.log("== falsy and None data");
        let m = &Monitor::<&str, Option<i32>>::new();
        let mut c = pin!(async {
            for item in ["None", "0", "''", "[]"] {
                log.log(format!("got {}", m.oob(item).await.unwrap().unwrap()));
            }
        });
        let mut next = None;
        for i in 0..5 {
            let step = match next {
                None => m.aawait(c.as_mut()).await,
                next => m.asend(c.as_mut(), next).await,
            };
            match step {
                Step::Oob(item) => log.log(format!("OOBData({item})")),
                Step::Done(()) => log.log("finished"),
            }
            next = Some(i);
        }
    });
    compare("15_monitor_basic", &log.take(), &[]);
}
