//! [`Board`]: the jobs that wait, that run and that have ended; each is in one of these places, always.

use super::{
    bell::Bell,
    config::{Config, Entry, Settings},
    job::{Job, Plan},
    work::Work,
};
use asynkit::TimedOut;
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    path::PathBuf,
    rc::Rc,
    time::Duration,
};

/// How a job has ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// Its report is written.
    Done,
    /// It took too long, and has cleaned up.
    TimedOut(TimedOut),
    /// It could not be done; why.
    Failed(String),
    /// The runner ended before it; it is for another run.
    HandedBack,
    /// The file does not ask for it any more.
    Withdrawn,
}

/// A job that has ended.
#[derive(Debug)]
pub struct Ended {
    pub(super) job: Rc<Job>,
    /// How.
    pub outcome: Outcome,
    /// The files that it was through with.
    pub files: usize,
    /// The bytes that it has read.
    pub bytes: u64,
    /// How long it ran.
    pub took: Duration,
}

impl Ended {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.job.entry.name
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (how, why) = match &self.outcome {
            Outcome::Done => ("done", String::new()),
            Outcome::TimedOut(late) => ("timed out", format!(": it may take {:?}", late.after)),
            Outcome::Failed(why) => ("failed", format!(": {why}")),
            Outcome::HandedBack => ("handed back", String::new()),
            Outcome::Withdrawn => ("withdrawn", String::new()),
        };
        let (name, kind) = (&self.job.entry.name, self.job.entry.kind.name());
        let of = self.job.files.as_ref().map_or(0, Vec::len);
        let (kilobytes, ms) = (self.bytes.div_ceil(1000), self.took.as_millis());
        write!(f, "{how:11} {name} ({kind}), {} of {of} files, {kilobytes} kB, {ms} ms{why}", self.files)
    }
}

/// How far everything is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Jobs that were accepted.
    pub jobs: usize,
    /// Those of them that have ended.
    pub ended: usize,
    /// Bytes to read.
    pub bytes: u64,
    /// Those of them that were read.
    pub read: u64,
}

/// What a new plan has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Changes {
    pub(super) new: usize,
    pub(super) gone: usize,
}

/// Where the jobs are.
#[derive(Debug, Default)]
pub(super) struct Board {
    state: RefCell<State>,
    standing: Cell<Standing>,
    bell: Bell,
}

#[derive(Debug, Default)]
struct State {
    settings: Rc<Settings>,
    base: PathBuf,
    /// What the file asks for, by name: also what has ended.
    wanted: BTreeMap<String, Rc<Job>>,
    waiting: VecDeque<Work>,
    running: BTreeMap<String, Rc<Job>>,
    /// They were put back, and do not go on.
    dismissed: Vec<(Work, Outcome)>,
    ended: Vec<Rc<Ended>>,
    /// Those that took too long or failed: the next plan gives them another chance.
    undone: BTreeSet<String>,
    closed: bool,
}

impl Board {
    pub(super) fn settings(&self) -> Rc<Settings> {
        Rc::clone(&self.state.borrow().settings)
    }

    pub(super) fn standing(&self) -> Standing {
        self.standing.get()
    }

    pub(super) fn ended(&self) -> Vec<Rc<Ended>> {
        self.state.borrow().ended.clone()
    }

    fn stand(&self, change: impl FnOnce(&mut Standing)) {
        let mut standing = self.standing.get();
        change(&mut standing);
        self.standing.set(standing);
    }

    /// So many bytes were read.
    pub(super) fn read(&self, bytes: u64) {
        self.stand(|standing| standing.read += bytes);
        self.bell.ring();
    }

    /// Takes a plan in: what is the same goes on, what is new or was undone waits, what waits and is gone is withdrawn.
    ///
    /// What runs and is gone is asked for by its worker: see [`wanted`](Board::wanted).
    pub(super) fn plan(&self, plan: Plan) -> Changes {
        let mut state = self.state.borrow_mut();
        state.settings = Rc::new(plan.settings);
        state.base = plan.base;
        let before = std::mem::take(&mut state.wanted);
        let mut new = Vec::new();
        for job in plan.jobs {
            let name = job.entry.name.clone();
            let job = Rc::new(job);
            let known = [before.get(&name), state.running.get(&name)];
            let is_new = !known.into_iter().flatten().any(|known| known.is_same(&job));
            let was_undone = state.undone.remove(&name);
            if is_new || was_undone {
                new.push(Rc::clone(&job));
            }
            state.wanted.insert(name, job);
        }
        let gone = before.values().filter(|job| state.wants(job).is_none()).count();
        let (kept, withdrawn) = std::mem::take(&mut state.waiting)
            .into_iter()
            .partition::<VecDeque<_>, _>(|work| state.wants(work.job()).is_some());
        state.waiting = kept;
        let State { waiting, wanted, .. } = &mut *state;
        for work in waiting {
            work.renew(Rc::clone(&wanted[&work.job().entry.name]));
        }
        let changes = Changes { new: new.len(), gone };
        for job in new {
            self.stand(|standing| {
                standing.jobs += 1;
                standing.bytes += job.bytes();
            });
            state.waiting.push_back(Work::new(job));
        }
        drop(state);
        for work in withdrawn {
            self.dismiss(work, Outcome::Withdrawn);
        }
        self.bell.ring();
        changes
    }

