use asynkit::generator_fn;

#[generator_fn(u8)]
async extern "C" fn f() {
    ayield!(1);
}

fn main() {}
