use asynkit::copy_context;

fn f() {
    let mut context = copy_context();
    context.run(|| context.run(|| ()));
}

fn main() {}
