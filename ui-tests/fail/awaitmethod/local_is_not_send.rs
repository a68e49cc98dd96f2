use asynkit::awaitmethod;

struct Job;

#[awaitmethod(local)]
impl IntoFuture for Job {
    async fn into_future(self) -> u8 {
        1
    }
}

fn needs_send(_: impl Send) {}

fn uses() {
    needs_send(Job.into_future());
}

fn main() {}
