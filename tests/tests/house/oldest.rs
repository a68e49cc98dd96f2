//! What the oldest compiler that is promised refuses, and no lint of a newer one tells. `.ci/run msrv` builds with it.

use crate::sources;

/// Rust 1.89 was the first to let what is made in the arguments of a `format_args!` live on in a `let`.
#[test]
fn no_let_keeps_a_format_args() {
    let mut kept = Vec::new();
    for crate_name in ["asynkit", "asynkit-macros"] {
        for file in sources::below(&format!("{crate_name}/src")) {
            let words: Vec<_> = file.text.split_whitespace().collect();
            let lets = words
                .windows(4)
                .filter(|words| words[0] == "let" && words[2] == "=" && words[3].starts_with("format_args!"));
            kept.extend(lets.map(|words| format!("{crate_name}/src/{}: {}", file.path, words.join(" "))));
        }
    }
    assert!(kept.is_empty(), "write `format!`:\n{}", kept.join("\n"));
}
