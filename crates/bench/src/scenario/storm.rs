//! `storm`: all connections are cut at once and come back at once, each with its token and its position.

use crate::args::BenchArgs;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::report::outcome::{Outcome, fields_of, rounded};
use crate::report::plot::{NINES, Plot};
use crate::scenario::chat::middle;
use crate::scenario::floor::Floor;
use crate::target::Target;
use anyhow::{Result, ensure};
use serde_json::json;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Visitors of each process that got a message while they were away.
const UNREAD: usize = 100;
const SETTLE: Duration = Duration::from_millis(1_500);

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let descriptors = || target.process.and_then(|process| process.descriptors());
    let descriptors_before = descriptors();
    let mut fleet = Fleet::start(&target, args.connections, open_files)?;
    fleet.order(|_| Order::Hold)?;
    // Something to resume from.
    let rate = args.rate.max(args.connections as u64 / 20);
    fleet.order(|processes| Order::Touch { rate: (rate / processes.max(1) as u64).max(1) })?;
    let memory = target.memory();
    let mut outcome = Outcome::default();
    let mut plot = Plot::new("From the cut to watching again", NINES, "µs", true);
    let mut per_cpu = Vec::new();
    for n in 0..args.repeats {
        let (since, cpu) = (Instant::now(), target.cpu_seconds());
        let back = fleet.order(|_| Order::Storm { unread: UNREAD })?;
        let (seconds, cpu) = (since.elapsed().as_secs_f64(), target.cpu_seconds() - cpu);
        ensure!(back.held == args.connections, "{} of {} came back", back.held, args.connections);
        per_cpu.push(back.held as f64 / cpu.max(0.01));
        let mut fields = back.latencies.fields();
        fields.extend(fields_of(json!({
            "messages_per_second": rounded(back.held as f64 / seconds), "reconnects_per_second": rounded(back.held as f64 / seconds),
            "seconds": rounded(seconds), "server_cpu_seconds": rounded(cpu), "dropped": back.dropped,
        })));
        outcome.repeats.push(fields);
        plot = plot.line(format!("storm {}", n + 1), back.latencies.curve().into_iter().map(|(q, us)| (q, us as f64)));
        sleep(SETTLE);
    }
    outcome.common = fields_of(json!({
        "memory_before_bytes": memory, "memory_after_bytes": target.memory(),
        "descriptors_empty": descriptors_before, "descriptors_held": descriptors(),
    }));
    outcome.verdict = fleet.order(|_| Order::Judge)?.verdict;
    outcome.plots = vec![plot];
    outcome.floor_ratio = middle(per_cpu).zip(floor).map(|(rate, floor)| rate / floor.upgrades_per_cpu_second.max(1.0));
    drop(fleet);
    sleep(SETTLE);
    outcome.common.insert("descriptors_after".into(), json!(descriptors()));
    Ok(outcome)
}
