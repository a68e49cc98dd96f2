//! Rule 19: what a body returns after it was told, and which errors are `TimedOut`.

use crate::{LONG, SOON};
use asynkit::{
    Executor, Interrupt, InterruptExt as _, InterruptKind, TimedOut, task_timeout, try_task_timeout,
};
use asynkit_tests::point;
use std::{cell::RefCell, error::Error, future::pending, io};

#[derive(Debug)]
enum Failure {
    Late(TimedOut),
    Told(Interrupt),
    Text(String),
}

impl From<TimedOut> for Failure {
    fn from(late: TimedOut) -> Self {
        Failure::Late(late)
    }
}

impl From<Interrupt> for Failure {
    fn from(told: Interrupt) -> Self {
        Failure::Told(told)
    }
}

#[test]
fn rule_19_a_body_that_returns_after_it_was_told_has_decided() {
    Executor::run(async {
        let told = task_timeout(SOON, async { point().await.map_or(7, |()| 1) });
        assert_eq!(told.await, Ok(7));
        let passed = task_timeout(SOON, point()).await.expect("it has returned");
        assert_eq!(passed.unwrap_err().kind(), InterruptKind::Timeout);
        let value: Result<u8, Failure> = try_task_timeout(SOON, async {
            match pending::<u8>().interruptible().await {
                Ok(n) => Ok(n),
                Err(_late) => Ok(7),
            }
        })
        .await;
        assert!(matches!(value, Ok(7)));
    });
}

#[test]
fn rule_19_its_own_interrupt_that_is_passed_outward_is_timed_out() {
    Executor::run(async {
        let passed: Result<(), Failure> = try_task_timeout(SOON, async { Ok(point().await?) }).await;
        let Err(Failure::Late(late)) = passed else { panic!("{passed:?}") };
        assert_eq!(late.after, SOON);
        let boxed: Result<(), Box<dyn Error>> = try_task_timeout(SOON, async { Ok(point().await?) }).await;
        assert!(boxed.unwrap_err().is::<TimedOut>());
        let dropped: Result<(), Failure> = try_task_timeout(SOON, pending()).await;
        assert!(matches!(dropped, Err(Failure::Late(_))));
    });
}

#[test]
fn rule_19_an_interrupt_deep_inside_of_an_error_counts_without_a_downcast() {
    #[derive(Debug)]
    struct Deep(#[expect(dead_code, reason = "held")] Box<dyn Error>);
    #[derive(Debug)]
    enum Outer {
        Late,
        Deep(#[expect(dead_code, reason = "shown by a failing test")] Deep),
    }
    impl From<TimedOut> for Outer {
        fn from(_: TimedOut) -> Self {
            Outer::Late
        }
    }
    Executor::run(async {
        let body = async { point().await.map_err(|told| Outer::Deep(Deep(told.into()))) };
        assert!(matches!(try_task_timeout(SOON, body).await, Err(Outer::Late)));
    });
}

#[test]
fn rule_19_an_error_of_the_bodys_own_stays() {
    Executor::run(async {
        let handled: Result<(), Failure> =
            try_task_timeout(SOON, async { point().await.map_err(|told| Failure::Text(told.to_string())) })
                .await;
        assert!(matches!(handled, Err(Failure::Text(text)) if text == "interrupted: timed out"));
        let early: Result<(), Failure> =
            try_task_timeout(LONG, async { Err(Failure::Text("early".into())) }).await;
        assert!(matches!(early, Err(Failure::Text(text)) if text == "early"));
    });
}

#[test]
fn rule_19_an_interrupt_of_a_timeout_around_it_is_none_of_its_own() {
    Executor::run(async {
        let inner = async {
            let inner: Result<(), Failure> = try_task_timeout(LONG, async { Ok(point().await?) }).await;
            inner
        };
        let passed = task_timeout(SOON, inner).await.unwrap();
        assert!(matches!(passed, Err(Failure::Told(told)) if told.kind() == InterruptKind::Timeout));
    });
}

#[test]
fn an_interrupt_that_is_kept_elsewhere_makes_a_failing_body_time_out() {
    // Somebody else holds it: then nobody can tell that the error does not.
    Executor::run(async {
        let kept = RefCell::new(None);
        let body = async {
            *kept.borrow_mut() = point().await.err();
            Err::<(), _>(Failure::Text("after".into()))
        };
        assert!(matches!(try_task_timeout(SOON, body).await, Err(Failure::Late(_))));
    });
}

#[test]
fn a_body_of_io_results_asks_as_others_do() {
    async fn read() -> io::Result<u8> {
        pending().await
    }
    Executor::run(async {
        let late = try_task_timeout(SOON, async { read().interruptible().await? }).await;
        let late: io::Error = late.unwrap_err();
        assert_eq!(late.kind(), io::ErrorKind::TimedOut);
        assert_eq!(late.downcast::<TimedOut>().unwrap().after, SOON);
        let around =
            task_timeout(SOON, try_task_timeout(LONG, async { read().try_interruptible().await })).await;
        let told = around.unwrap().unwrap_err();
        assert_eq!(told.kind(), io::ErrorKind::TimedOut);
        assert_eq!(told.downcast::<Interrupt>().unwrap().kind(), InterruptKind::Timeout);
        let other = io::Error::from(Interrupt::new("reload"));
        assert_eq!(
            (other.kind(), other.to_string()),
            (io::ErrorKind::Other, "interrupted: reload".to_owned())
        );
    });
}
