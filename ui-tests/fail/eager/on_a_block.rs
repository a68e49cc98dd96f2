use asynkit::eager;

struct S;

#[eager]
impl S {
    async fn f() {}
}

#[eager]
trait T {
    fn f();
}

fn main() {}
