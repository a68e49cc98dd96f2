//! A job runner: reload while it works, limits in time with clean-up, and a shutdown that loses no job.
//!
//! | module | |
//! |---|---|
//! | [`Runner`] | the group of workers, and what they are told: `task_group`, `task_interrupt` |
//! | `hand`, `work` | a worker, and a job that has begun: `.interruptible()`, `try_task_timeout`, `shield` |
//! | `board`, `bell` | where the jobs are |
//! | [`Config`], `job` | what the file says, and which files that is about |
//! | `reading`, [`Sha256`] | what is done to each file |
//! | [`Screen`] | what is printed, and the bar that moves |
//! | [`cli`], [`demo`] | the program, and what it shows |

mod bell;
mod board;
mod config;
mod digest;
mod hand;
mod job;
mod reading;
mod runner;
mod screen;
mod work;

pub mod cli;
pub mod demo;

pub use board::{Ended, Outcome, Standing};
pub use config::{Config, ConfigError, Entry, Kind, Limit, Settings};
pub use digest::Sha256;
pub use job::PlanError;
pub use runner::{Options, Order, RunError, Runner};
pub use screen::Screen;
