//! [`hand`]: a worker, which takes one job after the other, and does what it is told meanwhile.

use super::{
    board::{Board, Outcome},
    config::Settings,
    work::{Stopped, Work},
};
use asynkit::{Interrupt, InterruptExt as _, InterruptKind, try_task_timeout};
use std::{error::Error, fmt, path::Path, rc::Rc, time::Instant};

/// What a worker is told when there is a new plan.
#[derive(Debug)]
pub(super) struct Reload;

impl fmt::Display for Reload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is a new plan")
    }
}

impl Error for Reload {}

/// Does jobs until there will be no more, it is told to stop, or there are to be fewer workers than its number says.
pub(super) async fn hand(number: usize, board: Rc<Board>, out: Rc<Path>) {
    let mut settings = board.settings();
    while number < settings.workers {
        match board.next().interruptible().await {
            Ok(Some(work)) => {
                if let Next::Leave = finish(work, number, &mut settings, &board, &out).await {
                    return;
                }
            }
            Err(told) if told.is::<Reload>() => settings = board.settings(),
            Ok(None) | Err(_) => return,
        }
    }
}

/// What a worker does after a job.
enum Next {
    Stay,
    Leave,
}

/// Does a job, through all that it is told, until it has ended or is somebody else's.
async fn finish(
    mut work: Work,
    number: usize,
    settings: &mut Rc<Settings>,
    board: &Board,
    out: &Path,
) -> Next {
    loop {
        let (outcome, next) = match attempt(&mut work, settings, board, out).await {
            Ok(()) => (Outcome::Done, Next::Stay),
            Err(Stopped::Late(late)) => (Outcome::TimedOut(late), Next::Stay),
            Err(Stopped::Failed(why)) => (Outcome::Failed(why), Next::Stay),
            Err(Stopped::Told(told)) if told.is::<Reload>() => {
                *settings = board.settings();
                match board.wanted(work.job()) {
                    Some(job) => {
                        work.renew(job);
                        if number < settings.workers {
                            continue;
                        }
                        board.put_back(work);
                        return Next::Leave;
                    }
                    None => (Outcome::Withdrawn, Next::Stay),
                }
            }
            Err(Stopped::Told(_stop)) => (Outcome::HandedBack, Next::Leave),
        };
        // Nothing is left to remove where it is done, or where a timeout came in time to do it.
        work.clean_up().await;
        board.end(work, outcome);
        return next;
    }
}

/// Goes on with a job, as long as it may take.
async fn attempt(work: &mut Work, settings: &Settings, board: &Board, out: &Path) -> Result<(), Stopped> {
    let limit = work.job().entry.limit.unwrap_or(settings.limit);
    let left = limit.map(|limit| limit.saturating_sub(work.spent));
    let since = Instant::now();
    let within = async {
        let stopped = work.go_on(settings.piece, out, board).await;
        if matches!(&stopped, Err(Stopped::Told(told)) if is_late(told)) {
            // Asynchronous, and within the timeout still: it has its grace for it.
            work.clean_up().await;
        }
        // The timeout's own interrupt on its way out: it becomes `TimedOut`.
        stopped
    };
    let stopped = try_task_timeout(left, within).grace(settings.grace).await;
    work.spent += since.elapsed();
    match (stopped, limit) {
        // What counts for the user is what the file says, not what was left of it.
        (Err(Stopped::Late(mut late)), Some(limit)) => {
            late.after = limit;
            Err(Stopped::Late(late))
        }
        (stopped, _) => stopped,
    }
}

fn is_late(told: &Interrupt) -> bool {
    told.kind() == InterruptKind::Timeout
}
