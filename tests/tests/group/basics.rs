use asynkit::{Executor, task_group};

#[test]
fn smoke() {
    let sum = Executor::run(task_group(async |g| {
        let a = g.start_soon(async { Ok::<u32, std::io::Error>(1) });
        Ok(a.await? + 1)
    }));
    assert_eq!(sum.unwrap(), 2);
}
