//! Small programs as users write them.

use asynkit::{ContextVar, copy_context, coro_await};

static USER: ContextVar<String> = ContextVar::new();
static NAMES: ContextVar<Vec<String>> =
    ContextVar::new().with_default(|| vec!["root".to_string()]).uninherited();

#[test]
fn set_read_reset_and_run_in_a_copy() {
    let token = USER.set("a".into());
    assert_eq!(USER.with(|user| user.map(String::len)), Some(1));
    USER.reset(token);
    assert_eq!(NAMES.get(), Some(vec!["root".into()]));
    let mut context = copy_context();
    let n = context.run(|| 1);
    assert_eq!(n, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_context_is_entered_twice_one_after_the_other_on_tokio() {
    let task = tokio::spawn(async {
        let mut context = copy_context();
        let named = async {
            USER.set("x".into());
            tokio::task::yield_now().await;
            USER.get()
        };
        let within = coro_await(named, &mut context).await;
        context.scope(async {}).await;
        (within, context.run(|| USER.get()), USER.get())
    });
    assert_eq!(task.await.unwrap(), (Some("x".into()), Some("x".into()), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_of_tokio_are_given_the_inherited_context() {
    let mut request = copy_context();
    let seen = request.scope(async {
        USER.set("ada".into());
        NAMES.set(vec![]);
        let mut context = copy_context().inherited();
        let task = tokio::spawn(async move {
            let work = async {
                tokio::task::yield_now().await;
                (USER.get(), NAMES.get())
            };
            context.scope(work).await
        });
        USER.set("bob".into());
        task.await.unwrap()
    });
    assert_eq!(seen.await, (Some("ada".into()), Some(vec!["root".into()])));
}
