use asynkit::generator;

fn f() {
    let _generator = generator!({
        async fn nested() {
            ayield!(1);
        }
        nested().await;
        ayield!(1u8);
    });
}

fn main() {}
