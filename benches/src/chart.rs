//! A chart: what operations cost by the length of something, drawn as SVG.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::process::ExitCode;

use crate::cli::{Options, count};
use crate::count::{RUN, require_valgrind};
use crate::report::Counted;
use crate::row::Row;

/// Operations whose entries are named by lengths, the same ones in each row.
#[derive(Debug)]
pub struct Chart {
    /// What it shows.
    pub title: &'static str,
    /// Where the drawing goes.
    pub file: &'static str,
    /// Ours: what they cost has to be the same for each length.
    pub flat: Vec<Row>,
    /// Ours too: what they cost may grow by a step for each tenfold length.
    pub logarithmic: Vec<Row>,
    /// To compare with.
    pub others: Vec<Row>,
}

/// Flat is what grows by no more than this from its least to its greatest figure: how often an executor asks for the time
/// and for sockets is in the counts, and differs by a few of a hundred.
const GROWTH: f64 = 1.1;

/// What grows with the logarithm of the length grows by no more than this from a length to the tenfold one.
const STEP: f64 = 1.7;

impl Chart {
    /// The whole program: counts, draws, prints the figures, and fails where something is not flat.
    pub fn main(self) -> ExitCode {
        match self.act() {
            Ok(code) => code,
            Err(message) => {
                eprintln!("{message}");
                ExitCode::from(2)
            }
        }
    }

