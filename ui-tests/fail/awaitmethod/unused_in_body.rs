#![deny(unused)]

use asynkit::awaitmethod;

pub struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(mut self) -> u8 {
        let unused = 1;
        1
    }
}

fn main() {}
