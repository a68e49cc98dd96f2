//! Several threads, each with an executor, that share the keys.

use crate::{Served, ask, next, says};
use asynkit_examples::kv::Asynkit;
use std::thread;

#[test]
fn clients_of_several_threads_see_the_same_keys() {
    let served = Served::on::<Asynkit>(3);
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let mut caller = served.connect();
                for round in 0..20 {
                    let commands = (0..50).map(|at| vec!["INCR".to_owned(), format!("n{at}")]);
                    assert_eq!(caller.pipeline(commands).unwrap().len(), 50, "{round}");
                }
            });
        }
    });
    let caller = &mut served.connect();
    for at in 0..50 {
        assert_eq!(ask(caller, &format!("GET n{at}")), "120");
    }
    says(caller, &[("DBSIZE", ":50")]);
    // A scan goes through all shards.
    let mut found = 0;
    let mut cursor = "0".to_owned();
    loop {
        let reply = ask(caller, &format!("SCAN {cursor} COUNT 3"));
        let (next, keys) = reply.trim_end_matches(']').split_once(" [").unwrap();
        found += keys.split_whitespace().count();
        cursor = next.trim_start_matches('[').to_owned();
        if cursor == "0" {
            break;
        }
    }
    assert_eq!(found, 50);
}

#[test]
fn transactions_of_several_threads_do_not_mix() {
    let served = Served::on::<Asynkit>(3);
    let account = |number: usize| format!("account{number}");
    for number in 0..4 {
        ask(&mut served.connect(), &format!("SET {} 1000", account(number)));
    }
    thread::scope(|scope| {
        for worker in 0..6 {
            let served = &served;
            scope.spawn(move || {
                let mut caller = served.connect();
                for round in 0..100 {
                    let (from, to) = (account((worker + round) % 4), account((worker * 3 + round + 1) % 4));
                    ask(&mut caller, "MULTI");
                    ask(&mut caller, &format!("DECRBY {from} 7"));
                    ask(&mut caller, &format!("INCRBY {to} 7"));
                    let sums = ask(&mut caller, "MGET account0 account1 account2 account3");
                    assert_eq!(sums, "+QUEUED");
                    let reply = ask(&mut caller, "EXEC");
                    let sums = reply.trim_end_matches(']').rsplit_once('[').unwrap().1;
                    let sum: i64 = sums.split(' ').map(|number| number.parse::<i64>().unwrap()).sum();
                    assert_eq!(sum, 4000, "{reply}");
                }
            });
        }
    });
}

#[test]
fn lists_and_channels_reach_over_threads_and_all_end_together() {
    let served = Served::on::<Asynkit>(3);
    let mut callers: Vec<_> = (0..6).map(|_| served.connect()).collect();
    for (at, caller) in callers.iter_mut().enumerate() {
        caller.send(["BLPOP", "l", "m", "0"]).unwrap();
        served.until_blocked(at + 1);
    }
    let mut listener = served.connect();
    says(&mut listener, &[("SUBSCRIBE news", "[subscribe news :1]")]);
    let sender = &mut served.connect();
    says(sender, &[("RPUSH l a b", ":2"), ("RPUSH m c", ":1"), ("PUBLISH news x", ":1")]);
    for (caller, reply) in callers.iter_mut().zip(["[l a]", "[l b]", "[m c]"]) {
        assert_eq!(next(caller), reply);
    }
    assert_eq!(next(&mut listener), "[message news x]");
    served.stop.stop();
    for caller in &mut callers[3..] {
        assert_eq!(next(caller), "-UNBLOCKED the server is shutting down");
    }
    served.ended();
}
