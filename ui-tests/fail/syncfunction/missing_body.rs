use asynkit::syncfunction;


trait Store {
    #[syncfunction]
    async fn load(&self) -> u8;

    #[syncfunction(twin)]
    async fn save(&self) -> u8;
}

fn main() {}
