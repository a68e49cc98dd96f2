//! The reactor of smol's crates, and our own timers.

use asynkit::{Executor, executor::sleep_until, sleep, spawn, yield_now};
use asynkit_tests::{at_some_pace, block_on};
use smol::io::{AsyncReadExt as _, AsyncWriteExt as _};
use std::{
    cell::Cell,
    future::Future as _,
    pin::pin,
    rc::Rc,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

#[test]
fn sockets_of_smol_work_in_tasks() {
    Executor::run(async {
        let listener = smol::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let echo = spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = [0; 4];
            stream.read_exact(&mut bytes).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
        });
        let mut stream = smol::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(b"ping").await.unwrap();
        let mut bytes = [0; 4];
        stream.read_exact(&mut bytes).await.unwrap();
        assert_eq!(&bytes, b"ping");
        echo.await.unwrap();
    });
}

#[test]
fn the_reactor_is_polled_while_tasks_are_always_ready() {
    Executor::run(async {
        let is_over = Rc::new(Cell::new(false));
        let gate = Rc::clone(&is_over);
        let busy = spawn(async move {
            while !gate.get() {
                yield_now().await;
            }
        });
        smol::Timer::after(Duration::from_millis(10)).await;
        sleep(Duration::from_millis(10)).await;
        is_over.set(true);
        busy.await.unwrap();
    });
}

#[test]
fn a_busy_task_with_long_polls_does_not_make_timers_late_by_many_of_them() {
    // Counted in polls: how long one takes is up to the machine.
    const MOST: u32 = 5;
    Executor::run(async {
        let deadline = Instant::now() + Duration::from_millis(35);
        let (is_over, late) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(0)));
        let (gate, counted) = (Rc::clone(&is_over), Rc::clone(&late));
        let busy = spawn(async move {
            while !gate.get() {
                counted.set(counted.get() + u32::from(Instant::now() >= deadline));
                std::thread::sleep(Duration::from_millis(10));
                yield_now().await;
            }
        });
        sleep_until(deadline).await;
        let late = late.get();
        is_over.set(true);
        busy.await.unwrap();
        assert!(late <= MOST, "late by {late} polls: a turn has 61");
    });
}

#[test]
fn a_hundred_thousand_timers_fire_in_order() {
    Executor::run(async {
        let start = Instant::now();
        let last = Rc::new(Cell::new(start));
        let tasks: Vec<_> = (0..100_000_u64)
            .map(|n| {
                let last = Rc::clone(&last);
                let deadline = start + Duration::from_micros(n * 7919 % 100_000);
                spawn(async move {
                    sleep_until(deadline).await;
                    assert!(Instant::now() >= deadline);
                    last.set(deadline.max(last.get()));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(last.get() >= start + Duration::from_millis(99));
    });
}

#[test]
fn timers_that_are_dropped_are_forgotten() {
    Executor::run(async {
        for _ in 0..1000 {
            let mut long = pin!(sleep(Duration::from_secs(3600)));
            futures::poll!(long.as_mut()).is_ready().then(|| panic!("an hour has passed"));
        }
        let start = Instant::now();
        sleep(Duration::from_millis(1)).await;
        assert!(start.elapsed() < Duration::from_secs(60));
    });
}

#[test]
fn a_sleep_moves_between_executors_and_works_without_one() {
    // Polled here and there before its time, if the machine is fast enough for it.
    at_some_pace(|factor| {
        let start = Instant::now();
        let time = Duration::from_millis(100) * factor;
        let mut wait = Box::pin(sleep(time));
        let here = Executor::run(async { futures::poll!(wait.as_mut()) });
        let there = here.is_pending().then(|| wait.as_mut().poll(&mut Context::from_waker(Waker::noop())));
        if there != Some(Poll::Pending) {
            assert!(start.elapsed() >= time, "it is over too soon");
            return Err("it is over before it has moved");
        }
        block_on(async { wait.as_mut().await });
        assert!(start.elapsed() >= time);
        Ok(())
    });
    at_some_pace(|factor| {
        let start = Instant::now();
        let time = Duration::from_millis(100) * factor;
        let mut other = Box::pin(sleep(time));
        if block_on(async { futures::poll!(other.as_mut()) }).is_ready() {
            assert!(start.elapsed() >= time, "it is over too soon");
            return Err("it is over before it has moved");
        }
        Executor::run(other);
        assert!(start.elapsed() >= time);
        Ok(())
    });
}

#[test]
fn sleeps_at_the_ends_of_time() {
    Executor::run(async {
        sleep(Duration::ZERO).await;
        sleep_until(Instant::now().checked_sub(Duration::from_millis(1)).unwrap()).await;
        let mut never = pin!(sleep(Duration::MAX));
        assert_eq!(never.deadline(), None);
        assert_eq!(futures::poll!(never.as_mut()), Poll::Pending);
    });
}
