use asynkit::awaitmethod;

struct Job;

impl Job {
    #[awaitmethod]
    async fn into_future(self) -> u8 {
        1
    }
}

#[awaitmethod]
async fn free() -> u8 {
    1
}

fn main() {}
