use asynkit::{eager, spawner::Smol};
use std::rc::Rc;

#[eager(spawn = Smol)]
async fn f(shared: Rc<u8>) -> u8 {
    *shared
}

fn main() {}
