use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl Job {
    async fn run(self) -> u8 {
        1
    }
}

#[awaitmethod]
impl Drop for Job {
    fn drop(&mut self) {}
}

fn main() {}
