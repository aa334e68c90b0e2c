//! `durable`: how many messages a second the server makes durable and delivers, and whether it bears that for long.

use crate::args::BenchArgs;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::net::api::Api;
use crate::report::outcome::{Outcome, rounded};
use crate::scenario::chat::{Load, drive, outcome};
use crate::scenario::desk::Desk;
use crate::scenario::floor::Floor;
use crate::scenario::measure::Measure;
use crate::target::Target;
use crate::truth::ledger::judge_all;
use anyhow::Result;
use serde_json::json;

/// A rate is borne when the p99 stays under this, in microseconds …
const P99_US: u64 = 50_000;
/// … and at least this part of it is acknowledged in time.
const SHARE: f64 = 0.98;
/// Seconds of each step of a search.
const STEP_SECONDS: u64 = 4;
const STEPS: u32 = 12;

pub(crate) fn run(args: &BenchArgs, open_files: usize, floor: Option<&Floor>) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let held = args.connections.saturating_sub(args.active + args.agents);
    let mut fleet = Fleet::start(&target, held, open_files)?;
    fleet.order(|_| Order::Hold)?;
    let mut desk = Desk::open(&target, args.active, args.agents)?;
    let rate = if args.search { search(&target, &mut desk, args.rate)? } else { args.rate };
    let load = Load { rate, ..Load::from(args) };
    let measure = drive(&target, &mut desk, load, &mut |_| Ok(()))?;
    let mut outcome = outcome(args, &measure, floor);
    let borne = measure.repeats.iter().filter(|_| bears(&measure, rate)).count();
    outcome.common.insert("rate".into(), json!(rate));
    outcome.common.insert("borne".into(), json!(borne == measure.repeats.len()));
    outcome.common.insert("unsent".into(), json!(desk.unsent));
    outcome.common.insert("agents".into(), json!(desk.agents()));
    outcome.common.insert("memory_bytes".into(), json!(target.memory()));
    outcome.verdict = judge_all(desk.talks(), &mut Api::new(target.address))?;
    Ok(outcome)
}

/// The highest rate that is borne for a few seconds: doubled until it is not, then halved into.
fn search(target: &Target, desk: &mut Desk, from: u64) -> Result<u64> {
    let mut bracket = Bracket { borne: 0, not: None };
    let mut rate = from;
    for _ in 0..STEPS {
        let load = Load { rate, warm_up: 1, seconds: STEP_SECONDS, repeats: 1 };
        let measure = drive(target, desk, load, &mut |_| Ok(()))?;
        let borne = bears(&measure, rate);
        eprintln!("bench: {rate} a second {}", if borne { "are borne" } else { "are too many" });
        match bracket.next(rate, borne) {
            Some(next) => rate = next,
            None => break,
        }
    }
    Ok(bracket.borne.max(1))
}

fn bears(measure: &Measure, rate: u64) -> bool {
    measure.repeats.iter().all(|repeat| {
        let p99 = repeat.delivery.all().at(0.99);
        let share = rounded(repeat.acks as f64 / repeat.seconds()) / rate as f64;
        p99.is_some_and(|p99| p99 <= P99_US) && share >= SHARE
    })
}

/// Where the highest rate is.
struct Bracket {
    borne: u64,
    not: Option<u64>,
}

impl Bracket {
    /// The next rate to try; `None` when it is known to a twentieth.
    fn next(&mut self, rate: u64, borne: bool) -> Option<u64> {
        if borne {
            self.borne = self.borne.max(rate);
        } else {
            self.not = Some(self.not.map_or(rate, |not| not.min(rate)));
        }
        match self.not {
            None => Some(rate * 2),
            Some(not) if not.saturating_sub(self.borne) * 20 <= not => None,
            Some(not) => Some(u64::midpoint(self.borne, not)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_rate_is_found_to_a_twentieth() {
        let (mut bracket, mut rate, mut steps) = (Bracket { borne: 0, not: None }, 1_000, 0);
        while let Some(next) = bracket.next(rate, rate <= 13_370) {
            (rate, steps) = (next, steps + 1);
        }
        assert!((12_700..=13_370).contains(&bracket.borne), "{}", bracket.borne);
        assert!(steps < STEPS, "{steps}");
    }
}
