//! [`Runner`]: a group of workers, what they are told, and how it all ends.

use super::{
    board::{Board, Changes, Ended, Standing},
    hand::{Reload, hand},
    job::{Plan, PlanError},
    screen::{REDRAW, Screen},
};
use asynkit::{
    BoxError, TaskRef, current_task,
    group::{GroupError, TaskGroup},
    sleep, task_group, task_interrupt,
};
use smol::{channel::Receiver, fs, future};
use std::{
    cell::Cell,
    collections::{BTreeMap, btree_map::Entry},
    error::Error,
    fmt,
    future::pending,
    io,
    path::{Path, PathBuf},
    rc::Rc,
    time::Instant,
};

/// What a runner is told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The file that describes the jobs has changed.
    Reload,
    /// Begin nothing more, and end: at once if it is said again.
    Shutdown,
}

/// What is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file that describes the jobs.
    pub config: PathBuf,
    /// Where the reports go.
    pub out: PathBuf,
    /// Whether it waits for further orders when all jobs have ended.
    pub stay: bool,
}

/// Why jobs could not be run at all, or not to their end.
#[derive(Debug)]
pub enum RunError {
    /// There is no plan.
    Plan(PlanError),
    /// The reports have no place.
    Out(PathBuf, io::Error),
    /// A worker has failed. What became of the jobs is in [`Runner::ended`] all the same.
    Crew(GroupError),
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Plan(error) => error.fmt(f),
            RunError::Out(path, error) => write!(f, "cannot write to {}: {error}", path.display()),
            RunError::Crew(error) => error.fmt(f),
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            RunError::Plan(error) => Some(error),
            RunError::Out(_, error) => Some(error),
            RunError::Crew(error) => Some(error),
        }
    }
}

/// Runs the jobs that a file describes.
#[derive(Debug)]
pub struct Runner {
    options: Options,
    board: Rc<Board>,
    screen: Rc<Screen>,
    /// How many of those that have ended were printed.
    printed: Cell<usize>,
}

/// What a runner waits for.
enum Event {
    Order(Order),
    Over,
}

/// The workers, by number.
type Crew = BTreeMap<usize, TaskRef>;

async fn read_plan(path: &Path) -> Result<Plan, PlanError> {
    let path = path.to_owned();
    smol::unblock(move || Plan::read(&path)).await
}

impl Runner {
    /// Reads the file.
    ///
    /// # Errors
    /// [`RunError::Plan`] and [`RunError::Out`].
    pub async fn new(options: Options, screen: Rc<Screen>) -> Result<Self, RunError> {
        let plan = read_plan(&options.config).await.map_err(RunError::Plan)?;
        let made = fs::create_dir_all(&options.out).await;
        made.map_err(|error| RunError::Out(options.out.clone(), error))?;
        let board = Rc::new(Board::default());
        board.plan(plan);
        Ok(Runner { options, board, screen, printed: Cell::new(0) })
    }

    /// How far everything is.
    pub fn standing(&self) -> Standing {
        self.board.standing()
    }

    /// Waits until it is so far.
    pub async fn until(&self, so_far: impl Fn(Standing) -> bool) {
        self.board.until(so_far).await;
    }

    /// The jobs that have ended, in that order.
    pub fn ended(&self) -> Vec<Rc<Ended>> {
        self.board.ended()
    }

    /// Runs the jobs until all have ended, or it is told to.
    ///
    /// Each job is in [`ended`](Runner::ended) afterwards. Those that were not done because it was told to end are in the
    /// file that this gives too, with which the next runner can do them.
    ///
    /// # Errors
    /// [`RunError::Crew`], and [`RunError::Out`] where that file cannot be written.
    pub async fn run(&self, orders: &Receiver<Order>) -> Result<Option<PathBuf>, RunError> {
        let crew = task_group(async |group| self.lead(&group, orders).await).await;
        self.board.close();
        self.board.sweep().await;
        self.board.bury();
        self.print();
        crew.map_err(RunError::Crew)?;
        let Some(left) = self.board.left() else { return Ok(None) };
        let path = self.options.out.join("handed-back.conf");
        let written = fs::write(&path, left.to_string()).await;
        written.map_err(|error| RunError::Out(path.clone(), error))?;
        Ok(Some(path))
    }

