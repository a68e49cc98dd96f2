use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {
    type Output = u8;

    async fn into_future(self) -> u8 {
        1
    }

    fn helper(&self) {}
}


async fn uses() {
    let _: u8 = Job.await;
}

fn main() {}
