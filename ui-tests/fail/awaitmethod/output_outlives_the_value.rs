use asynkit::awaitmethod;

struct Job(u8);

#[awaitmethod]
impl<'a> IntoFuture for &'a mut Job {
    async fn into_future(self) -> &'a mut u8 {
        &mut self.0
    }
}

async fn uses(mut job: Job) {
    let one = (&mut job).await;
    let two = (&mut job).await;
    *one += *two;
}

fn main() {}
