use asynkit::{Co, generator};

fn f() {
    let _generator = generator(async |mut co: Co<'_, u64>| {
        std::thread::spawn(move || {
            let _ = co.ayield(1);
        });
    });
}

fn main() {}
