use asynkit::{eager, spawner::Tokio};
use std::{future::ready, rc::Rc};

#[eager(spawn = Tokio)]
async fn f() -> u8 {
    let held = Rc::new(1);
    ready(()).await;
    *held
}

fn main() {}
