//! [`Site`]: a backtrace from the place where a leaf stored the waker, cut to what the user wrote.

use core::fmt;
use std::{backtrace::Backtrace, sync::OnceLock};

/// Where a leaf has stored the waker of a sync drive: the chain of functions down to it.
///
/// See [`SynchronousError::sites`](super::SynchronousError::sites).
///
/// # Examples
/// ```
/// use asynkit::{SyncDrive, SynchronousError};
///
/// let error: SynchronousError = SyncDrive::new().capture(true).run(std::future::pending::<()>()).unwrap_err();
/// for site in error.sites() {
///     println!("{site:?}");
/// }
/// ```
pub struct Site {
    trace: Backtrace,
    /// Resolving the addresses is dear, and only done when somebody looks.
    frames: OnceLock<Vec<Frame>>,
}

impl Site {
    pub(super) fn new(trace: Backtrace) -> Self {
        Site { trace, frames: OnceLock::new() }
    }

    /// The functions between the leaf and the sync drive, the leaf first, without those of the standard library and of
    /// this crate.
    ///
    /// Without debug information, functions that were inlined are missing, and locations; in a stripped program it is
    /// empty. The first call resolves the addresses, which takes a while.
    ///
    /// # Examples
    /// ```
    /// use asynkit::await_sync;
    ///
    /// let (_sender, receiver) = smol::channel::unbounded::<u8>();
    /// let error = await_sync(receiver.recv()).unwrap_err();
    /// for frame in error.sites().iter().flat_map(|site| site.frames()) {
    ///     println!("{} {:?}", frame.function(), frame.location());
    /// }
    /// ```
    pub fn frames(&self) -> &[Frame] {
        self.frames.get_or_init(|| frames(&self.trace.to_string()))
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.frames()).finish()
    }
}

/// A function in the chain of a [`Site`].
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    function: String,
    location: Option<String>,
}

impl Frame {
    /// Its path, such as `app::report`; that of an async fn without the `{{closure}}` which the compiler puts there.
    ///
    /// # Examples
    /// ```
    /// # let (_sender, receiver) = smol::channel::unbounded::<u8>();
    /// let error = asynkit::await_sync(receiver.recv()).unwrap_err();
    /// for frame in error.sites().iter().flat_map(|site| site.frames()) {
    ///     assert!(!frame.function().contains("{{closure}}"));
    /// }
    /// ```
    pub fn function(&self) -> &str {
        &self.function
    }

    /// `file:line:column` of the await or the call, where the program has debug information.
    ///
    /// # Examples
    /// ```
    /// # let (_sender, receiver) = smol::channel::unbounded::<u8>();
    /// let error = asynkit::await_sync(receiver.recv()).unwrap_err();
    /// let mut frames = error.sites().iter().flat_map(|site| site.frames());
    /// assert!(frames.all(|frame| frame.location().is_none_or(|at| at.contains(".rs:"))));
    /// ```
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.function)?;
        match &self.location {
            Some(location) => write!(f, " at {location}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads the text of a backtrace, which is all that it gives away: a line `N: function` for each frame, and perhaps one
/// `at file:line:column` below it.
fn frames(trace: &str) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for line in trace.lines().map(str::trim_start) {
        if let Some(at) = line.strip_prefix("at ") {
            if let Some(frame) = frames.last_mut() {
                frame.location = Some(at.to_string());
            }
        } else if let Some((number, name)) = line.split_once(": ") {
            if number.bytes().all(|digit| digit.is_ascii_digit()) {
                frames.push(Frame { function: name.to_string(), location: None });
            }
        }
    }
    let drive = frames.iter().position(|frame| frame.function.contains("asynkit::drive::wait"));
    frames.truncate(drive.unwrap_or(frames.len()));
    frames.retain(is_users);
    for frame in &mut frames {
        frame.function = short_name(&frame.function);
        frame.location = frame.location.take().map(|at| short_path(&at).to_string());
    }
    frames.dedup();
    frames
}

fn is_users(frame: &Frame) -> bool {
    // `<&mut T as Trait>::method` is told by its type.
    let name = frame.function.trim_start_matches(['<', '&', '*', '(']);
    let name = ["mut ", "dyn "].iter().fold(name, |name, word| name.strip_prefix(word).unwrap_or(name));
    let of_type = name.split(" as ").next().unwrap_or(name);
    let is_library = ["core::", "std::", "alloc::", "asynkit::"].iter().any(|path| name.starts_with(path));
    let is_in_std = frame.location.as_ref().is_some_and(|at| at.starts_with("/rustc/"));
    of_type.contains("::") && !is_library && !is_in_std
}

/// `app::report::{{closure}}` is `app::report` (in the newer mangling, `app::report::{closure#0}`);
/// `<app::Answer as Future>::poll` is `app::Answer::poll`.
pub(super) fn short_name(name: &str) -> String {
    let mut name = name.replace("::{{closure}}", "");
    while let Some((before, (_, after))) =
        name.split_once("::{closure#").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        name = format!("{before}{after}");
    }
    if let Some((of_type, rest)) = name.strip_prefix('<').and_then(|name| name.split_once(" as ")) {
        if let (false, Some((_, method))) = (of_type.contains('<'), rest.rsplit_once(">::")) {
            return format!("{of_type}::{method}");
        }
    }
    name
}

