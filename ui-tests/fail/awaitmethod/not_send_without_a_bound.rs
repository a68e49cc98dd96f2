use asynkit::awaitmethod;

struct Pair<T>(T);

#[awaitmethod]
impl<T: Clone> IntoFuture for Pair<T> {
    async fn into_future(self) -> (T, T) {
        (self.0.clone(), self.0)
    }
}

fn main() {}
