//! `floor`: what this machine gives at best, at this hour: a bare echo over WebSocket, and a log that is synced.

use crate::args::BenchArgs;
use crate::clock::now_us;
use crate::latency::Latencies;
use crate::limits::{Side, pin};
use crate::net::dial::Dialer;
use crate::net::engine::{Engine, Event, Turn};
use crate::net::handshake::{Proof, request};
use crate::observe::process::Process;
use crate::report::outcome::Outcome;
use crate::truth::verdict::Verdict;
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Connections of the echo.
const CONNECTIONS: usize = 1_000;
/// Of them, those that always have a message on its way.
const ACTIVE: usize = 100;
/// Runs of the echo; the median counts.
const RUNS: usize = 3;
const RUN_US: u64 = 700_000;
const TEXT_BYTES: usize = 200;
const APPENDS: usize = 300;
/// What a small commit writes.
const APPEND_BYTES: usize = 4_096;

/// The machine's best.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Floor {
    /// Echoes per second of the server's processor time.
    pub(crate) echoes_per_cpu_second: f64,
    pub(crate) echo_p50_us: u64,
    pub(crate) echo_p99_us: u64,
    /// Upgrades per second of the server's processor time.
    pub(crate) upgrades_per_cpu_second: f64,
    pub(crate) user_bytes_per_connection: u64,
    /// 4 KiB behind the last and fdatasync.
    pub(crate) append_p50_us: u64,
    pub(crate) append_p99_us: u64,
}

struct Echo {
    child: Child,
    engine: Engine,
    turn: Turn,
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Floor {
    /// As the result of `floor`.
    pub(crate) fn outcome(&self) -> Outcome {
        let fields = json!({
            "connections": CONNECTIONS, "rate": null, "p50_us": self.echo_p50_us, "p99_us": self.echo_p99_us,
            "user_bytes_per_connection": self.user_bytes_per_connection,
        });
        Outcome { floor_ratio: Some(1.0), ..Outcome::single(fields, Verdict::default()) }
    }
}

/// Measures echo and log, a few seconds.
pub(crate) fn measure(args: &BenchArgs) -> Result<Floor> {
    let mut floor = Floor::default();
    let (mut echo, address) = start(args)?;
    let process = Process(echo.child.id());
    let cpu = || process.first_thread_seconds().context("the echo's processor time");
    let memory = || process.memory().map(|memory| memory.anonymous).context("the echo's memory");
    let (memory_before, cpu_before) = (memory()?, cpu()?);
    for _ in 0..CONNECTIONS {
        echo.engine.open(request(&address, &Proof::Nobody), None)?;
    }
    echo.until(|event| matches!(event, Event::Opened), CONNECTIONS)?;
    floor.upgrades_per_cpu_second = CONNECTIONS as f64 / (cpu()? - cpu_before).max(0.001);
    floor.user_bytes_per_connection = memory()?.saturating_sub(memory_before) / CONNECTIONS as u64;
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        let cpu_before = cpu()?;
        let echoes = echo.saturate()?;
        rates.push(echoes as f64 / (cpu()? - cpu_before).max(0.01));
    }
    rates.sort_by(f64::total_cmp);
    floor.echoes_per_cpu_second = rates[RUNS / 2];
    let latencies = echo.one_by_one()?;
    floor.echo_p50_us = latencies.at(0.5).unwrap_or(0);
    floor.echo_p99_us = latencies.at(0.99).unwrap_or(0);
    let appends = append()?;
    floor.append_p50_us = appends.at(0.5).unwrap_or(0);
    floor.append_p99_us = appends.at(0.99).unwrap_or(0);
    Ok(floor)
}

fn start(args: &BenchArgs) -> Result<(Echo, String)> {
    if args.pin {
        pin(Side::Server)?;
    }
    let mut child = Command::new(std::env::current_exe()?)
        .args(["bench", "echo"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("the echo")?;
    if args.pin {
        pin(Side::Generator)?;
    }
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("its standard output")?).read_line(&mut line)?;
    let address = line.trim().to_owned();
    let engine = Engine::new(Dialer::new(address.parse().context("the echo's address")?, 0))?;
    Ok((Echo { child, engine, turn: Turn::default() }, address))
}

impl Echo {
    /// Turns until `count` events are such.
    fn until(&mut self, such: impl Fn(&Event) -> bool, count: usize) -> Result<()> {
        let (mut seen, since) = (0, now_us());
        while seen < count {
            self.engine.turn(Duration::from_millis(100), &mut self.turn)?;
            seen += self.turn.events.iter().filter(|event| such(event)).count();
            ensure!(now_us() - since < 20_000_000, "the echo does not answer");
        }
        Ok(())
    }

    /// Each active connection sends again as soon as its echo is there; how many came.
    fn saturate(&mut self) -> Result<u64> {
        let (text, end, mut echoes) = ("x".repeat(TEXT_BYTES), now_us() + RUN_US, 0);
        for id in 0..ACTIVE {
            self.engine.send(id, &text);
        }
        while now_us() < end {
            self.engine.turn(Duration::from_millis(1), &mut self.turn)?;
            for event in &self.turn.events {
                if let Event::Text(id, _) = event {
                    echoes += 1;
                    self.engine.send(*id, &text);
                }
            }
        }
        self.until(|event| matches!(event, Event::Text(..)), ACTIVE)?;
        Ok(echoes)
    }

    /// One message on its way at a time.
    fn one_by_one(&mut self) -> Result<Latencies> {
        let (text, mut latencies) = ("x".repeat(TEXT_BYTES), Latencies::new());
        for n in 0..2_000 {
            let sent = now_us();
            self.engine.send(n % ACTIVE, &text);
            self.until(|event| matches!(event, Event::Text(..)), 1)?;
            latencies.record(now_us() - sent);
        }
        Ok(latencies)
    }
}

/// Appends to a file where a server would have its data, and syncs each time.
fn append() -> Result<Latencies> {
    let dir = tempfile::tempdir()?;
    let mut log = OpenOptions::new().create(true).append(true).open(dir.path().join("log"))?;
    let (block, mut latencies) = (vec![7; APPEND_BYTES], Latencies::new());
    for _ in 0..APPENDS {
        let since = now_us();
        log.write_all(&block)?;
        log.sync_data()?;
        latencies.record(now_us() - since);
    }
    Ok(latencies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_append_is_measured() {
        let latencies = append().expect("a disk");
        assert_eq!(latencies.len(), APPENDS as u64);
    }
}
