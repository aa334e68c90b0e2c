//! `gate`: the small run of continuous integration. It looks only at what does not depend on the hour: truth, bytes of
//! a connection, and messages per second of processor time beside those of the floor.

use crate::args::BenchArgs;
use crate::hold::fleet::Fleet;
use crate::hold::orders::Order;
use crate::net::api::Api;
use crate::report::outcome::{Outcome, fields_of, rounded};
use crate::scenario::desk::Desk;
use crate::scenario::floor::Floor;
use crate::scenario::{broadcast, floor};
use crate::target::Target;
use crate::truth::ledger::judge_all;
use crate::truth::verdict::Verdict;
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// How much heavier a connection may become.
const HEAVIER: f64 = 1.05;
/// How many fewer messages per second of processor time there may be, beside the floor.
const SLOWER: f64 = 0.85;
/// Runs of floor and chat, in turns; the best one counts, since neighbours only ever make it worse.
const RUNS: usize = 3;
/// Weighings; the lightest counts: an allocator that keeps what it could give back only ever adds.
const WEIGHINGS: usize = 5;
/// Connections before and during a weighing.
const FEW: usize = 1_000;
const MANY: usize = 6_000;
const SETTLE: Duration = Duration::from_millis(1_500);
/// Of the chat: visitors, agents' connections, and messages of each visitor that are on their way.
const WRITERS: usize = 50;
const READERS: usize = 2;
const DEPTH: usize = 4;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Baseline {
    /// Of an idle connection, in bytes.
    user_bytes_per_connection: u64,
    /// Messages per second of the server's processor time, as a part of the floor's echoes.
    chat_floor_ratio: f64,
    /// The same for deliveries of a broadcast.
    broadcast_floor_ratio: f64,
}

pub(crate) fn run(args: &BenchArgs, open_files: usize) -> Result<Outcome> {
    let path = args.baseline.as_deref().context("--baseline FILE says what to compare with")?;
    let small = BenchArgs { seconds: 3, rate: 20, connections: 500, repeats: 1, ..args.clone() };
    let mut outcome = Outcome::default();
    let mut bytes = u64::MAX;
    for _ in 0..WEIGHINGS {
        let (each, verdict) = weigh(args, open_files)?;
        bytes = bytes.min(each);
        outcome.verdict.add(&verdict);
    }
    let (mut chats, mut broadcasts) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        let floor = floor::measure(args)?;
        let chat = chat(&small, &floor)?;
        let broadcast = broadcast::run(&small, open_files, Some(&floor))?;
        outcome.verdict.add(&chat.verdict);
        outcome.verdict.add(&broadcast.verdict);
        eprintln!("bench: run {run} of {RUNS}: {:?} and {:?} of the floor", chat.floor_ratio, broadcast.floor_ratio);
        chats.extend(chat.floor_ratio);
        broadcasts.extend(broadcast.floor_ratio);
    }
    let best = |ratios: Vec<f64>| ratios.into_iter().fold(0.0, f64::max);
    let now = Baseline {
        user_bytes_per_connection: bytes,
        chat_floor_ratio: (best(chats) * 1e4).round() / 1e4,
        broadcast_floor_ratio: (best(broadcasts) * 1e4).round() / 1e4,
    };
    if args.write_baseline {
        std::fs::write(path, serde_json::to_string_pretty(&now)? + "\n").with_context(|| path.display().to_string())?;
    }
    let before = read(path)?;
    outcome.floor_ratio = Some(now.chat_floor_ratio);
    outcome.common = fields_of(json!({ "connections": FEW + MANY, "now": now, "baseline": before,
        "user_bytes_per_connection": now.user_bytes_per_connection, "heavier_percent":
            rounded((now.user_bytes_per_connection as f64 / before.user_bytes_per_connection.max(1) as f64 - 1.0) * 100.0) }));
    ensure!(outcome.verdict.broken() == 0, "truth was broken; see the violations above");
    let worse = worse(&now, &before);
    ensure!(
        worse.is_empty(),
        "{}. If that is meant, run `macaw bench gate --baseline {} --write-baseline` and say why in the commit",
        worse.join("; "),
        path.display()
    );
    Ok(outcome)
}

