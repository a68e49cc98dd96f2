use asynkit::awaitmethod;

use std::{future::ready, rc::Rc};

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        let shared = Rc::new(1);
        ready(()).await;
        *shared
    }
}

fn main() {}
