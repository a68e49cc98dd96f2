//! The table: one line an operation, ours first.

use std::fmt::{self, Display, Formatter};

use crate::atomics::Figures;
use crate::row::{Goal, OURS, Row};

/// What was counted for a row: instructions per operation of each entry, in the row's order.
#[derive(Debug)]
pub(crate) struct Counted<'a> {
    pub(crate) row: &'a Row,
    pub(crate) figures: Vec<f64>,
}

/// The same of atomic read-modify-writes.
#[derive(Debug)]
pub(crate) struct CountedAtomics<'a> {
    pub(crate) row: &'a Row,
    pub(crate) figures: Vec<Figures>,
}

/// Whether ours costs what it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing was promised.
    NoGoal,
    Ok,
    Missed,
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::NoGoal => "",
            Verdict::Ok => "ok",
            Verdict::Missed => "MISSED",
        })
    }
}

impl CountedAtomics<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        let ours = self.row.entries.iter().zip(&self.figures).find(|(entry, _)| entry.who == OURS);
        match ours {
            Some((_, figures)) if figures.always == 0.0 => Verdict::Ok,
            Some(_) => Verdict::Missed,
            None => Verdict::NoGoal,
        }
    }

    fn cells(&self) -> [String; 5] {
        let entries = || self.row.entries.iter().zip(&self.figures);
        let text = |figures: &Figures| match figures.now_and_then {
            0.0 => Figure(figures.always).to_string(),
            now_and_then => format!("{} (+ {now_and_then:.2})", Figure(figures.always)),
        };
        let ours = entries().find(|(entry, _)| entry.who == OURS).map(|(_, figures)| text(figures));
        let others = entries().filter(|(entry, _)| entry.who != OURS);
        let others: Vec<_> =
            others.map(|(entry, figures)| format!("{} {}", entry.who, text(figures))).collect();
        let verdict = self.verdict().to_string();
        [self.row.name.to_owned(), ours.unwrap_or_default(), "0".to_owned(), verdict, others.join(" · ")]
    }
}

impl Counted<'_> {
    fn figure(&self, who: &str) -> Option<f64> {
        let at = self.row.entries.iter().position(|entry| entry.who == who)?;
        Some(self.figures[at])
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let limit = match self.row.goal {
            Some(Goal::AtMost { limit, .. }) => Some(limit),
            Some(Goal::Over { who, by }) => self.figure(who).map(|figure| figure + by),
            Some(Goal::Times { who, factor }) => self.figure(who).map(|figure| figure * factor),
            None => None,
        };
        match (self.figure(OURS), limit) {
            // A loop that grows a buffer now and then costs a fraction more than the operation in it.
            (Some(ours), Some(limit)) if ours < limit + 0.05 => Verdict::Ok,
            (Some(_), Some(_)) => Verdict::Missed,
            _ => Verdict::NoGoal,
        }
    }

    fn others(&self) -> String {
        let others = self.row.entries.iter().zip(&self.figures).filter(|(entry, _)| entry.who != OURS);
        let others: Vec<_> =
            others.map(|(entry, &figure)| format!("{} {}", entry.who, Figure(figure))).collect();
        others.join(" · ")
    }

    fn cells(&self) -> [String; 5] {
        [
            self.row.name.to_owned(),
            self.figure(OURS).map_or_else(String::new, |figure| Figure(figure).to_string()),
            match self.row.goal {
                Some(Goal::AtMost { limit, hoped: None }) => format!("≤ {limit}"),
                Some(Goal::AtMost { limit, hoped: Some(hoped) }) => format!("≤ {limit} (hoped {hoped})"),
                Some(Goal::Over { who, by: 0.0 }) => format!("= {who}"),
                Some(Goal::Over { who, by }) => format!("≤ {who} + {by}"),
                Some(Goal::Times { who, factor }) => format!("≤ {factor} × {who}"),
                None => String::new(),
            },
            self.verdict().to_string(),
            self.others(),
        ]
    }
}

/// Whole instructions, with a digit more where it tells something.
struct Figure(f64);

impl Display for Figure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if (self.0 - self.0.round()).abs() < 0.05 || self.0 >= 1000.0 {
            write!(f, "{:.0}", self.0)
        } else {
            write!(f, "{:.1}", self.0)
        }
    }
}

/// The table in Markdown, aligned so that it also reads well as it is.
pub(crate) struct Table<'a>(pub(crate) &'a [Counted<'a>]);

/// The same of the atomic read-modify-writes; in brackets, those that are executed now and then.
pub(crate) struct AtomicsTable<'a>(pub(crate) &'a [CountedAtomics<'a>]);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_lines(f, "instructions per operation", self.0.iter().map(Counted::cells))
    }
}

impl Display for AtomicsTable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write_lines(f, "atomic read-modify-writes per operation", self.0.iter().map(CountedAtomics::cells))
    }
}

fn write_lines(f: &mut Formatter<'_>, what: &str, lines: impl Iterator<Item = [String; 5]>) -> fmt::Result {
    let head = [what, OURS, "goal", "", "others"].map(str::to_owned);
    let lines: Vec<_> = [head].into_iter().chain(lines).collect();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let [name, ours, goal, verdict] = [0, 1, 2, 3].map(width);
    for (at, line) in lines.iter().enumerate() {
        writeln!(
            f,
            "| {:name$} | {:>ours$} | {:goal$} | {:verdict$} | {} |",
            line[0], line[1], line[2], line[3], line[4]
        )?;
        if at == 0 {
            let rule = |width: usize| "-".repeat(width + 2);
            writeln!(f, "|{}|{}:|{}|{}|---|", rule(name), &rule(ours)[1..], rule(goal), rule(verdict))?;
        }
    }
    Ok(())
}
