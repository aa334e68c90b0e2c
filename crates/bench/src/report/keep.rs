//! Results in one file, so that a page is made of several runs.

use crate::report::compare::read;
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::Path;

/// Puts a result into the file at `path`, in place of the one of the same scenario, size and rate.
pub(crate) fn keep(path: &Path, result: Value) -> Result<()> {
    let before = if path.exists() { read(path)? } else { Vec::new() };
    std::fs::write(path, lines(&with(before, result))).with_context(|| path.display().to_string())
}

/// The results with one more, or with one replaced.
fn with(mut results: Vec<Value>, result: Value) -> Vec<Value> {
    // The rate of a search is what it found; the command tells the runs apart.
    let same = |other: &Value| other.get("command") == result.get("command");
    match results.iter().position(same) {
        Some(at) => results[at] = result,
        None => results.push(result),
    }
    results
}

/// An array with a line per result, so that a change is seen where it is.
fn lines(results: &[Value]) -> String {
    let lines: Vec<_> = results.iter().map(Value::to_string).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_run_of_the_same_command_replaces_its_result() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("results.json");
        for (command, p99) in [("chat", 1), ("idle", 2), ("chat", 3)] {
            keep(&path, json!({ "command": command, "p99_us": p99 })).expect("writes");
        }
        let kept = read(&path).expect("reads");
        assert_eq!(kept, [json!({ "command": "chat", "p99_us": 3 }), json!({ "command": "idle", "p99_us": 2 })]);
        assert_eq!(std::fs::read_to_string(&path).expect("text").lines().count(), 4);
    }
}
