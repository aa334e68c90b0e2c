//! What routing costs: `cargo run --release -p macaw-app --example routing`.
//!
//! Rules of the founding form, and of them 50 that hold no word that they need; questions that match the first rule,
//! the last one and none. Prints the middle and the 99th percentile of a match in microseconds, and the time and the
//! bytes that reading the file takes.
#![expect(clippy::print_stdout, reason = "it is a report")]

use macaw_app::{Facts, Routes};
use std::time::Instant;

const ROUNDS: usize = 2_000;

fn file(rules: usize, tried: usize, confirmed: bool) -> String {
    let mut text = String::from("rules:\n");
    for n in 0..rules {
        // Spread over the file, so that a match at its end has passed them all.
        let pattern = match tried > 0 && n % (rules / tried).max(1) == 0 {
            true => format!("\\\\d{{{},}}[a-z]+\\\\d{{2,}}", 6 + n % 7),
            // The word alone does not say that it matches: a pattern of its own has to be tried.
            false if confirmed => format!("(退货|换货).{{0,9}}商品{n}号"),
            false => format!(".*商品{n}号.*"),
        };
        text += &format!(
            "  - pattern: \"{pattern}\"\n    ai_engine: \"kozi\"\n    params:\n      model: \"commerce_v2\"\n"
        );
    }
    text
}

fn main() {
    println!("{:>7} {:>6} {:>10} {:>24} {:>9} {:>9}", "rules", "tried", "read ms", "question", "p50 us", "p99 us");
    for (rules, tried, confirmed) in
        [(10, 0, false), (1_000, 0, false), (10_000, 0, false), (10_000, 50, false), (10_000, 50, true)]
    {
        let text = file(rules, tried, confirmed);
        let begun = Instant::now();
        let Ok(routes) = Routes::read(&text) else { return println!("the file is wrong") };
        let read = begun.elapsed().as_secs_f64() * 1_000.0;
        let last = format!("你好，请问退货的商品{}号什么时候可以发货到上海？订单号是20261125001234", rules - 1);
        let none = "你好，请问你们周末几点下班，可以开发票吗？我的订单号是20261125001234，谢谢".to_owned();
        for (name, question) in [("matches the last rule", last), ("matches none", none)] {
            let (middle, high) = measured(&routes, &question);
            println!("{rules:>7} {tried:>6} {read:>10.1} {name:>24} {middle:>9.1} {high:>9.1}");
        }
    }
}

fn measured(routes: &Routes, text: &str) -> (f64, f64) {
    let facts = Facts { text, tenant: None, site: None, identified: false, now: 0 };
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            std::hint::black_box(routes.route(std::hint::black_box(&facts)));
            begun.elapsed().as_secs_f64() * 1_000_000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    (at(50), at(99))
}
