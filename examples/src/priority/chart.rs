//! The waits as a picture: for each class and way a line from the median to the longest, on a logarithmic scale.

use super::{
    class::{Class, Way},
    load::Measured,
};
use std::{fmt::Write as _, time::Duration};

const LEFT: f64 = 250.0;
const WIDTH: f64 = 540.0;
/// The scale: from 10 microseconds, so many powers of ten.
const LEAST: f64 = 1e-5;
const POWERS: i32 = 6;
const COLOURS: [&str; 3] = ["#999", "#c96f1e", "#1b6ca8"];

/// Where a time is drawn.
fn x(time: Duration) -> f64 {
    let powers = (time.as_secs_f64() / LEAST).max(1.0).log10();
    LEFT + WIDTH * powers.min(f64::from(POWERS)) / f64::from(POWERS)
}

/// An SVG file.
pub(super) fn chart(measured: &[(Way, Measured)]) -> String {
    let rows = Class::ALL.len() * (measured.len() * 26 + 24);
    let height = rows + 90;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"860\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"20\" y=\"26\" font-size=\"16\">How long clients wait: the median, 99 of 100 (dot), the longest</text>\n"
    );
    let mut put = |line: String| {
        svg.push_str(&line);
        svg.push('\n');
    };
    for power in 0..=POWERS {
        let at = LEFT + WIDTH * f64::from(power) / f64::from(POWERS);
        let label = ["10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s"];
        let label =
            usize::try_from(power).ok().and_then(|power| label.get(power)).copied().unwrap_or_default();
        put(format!("<path d=\"M{at:.1} 44V{}\" stroke=\"#ddd\"/>", rows + 50));
        put(format!(
            "<text x=\"{at:.1}\" y=\"{}\" fill=\"#555\" text-anchor=\"middle\">{label}</text>",
            rows + 70
        ));
    }
    let mut y = 40;
    for class in Class::ALL {
        y += 24;
        put(format!("<text x=\"20\" y=\"{y}\" font-weight=\"bold\">{}</text>", class.name()));
        for ((way, measured), colour) in measured.iter().zip(COLOURS) {
            y += 26;
            let waits = &measured.waits[class as usize];
            let [from, dot, to] = [50, 99, 100].map(|rank| x(waits.percentile(rank)));
            let line = y - 5;
            put(format!("<text x=\"36\" y=\"{y}\" fill=\"#555\">{way}</text>"));
            put(format!("<path d=\"M{from:.1} {line}H{to:.1}\" stroke=\"{colour}\" stroke-width=\"4\"/>"));
            put(format!("<circle cx=\"{dot:.1}\" cy=\"{line}\" r=\"6\" fill=\"{colour}\"/>"));
        }
    }
    let _ = writeln!(svg, "</svg>");
    svg
}
