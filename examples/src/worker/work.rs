//! [`Work`]: a job that has begun, which can be left and taken up again at each of its awaits.

use super::{
    board::{Board, Ended, Outcome},
    job::Job,
    reading::Reading,
};
use asynkit::{Interrupt, InterruptExt as _, TimedOut, shield, yield_now};
use smol::{
    fs::{self, File},
    io::{AsyncReadExt as _, AsyncWriteExt as _},
};
use std::{
    io,
    path::{Path, PathBuf},
    rc::Rc,
    time::Duration,
};

/// A job, and how far it is.
#[derive(Debug)]
pub(super) struct Work {
    job: Rc<Job>,
    /// The next file.
    next: usize,
    /// The file that is being read.
    open: Option<(File, Reading)>,
    /// What is written so far.
    report: Option<(File, PathBuf)>,
    bytes: u64,
    /// How long it ran.
    pub(super) spent: Duration,
    /// Whether a worker has it.
    pub(super) has_begun: bool,
}

/// Why work has stopped before its end.
#[derive(Debug)]
pub(super) enum Stopped {
    /// Somebody told it something.
    Told(Interrupt),
    /// It took too long.
    Late(TimedOut),
    /// It cannot be done.
    Failed(String),
}

impl From<Interrupt> for Stopped {
    fn from(told: Interrupt) -> Self {
        Stopped::Told(told)
    }
}

impl From<TimedOut> for Stopped {
    fn from(late: TimedOut) -> Self {
        Stopped::Late(late)
    }
}

/// An error of a file, in words.
fn at(path: &Path) -> impl Fn(io::Error) -> Stopped {
    move |error| Stopped::Failed(format!("{}: {error}", path.display()))
}

impl Work {
    pub(super) fn new(job: Rc<Job>) -> Self {
        Work { job, next: 0, open: None, report: None, bytes: 0, spent: Duration::ZERO, has_begun: false }
    }

    pub(super) fn job(&self) -> &Rc<Job> {
        &self.job
    }

    /// The same job, as a newer plan has it.
    pub(super) fn renew(&mut self, job: Rc<Job>) {
        self.job = job;
    }

    /// Whether there is something to clean up.
    pub(super) fn has_report(&self) -> bool {
        self.report.is_some()
    }

    pub(super) fn into_ended(self, outcome: Outcome) -> Ended {
        Ended { job: self.job, outcome, files: self.next, bytes: self.bytes, took: self.spent }
    }

    /// Reads on from where it is, to the end; the report is in `out` then.
    ///
    /// It waits at interrupt points only, but for what must not be cut: that is shielded. So whoever tells it something
    /// finds it in order, and no byte is read twice.
    pub(super) async fn go_on(&mut self, piece: usize, out: &Path, board: &Board) -> Result<(), Stopped> {
        let job = Rc::clone(&self.job);
        let files = job.files.as_ref().map_err(|why| Stopped::Failed(why.clone()))?;
        let kind = job.entry.kind;
        let path = out.join(format!("{}.{}", job.entry.name, kind.name()));
        if self.report.is_none() {
            let part = path.with_extension(format!("{}.part", kind.name()));
            let created = shield(File::create(&part)).await.map_err(at(&part))?;
            self.report = Some((created, part));
        }
        let mut buffer = vec![0; piece];
        while let Some(found) = files.get(self.next) {
            // Where the machine is busy, all that is read may be there at once: others have their turns all the same, and
            // whoever tells it something, or its limit, does not come when all is done.
            yield_now().interruptible().await?;
            if self.open.is_none() {
                let file = File::open(&found.path).interruptible().await?.map_err(at(&found.path))?;
                self.open = Some((file, Reading::new(kind)));
            }
            let (file, reading) = self.open.as_mut().expect("it was opened");
            // A read that is given up loses nothing: what arrives is kept in the file for the next one.
            let count = file.read(&mut buffer).interruptible().await?.map_err(at(&found.path))?;
            if count > 0 {
                reading.update(&buffer[..count]);
                self.bytes += count as u64;
                board.read(count as u64);
                continue;
            }
            let (_, reading) = self.open.take().expect("it was read");
            let (report, part) = self.report.as_mut().expect("it was created");
            shield(report.write_all(&reading.line(&found.shown))).await.map_err(at(part))?;
            self.next += 1;
        }
        let (report, part) = self.report.as_mut().expect("it was created");
        let finish = async {
            report.flush().await.map_err(at(part))?;
            fs::rename(&part, &path).await.map_err(at(&path))
        };
        shield(finish).await?;
        self.report = None;
        Ok(())
    }

    /// Removes what is written so far.
    ///
    /// Shielded: whoever tells the worker something meanwhile must not leave half a report behind.
    pub(super) async fn clean_up(&mut self) {
        self.open = None;
        if let Some((report, part)) = self.report.take() {
            drop(report);
            // Where it cannot be removed, it is called `.part` at least.
            let _ = shield(fs::remove_file(&part)).await;
        }
    }
}
