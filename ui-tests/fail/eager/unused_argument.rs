#![deny(unused)]
#![allow(dead_code)]

#[asynkit::eager]
async fn f(used: u32, unused: u32, mut never_changed: u32, (_, part): (u8, u8)) -> u32 {
    let local = 1;
    used + never_changed
}

fn main() {}