    /// The job as the file describes it now, if it still asks for it.
    pub(super) fn wanted(&self, job: &Rc<Job>) -> Option<Rc<Job>> {
        self.state.borrow().wants(job)
    }

    /// The next job; `None` when there will be none.
    pub(super) async fn next(&self) -> Option<Work> {
        let look = || {
            let mut state = self.state.borrow_mut();
            let work = state.next();
            (work.is_some() || state.closed).then_some(work)
        };
        self.bell.until(look).await
    }

    /// A job that goes on with another worker, before all others.
    pub(super) fn put_back(&self, mut work: Work) {
        let mut state = self.state.borrow_mut();
        state.running.remove(&work.job().entry.name);
        work.has_begun = false;
        if state.closed {
            drop(state);
            return self.dismiss(work, Outcome::HandedBack);
        }
        state.waiting.push_front(work);
        drop(state);
        self.bell.ring();
    }

    /// A job has ended.
    pub(super) fn end(&self, work: Work, outcome: Outcome) {
        let has_begun = work.has_begun;
        let ended = work.into_ended(outcome);
        self.count(&ended);
        let mut state = self.state.borrow_mut();
        // One that waited may have the name of one that runs.
        if has_begun {
            state.running.remove(ended.name());
        }
        if let Outcome::TimedOut(_) | Outcome::Failed(_) = ended.outcome {
            state.undone.insert(ended.name().to_owned());
        }
        state.ended.push(Rc::new(ended));
        drop(state);
        self.bell.ring();
    }

    fn count(&self, ended: &Ended) {
        self.stand(|standing| {
            standing.ended += 1;
            standing.read -= ended.bytes;
            if let Outcome::Done = ended.outcome {
                standing.read += ended.job.bytes();
            } else {
                standing.bytes -= ended.job.bytes();
            }
        });
    }

    /// Nothing begins any more: what waits is handed back.
    pub(super) fn close(&self) {
        let mut state = self.state.borrow_mut();
        state.closed = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for work in waiting {
            self.dismiss(work, Outcome::HandedBack);
        }
        self.bell.ring();
    }

    /// A job that waits ends, now or, if it has begun before, when somebody has cleaned up.
    fn dismiss(&self, mut work: Work, outcome: Outcome) {
        if !work.has_report() {
            return self.end(work, outcome);
        }
        // Until then no job of its name begins.
        work.has_begun = true;
        let mut state = self.state.borrow_mut();
        state.running.insert(work.job().entry.name.clone(), Rc::clone(work.job()));
        state.dismissed.push((work, outcome));
    }

    /// Cleans up after the jobs that have begun and do not go on.
    pub(super) async fn sweep(&self) {
        let dismissed = std::mem::take(&mut self.state.borrow_mut().dismissed);
        for (mut work, outcome) in dismissed {
            work.clean_up().await;
            self.end(work, outcome);
        }
    }

    /// Jobs whose worker is gone have failed.
    pub(super) fn bury(&self) {
        let running = std::mem::take(&mut self.state.borrow_mut().running);
        for job in running.into_values() {
            self.end(Work::new(job), Outcome::Failed("its worker has failed".to_owned()));
        }
    }

    /// Waits until no job waits or runs.
    pub(super) async fn over(&self) {
        let look = || {
            let state = self.state.borrow();
            (state.waiting.is_empty() && state.running.is_empty()).then_some(())
        };
        self.bell.until(look).await;
    }

    /// Waits until more than `known` jobs have ended.
    pub(super) async fn more_than(&self, known: usize) {
        self.bell.until(|| (self.state.borrow().ended.len() > known).then_some(())).await;
    }

    /// Waits until it is so far.
    pub(super) async fn until(&self, so_far: impl Fn(Standing) -> bool) {
        self.bell.until(|| so_far(self.standing()).then_some(())).await;
    }

    /// A file that asks for what was not done.
    pub(super) fn left(&self) -> Option<Config> {
        let state = self.state.borrow();
        let left = state.ended.iter().filter(|ended| matches!(ended.outcome, Outcome::HandedBack));
        let jobs: Vec<_> = left
            .map(|ended| {
                let entry = ended.job.entry.clone();
                Entry { path: state.base.join(&entry.path), ..entry }
            })
            .collect();
        (!jobs.is_empty()).then(|| Config { settings: Settings::clone(&state.settings), jobs })
    }
}

impl State {
    fn wants(&self, job: &Job) -> Option<Rc<Job>> {
        self.wanted.get(&job.entry.name).filter(|wanted| wanted.is_same(job)).cloned()
    }

    fn next(&mut self) -> Option<Work> {
        // Two jobs of one name would write one report.
        let is_free = |work: &Work| !self.running.contains_key(&work.job().entry.name);
        let at = self.waiting.iter().position(is_free)?;
        let mut work = self.waiting.remove(at)?;
        work.has_begun = true;
        self.running.insert(work.job().entry.name.clone(), Rc::clone(work.job()));
        Some(work)
    }
}
