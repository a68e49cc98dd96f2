use asynkit::syncfunction;


#[syncfunction]
fn f() -> impl Future<Output = u8> {
    async { 1 }
}

fn main() {}
