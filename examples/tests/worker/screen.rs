//! What is shown of the progress.

use asynkit_examples::worker::{Screen, Standing};
use std::{
    cell::RefCell,
    io::{self, Write},
    rc::Rc,
    thread,
    time::{Duration, Instant},
};

#[derive(Clone, Default)]
struct Shown(Rc<RefCell<Vec<u8>>>);

impl Write for Shown {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shown {
    fn take(&self) -> String {
        String::from_utf8(self.0.take()).unwrap()
    }
}

const HALF: Standing = Standing { jobs: 4, ended: 1, bytes: 8_000_000, read: 4_000_000 };

#[test]
fn on_a_terminal_a_bar_moves_and_is_wiped_away_before_a_line() {
    // Where the machine stops for a tenth of a second, it is drawn again: it does not always.
    let undisturbed = (0..1000).find_map(|_| {
        let began = Instant::now();
        let shown = Shown::default();
        let screen = Screen::to(shown.clone(), shown.clone(), true);
        thread::sleep(Duration::from_millis(2));
        screen.bar(HALF);
        let bar = shown.take();
        screen.bar(HALF);
        let again = shown.take();
        (began.elapsed() < Duration::from_millis(100)).then_some((shown, screen, bar, again))
    });
    let (shown, screen, bar, again) = undisturbed.expect("it stops all the time");
    let drawn = "[############------------]  50 %, 1 of 4 jobs, 4 of 8 MB, 1 s left";
    assert_eq!(bar, format!("\r{drawn}"));
    assert_eq!(again, "", "not so often");
    screen.line("done");
    assert_eq!(shown.take(), format!("\r{:width$}\rdone\n", "", width = drawn.len()));
    thread::sleep(Duration::from_millis(110));
    screen.bar(Standing { read: 8_000_000, ..HALF });
    assert_eq!(shown.take(), "\r[########################] 100 %, 1 of 4 jobs, 8 of 8 MB, 0 s left");
    drop(screen);
    assert!(shown.take().ends_with('\r'), "nothing is left of it");
}

#[test]
fn elsewhere_nothing_is_drawn_and_short_work_says_nothing() {
    let shown = Shown::default();
    let screen = Screen::to(io::sink(), shown.clone(), false);
    screen.bar(HALF);
    screen.line("done");
    screen.bar(HALF);
    drop(screen);
    assert_eq!(shown.take(), "");
}

#[test]
fn work_without_bytes_has_a_bar_too() {
    let shown = Shown::default();
    Screen::to(io::sink(), shown.clone(), true).bar(Standing { jobs: 1, ..Standing::default() });
    assert!(shown.take().contains("0 of 1 jobs, 0 of 0 MB"));
}
