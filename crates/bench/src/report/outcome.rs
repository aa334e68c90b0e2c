//! What a scenario found, and the one JSON object that it becomes.

use crate::args::BenchArgs;
use crate::observe::machine;
use crate::report::plot::Plot;
use crate::scenario::floor::Floor;
use crate::truth::verdict::Verdict;
use serde_json::{Map, Value, json};

/// Fields of a result.
pub(crate) type Fields = Map<String, Value>;

/// Every result has these; what a scenario does not measure is null.
pub(crate) const ALWAYS: [&str; 15] = [
    "scenario",
    "connections",
    "rate",
    "p50_us",
    "p99_us",
    "p999_us",
    "messages_per_second",
    "user_bytes_per_connection",
    "kernel_bytes_per_connection",
    "acked",
    "delivered",
    "lost",
    "doubled",
    "reordered",
    "server_cpu_seconds",
];

/// What a scenario found.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// About the run as a whole.
    pub(crate) common: Fields,
    /// One set of fields per repeat; the median one is reported.
    pub(crate) repeats: Vec<Fields>,
    /// Promises kept and broken.
    pub(crate) verdict: Verdict,
    /// Pictures of it.
    pub(crate) plots: Vec<Plot>,
    /// How near the floor it came: 1 is as good as the bare machine.
    pub(crate) floor_ratio: Option<f64>,
}

impl Outcome {
    /// From the fields of one run without repeats.
    pub(crate) fn single(fields: Value, verdict: Verdict) -> Self {
        Self { repeats: vec![fields_of(fields)], verdict, ..Self::default() }
    }

    /// The result.
    pub(crate) fn to_json(&self, args: &BenchArgs, floor: Option<&Floor>, load_before: Option<f64>) -> Fields {
        let mut result: Fields = ALWAYS.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
        result.insert("scenario".into(), args.scenario.name().into());
        result.insert("connections".into(), args.connections.into());
        result.insert("rate".into(), args.rate.into());
        result.extend(self.common.clone());
        let median = median(&self.repeats);
        result.extend(median.and_then(|n| self.repeats.get(n)).cloned().unwrap_or_default());
        if let Ok(Value::Object(verdict)) = serde_json::to_value(self.verdict) {
            result.extend(verdict);
        }
        result.insert("floor_ratio".into(), json!(self.floor_ratio));
        result.insert("floor".into(), json!(floor));
        if self.repeats.len() > 1 {
            result.insert("median_repeat".into(), json!(median.map(|n| n + 1)));
            result.insert("repeats".into(), json!(self.repeats));
        }
        result.insert("plots".into(), json!(self.plots));
        result.insert("command".into(), command().into());
        result.insert("machine".into(), machine::facts());
        result.insert("load_before".into(), json!(load_before));
        result.insert("load_after".into(), json!(machine::load_average()));
        result.insert("busy".into(), machine::is_busy(load_before).into());
        result
    }
}

/// What was typed, without where files are.
fn command() -> String {
    let mut words = vec!["macaw".to_owned()];
    let mut given = std::env::args().skip(1);
    while let Some(word) = given.next() {
        match word.as_str() {
            "--keep" | "--page" | "--compare" | "--binary" | "--ready-file" | "--baseline" => drop(given.next()),
            "--json" => {}
            _ => words.push(word),
        }
    }
    words.join(" ")
}

/// The repeat in the middle, by p99, or by throughput where there is no latency; of two middles the worse one.
pub(crate) fn median(repeats: &[Fields]) -> Option<usize> {
    let figure = |fields: &Fields| {
        let of = |name: &str| fields.get(name).and_then(Value::as_f64);
        of("p99_us").or_else(|| of("messages_per_second").map(|rate| -rate)).unwrap_or(f64::MAX)
    };
    let mut order: Vec<_> = (0..repeats.len()).collect();
    order.sort_by(|a, b| figure(&repeats[*a]).total_cmp(&figure(&repeats[*b])));
    order.get(repeats.len() / 2).copied()
}

/// The fields of an object.
pub(crate) fn fields_of(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        _ => Fields::new(),
    }
}

/// With two digits after the point: more would be noise.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Scenario;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        bench: BenchArgs,
    }

    fn repeat(p99: u64) -> Fields {
        fields_of(json!({ "p99_us": p99, "messages_per_second": 5 }))
    }

    #[test]
    fn the_median_repeat_is_reported_and_all_are_listed() {
        let args = Line::parse_from(["x", "chat", "--repeats", "3"]).bench;
        assert_eq!(args.scenario, Scenario::Chat);
        let verdict = Verdict { acked: 9, lost: 1, ..Verdict::default() };
        let outcome = Outcome { repeats: vec![repeat(90), repeat(10), repeat(20)], verdict, ..Outcome::default() };
        let result = outcome.to_json(&args, Some(&Floor::default()), Some(0.5));
        assert_eq!((&result["p99_us"], &result["median_repeat"], &result["lost"]), (&json!(20), &json!(3), &json!(1)));
        assert_eq!(result["repeats"].as_array().map(Vec::len), Some(3));
        for name in ALWAYS {
            assert!(result.contains_key(name), "{name}");
        }
        assert!(result.contains_key("floor_ratio") && result["machine"]["processors"].is_u64());
    }

    #[test]
    fn of_two_middles_the_worse_one_counts_and_throughput_where_there_is_no_latency() {
        assert_eq!(median(&[repeat(1), repeat(3)]), Some(1));
        let rate = |n: u64| fields_of(json!({ "messages_per_second": n }));
        assert_eq!(median(&[rate(10), rate(30), rate(20)]), Some(2));
        assert_eq!(median(&[]), None);
    }
}
