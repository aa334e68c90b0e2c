//! Results as a table of Markdown, so that documents are made and not typed.

use crate::report::page::machine;
use crate::report::plot::short;
use serde_json::Value;

/// Columns: heading, field.
pub(crate) const COLUMNS: [(&str, &str); 12] = [
    ("scenario", "scenario"),
    ("connections", "connections"),
    ("rate/s", "rate"),
    ("p50", "p50_us"),
    ("p99", "p99_us"),
    ("p99.9", "p999_us"),
    ("messages/s", "messages_per_second"),
    ("user B/conn", "user_bytes_per_connection"),
    ("kernel B/socket", "kernel_bytes_per_connection"),
    ("server CPU s", "server_cpu_seconds"),
    ("of the floor", "floor_ratio"),
    ("lost, doubled, reordered", ""),
];

/// A line per result.
pub(crate) fn markdown(results: &[Value]) -> String {
    let mut out = format!("| {} |\n", COLUMNS.map(|(heading, _)| heading).join(" | "));
    out += &format!("|{}\n", "---|".repeat(COLUMNS.len()));
    for result in results {
        out += &format!("| {} |\n", COLUMNS.map(|(_, field)| cell(result, field)).join(" | "));
    }
    out
}

/// The table, and under it the machine and the floor of its first result.
pub(crate) fn document(results: &[Value]) -> String {
    let Some(first) = results.first() else { return String::new() };
    let floor = |name: &str| first.get("floor").map_or("–".to_owned(), |floor| cell(floor, name));
    let busy = results.iter().filter(|result| result.get("busy").and_then(Value::as_bool) == Some(true)).count();
    let busy = match busy {
        0 => String::new(),
        n => format!("Others were at work on the machine in {n} of {} runs; those decide nothing.\n\n", results.len()),
    };
    format!(
        "\n{}\n\n{busy}{}\nThe floor of the same machine: echo {} / {} (p50 / p99), {} echoes and {} upgrades per second of \
         processor time; 4 KiB appended and synced {} / {}.\n\n",
        machine(first),
        markdown(results),
        floor("echo_p50_us"),
        floor("echo_p99_us"),
        floor("echoes_per_cpu_second"),
        floor("upgrades_per_cpu_second"),
        floor("append_p50_us"),
        floor("append_p99_us"),
    )
}

/// A figure as people read it; a dash where there is none.
pub(crate) fn cell(result: &Value, field: &str) -> String {
    if field.is_empty() {
        let of = |name: &str| result.get(name).and_then(Value::as_u64).unwrap_or(0);
        return format!("{}, {}, {}", of("lost"), of("doubled"), of("reordered"));
    }
    match result.get(field) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => match value.as_f64() {
            Some(us) if field.ends_with("_us") => duration(us),
            Some(figure) if field == "floor_ratio" => format!("{:.1} %", figure * 100.0),
            Some(figure) if field.ends_with("_second") => short(figure),
            Some(figure) if figure.fract() == 0.0 => format!("{figure:.0}"),
            Some(figure) => format!("{figure:.2}"),
            None => "–".to_owned(),
        },
        None => "–".to_owned(),
    }
}

/// Microseconds or milliseconds.
fn duration(us: f64) -> String {
    if us < 1_000.0 { format!("{us:.0} µs") } else { format!("{:.1} ms", us / 1_000.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_has_a_line_per_result_and_a_dash_for_nothing() {
        let results = [
            json!({ "scenario": "chat", "connections": 5, "p50_us": 340, "p99_us": 2_500, "floor_ratio": 0.25, "lost": 0, "messages_per_second": 15000.4 }),
        ];
        let lines: Vec<_> = markdown(&results).lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2], "| chat | 5 | – | 340 µs | 2.5 ms | – | 15k | – | – | – | 25.0 % | 0, 0, 0 |");
        assert_eq!(lines[0].matches('|').count(), lines[1].matches('|').count());
    }
}