/// What one more connection takes: the difference that many make to a server that has a few. What a server has once,
/// and the first steps in which its allocator takes memory, are in both.
fn weigh(args: &BenchArgs, open_files: usize) -> Result<(u64, Verdict)> {
    let target = Target::open(args, false)?;
    let mut few = Fleet::start(&target, FEW, open_files)?;
    few.order(|_| Order::Hold)?;
    sleep(SETTLE);
    let before = target.memory();
    let mut many = Fleet::start(&target, MANY, open_files)?;
    many.order(|_| Order::Hold)?;
    sleep(SETTLE);
    let each = target.memory().saturating_sub(before) / MANY as u64;
    few.order(|_| Order::Touch { rate: FEW as u64 })?;
    Ok((each, few.order(|_| Order::Judge)?.verdict))
}

/// As many messages as the server takes: at a fixed rate it would do more or less at once as its neighbours let it, and
/// a message would seem dearer on a quiet machine.
fn chat(args: &BenchArgs, floor: &Floor) -> Result<Outcome> {
    let target = Target::open(args, false)?;
    let mut desk = Desk::open(&target, WRITERS, READERS)?;
    desk.saturate(DEPTH, 1)?;
    let cpu = target.cpu_seconds();
    let mut measure = desk.saturate(DEPTH, args.seconds)?;
    let cpu = target.cpu_seconds() - cpu;
    let acks = measure.repeats.iter().map(|repeat| repeat.acks).sum::<u64>();
    desk.settle(&mut measure)?;
    let verdict = judge_all(desk.talks(), &mut Api::new(target.address))?;
    let floor_ratio = Some(acks as f64 / cpu.max(0.01) / floor.echoes_per_cpu_second.max(1.0));
    Ok(Outcome { verdict, floor_ratio, ..Outcome::default() })
}

fn read(path: &Path) -> Result<Baseline> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    serde_json::from_str(&text).with_context(|| format!("{} is no baseline", path.display()))
}

/// What got worse by more than it may, in words.
fn worse(now: &Baseline, before: &Baseline) -> Vec<String> {
    let mut words = Vec::new();
    let (bytes, most) = (now.user_bytes_per_connection, before.user_bytes_per_connection as f64 * HEAVIER);
    if bytes as f64 > most {
        words.push(format!("an idle connection takes {bytes} bytes, over {most:.0}"));
    }
    let ratios = [
        ("chat", now.chat_floor_ratio, before.chat_floor_ratio),
        ("broadcast", now.broadcast_floor_ratio, before.broadcast_floor_ratio),
    ];
    for (name, now, before) in ratios {
        if now < before * SLOWER {
            words.push(format!("{name} reaches {now:.4} of the floor, under {:.4}", before * SLOWER));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: Baseline =
        Baseline { user_bytes_per_connection: 1_000, chat_floor_ratio: 0.2, broadcast_floor_ratio: 0.5 };

    #[test]
    fn a_little_worse_is_noise_and_more_fails() {
        let noise = Baseline { user_bytes_per_connection: 1_050, chat_floor_ratio: 0.171, broadcast_floor_ratio: 0.43 };
        assert!(worse(&noise, &BEFORE).is_empty());
        assert_eq!(worse(&Baseline { user_bytes_per_connection: 1_051, ..BEFORE }, &BEFORE).len(), 1);
        assert_eq!(
            worse(&Baseline { chat_floor_ratio: 0.169, broadcast_floor_ratio: 0.42, ..BEFORE }, &BEFORE).len(),
            2
        );
    }

    #[test]
    fn the_baseline_of_the_repository_is_one() {
        read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.json"))).expect("a baseline");
    }
}
