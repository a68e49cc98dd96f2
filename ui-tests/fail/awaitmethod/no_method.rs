use asynkit::awaitmethod;

struct Job;

#[awaitmethod]
impl IntoFuture for Job {}

fn main() {}
