//! Every future of the library, left around each of its polls: a row says what is left of it then, and the lines on cancel
//! safety in the docs are that row's.

mod coroutines;
mod docs;
mod generators;
mod groups;
mod locks;
mod monitors;
mod outside;
mod probe;
mod schedule;
mod table;
mod tasks;
mod wrappers;

use std::panic::catch_unwind;
use table::{Row, Verdict};

/// The table.
const TABLE: &[&[Row]] = &[
    locks::ROWS,
    schedule::ROWS,
    tasks::ROWS,
    groups::ROWS,
    wrappers::ROWS,
    coroutines::ROWS,
    monitors::ROWS,
    generators::ROWS,
];

fn rows() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().copied().flatten()
}

#[test]
fn each_future_loses_what_its_row_says_and_no_more_wherever_it_is_left() {
    let failed = rows().filter(|row| catch_unwind(|| table::check(row)).is_err());
    let failed: Vec<_> = failed.map(|row| row.items[0]).collect();
    assert!(failed.is_empty(), "these rows are wrong: {failed:?}");
}
