use asynkit::awaitmethod;

struct Job(String);

#[awaitmethod]
impl IntoFuture for &Job {
    async fn into_future(self) -> &str {
        &self.0
    }
}

fn main() {}
