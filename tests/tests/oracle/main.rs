//! Scenarios recorded under Python's asynkit, played again through this crate.
//!
//! `logs/NN_name.log` is what Python printed, `nn_name.rs` the same scenario here. A line that differs on purpose is
//! listed by its test, with the reason, and is a row of `docs/from-python.md`.

mod asyncio;
mod compare;
mod n01_eager_order;
mod n02_eager_paths;
mod n03_eager_passes;
mod n05_corostart_states;
mod n06_corostart_throw;
mod n07_corostart_no_autostart;
mod n08_task_factory;
mod n09_create_task;
mod n10_contexts;
mod n11_await_sync;
mod n12_aiter_sync;
mod n13_coro_iter_awaitmethod;
mod n14_cancelling;
mod n15_monitor_basic;
mod n16_monitor_errors;
mod n18_monitor_throw_close;
mod n19_monitor_other_task;
mod n20_generator_basic;
mod n22_generator_concurrent;
mod n23_eager_cancel_early;
mod n24_sleep_insert;
mod n25_task_reinsert;
mod n27_descend_start;
mod n28_task_states;
mod n29_queue_ops;
mod n30_priority_order;
mod n31_pos_priority_queue;
mod n32_priority_boost;
mod n33_priority_lock_order;
mod n35_priority_lock_interrupt;
mod n37_interrupt_order;
mod n38_interrupt_states;
mod n40_timeout;
mod n41_interrupt_condition;
mod n42_eager_timeout_limitation;
mod n43_coro_state;
mod n45_anyio_group;
mod n46_sync_drive_020;
mod n49_priority_negative_pos;
mod n51_generator_cancel;
mod python;
