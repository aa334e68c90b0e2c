//! Results as one page of HTML that needs nothing else: no script, no file, no host.

use crate::report::compare::{changes, kin};
use crate::report::plot::{Plot, escape, short};
use crate::report::table::{COLUMNS, cell};
use serde_json::Value;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1d2733; --dim: #5b6775; --paper: #fff; --rule: #d9dee5; --good: #0a7a46; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #9aa6b5; --paper: #14181e; --rule: #343c47; --good: #57c98c; --bad: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0; } th, td { border-bottom: 1px solid var(--rule); padding: .3rem .7rem; text-align: end; white-space: nowrap; }
th:first-child, td:first-child { text-align: start; } .plots { display: flex; flex-wrap: wrap; gap: 1.5rem; } figure { margin: 0; flex: 1 1 30rem; max-width: 40rem; }
svg { width: 100%; } svg text { font-size: 11px; fill: var(--dim); } .grid { stroke: var(--rule); } .line { fill: none; stroke-width: 1.8; }
.key { margin-inline-end: 1rem; } .key::before { content: '\\25A0'; margin-inline-end: .3rem; } .good { color: var(--good); } .bad { color: var(--bad); }
.l0 { stroke: #1769c2; } .l1 { stroke: #d2691e; } .l2 { stroke: #2a9d5c; } .l3 { stroke: #8e44ad; } .l4 { stroke: #c0392b; } .l5 { stroke: #7f8c8d; }
.key.l0 { color: #1769c2; } .key.l1 { color: #d2691e; } .key.l2 { color: #2a9d5c; } .key.l3 { color: #8e44ad; } .key.l4 { color: #c0392b; } .key.l5 { color: #7f8c8d; }
";

/// The page of `results`, each compared with its kin in `earlier`.
pub(crate) fn html(results: &[Value], earlier: &[Value]) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Macaw: benchmarks</title><style>{STYLE}</style></head><body><h1>Macaw: benchmarks</h1>"
    );
    if let Some(first) = results.first() {
        out += &format!("<p>{}</p>", escape(&machine(first)));
    }
    out += "<div class=\"wide\"><table><thead><tr>";
    COLUMNS.iter().for_each(|(heading, _)| out += &format!("<th scope=\"col\">{}</th>", escape(heading)));
    out += "</tr></thead><tbody>";
    for result in results {
        out += "<tr>";
        COLUMNS.iter().for_each(|(_, field)| out += &format!("<td>{}</td>", escape(&cell(result, field))));
        out += "</tr>";
    }
    out += "</tbody></table></div>";
    results.iter().for_each(|result| out += &section(result, kin(result, earlier)));
    out + "</body></html>\n"
}

fn section(result: &Value, earlier: Option<&Value>) -> String {
    let text = |name: &str| cell(result, name);
    let mut out = format!("<h2>{}: {} connections</h2>", escape(&text("scenario")), escape(&text("connections")));
    let busy = result.get("busy").and_then(Value::as_bool) == Some(true);
    out += &format!(
        "<p>Load average {} before, {} after.{}</p>",
        text("load_before"),
        text("load_after"),
        if busy { " Others were at work: this run decides nothing." } else { "" }
    );
    if let Some(earlier) = earlier {
        out += "<table><thead><tr><th scope=\"col\">compared</th><th scope=\"col\">then</th><th scope=\"col\">now</th><th scope=\"col\">change</th></tr></thead><tbody>";
        for change in changes(result, earlier) {
            let class = if change.better { "good" } else { "bad" };
            out += &format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"{class}\">{:+.1} %</td></tr>",
                change.name,
                short(change.then),
                short(change.now),
                change.percent()
            );
        }
        out += "</tbody></table>";
    }
    let plots: Vec<Plot> =
        result.get("plots").and_then(|plots| serde_json::from_value(plots.clone()).ok()).unwrap_or_default();
    out += "<div class=\"plots\">";
    plots.iter().for_each(|plot| out += &plot.svg());
    out + "</div>"
}

/// The machine in one sentence.
pub(crate) fn machine(result: &Value) -> String {
    let of = |name: &str| result.get("machine").and_then(|machine| machine.get(name));
    let text = |name: &str| of(name).and_then(Value::as_str).unwrap_or("unknown").to_owned();
    let count = |name: &str| of(name).and_then(Value::as_u64).unwrap_or(0);
    format!(
        "{} processors ({}), {} MiB of memory, Linux {}, at most {} open files a process.",
        count("processors"),
        text("processor"),
        count("memory_mib"),
        text("kernel"),
        count("open_files")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn result(p99: u64) -> Value {
        let plot = Plot::new("latency", "quantile", "µs", true).line("chat", [(0.5, 100.0), (1.0, 900.0)]);
        json!({ "scenario": "chat", "connections": 5, "p99_us": p99, "busy": false, "plots": [plot],
            "machine": { "processors": 2, "processor": "<b>", "memory_mib": 1, "kernel": "6", "open_files": 9 } })
    }

    #[test]
    fn a_page_needs_no_script_and_no_other_host() {
        let page = html(&[result(100)], &[]);
        assert!(page.contains("<svg") && page.contains("2 processors (&lt;b&gt;)"), "{page}");
        for outside in ["<script", "http:", "https:", "url(", "@import", "<link", "<img"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn an_earlier_result_is_compared() {
        let page = html(&[result(100)], &[result(200)]);
        assert!(page.contains("class=\"good\">-50.0 %"), "{page}");
        assert!(!html(&[result(100)], &[json!({ "scenario": "idle" })]).contains("compared"));
    }
}
