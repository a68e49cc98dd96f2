//! Programs of others on asynkit's executor: see `tests`.
