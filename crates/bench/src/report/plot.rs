//! A line plot as SVG, without script and without anything from elsewhere.

use serde::{Deserialize, Serialize};
use std::fmt::Write;

const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 70.0;
const BOTTOM: f64 = 40.0;
const TOP: f64 = 12.0;
const RIGHT: f64 = 12.0;

/// The axis of a curve of latencies.
pub(crate) const NINES: &str = "nines of the quantile (1 is 90 %, 2 is 99 %, 3 is 99.9 %)";

/// Lines over one axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Plot {
    pub(crate) title: String,
    pub(crate) x: String,
    pub(crate) y: String,
    /// A logarithmic y axis.
    pub(crate) log: bool,
    pub(crate) lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

impl Plot {
    /// Without lines yet.
    pub(crate) fn new(title: &str, x: &str, y: &str, log: bool) -> Self {
        Self { title: title.into(), x: x.into(), y: y.into(), log, lines: Vec::new() }
    }

    /// With one more line.
    pub(crate) fn line(mut self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.lines.push(Line { name: name.into(), points: points.into_iter().collect() });
        self
    }

    /// The picture, with a text for those who do not see it.
    pub(crate) fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| line.points.iter().copied());
        let (x_from, x_to) = bounds(points().map(|(x, _)| x));
        let (mut y_from, mut y_to) = bounds(points().map(|(_, y)| self.scale(y)));
        if self.log {
            (y_from, y_to) = (y_from.floor(), y_to.ceil().max(y_from.floor() + 1.0));
        } else {
            (y_from, y_to) = (0.0, y_to.max(f64::MIN_POSITIVE) * 1.05);
        }
        let px = |x: f64| LEFT + (x - x_from) / (x_to - x_from) * (WIDTH - LEFT - RIGHT);
        let py = |y: f64| HEIGHT - BOTTOM - (self.scale(y) - y_from) / (y_to - y_from) * (HEIGHT - BOTTOM - TOP);
        let mut out = format!(
            "<figure><figcaption>{}</figcaption><svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escape(&self.title),
            escape(&self.words())
        );
        for value in self.ticks(y_from, y_to) {
            let (y, text) = (py(value), short(value));
            let _ = write!(out, "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{:.1}\"/>", WIDTH - RIGHT);
            let _ = write!(out, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>", LEFT - 6.0, y + 4.0);
        }
        for part in 0..=4 {
            let value = x_from + (x_to - x_from) * f64::from(part) / 4.0;
            let (x, y) = (px(value), HEIGHT - BOTTOM + 16.0);
            let _ = write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>", short(value));
        }
        for (n, line) in self.lines.iter().enumerate() {
            let path: Vec<_> = line.points.iter().map(|(x, y)| format!("{:.1} {:.1}", px(*x), py(*y))).collect();
            let _ = write!(out, "<path class=\"line l{}\" d=\"M{}\"/>", n % 6, path.join("L"));
        }
        let _ = write!(out, "<text x=\"{LEFT}\" y=\"{:.1}\">{}</text>", HEIGHT - 6.0, escape(&self.axes()));
        out + "</svg>" + &self.legend() + "</figure>"
    }

    fn legend(&self) -> String {
        let entry = |(n, line): (usize, &Line)| format!("<span class=\"key l{}\">{}</span>", n % 6, escape(&line.name));
        format!("<p>{}</p>", self.lines.iter().enumerate().map(entry).collect::<Vec<_>>().join(" "))
    }

    fn axes(&self) -> String {
        format!("→ {}; ↑ {}{}", self.x, self.y, if self.log { " (logarithmic)" } else { "" })
    }

    /// The ends of each line in words.
    fn words(&self) -> String {
        let end = |line: &Line| match (line.points.first(), line.points.last()) {
            (Some(first), Some(last)) => format!("{}: from {} to {}", line.name, short(first.1), short(last.1)),
            _ => line.name.clone(),
        };
        format!(
            "{}. {} by {}. {}",
            self.title,
            self.y,
            self.x,
            self.lines.iter().map(end).collect::<Vec<_>>().join("; ")
        )
    }

    fn scale(&self, y: f64) -> f64 {
        if self.log { y.max(1.0).log10() } else { y }
    }

    fn ticks(&self, from: f64, to: f64) -> Vec<f64> {
        if self.log {
            let mut exponents = Vec::new();
            let mut exponent = from;
            while exponent <= to && exponents.len() < 12 {
                exponents.push(10_f64.powf(exponent));
                exponent += 1.0;
            }
            exponents
        } else {
            (0..=4).map(|part| from + (to - from) * f64::from(part) / 4.0).collect()
        }
    }
}

fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (from, to) = values.filter(|v| v.is_finite()).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)));
    if from > to {
        (0.0, 1.0)
    } else if from == to {
        (from, from + 1.0)
    } else {
        (from, to)
    }
}

/// Three digits and a unit.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 1e9 => format!("{:.1}G", value / 1e9),
        v if v >= 1e6 => format!("{:.1}M", value / 1e6),
        v if v >= 1e4 => format!("{:.0}k", value / 1e3),
        v if v >= 1e3 => format!("{:.1}k", value / 1e3),
        v if v >= 10.0 || v == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

/// For text and attributes of HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_has_a_line_per_line_and_says_itself_in_words() {
        let plot = Plot::new("p99 <now>", "seconds", "µs", true)
            .line("chat", [(0.0, 100.0), (1.0, 10_000.0)])
            .line("before", [(0.0, 50.0)]);
        let svg = plot.svg();
        assert_eq!(svg.matches("class=\"line").count(), 2);
        assert!(svg.contains("chat: from 100 to 10k") && svg.contains("p99 &lt;now&gt;"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn no_points_and_equal_points_are_no_trouble() {
        for points in [vec![], vec![(1.0, 0.0)], vec![(1.0, 5.0), (1.0, 5.0)]] {
            for log in [false, true] {
                let svg = Plot::new("t", "x", "y", log).line("l", points.clone()).svg();
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            }
        }
    }
}
