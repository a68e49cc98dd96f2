use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        1
    }
}

fn uses() {
    std::pin::Pin::new(&mut Job.into_future());
}

fn main() {}