/// Without the `./` of the working directory, and without the way to cargo's registry.
fn short_path(at: &str) -> &str {
    if let Some((_, below)) = at.split_once("/registry/src/") {
        return below.split_once('/').map_or(below, |(_, package)| package);
    }
    at.strip_prefix("./").unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::{Frame, frames, short_name};

    fn shown(trace: &str) -> Vec<String> {
        frames(trace).iter().map(Frame::to_string).collect()
    }

    #[test]
    fn a_backtrace_is_cut_to_what_lies_between_the_waker_and_the_drive() {
        let trace = "   0: std::backtrace::Backtrace::create\n             at /rustc/0/library/std/src/backtrace.rs:331:13\n\
             \x20  1: asynkit::waker::flag::clone\n             at ./asynkit/src/waker/flag.rs:50:5\n\
             \x20  2: <core::task::wake::Waker as core::clone::Clone>::clone\n             at /rustc/0/library/core/src/task/wake.rs:625:22\n\
             \x20  3: <app::Answer as core::future::future::Future>::poll\n             at ./src/main.rs:9:31\n\
             \x20  4: chan::Recv<T>::poll\n             at /home/me/.cargo/registry/src/index-0/chan-1.2.3/src/lib.rs:3:4\n\
             \x20  5: <&mut F as core::future::future::Future>::poll\n             at /rustc/0/library/core/src/future/future.rs:130:9\n\
             \x20  6: app::report::{{closure}}\n             at ./src/main.rs:18:16\n\
             \x20  7: <asynkit::drive::wait::Store<F> as core::future::future::Future>::poll\n\
             \x20  8: app::main\n             at ./src/main.rs:21:5\n";
        assert_eq!(
            shown(trace),
            [
                "app::Answer::poll at src/main.rs:9:31",
                "chan::Recv<T>::poll at chan-1.2.3/src/lib.rs:3:4",
                "app::report at src/main.rs:18:16"
            ],
        );
    }

    #[test]
    fn async_functions_have_their_name_in_both_manglings() {
        for name in
            ["app::report::{{closure}}", "app::report::{closure#0}", "app::report::{closure#0}::{closure#12}"]
        {
            assert_eq!(short_name(name), "app::report");
        }
    }

    #[test]
    fn without_debug_information_the_names_are_left() {
        let trace = "   0: asynkit::waker::flag::clone\n   1: <app::Pair<A,B> as core::future::future::Future>::poll\n\
             \x20  2: <F as core::future::future::Future>::poll\n   3: <unknown>\n   4: app::report::{{closure}}\n\
             \x20  5: asynkit::drive::wait::drive_on\n   6: app::main\n";
        assert_eq!(shown(trace), ["<app::Pair<A,B> as core::future::future::Future>::poll", "app::report"]);
    }
}
