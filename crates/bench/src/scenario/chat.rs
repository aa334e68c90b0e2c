//! `chat`: visitors write on a fixed schedule, agents read, many others are connected. Latency is measured from the
//! time a message was due to its arrival at the agent's socket, so that a stall is not hidden.

use crate::args::BenchArgs;
use crate::clock::now_us;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::net::api::Api;
use crate::observe::kernel::Kernel;
use crate::report::outcome::{Fields, Outcome, fields_of, rounded};
use crate::report::plot::{NINES, Plot};
use crate::scenario::desk::Desk;
use crate::scenario::floor::Floor;
use crate::scenario::measure::{Measure, Repeat};
use crate::schedule::Schedule;
use crate::target::Target;
use crate::truth::ledger::judge_all;
use anyhow::Result;
use serde_json::{Value, json};
use std::time::Duration;

/// Messages that leave in one go when the generator is behind, before it looks at what came.
const BURST: usize = 64;
/// Before the first message.
const LEAD_US: u64 = 200_000;

/// How a load is spread over time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) rate: u64,
    pub(crate) warm_up: u64,
    pub(crate) seconds: u64,
    pub(crate) repeats: u32,
}

impl From<&BenchArgs> for Load {
    fn from(args: &BenchArgs) -> Self {
        Self { rate: args.rate, warm_up: args.warm_up, seconds: args.seconds, repeats: args.repeats }
    }
}

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let (base, kernel_before) = (target.memory(), Kernel::now());
    let held = args.connections.saturating_sub(args.active + args.agents);
    let mut fleet = Fleet::start(&target, held, open_files)?;
    fleet.order(|_| Order::Hold)?;
    let weight = Weight::of(&target, base, &kernel_before, held);
    let mut desk = Desk::open(&target, args.active, args.agents)?;
    let measure = drive(&target, &mut desk, Load::from(args), &mut |_| Ok(()))?;
    let mut outcome = outcome(args, &measure, floor);
    let last = fleet.order(|_| Order::Count)?;
    weight.tell(&mut outcome.common);
    outcome.common.insert("dropped".into(), json!(last.dropped + desk.dropped));
    outcome.common.insert("unsent".into(), json!(desk.unsent));
    outcome.common.insert("agents".into(), json!(desk.agents()));
    outcome.verdict = judge_all(desk.talks(), &mut Api::new(target.address))?;
    Ok(outcome)
}

/// What held connections weigh before anything is said.
pub(crate) struct Weight {
    user: Option<u64>,
    kernel: Option<u64>,
}

impl Weight {
    /// Since `base` and `kernel` were taken, `held` connections came.
    pub(crate) fn of(target: &Target, base: u64, kernel: &Kernel, held: usize) -> Self {
        // With few of them what a server has once would be counted as theirs.
        let enough = held >= 1_000;
        let user = enough.then(|| target.memory().saturating_sub(base) / held as u64);
        Self { user, kernel: enough.then(|| Kernel::now().per_socket(kernel, held)) }
    }

    pub(crate) fn tell(&self, fields: &mut Fields) {
        fields.insert("user_bytes_per_connection".into(), json!(self.user));
        fields.insert("kernel_bytes_per_connection".into(), json!(self.kernel));
    }
}

