use asynkit::awaitmethod;

struct Job(u8);

#[awaitmethod]
impl IntoFuture for &Job {
    async fn into_future(self) -> u8 {
        self.0
    }
}

fn uses() -> impl Future<Output = u8> {
    let job = Job(1);
    (&job).into_future()
}

fn main() {}
