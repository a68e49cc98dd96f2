use asynkit::syncfunction;


struct Counter(u8);

impl Counter {
    #[syncfunction(panic)]
    async fn next(&mut self) -> &mut u8 {
        self.0 += 1;
        &mut self.0
    }
}

fn uses(mut counter: Counter) {
    let (one, two) = (counter.next(), counter.next());
    *one += *two;
}

fn main() {}
