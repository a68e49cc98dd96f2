//! The command line.

use std::io::{IsTerminal, stderr};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::atomics::Atomics;
use crate::count::{RUN, per_operation, require_valgrind};
use crate::report::{AtomicsTable, Counted, CountedAtomics, Table, Verdict};
use crate::row::Row;

const USAGE: &str = "\
usage: cargo bench -p asynkit-benches --bench instructions -- [OPTIONS] [FILTER]...

Counts the instructions of each operation under valgrind and prints ours beside each peer's.
FILTER picks the operations whose name contains it; several add up.

  --atomics  count only the atomic instructions, of the operations that are to have none; needs objdump
  --check    exit with 1 when one of ours misses its goal
  --list     print the operations and who does them
  --jobs N   run N processes at a time (default: one a processor)
  --help     print this";

/// What was asked for.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(crate) struct Options {
    atomics: bool,
    check: bool,
    list: bool,
    help: bool,
    pub(crate) jobs: Option<usize>,
    filters: Vec<String>,
    /// Row, entry and turns: this process is the one that is counted.
    pub(crate) run: Option<(usize, usize, u32)>,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        fn number<T: std::str::FromStr>(text: Option<String>, option: &str) -> Result<T, String> {
            let text = text.ok_or_else(|| format!("{option} needs a number after it"))?;
            text.parse().map_err(|_| format!("{option} needs a number, not `{text}`"))
        }
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--bench" => {} // cargo adds it
                "--atomics" => options.atomics = true,
                "--check" => options.check = true,
                "--list" => options.list = true,
                "--help" | "-h" => options.help = true,
                "--jobs" => options.jobs = Some(number(arguments.next(), "--jobs")?),
                RUN => {
                    let row = number(arguments.next(), RUN)?;
                    let entry = number(arguments.next(), RUN)?;
                    options.run = Some((row, entry, number(arguments.next(), RUN)?));
                }
                option if option.starts_with('-') => {
                    return Err(format!("{option} is not an option\n\n{USAGE}"));
                }
                _ => options.filters.push(argument),
            }
        }
        Ok(options)
    }
}

/// The whole program: counts what the command line asks for of these rows, and prints the table.
pub fn main(rows: &[Row]) -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| act(rows, &options)) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn act(rows: &[Row], options: &Options) -> Result<ExitCode, String> {
    if let Some((row, entry, turns)) = options.run {
        let entry = rows.get(row).and_then(|row| row.entries.get(entry));
        (entry.ok_or_else(|| format!("{RUN}: no such implementation"))?.run)(turns);
        return Ok(ExitCode::SUCCESS);
    }
    if options.help {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    let picked: Vec<_> = rows.iter().enumerate().filter(|(_, row)| row.matches(&options.filters)).collect();
    if picked.is_empty() {
        return Err(format!("no operation has {:?} in its name; `--list` prints them", options.filters));
    }
    if options.list {
        for (_, row) in picked {
            let who: Vec<_> = row.entries.iter().map(|entry| entry.who).collect();
            println!("{}: {}", row.name, who.join(", "));
        }
        return Ok(ExitCode::SUCCESS);
    }
    require_valgrind()?;
    let mut verdicts = Vec::new();
    if !options.atomics {
        let counted = count(&picked, options.jobs)?;
        print!("{}", Table(&counted));
        verdicts.extend(counted.iter().map(Counted::verdict));
    }
    let without: Vec<_> = picked.into_iter().filter(|(_, row)| row.is_without_atomics).collect();
    match Atomics::new() {
        _ if without.is_empty() => {}
        Ok(atomics) => {
            let counted = run_all(&without, options.jobs, |row, index| atomics.per_operation(row, index))?;
            let counted: Vec<_> =
                counted.into_iter().map(|(row, figures)| CountedAtomics { row, figures }).collect();
            print!("\n{}", AtomicsTable(&counted));
            verdicts.extend(counted.iter().map(CountedAtomics::verdict));
        }
        Err(why) => println!("\n{why}"),
    }
    Ok(conclude(&verdicts, options.check))
}

/// Counts the instructions of every entry of the picked rows.
pub(crate) fn count<'a>(
    picked: &[(usize, &'a Row)],
    jobs: Option<usize>,
) -> Result<Vec<Counted<'a>>, String> {
    let counted = run_all(picked, jobs, per_operation)?;
    Ok(counted.into_iter().map(|(row, figures)| Counted { row, figures }).collect())
}

/// Runs every entry of the picked rows, several at a time.
fn run_all<'a, T: Send>(
    picked: &[(usize, &'a Row)],
    jobs: Option<usize>,
    per_operation: impl Fn(&Row, (usize, usize)) -> Result<T, String> + Sync,
) -> Result<Vec<(&'a Row, Vec<T>)>, String> {
    let work: Vec<_> = (picked.iter())
        .flat_map(|&(at, row)| (0..row.entries.len()).map(move |entry| (row, (at, entry))))
        .collect();
    let jobs = jobs.or_else(|| thread::available_parallelism().ok().map(Into::into)).unwrap_or(1).max(1);
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((row, index)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            if stderr().is_terminal() {
                eprint!("\r\x1b[K{}: {}", row.name, row.entries[index.1].who);
            }
            done.push((*index, per_operation(row, *index)));
        }
        done
    };
    let mut figures: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker only starts processes"))
            .collect()
    });
    if stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
    figures.sort_by_key(|&(index, _)| index);
    let mut figures = figures.into_iter();
    (picked.iter())
        .map(|&(_, row)| {
            let figures = figures.by_ref().take(row.entries.len()).map(|(_, figure)| figure);
            Ok((row, figures.collect::<Result<_, String>>()?))
        })
        .collect()
}

fn conclude(verdicts: &[Verdict], check: bool) -> ExitCode {
    let with = |verdict| verdicts.iter().filter(|&&is| is == verdict).count();
    let (ok, missed) = (with(Verdict::Ok), with(Verdict::Missed));
    if cfg!(not(target_arch = "x86_64")) {
        println!("\nThe goals are for x86-64; nothing is checked here.");
        return ExitCode::SUCCESS;
    }
    println!("\n{ok} goals met, {missed} missed");
    if check && missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
