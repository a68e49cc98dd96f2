use asynkit::ayield;

fn f() {
    ayield!(1);
}

async fn g() {
    ayield!(1);
}

fn main() {}
