//! `idle`: connections that do nothing, and what each of them weighs; then a message on each, then heartbeats.

use crate::args::BenchArgs;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::observe::kernel::Kernel;
use crate::report::outcome::{Outcome, fields_of};
use crate::report::plot::{NINES, Plot};
use crate::scenario::floor::Floor;
use crate::target::Target;
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The first connections make what every server has once: pools, threads, caches.
const WARM: usize = 16;
const SETTLE: Duration = Duration::from_millis(1_500);

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let n = args.connections;
    let mut warm = Fleet::start(&target, WARM, open_files)?;
    warm.order(|_| Order::Hold)?;
    sleep(SETTLE);
    let (base, kernel_before) = (target.memory(), Kernel::now());
    let since = Instant::now();
    let mut fleet = Fleet::start(&target, n, open_files)?;
    let holding = fleet.order(|_| Order::Hold)?;
    let seconds = since.elapsed().as_secs_f64();
    ensure!(holding.held == n, "{} of {n} connections are held", holding.held);
    sleep(SETTLE);
    let each = |memory: u64| memory.saturating_sub(base) / n.max(1) as u64;
    let (idle, kernel) = (target.memory(), Kernel::now());
    eprintln!("bench: {n} held, {} bytes each", each(idle));
    let rate = args.rate.max(n as u64 / 20);
    let touched = fleet.order(|processes| Order::Touch { rate: (rate / processes.max(1) as u64).max(1) })?;
    sleep(SETTLE);
    let after_touch = target.memory();
    sleep(Duration::from_secs(args.seconds));
    let after_heartbeats = target.memory();
    let last = fleet.order(|_| Order::Judge)?;
    let resident = target.process.and_then(|process| process.memory()).map(|memory| memory.resident);
    let kernel_each = kernel.per_socket(&kernel_before, n);
    let mut fields = fields_of(json!({
        "connections": holding.held, "user_bytes_per_connection": each(idle),
        "user_bytes_after_a_message": each(after_touch), "user_bytes_with_heartbeats": each(after_heartbeats),
        "kernel_bytes_per_connection": kernel_each, "kernel_before": kernel_before.to_json(), "kernel_held": kernel.to_json(),
        "memory_base_bytes": base, "memory_held_bytes": idle, "resident_bytes": resident,
        "ready_ms": target.ready_ms, "sign_ins_per_second": (holding.held as f64 / seconds).round(),
        "handshake_p50_us": holding.latencies.at(0.5), "handshake_p99_us": holding.latencies.at(0.99),
        "heartbeats": last.heartbeats, "dropped": last.dropped, "server_cpu_seconds": target.cpu_seconds(), "rate": rate,
    }));
    fields.extend(touched.latencies.fields());
    fields.insert("messages_per_second".into(), Value::Null);
    drop((warm, fleet));
    let mut outcome = Outcome::single(Value::Object(fields), last.verdict);
    let steps = [(0.0, base), (1.0, idle), (2.0, after_touch), (3.0, after_heartbeats)];
    let mib = steps.map(|(x, bytes)| (x, bytes as f64 / 1_048_576.0));
    outcome.plots = vec![
        Plot::new("Server memory: empty, held, after a message on each, after heartbeats", "step", "MiB", false)
            .line("anonymous", mib),
        Plot::new("From sending to the ack, one message on each connection", NINES, "µs", true)
            .line("idle", touched.latencies.curve().into_iter().map(|(q, us)| (q, us as f64))),
    ];
    // The kernel's part is in both: what matters is the cost of a connection as a whole.
    outcome.floor_ratio = floor.map(|floor| {
        let bare = (floor.user_bytes_per_connection + kernel_each) as f64;
        bare / (each(idle) + kernel_each).max(1) as f64
    });
    Ok(outcome)
}
