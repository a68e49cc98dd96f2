use asynkit::syncfunction;


#[syncfunction]
fn f() -> u8 {
    1
}

struct S;

impl S {
    #[syncfunction(twin)]
    pub(crate) fn method(&self) -> u8 {
        1
    }
}

fn uses() -> u8 {
    f() + S.method()
}

fn main() {}
