use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> Option<impl Iterator<Item = u8>> {
        Some(0..3)
    }
}

fn main() {}