/// Sends on the schedule until its end, and waits for what is on its way. `tick` is called each second.
pub(crate) fn drive(
    target: &Target,
    desk: &mut Desk,
    load: Load,
    tick: &mut impl FnMut(u64) -> Result<()>,
) -> Result<Measure> {
    let start = now_us() + LEAD_US;
    let measured = start + load.warm_up * 1_000_000;
    let mut measure = Measure::new(measured, load.seconds * 1_000_000, load.repeats);
    let end = measured + load.seconds * 1_000_000 * u64::from(load.repeats);
    let mut schedule = Schedule::new(start, end, load.rate);
    let (mut second, mut cpu) = (0, Processor::new(measured, load.seconds * 1_000_000));
    while let Some(next) = schedule.next_due() {
        for _ in 0..BURST {
            let now = now_us();
            let Some((n, due)) = schedule.due(now) else { break };
            measure.sent(due, now);
            desk.say(n, due);
        }
        let now = now_us();
        cpu.look(now, target, &mut measure);
        desk.spin(Duration::from_micros(next.saturating_sub(now)), &mut measure)?;
        let passed = now.saturating_sub(start) / 1_000_000;
        if passed > second {
            second = passed;
            tick(second)?;
            if second % 10 == 0 {
                eprintln!("bench: {second} s, {} behind", schedule.behind(now));
            }
        }
    }
    // What is due in the last repeat has the whole of it to arrive.
    while now_us() < end {
        desk.spin(Duration::from_millis(1), &mut measure)?;
    }
    cpu.look(now_us(), target, &mut measure);
    desk.settle(&mut measure)?;
    Ok(measure)
}

/// The server's processor time at the edges of the repeats.
struct Processor {
    edge: u64,
    length: u64,
    repeat: Option<usize>,
    before: f64,
}

impl Processor {
    fn new(measured: u64, length: u64) -> Self {
        Self { edge: measured, length, repeat: None, before: 0.0 }
    }

    fn look(&mut self, now: u64, target: &Target, measure: &mut Measure) {
        if now < self.edge {
            return;
        }
        let used = target.cpu_seconds();
        if let Some(repeat) = self.repeat.and_then(|n| measure.repeats.get_mut(n)) {
            repeat.cpu_seconds = used - self.before;
        }
        self.repeat = Some(self.repeat.map_or(0, |n| n + 1));
        self.before = used;
        self.edge += self.length;
    }
}

/// What the repeats of a chat say.
pub(crate) fn outcome(args: &BenchArgs, measure: &Measure, floor: Option<&Floor>) -> Outcome {
    let repeats: Vec<_> = measure.repeats.iter().map(fields).collect();
    let per_cpu: Vec<_> = measure.repeats.iter().filter_map(per_cpu_second).collect();
    let mut outcome = Outcome { repeats, ..Outcome::default() };
    outcome.common.insert("active".into(), json!(args.active));
    outcome.floor_ratio = middle(per_cpu).zip(floor).map(|(rate, floor)| rate / floor.echoes_per_cpu_second.max(1.0));
    let mut curve = Plot::new("From due to the agent's socket", NINES, "µs", true);
    let mut over_time = Plot::new("p99 of each half second", "seconds", "µs", true);
    for (n, repeat) in measure.repeats.iter().enumerate() {
        let points = |points: Vec<(f64, u64)>| points.into_iter().map(|(x, us)| (x, us as f64));
        curve = curve.line(format!("repeat {}", n + 1), points(repeat.delivery.all().curve()));
        over_time = over_time.line(format!("repeat {}", n + 1), points(repeat.delivery.p99_over_time()));
    }
    outcome.plots = vec![curve, over_time];
    outcome
}

fn fields(repeat: &Repeat) -> Fields {
    let mut fields = repeat.delivery.all().fields();
    let windows = repeat.delivery.best_and_median_p99();
    fields.extend(fields_of(json!({
        "messages_per_second": rounded(repeat.acks as f64 / repeat.seconds()),
        "deliveries_per_second": rounded(repeat.deliveries as f64 / repeat.seconds()),
        "messages_per_cpu_second": per_cpu_second(repeat).map(rounded),
        "ack_p50_us": repeat.ack.at(0.5), "ack_p99_us": repeat.ack.at(0.99),
        "best_window_p99_us": windows.map(|(best, _)| best), "median_window_p99_us": windows.map(|(_, median)| median),
        "late": repeat.late, "latest_us": repeat.latest_us, "server_cpu_seconds": rounded(repeat.cpu_seconds),
    })));
    fields.retain(|_, value| *value != Value::Null);
    fields
}

fn per_cpu_second(repeat: &Repeat) -> Option<f64> {
    (repeat.cpu_seconds > 0.0).then(|| repeat.acks as f64 / repeat.cpu_seconds)
}

/// The value in the middle.
pub(crate) fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
