//! What tokio and smol have in common as hosts of our executor, and what is asked of both.

use asynkit::{Executor, eager, sleep, spawn, yield_now};
use std::{
    cell::{Cell, RefCell},
    future::Future,
    net::SocketAddr,
    rc::Rc,
    thread,
    time::Duration,
};

/// Sockets and timers of a runtime.
pub(crate) trait Host: 'static {
    type Listener: 'static;
    type Stream: 'static;

    async fn bind() -> (Self::Listener, SocketAddr);
    async fn accept(listener: &Self::Listener) -> Self::Stream;
    /// Sends back what one client has sent.
    async fn answer(stream: Self::Stream);
    async fn ping(address: SocketAddr) -> [u8; 4];
    async fn sleep(duration: Duration);
}

/// Implements it; the traits that read and write are in scope where it is used. `$limited` gives a future's value in time.
macro_rules! host {
    ($name:ident, $Listener:ident, $Stream:ident, $sleep:path, $limited:path) => {
        pub(crate) struct $name;

        impl Host for $name {
            type Listener = $Listener;
            type Stream = $Stream;

            async fn bind() -> ($Listener, SocketAddr) {
                let listener = $Listener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                (listener, address)
            }

            async fn accept(listener: &$Listener) -> $Stream {
                listener.accept().await.unwrap().0
            }

            async fn answer(mut stream: $Stream) {
                let mut bytes = [0; 4];
                stream.read_exact(&mut bytes).await.unwrap();
                stream.write_all(&bytes).await.unwrap();
            }

            async fn ping(address: SocketAddr) -> [u8; 4] {
                let mut stream = $Stream::connect(address).await.unwrap();
                stream.write_all(b"ping").await.unwrap();
                let mut bytes = [0; 4];
                $limited(Duration::from_secs(120), stream.read_exact(&mut bytes)).await.unwrap();
                bytes
            }

            async fn sleep(duration: Duration) {
                $sleep(duration).await;
            }
        }
    };
}
pub(crate) use host;

pub(crate) async fn sockets_work_in_our_tasks<H: Host>() {
    let executor = Executor::new();
    let served = executor.run_until(async {
        let (listener, address) = H::bind().await;
        let server = eager(async move {
            for _ in 0..20 {
                let stream = H::accept(&listener).await;
                spawn(H::answer(stream));
            }
        });
        let clients: Vec<_> = (0..20).map(|_| spawn(H::ping(address))).collect();
        server.await;
        for client in clients {
            assert_eq!(&client.await.unwrap(), b"ping");
        }
        20
    });
    assert_eq!(served.await, 20);
}

pub(crate) async fn timers_of_both_work_side_by_side<H: Host>() {
    let order = Rc::new(RefCell::new(Vec::new()));
    // Where the machine stops in the midst of it, several are due at a time: then they get more of it.
    for factor in [1, 10, 100] {
        order.borrow_mut().clear();
        let run = async {
            let later = |ms: u64, is_the_hosts: bool| {
                let order = Rc::clone(&order);
                spawn(async move {
                    let duration = Duration::from_millis(ms * factor);
                    if is_the_hosts {
                        H::sleep(duration).await;
                    } else {
                        sleep(duration).await;
                    }
                    order.borrow_mut().push(ms);
                })
            };
            for task in [later(150, true), later(80, false), later(10, true)] {
                task.await.unwrap();
            }
        };
        Executor::new().run_until(run).await;
        if *order.borrow() == [10, 80, 150] {
            return;
        }
    }
    panic!("they end in the order {order:?}");
}

/// Waits 50 times for what a thread sends; inside of our executor.
pub(crate) async fn threads_wake_our_tasks<S, R>(channel: impl Fn() -> (S, R))
where
    S: FnOnce(u8) + Send + 'static,
    R: Future<Output = u8> + 'static,
{
    for _ in 0..50 {
        let (send, receiver) = channel();
        let waits = spawn(receiver);
        let thread = thread::spawn(move || send(7));
        assert_eq!(waits.await.unwrap(), 7);
        thread.join().unwrap();
    }
}

/// Is always ready, and counts its turns; inside of our executor.
pub(crate) async fn busy_until(is_over: Rc<Cell<bool>>) -> u64 {
    let mut turns = 0_u64;
    while !is_over.get() {
        turns += 1;
        yield_now().await;
    }
    turns
}

/// An executor with ten tasks that wait for timers of the host, and how many of them have ended.
pub(crate) fn with_ten_timers<H: Host>() -> (Executor, Rc<Cell<u32>>) {
    let executor = Executor::new();
    let done = Rc::new(Cell::new(0));
    for n in 0..10 {
        let done = Rc::clone(&done);
        executor.spawn(async move {
            H::sleep(Duration::from_millis(n)).await;
            done.set(done.get() + 1);
        });
    }
    (executor, done)
}
