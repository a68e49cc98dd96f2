//! No file is longer than one sitting.

use crate::sources;

const MOST: usize = 400;

/// Longer files, each with its reason.
const EXCEPTIONS: &[(&str, usize, &str)] =
    &[("asynkit/src/engine/cell.rs", 525, "its unsafe code is proved in one reading")];

#[test]
fn no_source_of_the_library_is_longer_than_400_lines() {
    let mut long = Vec::new();
    for crate_name in ["asynkit", "asynkit-macros"] {
        for file in sources::below(&format!("{crate_name}/src")) {
            let path = format!("{crate_name}/src/{}", file.path);
            let most = EXCEPTIONS.iter().find(|(name, ..)| *name == path).map_or(MOST, |&(_, most, _)| most);
            let lines = file.text.lines().count();
            if lines > most {
                long.push(format!("{path}: {lines} lines, at most {most}"));
            }
        }
    }
    assert!(long.is_empty(), "split them by idea:\n{}", long.join("\n"));
}

#[test]
fn every_exception_is_still_needed() {
    for (path, most, reason) in EXCEPTIONS {
        let (directory, name) = path.split_once("/src/").expect("a path below `src`");
        let files = sources::below(&format!("{directory}/src"));
        let file = files.iter().find(|file| file.path == name).expect("the file is there");
        let lines = file.text.lines().count();
        assert!(lines > MOST && lines <= *most, "{path} has {lines} lines: {reason}");
    }
}
