use asynkit::{awaitmethod, syncfunction};

#[syncfunction(wait)]
async fn one() -> u8 {
    1
}

struct Job;

#[awaitmethod(boxed)]
impl IntoFuture for Job {
    async fn into_future(self) {}
}

// The rest of each option list counts: nothing but the options is wrong.
fn uses() -> u8 {
    drop(async { Job.await });
    one().unwrap()
}

fn main() {}
