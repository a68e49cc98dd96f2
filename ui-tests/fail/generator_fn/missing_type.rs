use asynkit::generator_fn;

#[generator_fn]
async fn f(n: u8) {
    ayield!(n);
}

#[generator_fn(crate = ::asynkit)]
async fn g() {
    ayield!(1);
}

fn main() {}
