//! Load and truth over the real protocol.
//!
//! Shares no code with the server, not even its types, so that a mistake there is not repeated
//! here. Every scenario ends with the checker: each acknowledged message is read back exactly once
//! and in order.

mod args;
mod clock;
mod hold;
mod latency;
mod limits;
mod net;
mod observe;
mod report;
mod rng;
mod scenario;
mod schedule;
mod target;
mod truth;

pub use args::{BenchArgs, Scenario};

use crate::observe::machine::load_average;
use crate::report::outcome::{Fields, Outcome};
use crate::scenario::floor::{self, Floor};
use anyhow::{Context, Result};
use serde_json::Value;
use std::io::Write;

/// Runs a scenario, by default against a server of its own on loopback. `false` when truth was broken.
///
/// Errors: what was asked for is out of bounds, the server could not be reached or did not do what
/// the scenario needs, or the gate found it worse than its baseline.
pub fn run(args: &BenchArgs) -> Result<bool> {
    match args.scenario {
        Scenario::Worker => return hold::worker::run().map(|()| true),
        Scenario::Echo => return scenario::echo::run().map(|()| true),
        Scenario::Page => return page(args).map(|()| true),
        _ => args.check()?,
    }
    let open_files = limits::raise_open_files()?;
    let load = load_average();
    if observe::machine::is_busy(load) {
        eprintln!("bench: others are at work here (load average {load:?}); these figures decide nothing");
    }
    let wants_floor = !args.no_floor && !matches!(args.scenario, Scenario::Crash | Scenario::Gate);
    let floor = wants_floor.then(|| floor::measure(args)).transpose()?;
    let outcome = measure(args, open_files, floor.as_ref())?;
    let result = outcome.to_json(args, floor.as_ref(), load);
    tell(args, &result)?;
    let unacknowledged = args.scenario == Scenario::Crash && outcome.verdict.unacknowledged > 0;
    Ok(outcome.verdict.broken() == 0 && !unacknowledged)
}

fn measure(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    match args.scenario {
        Scenario::Idle => scenario::idle::run(args, open_files, floor),
        Scenario::Chat => scenario::chat::run(args, open_files, floor),
        Scenario::Durable => scenario::durable::run(args, open_files, floor),
        Scenario::Broadcast => scenario::broadcast::run(args, open_files, floor),
        Scenario::Storm => scenario::storm::run(args, open_files, floor),
        Scenario::Slow => scenario::slow::run(args, open_files, floor),
        Scenario::Ai => scenario::ai::run(args, open_files, floor),
        Scenario::Http => scenario::http::run(args, open_files, floor),
        Scenario::Soak => scenario::soak::run(args, open_files, floor),
        Scenario::Gate => scenario::gate::run(args, open_files),
        Scenario::Crash => scenario::crash::run(args),
        Scenario::Floor | Scenario::Worker | Scenario::Echo | Scenario::Page => {
            Ok(floor.map(Floor::outcome).unwrap_or_default())
        }
    }
}

/// Prints a result, and writes its page.
fn tell(args: &BenchArgs, result: &Fields) -> Result<()> {
    let value = Value::Object(result.clone());
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{value}")?;
    } else {
        let long = ["plots", "repeats", "machine", "floor"];
        for (name, value) in result.iter().filter(|(name, _)| !long.contains(&name.as_str())) {
            writeln!(out, "{name:>28}  {value}")?;
        }
    }
    let earlier = args.compare.as_deref().map(report::compare::read).transpose()?.unwrap_or_default();
    if let Some(kin) = report::compare::kin(&value, &earlier) {
        for change in report::compare::changes(&value, kin) {
            eprintln!("{:>28}  {} before, {} now ({:+.1} %)", change.name, change.then, change.now, change.percent());
        }
    }
    if let Some(file) = &args.keep {
        report::keep::keep(file, value.clone())?;
    }
    match &args.page {
        Some(page) => {
            std::fs::write(page, report::page::html(&[value], &earlier)).with_context(|| page.display().to_string())
        }
        None => Ok(()),
    }
}

/// Makes the page and the table of results that were kept.
fn page(args: &BenchArgs) -> Result<()> {
    let results = report::compare::read(args.results.as_deref().context("--results FILE says what to show")?)?;
    let earlier = args.compare.as_deref().map(report::compare::read).transpose()?.unwrap_or_default();
    if let Some(page) = &args.page {
        std::fs::write(page, report::page::html(&results, &earlier)).with_context(|| page.display().to_string())?;
    }
    write!(std::io::stdout().lock(), "{}", report::table::document(&results))?;
    Ok(())
}