    /// Has workers work until it is over.
    async fn lead(&self, group: &TaskGroup, orders: &Receiver<Order>) -> Result<(), BoxError> {
        let mut crew = Crew::new();
        self.hire(group, &mut crew).await?;
        while let Event::Order(Order::Reload) = self.next(orders).await {
            self.reload(group, &mut crew).await?;
        }
        self.board.close();
        self.board.sweep().await;
        // What runs may go on for a while; then, or when it is said again, it is told.
        let grace = self.board.settings().grace;
        let patience =
            future::or(sleep(grace), async { while self.order(orders).await != Order::Shutdown {} });
        self.show(future::or(self.board.over(), patience)).await;
        group.cancel();
        Ok(())
    }

    /// Starts the workers that are missing.
    async fn hire(&self, group: &TaskGroup, crew: &mut Crew) -> Result<(), BoxError> {
        let out: Rc<Path> = self.options.out.as_path().into();
        for number in 0..self.board.settings().workers {
            if let Entry::Vacant(place) = crew.entry(number) {
                let work = hand(number, Rc::clone(&self.board), Rc::clone(&out));
                let started = group.start(|status| async move {
                    status.started(current_task().expect("a task of the group"));
                    work.await;
                });
                place.insert(started.await?);
            }
        }
        Ok(())
    }

    /// Reads the file again, and tells each worker: those that wait, and those in the midst of a job.
    async fn reload(&self, group: &TaskGroup, crew: &mut Crew) -> Result<(), BoxError> {
        let plan = match read_plan(&self.options.config).await {
            Ok(plan) => plan,
            Err(error) => {
                self.print();
                self.screen.line(format_args!("not reloaded, all goes on as it was: {error}"));
                return Ok(());
            }
        };
        let Changes { new, gone } = self.board.plan(plan);
        let since = Instant::now();
        let mut told = 0;
        for worker in crew.values() {
            // Refused by one that has just ended: it needs no new plan.
            told += usize::from(task_interrupt(worker, Reload).await.is_ok());
        }
        let took = since.elapsed();
        self.board.sweep().await;
        crew.retain(|_, worker| !worker.is_finished());
        self.print();
        self.screen.line(format_args!(
            "reloaded: {new} jobs are new, {gone} are gone; {told} workers were told, in {} us",
            took.as_micros()
        ));
        self.hire(group, crew).await
    }

    /// What comes next; meanwhile it shows how far everything is.
    async fn next(&self, orders: &Receiver<Order>) -> Event {
        let order = async { Event::Order(self.order(orders).await) };
        let over = async {
            if self.options.stay {
                pending::<()>().await;
            }
            self.board.over().await;
            Event::Over
        };
        self.show(future::or(order, over)).await
    }

    async fn order(&self, orders: &Receiver<Order>) -> Order {
        match orders.recv().await {
            Ok(order) => order,
            // Nobody is left to give any.
            Err(_) => pending().await,
        }
    }

    /// Prints what ends, and draws the bar, while something else is waited for.
    async fn show<T>(&self, waited_for: impl Future<Output = T>) -> T {
        let showing = async {
            loop {
                let known = self.printed.get();
                future::or(self.board.more_than(known), sleep(REDRAW)).await;
                self.print();
                self.screen.bar(self.board.standing());
            }
        };
        future::or(waited_for, showing).await
    }

    fn print(&self) {
        for ended in self.ended().into_iter().skip(self.printed.get()) {
            self.screen.line(ended);
            self.printed.set(self.printed.get() + 1);
        }
    }
}
