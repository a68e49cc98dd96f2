use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        "bad"
    }
}

fn main() {}
