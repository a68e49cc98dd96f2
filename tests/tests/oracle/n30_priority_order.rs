use crate::{
    compare::{Difference, compare},
    python::{list, quoted},
};
use asynkit::{Executor, Priority, Task, TaskBuilder, call_soon, spawn, task_reinsert, yield_now};
use asynkit_tests::Trace;
use std::{cell::RefCell, rc::Rc};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "unchanged order: ['p0', 'p1', 'p2', 'p3', 'end']",
        "unchanged order: ['p3', 'p1', 'p2', 'p0', 'end']",
        "`set_priority` sorts at once: there is no value that nobody has looked at",
    ),
    (
        "propagate on an immediate task loses the position: ['p0', 'p1', 'p2', 'p3', 'end']",
        "propagate on an immediate task loses the position: ['p3', 'p0', 'p1', 'p2', 'end']",
        "a task keeps the position that it was given, whatever its priority becomes",
    ),
];

type Out = Rc<RefCell<Vec<String>>>;

fn at(value: f64) -> Priority {
    Priority::new(value).unwrap()
}

fn t(out: &Out, name: &str, priority: f64, yields: usize) -> Task<()> {
    let (out, name) = (Rc::clone(out), name.to_owned());
    let body = async move {
        for i in 0..yields {
            out.borrow_mut().push(format!("{name}.{i}"));
            yield_now().await;
        }
        out.borrow_mut().push(name);
    };
    TaskBuilder::new(body).priority(at(priority)).spawn()
}

async fn flush(log: &Trace, out: &Out, label: &str, tasks: Vec<Task<()>>) {
    t(out, "end", 1000.0, 0).await.unwrap();
    let ran: Vec<_> = out.take().iter().map(|name| quoted(name)).collect();
    log.log(format!("{label}: {}", list(&ran)));
    for task in tasks {
        task.await.unwrap();
    }
}

fn four(out: &Out) -> Vec<Task<()>> {
    (0..4_u8).map(|i| t(out, &format!("p{i}"), f64::from(i), 0)).collect()
}

#[test]
fn n30_priority_order() {
    let log = &Trace::new();
    let out = &Out::default();
    Executor::run(async {
        let of = |priorities: &[f64]| -> Vec<_> {
            priorities.iter().map(|&p| t(out, &format!("p{p}"), p, 0)).collect()
        };
        flush(log, out, "by priority", of(&[3.0, -1.0, 2.0, 0.0, -5.0, 1.0])).await;
        let ties = [1.0, 0.0, 1.0, 0.0, -1.0, 1.0, 0.0, -1.0];
        let ties = ties.iter().enumerate().map(|(i, &p)| t(out, &format!("p{p}#{i}"), p, 0)).collect();
        flush(log, out, "ties are FIFO", ties).await;
        let mut ts = vec![t(out, "p1", 1.0, 0)];
        let inner = Rc::clone(out);
        ts.push(spawn(async move { inner.borrow_mut().push("plain".to_owned()) }));
        let inner = Rc::clone(out);
        call_soon(move || inner.borrow_mut().push("callback".to_owned()));
        ts.extend([t(out, "p-1", -1.0, 0), t(out, "p0", 0.0, 0)]);
        flush(log, out, "plain task and callback count as 0", ts).await;
        let ts = vec![t(out, "low", 5.0, 1), t(out, "high", -5.0, 3), t(out, "mid", 0.0, 2)];
        flush(log, out, "a yielding high task runs again before low ones", ts).await;

        let change = |ts: &[Task<()>]| {
            ts[3].set_priority(at(-10.0));
            ts[0].set_priority(at(10.0));
        };
        let ts = four(out);
        change(&ts);
        log.log("changed priority_value without propagate");
        flush(log, out, "unchanged order", ts).await;
        let ts = four(out);
        change(&ts);
        flush(log, out, "after propagate_priority", ts).await;

        let ts = four(out);
        task_reinsert(&ts[3], 0).unwrap();
        task_reinsert(&ts[2], 1).unwrap();
        flush(log, out, "task_reinsert 3->0, 2->1", ts).await;
        let mut ts = four(out);
        task_reinsert(&ts[3], 0).unwrap();
        ts.push(t(out, "later-100", -100.0, 0));
        flush(log, out, "immediate position beats a later high priority", ts).await;
        let mut ts = four(out);
        task_reinsert(&ts[3], 2).unwrap();
        ts.push(t(out, "later-100", -100.0, 0));
        flush(log, out, "position 2 also pins the two before it", ts).await;
        let ts = four(out);
        task_reinsert(&ts[3], 0).unwrap();
        ts[3].set_priority(at(2.5));
        flush(log, out, "propagate on an immediate task loses the position", ts).await;

        let named = [("LOW", Priority::LOW), ("NORMAL", Priority::NORMAL), ("HIGH", Priority::HIGH)];
        let named: Vec<_> = named.iter().map(|(name, p)| format!("('{name}', {:.1})", p.get())).collect();
        log.log(format!("Priority enum: {}", list(&named)));
        let t1 = spawn(async {});
        let (own, effective) = (t1.priority().get(), t1.effective_priority().get());
        log.log(format!("default priority {own} effective {effective}"));
        t1.await.unwrap();
    });
    compare("30_priority_order", &log.take(), DIFFERENCES);
}
