use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future() -> u8 {
        1
    }
}


async fn uses() {
    let _: u8 = Job.await;
}

fn main() {}
