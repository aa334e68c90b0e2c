//! The processes that hold connections, as their parent sees them.

use crate::hold::orders::{Order, Plan, Report};
use crate::latency::Latencies;
use crate::target::Target;
use crate::truth::verdict::Verdict;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

/// Connections of one process; its limit of open files and the ports of its addresses allow a little more.
const PER_PROCESS: usize = 17_500;
/// The longest order is a hold of everything.
const ANSWER_WITHIN: Duration = Duration::from_secs(900);

struct Worker {
    child: Child,
    orders: ChildStdin,
}

/// Several processes that do the same.
pub(crate) struct Fleet {
    workers: Vec<Worker>,
    reports: Receiver<(usize, Result<Report>)>,
}

/// What all of them reported together.
#[derive(Debug)]
pub(crate) struct Together {
    pub(crate) held: usize,
    pub(crate) dropped: u64,
    pub(crate) heartbeats: u64,
    pub(crate) verdict: Verdict,
    pub(crate) latencies: Latencies,
}

impl Fleet {
    /// Starts as many processes as `connections` need. Nothing is connected yet.
    pub(crate) fn start(target: &Target, connections: usize, open_files: usize) -> Result<Self> {
        let (sender, reports) = sync_channel(1_024);
        let mut workers = Vec::new();
        for (process, connections) in shares(connections, PER_PROCESS.min(open_files)).into_iter().enumerate() {
            let mut child = Command::new(std::env::current_exe()?)
                .args(["bench", "worker"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .context("a process that holds connections")?;
            let mut orders = child.stdin.take().context("its standard input")?;
            let out = child.stdout.take().context("its standard output")?;
            let plan = Plan { target: target.address, site: target.site.clone(), process, connections };
            writeln!(orders, "{}", serde_json::to_string(&plan)?)?;
            workers.push(Worker { child, orders });
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(out).lines() {
                    let report = line.map_err(Into::into).and_then(|line| Ok(serde_json::from_str(&line)?));
                    if sender.send((process, report)).is_err() {
                        return;
                    }
                }
                let _ = sender.send((process, Err(anyhow::anyhow!("process {process} of the bench ended"))));
            });
        }
        Ok(Self { workers, reports })
    }

    /// Gives one order to all and waits for all; `share` makes the order of each of `n` processes.
    pub(crate) fn order(&mut self, share: impl Fn(usize) -> Order) -> Result<Together> {
        let count = self.workers.len();
        for worker in &mut self.workers {
            writeln!(worker.orders, "{}", serde_json::to_string(&share(count))?)?;
        }
        let (mut done, mut progress, mut last) = (vec![false; count], vec![0; count], 0);
        let mut together = Together::new();
        while done.contains(&false) {
            let (process, report) = self.reports.recv_timeout(ANSWER_WITHIN).context("the processes of the bench")?;
            let report = report?;
            if let Some(error) = &report.error {
                bail!("{error}");
            }
            progress[process] = report.held;
            if report.progress {
                let held = progress.iter().sum();
                if held != last {
                    eprintln!("bench: {held} connections");
                    last = held;
                }
                continue;
            }
            done[process] = true;
            together.add(&report);
        }
        Ok(together)
    }
}

impl Together {
    fn new() -> Self {
        let verdict = Verdict::default();
        Self { held: 0, dropped: 0, heartbeats: 0, verdict, latencies: Latencies::new() }
    }

    fn add(&mut self, report: &Report) {
        self.held += report.held;
        self.dropped += report.dropped;
        self.heartbeats += report.heartbeats;
        self.verdict.add(&report.verdict);
        self.latencies.add(&Latencies::from_pairs(&report.latencies));
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            let _ = worker.child.kill();
            let _ = worker.child.wait();
        }
    }
}

/// Equal parts of at most `most`.
fn shares(connections: usize, most: usize) -> Vec<usize> {
    let parts = connections.div_ceil(most.max(1));
    (0..parts).map(|n| (connections + n) / parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_are_shared_equally_and_all_of_them() {
        assert_eq!(shares(100_000, 17_500), [16_666, 16_666, 16_667, 16_667, 16_667, 16_667]);
        assert_eq!(shares(10, 17_500), [10]);
        assert!(shares(0, 17_500).is_empty());
    }

    #[test]
    fn reports_of_several_processes_add_up() {
        let mut together = Together::new();
        for held in [3, 4] {
            let verdict = Verdict { acked: 1, ..Verdict::default() };
            together.add(&Report { held, verdict, latencies: vec![(100, 2)], ..Report::default() });
        }
        assert_eq!((together.held, together.verdict.acked, together.latencies.len()), (7, 2, 4));
    }
}
