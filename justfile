# The verbs of CI, one by one; `just` lists them. Each is a step of `.ci/run`.

[private]
default:
    @just --list

# Formats everything.
fmt:
    cargo fmt --all
    cargo fmt --manifest-path no-std/Cargo.toml

# Clippy with warnings denied.
lint: (step "lint")

# The docs with warnings denied.
docs: (step "docs")

# All tests, doctests and ui tests.
test: (step "test")

# Clippy on each set of features that users combine.
features: (step "features")

# A program without std: links and runs.
no-std: (step "no_std")

# The ui tests alone; `just ui overwrite` blesses them.
ui mode="wip":
    TRYBUILD={{ mode }} cargo test -p asynkit-ui-tests

# All suites under AddressSanitizer, with leaks; CI runs those that run unsafe code.
asan: (step "asan")

# What threads share, in every order; each planted bug is found.
loom: (step "loom")

# Whole executors and the threads around them, in 100 000 schedules; each planted bug is found.
shuttle: (step "shuttle")

# The same in other schedules, so many of each scenario; `just shuttle-long 1000000` takes some minutes.
shuttle-long schedules="100000":
    ASYNKIT_SCHEDULES={{ schedules }} SHUTTLE_RANDOM_SEED=$(date +%s) .ci/run shuttle

# The suites that run unsafe code, under valgrind.
valgrind: (step "valgrind")

# Half a minute of each fuzz target; CI runs ten seconds.
fuzz: (step "fuzz")

# The tests between threads, a hundred times as long; `just stress 2000` sends ten million letters and two hundred million wakes.
stress factor="100":
    ASYNKIT_STRESS={{ factor }} cargo test --release -p asynkit-tests --test reliability --test executor_reliability threads

# Tasks and locks beside their model, so many random cases.
lock-model cases="20000":
    PROPTEST_CASES={{ cases }} cargo test --release -p asynkit-tests --test lock model

# Programs of others on our executor: hyper, the redis crate, reqwest.
compat: (step "compat")

# Instructions per operation, ours beside each peer's; needs valgrind.
bench-instructions:
    cargo bench -p asynkit-benches --bench instructions

# redis-benchmark against the example `kv`, its twins on tokio and smol, and redis-server, in turn.
bench-kv: (step "bench_kv")

# All that CI runs.
ci:
    .ci/run

[private]
step name:
    .ci/run {{ name }}
