use asynkit::awaitmethod;

struct Pair<T>(T);

#[awaitmethod]
impl<T: Send> IntoFuture for Pair<T> {
    async fn into_future(self) -> T
    where
        T: Clone,
    {
        self.0.clone()
    }
}

fn main() {}
