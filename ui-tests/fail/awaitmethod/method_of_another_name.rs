use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn run(self) -> u8 {
        1
    }
}

fn main() {}
