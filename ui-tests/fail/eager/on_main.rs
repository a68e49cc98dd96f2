use asynkit::eager;

#[eager]
async fn main() {
    std::future::ready(()).await;
}
