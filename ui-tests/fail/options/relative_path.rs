use asynkit::{awaitmethod, syncfunction};

mod vendored {
    pub use asynkit::*;
}

#[syncfunction(crate = asynkit)]
async fn bare() -> u8 {
    1
}

#[syncfunction(crate = self::vendored)]
async fn from_here() -> u8 {
    1
}

struct Job;

#[awaitmethod(crate = asynkit)]
impl IntoFuture for Job {
    async fn into_future(self) {}
}

fn main() {}
