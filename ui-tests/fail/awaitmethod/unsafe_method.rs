use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async unsafe fn into_future(self) -> u8 {
        1
    }
}


async fn uses() {
    let _: u8 = Job.await;
}

fn main() {}
