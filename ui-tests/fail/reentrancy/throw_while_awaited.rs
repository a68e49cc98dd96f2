async fn f() {
    asynkit::start!(let mut c = std::future::pending::<()>());
    let rest = &mut c;
    let _ = c.throw("stop", 1);
    rest.await;
}

fn main() {}
