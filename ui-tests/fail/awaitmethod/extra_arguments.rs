use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self, retries: u8, verbose: bool) -> u8 {
        retries
    }
}


async fn uses() {
    let _: u8 = Job.await;
}

fn main() {}
