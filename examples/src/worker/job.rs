//! [`Plan`]: the file that describes the jobs, read, and the files of each job found.

use super::config::{Config, ConfigError, Entry, Settings};
use std::{
    error::Error,
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// A job and the files that it is for.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) entry: Entry,
    /// In the order of their names; or why they cannot be listed.
    pub(super) files: Result<Vec<Found>, String>,
}

/// A file of a job.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// As the report calls it.
    pub(super) shown: OsString,
    pub(super) bytes: u64,
}

impl Job {
    /// How much there is to read.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().flatten().map(|file| file.bytes).sum()
    }

    /// Whether `other` does the same to the same files, however long it may take.
    pub(super) fn is_same(&self, other: &Job) -> bool {
        let same = |a: &Entry, b: &Entry| (a.kind, &a.path) == (b.kind, &b.path);
        same(&self.entry, &other.entry) && self.files == other.files
    }
}

/// All jobs of a file.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) settings: Settings,
    pub(super) jobs: Vec<Job>,
    /// What relative paths begin at.
    pub(super) base: PathBuf,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// The file cannot be read.
    Read(PathBuf, io::Error),
    /// The file makes no sense.
    Parse(PathBuf, ConfigError),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::Read(path, error) => write!(f, "cannot read {}: {error}", path.display()),
            PlanError::Parse(path, error) => write!(f, "{}, {error}", path.display()),
        }
    }
}

impl Error for PlanError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            PlanError::Read(_, error) => Some(error),
            PlanError::Parse(_, error) => Some(error),
        }
    }
}

impl Plan {
    /// Reads the file, and lists the files of each job. Blocks: a thread that may wait calls it.
    ///
    /// # Errors
    /// [`PlanError`]. A job whose files cannot be listed is none: that job fails when its turn comes.
    pub(super) fn read(path: &Path) -> Result<Self, PlanError> {
        let text = fs::read_to_string(path).map_err(|error| PlanError::Read(path.to_owned(), error))?;
        let config = Config::parse(&text).map_err(|error| PlanError::Parse(path.to_owned(), error))?;
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        let jobs = config.jobs.into_iter().map(|entry| {
            let mut files = Vec::new();
            let listed = list(&base.join(&entry.path), entry.path.clone(), &mut files);
            Job { entry, files: listed.map(|()| files) }
        });
        Ok(Plan { settings: config.settings, jobs: jobs.collect(), base: base.clone() })
    }
}

/// Lists what is below `path`, without following links.
fn list(path: &Path, shown: PathBuf, files: &mut Vec<Found>) -> Result<(), String> {
    let at = |error: io::Error| format!("{}: {error}", shown.display());
    let about = fs::symlink_metadata(path).map_err(at)?;
    if about.is_dir() {
        let entries: io::Result<Vec<_>> = fs::read_dir(path).map_err(at)?.collect();
        let mut names: Vec<_> = entries.map_err(at)?.into_iter().map(|entry| entry.file_name()).collect();
        names.sort_unstable();
        names.iter().try_for_each(|name| list(&path.join(name), shown.join(name), files))
    } else {
        if about.is_file() {
            files.push(Found { path: path.to_owned(), shown: shown.into_os_string(), bytes: about.len() });
        }
        Ok(())
    }
}
