//! `slow`: one client in a hundred never reads. The others must not feel it, and the server's memory stays bounded.

use crate::args::BenchArgs;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::net::api::Api;
use crate::report::outcome::{Outcome, fields_of, rounded};
use crate::scenario::chat::{Load, drive, middle, outcome};
use crate::scenario::desk::Desk;
use crate::scenario::floor::Floor;
use crate::scenario::measure::Measure;
use crate::target::Target;
use crate::truth::ledger::judge_all;
use anyhow::Result;
use serde_json::json;

/// What one reader that never reads may cost the server at most: its outbox and what belongs to it.
const CAP_BYTES: u64 = 512 * 1_024;
/// What a server may take for other things meanwhile.
const SLACK_BYTES: u64 = 32 * 1_024 * 1_024;

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let slow = (args.connections / 100).max(1);
    let held = args.connections.saturating_sub(args.active + args.agents + slow);
    let mut fleet = Fleet::start(&target, held, open_files)?;
    fleet.order(|_| Order::Hold)?;
    let mut desk = Desk::open(&target, args.active, args.agents)?;
    let load = Load { repeats: 1, ..Load::from(args) };
    let (mut without, mut with, mut moved, mut peak) = (Measure::default(), Measure::default(), Vec::new(), 0);
    // In turns: what the machine's neighbours do falls on both.
    for _ in 0..args.repeats {
        let before = drive(&target, &mut desk, load, &mut |_| Ok(()))?;
        let memory = target.memory();
        desk.open_slow(slow)?;
        let after = drive(&target, &mut desk, load, &mut |_| {
            peak = peak.max(target.memory().saturating_sub(memory));
            Ok(())
        })?;
        desk.close_slow();
        moved.extend(p99(&before).zip(p99(&after)).map(|(before, after)| (after / before.max(1.0) - 1.0) * 100.0));
        without.repeats.extend(before.repeats);
        with.repeats.extend(after.repeats);
    }
    let mut outcome = outcome(args, &with, floor);
    let others: Vec<_> =
        without.repeats.iter().filter_map(|repeat| repeat.delivery.all().at(0.99)).map(|p99| p99 as f64).collect();
    outcome.common.extend(fields_of(json!({
        "slow": slow, "p99_without_slow_us": middle(others), "p99_moved_percent": middle(moved).map(rounded),
        "memory_growth_bytes": peak, "memory_bounded": peak <= slow as u64 * CAP_BYTES + SLACK_BYTES,
        "dropped": desk.dropped, "unsent": desk.unsent, "agents": desk.agents(),
    })));
    outcome.verdict = judge_all(desk.talks(), &mut Api::new(target.address))?;
    Ok(outcome)
}

fn p99(measure: &Measure) -> Option<f64> {
    measure.repeats.first()?.delivery.all().at(0.99).map(|p99| p99 as f64)
}
