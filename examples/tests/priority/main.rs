//! The server of the example `priority`, asked over real sockets.

#[path = "../common/mod.rs"]
mod common;

mod program;

use asynkit_examples::priority::{Class, Load, Measured, REPORT_SLICES, Waits, Way, load, serve};
use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// What is too much for a server, for a short while.
const LOAD: Load = Load {
    time: Duration::from_millis(300),
    clients: [3, 24, 1],
    periods: [Duration::from_millis(2), Duration::from_millis(20), Duration::from_millis(5)],
    slice: 2000,
};

/// What leaves time for reports, also on a machine that is ten times slower.
const LIGHT: Load = Load {
    clients: [3, 6, 1],
    periods: [Duration::from_millis(2), Duration::from_millis(50), Duration::from_millis(5)],
    ..LOAD
};

fn measured(way: Way, asked: Load) -> Measured {
    let measured = load(way, asked).unwrap();
    assert!(measured.is_complete(), "{way}: {:?}", measured.errors);
    measured
}

#[test]
fn no_request_is_lost_and_each_is_answered_right_in_each_way() {
    for way in Way::ALL {
        let measured = measured(way, LOAD);
        assert_eq!((measured.sent, measured.served), (measured.answered(), measured.answered()));
        for class in Class::ALL {
            assert!(
                measured.waits[class as usize].count() > 0,
                "{way}: nobody was answered {}",
                class.path()
            );
        }
    }
}

#[test]
fn a_health_check_waits_for_no_more_than_the_report_that_holds_the_lock() {
    // What runs when it comes, and then what the holder has left to do: counted in slices of work, not in time.
    let bound = REPORT_SLICES as u64 + 1;
    for _ in 0..3 {
        let waited = measured(Way::Inherited, LOAD).waited;
        assert!(waited <= bound, "{waited}");
    }
    for way in [Way::Alike, Way::PlainLock] {
        assert!((0..50).any(|_| measured(way, LIGHT).waited > bound), "{way}: it never waits for others");
    }
}

#[test]
fn a_page_that_is_not_there_is_said_to_be_so() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = smol::channel::bounded(1);
    let server = thread::spawn(move || serve(listener, Way::Inherited, 100, &stopped));
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /other HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 404 ") && text.ends_with("there is no such page\n"), "{text}");
    drop(TcpStream::connect(address).unwrap());
    drop(stop);
    assert_eq!(server.join().unwrap().unwrap().answered, [0; 3]);
}

#[test]
fn a_class_is_known_by_its_path() {
    for class in Class::ALL {
        assert_eq!(Class::of(class.path()), Some(class));
    }
    assert_eq!(Class::of("/"), None);
}

#[test]
fn percentiles_are_waits_that_were() {
    let ms = Duration::from_millis;
    let mut waits = Waits::default();
    assert_eq!((waits.percentile(99), waits.max()), (ms(0), ms(0)));
    (1..=200).rev().for_each(|wait| waits.push(ms(wait)));
    assert_eq!([0, 1, 50, 99, 100].map(|rank| waits.percentile(rank)), [1, 2, 100, 198, 200].map(ms));
    let mut one = Waits::default();
    one.push(ms(7));
    assert_eq!([1, 50, 100].map(|rank| one.percentile(rank)), [7; 3].map(ms));
    one.extend(waits);
    assert_eq!((one.count(), one.max()), (201, ms(200)));
}
