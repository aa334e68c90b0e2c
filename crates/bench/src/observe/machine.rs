//! On what a figure was measured.

use crate::limits::processors;
use serde_json::{Value, json};

/// More load than this before a run, and its figures decide nothing.
const BUSY: f64 = 2.0;

/// The machine's load average of the last minute.
pub(crate) fn load_average() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// Whether others were at work before the run.
pub(crate) fn is_busy(load: Option<f64>) -> bool {
    load.is_some_and(|load| load > BUSY)
}

/// Processor, memory, kernel, limits.
pub(crate) fn facts() -> Value {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).and_then(|line| line.split_once(':'));
        line.map(|(_, value)| value.trim().to_owned())
    };
    let memory = after(&read("/proc/meminfo"), "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    let limits = read("/proc/self/limits");
    let files = limits.lines().find(|line| line.starts_with("Max open files"));
    let hard = files.and_then(|line| line.split_whitespace().nth(4)?.parse::<u64>().ok());
    json!({
        "processor": after(&read("/proc/cpuinfo"), "model name"), "processors": processors(),
        "memory_mib": memory.map(|kb| kb / 1_024), "kernel": read("/proc/sys/kernel/osrelease").trim(),
        "open_files": hard,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_processors_memory_and_a_limit_of_files() {
        let facts = facts();
        assert!(facts["processors"].as_u64() > Some(0) && facts["memory_mib"].as_u64() > Some(0), "{facts}");
        assert!(facts["open_files"].as_u64() > Some(0), "{facts}");
    }

    #[test]
    fn a_machine_at_work_is_busy() {
        assert!(is_busy(Some(2.5)) && !is_busy(Some(0.3)) && !is_busy(None));
    }
}
