use asynkit::generator_fn;

#[generator_fn(u8)]
async fn f() {
    ayield!(1);
    ayield!("two");
}

fn main() {}