    fn act(self) -> Result<ExitCode, String> {
        let Chart { title, file, flat, logarithmic, others } = self;
        let (are_flat, ours) = (flat.len(), flat.len() + logarithmic.len());
        let rows: Vec<_> = flat.into_iter().chain(logarithmic).chain(others).collect();
        let options = Options::parse(std::env::args().skip(1))?;
        if let Some((row, entry, turns)) = options.run {
            let entry = rows.get(row).and_then(|row| row.entries.get(entry));
            (entry.ok_or_else(|| format!("{RUN}: no such implementation"))?.run)(turns);
            return Ok(ExitCode::SUCCESS);
        }
        require_valgrind()?;
        let counted = count(&rows.iter().enumerate().collect::<Vec<_>>(), options.jobs)?;
        let drawing = Drawing { title, counted: &counted, ours };
        print!("{}", Figures(&counted));
        fs::write(file, drawing.to_string()).map_err(|e| format!("{file}: {e}"))?;
        println!("\ndrawn: {file}");
        let is_grown = |at: usize, counted: &Counted<'_>| {
            if at < are_flat { growth(counted) > GROWTH } else { step(counted) > STEP }
        };
        let ours = counted[..ours].iter().enumerate();
        let grown: Vec<_> = ours.filter(|(at, counted)| is_grown(*at, counted)).collect();
        for (at, counted) in &grown {
            let wanted = if *at < are_flat { "flat" } else { "logarithmic" };
            println!("not {wanted}: {}", counted.row.name);
        }
        Ok(if grown.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn least_and_greatest(figures: &[f64]) -> (f64, f64) {
    figures.iter().fold((f64::INFINITY, 0.0), |(least, greatest), &at| (at.min(least), at.max(greatest)))
}

fn growth(counted: &Counted<'_>) -> f64 {
    let (least, greatest) = least_and_greatest(&counted.figures);
    greatest / least
}

/// The greatest growth from a length to the next one.
fn step(counted: &Counted<'_>) -> f64 {
    counted.figures.windows(2).map(|pair| pair[1] / pair[0]).fold(0.0, f64::max)
}

/// The figures as a table in Markdown.
struct Figures<'a>(&'a [Counted<'a>]);

impl Display for Figures<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(first) = self.0.first() else { return Ok(()) };
        write!(f, "| instructions |")?;
        for entry in &first.row.entries {
            write!(f, " {} |", entry.who)?;
        }
        writeln!(f, "\n|---|{}", "--:|".repeat(first.row.entries.len()))?;
        for counted in self.0 {
            write!(f, "| {} |", counted.row.name)?;
            for figure in &counted.figures {
                write!(f, " {figure:.0} |")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// The chart: a column for each length, figures in tenfold steps, each line with its name at its end.
struct Drawing<'a> {
    title: &'static str,
    counted: &'a [Counted<'a>],
    /// So many of them are ours.
    ours: usize,
}

const LEFT: f64 = 70.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 50.0;
const BOTTOM: f64 = 370.0;
const COLOURS: [&str; 7] = ["#1b6ca8", "#2a9d5c", "#8a5fbf", "#c9811a", "#16898f", "#7a6a2f", "#b04a8b"];
const OTHER: &str = "#c0392b";

impl Drawing<'_> {
    /// The tenfold steps that hold all figures, as exponents.
    fn decades(&self) -> (f64, f64) {
        let (least, greatest) = self
            .counted
            .iter()
            .map(|counted| least_and_greatest(&counted.figures))
            .fold((f64::INFINITY, 1.0_f64), |(least, greatest), (from, to)| {
                (from.min(least), to.max(greatest))
            });
        (least.max(1.0).log10().floor(), greatest.log10().ceil())
    }

    fn x(&self, at: usize) -> f64 {
        let columns = self.counted.first().map_or(0, |counted| counted.row.entries.len());
        LEFT + (RIGHT - LEFT) * float(at) / float(columns.saturating_sub(1).max(1))
    }

    fn y(&self, figure: f64) -> f64 {
        let (from, to) = self.decades();
        BOTTOM - (BOTTOM - TOP) * (figure.max(1.0).log10() - from) / (to - from).max(1.0)
    }

    /// Where the names stand: at the ends of the lines, apart from each other.
    fn labels(&self) -> Vec<(usize, f64)> {
        let end = |counted: &Counted<'_>| counted.figures.last().map_or(BOTTOM, |&figure| self.y(figure));
        let mut labels: Vec<_> = self.counted.iter().map(end).enumerate().collect();
        labels.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut limit = BOTTOM + 4.0;
        for (_, y) in &mut labels {
            *y = y.min(limit);
            limit = *y - 16.0;
        }
        labels
    }

    fn colour(&self, at: usize) -> &'static str {
        if at < self.ours { COLOURS[at % COLOURS.len()] } else { OTHER }
    }
}

#[expect(clippy::cast_precision_loss, reason = "there are a few columns")]
fn float(n: usize) -> f64 {
    n as f64
}

impl Display for Drawing<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 420" font-family="sans-serif" font-size="13">"#
        )?;
        writeln!(f, r##"<rect width="860" height="420" fill="#fff"/>"##)?;
        writeln!(f, r#"<text x="{LEFT}" y="26" font-size="16">{}</text>"#, self.title)?;
        let (from, to) = self.decades();
        let mut decade = from;
        while decade <= to {
            let (figure, y) = (10_f64.powf(decade), self.y(10_f64.powf(decade)));
            writeln!(f, r##"<path d="M{LEFT} {y:.1}H{RIGHT}" stroke="#ddd"/>"##)?;
            writeln!(
                f,
                r##"<text x="{:.1}" y="{:.1}" fill="#555" text-anchor="end">{figure:.0}</text>"##,
                LEFT - 8.0,
                y + 4.0
            )?;
            decade += 1.0;
        }
        for (at, entry) in self.counted.iter().flat_map(|counted| &counted.row.entries).enumerate() {
            if at >= self.counted[0].row.entries.len() {
                break;
            }
            let (x, y) = (self.x(at), BOTTOM + 24.0);
            writeln!(
                f,
                r##"<text x="{x:.1}" y="{y:.1}" fill="#555" text-anchor="middle">{}</text>"##,
                entry.who
            )?;
        }
        for (at, counted) in self.counted.iter().enumerate() {
            let point = |(column, &figure)| format!("{:.1},{:.1}", self.x(column), self.y(figure));
            let points: Vec<_> = counted.figures.iter().enumerate().map(point).collect();
            let colour = self.colour(at);
            let dash = if at < self.ours { "" } else { r#" stroke-dasharray="5 4""# };
            writeln!(
                f,
                r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>"#,
                points.join(" ")
            )?;
        }
        for (at, y) in self.labels() {
            let (x, y, row) = (RIGHT + 10.0, y + 4.0, self.counted[at].row);
            writeln!(f, r#"<text x="{x:.1}" y="{y:.1}" fill="{}">{}</text>"#, self.colour(at), row.name)?;
        }
        writeln!(f, "</svg>")
    }
}
