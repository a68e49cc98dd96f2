use crate::{
    compare::{Difference, compare},
    python::list,
};
use asynkit::{Executor, get_scheduling_loop, sleep_insert, spawn};
use asynkit_tests::Trace;
use futures::future::join_all;
use std::{cell::RefCell, rc::Rc};

const DIFFERENCES: &[Difference<'_>] = &[(
    "pos=-1 left=1 [0, 1, 2, 3, 4, 'me', 5]\n\
     pos=-3 left=3 [0, 1, 2, 'me', 3, 4, 5]\n\
     pos=-20 left=6 ['me', 0, 1, 2, 3, 4, 5]",
    "",
    "a position is a `usize`: negative ones do not compile (Python's priority loop dies of them, see 49)",
)];

async fn main(log: &Trace) {
    for pos in [0, 1, 3, 5, 6, 7, 20] {
        let out = Rc::new(RefCell::new(Vec::new()));
        let tasks = (0..6).map(|n| {
            let out = Rc::clone(&out);
            spawn(async move { out.borrow_mut().push(n.to_string()) })
        });
        let tasks: Vec<_> = tasks.collect();
        sleep_insert(pos).await;
        out.borrow_mut().push("'me'".into());
        let left = get_scheduling_loop().expect("an executor runs").queue_len();
        join_all(tasks).await;
        log.log(format!("pos={pos} left={left} {}", list(&out.borrow())));
    }
}

#[test]
fn sleep_insert_in_three_loops() {
    let log = Trace::new();
    // Here they are one.
    for name in ["default", "scheduling", "priority"] {
        log.log(format!("== {name} loop"));
        Executor::run(main(&log));
    }
    compare("24_sleep_insert", &log.take(), DIFFERENCES);
}
