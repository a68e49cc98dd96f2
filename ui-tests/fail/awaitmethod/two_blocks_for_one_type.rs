use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        1
    }
}

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        2
    }
}

fn main() {}
