use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    async fn into_future(self: Box<Self>) -> u8 {
        1
    }
}


async fn uses() {
    let _: u8 = Job.await;
}

fn main() {}
