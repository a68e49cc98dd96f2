use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
struct Struct;

#[awaitmethod]
trait Trait {
    async fn into_future(self) -> u8;
}

fn main() {}
