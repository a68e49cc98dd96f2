use asynkit::generator;

fn spawn(_: impl Future<Output = ()> + 'static) {}

fn f() {
    let _generator = generator!({
        spawn(async {
            ayield!(3u8);
        });
    });
}

fn main() {}
