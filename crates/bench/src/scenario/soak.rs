//! `soak`: a chat for long, while connections come and go; memory and descriptors must not grow with time.

use crate::args::BenchArgs;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::net::api::Api;
use crate::report::outcome::Outcome;
use crate::report::plot::Plot;
use crate::scenario::chat::{Load, drive, outcome};
use crate::scenario::desk::Desk;
use crate::scenario::floor::Floor;
use crate::target::Target;
use crate::truth::ledger::judge_all;
use anyhow::Result;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// Of a hundred held connections, those that leave and come back each second.
const CHURN_PERCENT: usize = 1;

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let held = args.connections.saturating_sub(args.active + args.agents);
    let mut fleet = Fleet::start(&target, held, open_files)?;
    fleet.order(|_| Order::Hold)?;
    let mut desk = Desk::open(&target, args.active, args.agents)?;
    let (mut memory, mut descriptors, over) = (Vec::new(), Vec::new(), AtomicBool::new(false));
    let (measure, churned) = std::thread::scope(|scope| {
        let churning = scope.spawn(|| churn(&mut fleet, held, &over));
        let measure = drive(&target, &mut desk, Load::from(args), &mut |second| {
            memory.push((second as f64, target.memory() as f64 / 1_048_576.0));
            let open = target.process.and_then(|process| process.descriptors()).unwrap_or(0);
            descriptors.push((second as f64, open as f64));
            Ok(())
        });
        over.store(true, Ordering::Relaxed);
        let churned = churning.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the churning thread died")));
        Ok::<_, anyhow::Error>((measure?, churned?))
    })?;
    let mut outcome = outcome(args, &measure, floor);
    outcome.common.insert("churned".into(), json!(churned));
    outcome
        .common
        .insert("memory_growth_mib_per_hour".into(), json!(slope(&memory).map(|growth| (growth * 3_600.0).round())));
    outcome.common.insert("unsent".into(), json!(desk.unsent));
    outcome.common.insert("agents".into(), json!(desk.agents()));
    outcome.plots.push(Plot::new("Server memory", "seconds", "MiB", false).line("anonymous", memory));
    outcome
        .plots
        .push(Plot::new("Open descriptors of the server", "seconds", "descriptors", false).line("open", descriptors));
    outcome.verdict = judge_all(desk.talks(), &mut Api::new(target.address))?;
    outcome.verdict.add(&fleet.order(|_| Order::Judge)?.verdict);
    Ok(outcome)
}

/// Each second a part of the held connections is cut and comes back; how many did.
fn churn(fleet: &mut Fleet, held: usize, over: &AtomicBool) -> Result<usize> {
    let each = (held * CHURN_PERCENT / 100).max(usize::from(held > 0));
    let mut churned = 0;
    while !over.load(Ordering::Relaxed) {
        fleet.order(|processes| Order::Churn { connections: each.div_ceil(processes.max(1)) })?;
        churned += each;
        sleep(Duration::from_secs(1));
    }
    Ok(churned)
}

/// Growth per second over the second half, by least squares; `None` with too few points.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let half = points.get(points.len() / 2..).filter(|half| half.len() >= 3)?;
    let n = half.len() as f64;
    let (mean_x, mean_y) = (half.iter().map(|p| p.0).sum::<f64>() / n, half.iter().map(|p| p.1).sum::<f64>() / n);
    let covariance: f64 = half.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let variance: f64 = half.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    (variance > 0.0).then(|| covariance / variance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_that_of_the_second_half() {
        let points: Vec<_> = (0..20).map(|n| (f64::from(n), if n < 10 { 0.0 } else { f64::from(n) * 2.0 })).collect();
        assert!((slope(&points).expect("enough") - 2.0).abs() < 1e-9);
        assert_eq!(slope(&points[..3]), None);
    }
}
