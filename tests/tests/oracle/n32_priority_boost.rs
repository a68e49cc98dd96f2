use crate::{
    compare::{Difference, compare},
    python::{list, quoted},
};
use asynkit::{Executor, Priority, priority::Boost, yield_now};
use asynkit_tests::Trace;
use std::{
    cell::RefCell,
    future::Future as _,
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

const DIFFERENCES: &[Difference<'_>] = &[
    (
        "step 10: maintenance ins=14 rem=11 len=3 last=0 boosts=[('lo', 10, -6.0), ('mid', 5, -3.0)]\n\
         step 21: maintenance ins=25 rem=22 len=3 last=11 boosts=[('lo', 10, -6.0), ('mid', 5, -3.0)]\n\
         step 32: maintenance ins=36 rem=33 len=3 last=22 boosts=[('lo', 10, -6.0), ('mid', 5, -3.0)]\n\
         step 43: maintenance ins=47 rem=44 len=3 last=33 boosts=[('lo', 10, -6.0), ('mid', 5, -3.0)]\n\
         step 54: maintenance ins=58 rem=55 len=3 last=44 boosts=[('lo', 10, -6.0), ('mid', 5, -3.0)]",
        "",
        "a search that moves nobody is not seen",
    ),
    (
        "step 10: maintenance ins=14 rem=11 len=3 last=0 boosts=[('lo', 10, -10.8), ('mid', 5, -5.4)]\n\
         step 11: first pop of lo\n\
         step 12: first pop of mid\n\
         step 21: maintenance ins=25 rem=22 len=3 last=11 boosts=[('lo', 10, -10.8), ('mid', 5, -5.4)]\n\
         step 32: maintenance ins=36 rem=33 len=3 last=22 boosts=[('lo', 10, -10.8), ('mid', 5, -5.4)]\n\
         step 43: maintenance ins=47 rem=44 len=3 last=33 boosts=[('lo', 10, -10.8), ('mid', 5, -5.4)]\n\
         step 54: maintenance ins=58 rem=55 len=3 last=44 boosts=[('lo', 10, -10.8), ('mid', 5, -5.4)]",
        "step 10: moved ahead ['mid', 'lo']\n\
         step 11: first pop of mid\n\
         step 12: first pop of lo\n\
         step 21: moved ahead ['mid', 'lo']\n\
         step 32: moved ahead ['mid', 'lo']\n\
         step 43: moved ahead ['mid', 'lo']\n\
         step 54: moved ahead ['mid', 'lo']",
        "the parts are drawn from a seed; those that come before the most urgent one keep the order of their pushes among themselves, and join its level",
    ),
    (
        "step 12: maintenance ins=25 rem=13 len=12 last=0 boosts=[('p01', 1, -1.08), ('p02', 2, -2.16), ('p03', 3, -3.24), ('p04', 4, -4.32), ('p05', 5, -5.4), ('p06', 6, -6.48), ('p07', 7, -7.56), ('p08', 8, -8.64), ('p09', 9, -9.72), ('p10', 10, -10.8), ('p11', 11, -11.88)]\n\
         step 13: first pop of p11\n\
         step 14: first pop of p10\n\
         step 15: first pop of p09\n\
         step 16: first pop of p08\n\
         step 17: first pop of p07\n\
         step 18: first pop of p06\n\
         step 19: first pop of p05\n\
         step 20: first pop of p04\n\
         step 21: first pop of p03\n\
         step 22: first pop of p02\n\
         step 23: first pop of p01\n\
         step 25: maintenance ins=38 rem=26 len=12 last=13 boosts=[('p11', 11, -11.88)]\n\
         step 38: maintenance ins=51 rem=39 len=12 last=26 boosts=[('p01', 1, -1.08), ('p02', 2, -2.16), ('p03', 3, -3.24), ('p04', 4, -4.32), ('p05', 5, -5.4), ('p06', 6, -6.48), ('p07', 7, -7.56), ('p08', 8, -8.64), ('p09', 9, -9.72), ('p10', 10, -10.8), ('p11', 11, -11.88)]\n\
         step 51: maintenance ins=64 rem=52 len=12 last=39 boosts=[('p11', 11, -11.88)]",
        "step 12: moved ahead ['p01', 'p02', 'p03', 'p04', 'p05', 'p06', 'p07', 'p08', 'p09', 'p10', 'p11']\n\
         step 13: first pop of p01\n\
         step 14: first pop of p02\n\
         step 15: first pop of p03\n\
         step 16: first pop of p04\n\
         step 17: first pop of p05\n\
         step 18: first pop of p06\n\
         step 19: first pop of p07\n\
         step 20: first pop of p08\n\
         step 21: first pop of p09\n\
         step 22: first pop of p10\n\
         step 23: first pop of p11\n\
         step 25: moved ahead ['p01']\n\
         step 38: moved ahead ['p02', 'p03', 'p04', 'p05', 'p06', 'p07', 'p08', 'p09', 'p10', 'p11', 'p01']\n\
         step 51: moved ahead ['p02']",
        "the parts are drawn from a seed; those that come before the most urgent one keep the order of their pushes among themselves, and join its level",
    ),
    (
        "step 10: maintenance ins=13 rem=11 len=2 last=0 boosts=[]\n\
         step 21: maintenance ins=24 rem=22 len=2 last=11 boosts=[]\n\
         step 32: maintenance ins=35 rem=33 len=2 last=22 boosts=[]\n\
         step 43: maintenance ins=46 rem=44 len=2 last=33 boosts=[]\n\
         step 54: maintenance ins=57 rem=55 len=2 last=44 boosts=[]",
        "",
        "a factor of 0 turns it off",
    ),
    (
        "compute_priority_boost(10, 0, 10) with random 0.0: -0.0\n\
         with random 1.0: -12.0\n\
         popped ins=3 rem=1 last=0\n\
         popped ins=3 rem=2 last=0\n\
         popped ins=0 rem=0 last=0",
        "",
        "inner counters: here they go on when the queue runs empty, so that a search is due after an idle moment too",
    ),
];

type Pops = Rc<RefCell<Vec<&'static str>>>;

/// Pops and appends as often: each item is a task that yields for ever. The names in the order of their turns.
fn pops(items: &[(&'static str, f64)], steps: usize, boost: Boost) -> Vec<&'static str> {
    let executor = Executor::builder().boost(boost).build();
    let pops = Pops::default();
    for &(name, priority) in items {
        let pops = Rc::clone(&pops);
        let task = executor.spawn(async move {
            while pops.borrow().len() < steps {
                pops.borrow_mut().push(name);
                yield_now().await;
            }
        });
        task.set_priority(Priority::new(priority).expect("a number"));
    }
    let mut executor = pin!(executor);
    while executor.as_mut().poll(&mut Context::from_waker(Waker::noop())) == Poll::Pending {}
    pops.take()
}

fn run(log: &Trace, label: &str, items: &[(&'static str, f64)], boost: Boost) {
    log.log(format!("== {label}"));
    let pops = pops(items, 60, boost);
    let first = pops[0];
    for (step, &name) in pops.iter().enumerate() {
        if name != first && pops[step - 1] == first {
            let ahead: Vec<_> =
                pops[step..].iter().take_while(|&&name| name != first).map(|name| quoted(name)).collect();
            log.log(format!("step {}: moved ahead {}", step - 1, list(&ahead)));
        }
        if !pops[..step].contains(&name) {
            log.log(format!("step {step}: first pop of {name}"));
        }
    }
    let never = items.iter().filter(|(name, _)| !pops.contains(name)).map(|(name, _)| quoted(name));
    log.log(format!("never popped: {}", list(&never.collect::<Vec<_>>())));
}

#[test]
fn boosts_of_what_waits_too_long() {
    let log = Trace::new();
    let three: &[_] = &[("hi", 0.0), ("mid", 5.0), ("lo", 10.0)];
    let names = ["p00", "p01", "p02", "p03", "p04", "p05", "p06", "p07", "p08", "p09", "p10", "p11"];
    let twelve: Vec<_> = names.into_iter().zip(0_u32..).map(|(name, i)| (name, f64::from(i))).collect();
    // Python's parts are fixed there: 0.5 and 0.9 of 1.2. Here the factor makes sure that they are below or above 1.
    let (below, above) = (Boost::new(0.6).expect("a factor"), Boost::new(1e9).expect("a factor"));
    run(&log, "3 items random=0.5", three, below);
    run(&log, "3 items random=0.9", three, above);
    run(&log, "12 items random=0.9", &twelve, above);
    run(&log, "no boost possible random=0.0", &[("hi", 0.0), ("lo", 10.0)], Boost::OFF);
    log.log("== constants and reset");
    log.log(format!("factor={}", Boost::default().factor()));
    compare("32_priority_boost", &log.take(), DIFFERENCES);
}
