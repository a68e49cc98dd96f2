use asynkit::{Co, generator};

fn spawn(_: impl Future<Output = ()> + 'static) {}

fn f() {
    let _generator = generator(async |mut co: Co<'_, u64>| {
        spawn(async move {
            co.ayield(1).await;
        });
    });
}

fn main() {}
