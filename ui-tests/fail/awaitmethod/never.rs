use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self) -> ! {
        loop {}
    }
}

fn main() {}
