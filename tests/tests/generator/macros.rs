//! `generator!` and `ayield!`.

use super::send;
use asynkit::{AsyncGenerator as _, generator};
use asynkit_tests::{block_on, now};
use futures::{Stream, StreamExt as _};
use std::{num::ParseIntError, pin::pin};

fn returned(v: Vec<u64>) -> impl Stream<Item = u64> + Send {
    generator!(move {
        for x in &v {
            ayield!(*x);
        }
    })
}

#[test]
fn the_four_heads() {
    let v = vec![1u64, 2];
    let borrows = generator!({
        for x in &v {
            ayield!(*x);
        }
    });
    assert_eq!(block_on(borrows.collect::<Vec<_>>()), [1, 2]);

    assert_eq!(block_on(returned(v).collect::<Vec<_>>()), [1, 2]);

    let fallible = generator!(-> Result<(), ParseIntError> {
        ayield!("5".parse::<u32>()?);
        ayield!("x".parse::<u32>()?);
        Ok(())
    });
    assert_eq!(block_on(fallible.try_stream().map(|item| item.is_ok()).collect::<Vec<_>>()), [true, false]);

    let text = String::from("7");
    let owns = generator!(move -> Result<(), ParseIntError> {
        ayield!(text.parse::<u32>()?);
        return Ok(());
    });
    assert_eq!(block_on(owns.try_stream().collect::<Vec<_>>()), [Ok(7)]);
}

#[test]
fn ayield_stands_wherever_await_may() {
    let g = generator!({
        let v = vec![
            {
                ayield!(1);
                7
            },
            8,
        ];
        println!("{:?} {v:?}", ayield!(2));
        tokio::select! {
            biased;
            () = std::future::ready(()) => { ayield!(3); }
            () = std::future::pending() => { ayield!(100); }
        }
        async { ayield!(4) }.await;
        let () = ayield!(5,);
        ayield!(v[0] + v[1]);
        // It takes the handle with it.
        async move { ayield!(6) }.await;
    });
    assert_eq!(block_on(g.collect::<Vec<i32>>()), [1, 2, 3, 4, 5, 15, 6]);
}

#[test]
fn generators_nest() {
    let g = generator!({
        ayield!(String::from("a"));
        let mut inner = pin!(generator!({
            ayield!(1);
            ayield!(2);
        }));
        while let Some(n) = inner.next().await {
            ayield!(n.to_string());
        }
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), ["a", "1", "2"]);
}

#[test]
fn a_macro_of_the_users_can_yield() {
    macro_rules! twice {
        ($yield:ident, $e:expr) => {
            $yield!($e);
            $yield!($e);
        };
    }
    let g = send(generator!({
        twice!(ayield, 1);
    }));
    assert_eq!(block_on(g.collect::<Vec<_>>()), [1, 1]);
}

#[test]
fn a_generator_that_yields_nothing_says_what_it_would() {
    let g = generator!({
        if false {
            ayield!(1u8);
        }
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), []);
}

#[test]
fn they_have_the_methods_of_all_generators() {
    let mut g = pin!(generator!({
        ayield!(1);
        ayield!(2);
    }));
    assert_eq!(now(g.as_mut().anext()), Some(Some(1)));
    assert_eq!(now(g.as_mut().aclose()), Some(Ok(())));
    assert_eq!(now(g.as_mut().anext()), Some(None));
}

mod without_a_prelude {
    #![no_implicit_prelude]
    #![forbid(unsafe_code)]

    mod core {}
    mod std {}

    pub(super) fn g() -> impl ::futures::Stream<Item = u8> {
        ::asynkit::generator!(move {
            ayield!(1);
        })
    }
}

#[test]
fn they_need_nothing_of_the_prelude() {
    assert_eq!(block_on(without_a_prelude::g().collect::<Vec<_>>()), [1]);
}

mod renamed {
    pub(super) use ::asynkit as other_name;
}

#[test]
fn they_work_under_another_name() {
    let g = renamed::other_name::generator!({
        ayield!(1);
    });
    assert_eq!(block_on(g.collect::<Vec<_>>()), [1]);
}
