use crate::{
    asyncio::{run, sleep0},
    compare::compare,
};
use asynkit::{Context, ContextVar, Coro, CoroStart, copy_context, coro_await};
use asynkit_tests::Trace;

static VAR: ContextVar<String> = ContextVar::new();

async fn co(log: &Trace, name: &str, block: bool) {
    log.log(format!("{name} sees {}", get()));
    VAR.set(format!("{name}-1"));
    if block {
        sleep0().await;
    }
    log.log(format!("{name} sees {}", get()));
    VAR.set(format!("{name}-2"));
}

fn get() -> String {
    VAR.get().expect("it is set")
}

/// What eager start does with contexts: the first part and the rest run in the same one.
async fn eager_in(context: &mut Context, body: impl Future<Output = ()>) {
    let started = CoroStart::deferred(Box::pin(Coro::new(body))).start_in(context);
    started.as_coroutine(context).await;
}

#[test]
fn contexts() {
    let log = Trace::new();
    run(async {
        for block in [false, true] {
            log.log(format!("== block={}", if block { "True" } else { "False" }));
            let reset = || drop(VAR.set("outer".into()));
            let outer_now = || log.log(format!("outer now {}", get()));

            reset();
            co(&log, "direct", block).await;
            outer_now();

            reset();
            eager_in(&mut copy_context(), co(&log, "eager", block)).await;
            outer_now();

            // Python's `coro_await` without a context is a plain await.
            reset();
            co(&log, "coro_await", block).await;
            outer_now();

            reset();
            let mut context = copy_context();
            let ctx_is = |context: &mut Context| drop(context.run(|| VAR.set("ctx".into())));
            let both_now = |context: &mut Context| {
                log.log(format!("outer now {} ctx now {}", get(), context.run(get)));
            };
            ctx_is(&mut context);
            coro_await(co(&log, "coro_await_ctx", block), &mut context).await;
            both_now(&mut context);
            for name in ["eager_ctx", "create_task_ctx"] {
                ctx_is(&mut context);
                eager_in(&mut context, co(&log, name, block)).await;
                both_now(&mut context);
            }

            eager_in(&mut copy_context(), co(&log, "create_task_noctx", block)).await;
            outer_now();
        }
    });
    compare("10_contexts", &log.take(), &[]);
}
