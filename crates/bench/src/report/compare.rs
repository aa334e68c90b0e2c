//! A result beside an earlier one.

use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

/// Figures worth comparing, and whether more of it is better.
const FIGURES: [(&str, bool); 8] = [
    ("p50_us", false),
    ("p99_us", false),
    ("p999_us", false),
    ("messages_per_second", true),
    ("user_bytes_per_connection", false),
    ("kernel_bytes_per_connection", false),
    ("server_cpu_seconds", false),
    ("floor_ratio", true),
];

/// One figure then and now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) name: &'static str,
    pub(crate) then: f64,
    pub(crate) now: f64,
    /// Whether the change is one for the better.
    pub(crate) better: bool,
}

impl Change {
    /// By how many per cent it moved.
    pub(crate) fn percent(&self) -> f64 {
        if self.then == 0.0 { 0.0 } else { (self.now - self.then) / self.then * 100.0 }
    }
}

/// Results of a file: one object, a list of them, or one a line.
pub(crate) fn read(path: &Path) -> Result<Vec<Value>> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse(&text).with_context(|| format!("{} holds no results", path.display()))
}

fn parse(text: &str) -> Result<Vec<Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Array(results)) => Ok(results),
        Ok(result) => Ok(vec![result]),
        Err(_) => {
            text.lines().filter(|line| !line.trim().is_empty()).map(|line| Ok(serde_json::from_str(line)?)).collect()
        }
    }
}

/// The earlier result that is the nearest kin of `result`: the same scenario, and if there is one the same size and rate.
pub(crate) fn kin<'a>(result: &Value, earlier: &'a [Value]) -> Option<&'a Value> {
    let alike = |names: &'static [&'static str]| {
        earlier.iter().find(move |other| names.iter().all(|name| other.get(name) == result.get(name)))
    };
    alike(&["scenario", "connections", "rate"])
        .or_else(|| alike(&["scenario", "connections"]))
        .or_else(|| alike(&["scenario"]))
}

/// Each figure that both have.
pub(crate) fn changes(result: &Value, earlier: &Value) -> Vec<Change> {
    let figure = |value: &Value, name: &str| value.get(name).and_then(Value::as_f64);
    let change = |(name, more): (&'static str, bool)| {
        let (then, now) = (figure(earlier, name)?, figure(result, name)?);
        Some(Change { name, then, now, better: if more { now > then } else { now < then } })
    };
    FIGURES.into_iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn results_are_read_in_each_form() {
        assert_eq!(parse("{\"a\":1}").expect("one").len(), 1);
        assert_eq!(parse("[{\"a\":1},{\"a\":2}]").expect("a list").len(), 2);
        assert_eq!(parse("{\"a\":1}\n{\"a\":2}\n\n").expect("lines").len(), 2);
        assert!(parse("nothing").is_err());
    }

    #[test]
    fn the_same_scenario_at_the_same_size_and_rate_is_compared() {
        let result = |n: u64, rate: u64| json!({ "scenario": "chat", "connections": n, "rate": rate });
        let earlier =
            [json!({ "scenario": "idle", "connections": 5, "rate": 7 }), result(9, 7), result(5, 9), result(5, 7)];
        assert_eq!(kin(&result(5, 7), &earlier), Some(&result(5, 7)));
        assert_eq!(kin(&result(5, 1), &earlier), Some(&result(5, 9)));
        assert_eq!(kin(&result(1, 1), &earlier), Some(&result(9, 7)));
        assert_eq!(kin(&json!({ "scenario": "storm" }), &earlier), None);
    }

    #[test]
    fn more_throughput_and_less_latency_are_better() {
        let then = json!({ "p99_us": 200, "messages_per_second": 100, "p50_us": null });
        let found = changes(&json!({ "p99_us": 100, "messages_per_second": 90, "p50_us": 3 }), &then);
        assert_eq!(
            found.iter().map(|c| (c.name, c.better)).collect::<Vec<_>>(),
            [("p99_us", true), ("messages_per_second", false)]
        );
        assert_eq!(found[0].percent(), -50.0);
    }
}
