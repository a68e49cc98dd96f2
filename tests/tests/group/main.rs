//! Task groups: who is stopped by what, and that no child and no error is lost.

mod children;
mod errors;
mod leaving;
mod spawners;
mod starting;
mod stopping;

use std::future::Future;

/// Runs `$tests` for each spawner, where it has its executor.
macro_rules! on_every_spawner {
    ($tests:ident) => {
        mod local {
            $tests!(Local, crate::on_ours);
        }
        mod tokio_many_threads {
            $tests!(Tokio, crate::on_tokio);
        }
        mod tokio_local {
            $tests!(TokioLocal, crate::on_tokio_local);
        }
        mod smol {
            $tests!(Smol, crate::on_smol);
        }
        mod smol_local {
            $tests!(SmolLocal, crate::on_smol_local);
        }
    };
}
use on_every_spawner;

fn on_ours(future: impl Future<Output = ()>) {
    asynkit::Executor::run(future);
}

fn on_tokio(future: impl Future<Output = ()>) {
    use tokio::runtime::Builder;
    Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap().block_on(future);
}

fn on_tokio_local(future: impl Future<Output = ()>) {
    use tokio::{runtime::Builder, task::LocalSet};
    LocalSet::new().block_on(&Builder::new_current_thread().enable_all().build().unwrap(), future);
}

fn on_smol(future: impl Future<Output = ()>) {
    smol::block_on(future);
}

fn on_smol_local(future: impl Future<Output = ()>) {
    use asynkit::spawner::SmolLocal;
    smol::block_on(SmolLocal::run(&std::rc::Rc::new(smol::LocalExecutor::new()), future));
}

/// The texts of the errors.
fn texts(error: &asynkit::GroupError) -> Vec<String> {
    error.errors().map(ToString::to_string).collect()
}
