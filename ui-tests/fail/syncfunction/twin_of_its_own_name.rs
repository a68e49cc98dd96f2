use asynkit::syncfunction;


#[syncfunction(twin = load)]
async fn load() -> u8 {
    1
}

fn uses() -> u8 {
    load_sync().unwrap()
}

fn main() {}
