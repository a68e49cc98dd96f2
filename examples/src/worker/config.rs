//! [`Config`]: what the file says that describes the jobs.

use std::{
    collections::BTreeSet,
    error::Error,
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

/// The most workers, and the most bytes of a piece.
const MOST_WORKERS: u64 = 1024;
const MOST_PIECE: u64 = 64 << 20;

/// What is done to the files of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A digest for each file, as `sha256sum -c` reads them.
    Sha256,
    /// Lines, words and bytes of each file, as `wc` counts them.
    Count,
}

impl Kind {
    /// As the file calls it; also the ending of the job's report.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sha256 => "sha256",
            Kind::Count => "count",
        }
    }
}

/// A job as the file describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// What is done.
    pub kind: Kind,
    /// The file or the directory that it is done to, as it is written.
    pub path: PathBuf,
    /// How long it may take, if not as long as the others.
    pub limit: Option<Limit>,
}

/// How long a job may take; `None`: as long as it likes.
pub type Limit = Option<Duration>;

/// What applies to all jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many jobs run at a time.
    pub workers: usize,
    /// How long a job may take.
    pub limit: Limit,
    /// How long jobs may go on once the runner is to end.
    pub grace: Duration,
    /// How many bytes are read at a time.
    pub piece: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Settings { workers: 4, limit: Some(minute), grace: Duration::from_secs(5), piece: 64 << 10 }
    }
}

/// All that the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// What applies to all jobs.
    pub settings: Settings,
    /// The jobs, in their order.
    pub jobs: Vec<Entry>,
}

/// What is wrong with the file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The line, from 1.
    pub line: usize,
    what: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl Error for ConfigError {}

impl Config {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first line that makes no sense.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut config = Config::default();
        let mut names = BTreeSet::new();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let at = |what| ConfigError { line, what };
            let (word, rest) = split(text);
            match word {
                "job" => {
                    let job = entry(rest).map_err(at)?;
                    if !names.insert(job.name.clone()) {
                        return Err(at(format!("there is a job `{}` already", job.name)));
                    }
                    config.jobs.push(job);
                }
                _ => config.settings.set(word, rest).map_err(at)?,
            }
        }
        Ok(config)
    }
}

impl Settings {
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "workers" => self.workers = number(name, value, MOST_WORKERS)?,
            "limit" => self.limit = limit(name, value)?,
            "grace" => self.grace = duration(name, value)?,
            "piece" => self.piece = number(name, value, MOST_PIECE)?,
            _ => return Err(format!("there is no setting `{name}`")),
        }
        Ok(())
    }
}

impl fmt::Display for Config {
    /// As a file that [`parse`](Config::parse) reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = |limit: Limit| limit.map_or_else(|| "none".to_owned(), ms);
        let Settings { workers, limit: most, grace, piece } = &self.settings;
        writeln!(f, "workers {workers}\nlimit {}\ngrace {}\npiece {piece}", limit(*most), ms(*grace))?;
        for Entry { name, kind, path, limit: own } in &self.jobs {
            let own = own.map(|own| format!("limit={} ", limit(own))).unwrap_or_default();
            writeln!(f, "job {name} {} {own}{}", kind.name(), path.display())?;
        }
        Ok(())
    }
}

fn ms(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

fn split(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// `NAME KIND [limit=TIME] PATH`, where the path is the rest of the line.
fn entry(text: &str) -> Result<Entry, String> {
    let (name, rest) = split(text);
    let (kind, mut path) = split(rest);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(format!("a job needs a name of letters, digits, - and _, not `{name}`"));
    }
    let kind = match kind {
        "sha256" => Kind::Sha256,
        "count" => Kind::Count,
        _ => return Err(format!("job `{name}` is sha256 or count, not `{kind}`")),
    };
    let mut own = None;
    if let Some(value) = path.strip_prefix("limit=") {
        let (value, rest) = split(value);
        (own, path) = (Some(limit("limit", value)?), rest);
    }
    if path.is_empty() {
        return Err(format!("job `{name}` needs a file or a directory"));
    }
    Ok(Entry { name: name.to_owned(), kind, path: Path::new(path).to_owned(), limit: own })
}

fn number(name: &str, value: &str, most: u64) -> Result<usize, String> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    let number = number.and_then(|number| usize::try_from(number).ok());
    number.ok_or_else(|| format!("{name} needs a number from 1 to {most}, not `{value}`"))
}

fn limit(name: &str, value: &str) -> Result<Limit, String> {
    if value == "none" { Ok(None) } else { duration(name, value).map(Some) }
}

/// `250ms`, `5s` or `2m`.
fn duration(name: &str, value: &str) -> Result<Duration, String> {
    let digits = value.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match &value[digits.len()..] {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        _ => None,
    };
    let ms = digits.parse::<u64>().ok().zip(unit).and_then(|(number, unit)| number.checked_mul(unit));
    let time = ms.map(Duration::from_millis);
    time.ok_or_else(|| format!("{name} needs a time such as 250ms, 5s or 2m, not `{value}`"))
}
