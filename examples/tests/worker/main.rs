//! The job runner of the example `worker`, over files that the tests make.

#[path = "../common/mod.rs"]
mod common;

mod config;
mod digest;
mod limits;
mod orders;
mod program;
mod reports;
mod screen;

use asynkit::Executor;
use asynkit_examples::worker::{Ended, Options, Order, Outcome, RunError, Runner, Screen};
use smol::channel::{self, Receiver, Sender};
use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    rc::Rc,
};

/// A directory for one test, empty at first.
struct Place(PathBuf);

impl Place {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("worker").join(test);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Place(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// At once, as whoever may read it meanwhile must not find half of it.
    fn configure(&self, config: &str) {
        self.write("worker.conf.new", config);
        fs::rename(self.path("worker.conf.new"), self.path("worker.conf")).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// So many files of so many bytes, in a directory.
    fn fill(&self, directory: &str, files: usize, bytes: usize) {
        for (file, letter) in (0..files).zip((b'a'..=b'z').cycle()) {
            self.write(&format!("{directory}/{file:03}"), vec![letter; bytes]);
        }
    }

    /// What is in the directory of the reports.
    fn reports(&self) -> Vec<String> {
        let names = fs::read_dir(self.path("reports")).unwrap();
        let mut names: Vec<_> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// A runner in a place, which is told what the test says.
struct Running<'a> {
    place: &'a Place,
    runner: Runner,
    give: Sender<Order>,
    orders: Receiver<Order>,
}

impl<'a> Running<'a> {
    async fn new(place: &'a Place, config: &str) -> Self {
        Running::start(place, config, false).await.unwrap()
    }

    async fn start(place: &'a Place, config: &str, stay: bool) -> Result<Self, RunError> {
        place.configure(config);
        let options = Options { config: place.path("worker.conf"), out: place.path("reports"), stay };
        let screen = Screen::to(io::sink(), io::sink(), false);
        let runner = Runner::new(options, Rc::new(screen)).await?;
        let (give, orders) = channel::unbounded();
        Ok(Running { place, runner, give, orders })
    }

    fn reload(&self, config: &str) {
        self.place.configure(config);
        self.give.try_send(Order::Reload).unwrap();
    }

    fn shut_down(&self) {
        self.give.try_send(Order::Shutdown).unwrap();
    }

    /// Runs to its end, with `told` beside it.
    async fn run(&self, told: impl Future<Output = ()>) -> Option<PathBuf> {
        smol::future::zip(self.runner.run(&self.orders), told).await.0.unwrap()
    }

    /// How each job has ended, in words.
    fn ended(&self) -> BTreeMap<String, Vec<&'static str>> {
        let mut words: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for ended in self.runner.ended() {
            words.entry(ended.name().to_owned()).or_default().push(word(&ended));
        }
        words
    }
}

fn word(ended: &Ended) -> &'static str {
    match ended.outcome {
        Outcome::Done => "done",
        Outcome::TimedOut(_) => "timed out",
        Outcome::Failed(_) => "failed",
        Outcome::HandedBack => "handed back",
        Outcome::Withdrawn => "withdrawn",
        _ => "otherwise",
    }
}

/// Runs to the end what a file describes, and gives how each job has ended.
fn run(place: &Place, config: &str) -> Vec<Rc<Ended>> {
    Executor::run(async {
        let running = Running::new(place, config).await;
        running.run(async {}).await;
        running.runner.ended()
    })
}
