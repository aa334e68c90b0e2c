//! What can be asked of `macaw bench`.

use anyhow::{Result, ensure};
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

const MOST_CONNECTIONS: usize = 200_000;
const MOST_SECONDS: u64 = 24 * 3_600;
const MOST_KILLS: u32 = 100_000;
const MOST_RATE: u64 = 1_000_000;

/// What to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Hold connections and weigh them: idle, after a message on each, and with heartbeats.
    Idle,
    /// Visitors write to agents, open loop, beside held connections.
    Chat,
    /// As chat, at a rate that the server has to bear; with --search the highest one.
    Durable,
    /// One event for many connections.
    Broadcast,
    /// All connections are cut and come back, with token check and resume.
    Storm,
    /// One per cent of the clients never read.
    Slow,
    /// Many answers of the knowledge base at once.
    Ai,
    /// Requests without a socket.
    Http,
    /// Chat for long, with connections that come and go; memory is watched.
    Soak,
    /// The machine alone: a bare WebSocket echo and an append-only log.
    Floor,
    /// Kill the server with -9 again and again while people write.
    Crash,
    /// The small run of continuous integration, compared with a baseline.
    Gate,
    /// Make a page and a table of results that were kept.
    Page,
    /// A process that holds connections for another one.
    #[value(hide = true)]
    Worker,
    /// The bare WebSocket echo.
    #[value(hide = true)]
    Echo,
}

impl Scenario {
    /// As it is typed.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

/// Arguments of `macaw bench`.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    /// What to run.
    pub scenario: Scenario,
    /// Connections held; in broadcast the audience, in ai the visitors.
    #[arg(long, default_value_t = 1_000)]
    pub connections: usize,
    /// Visitors that write (chat, durable, slow, soak).
    #[arg(long, default_value_t = 100)]
    pub active: usize,
    /// Agents' connections that read them; at least one for 60 visitors.
    #[arg(long, default_value_t = 4)]
    pub agents: usize,
    /// Per second, all together: messages, broadcasts, questions or requests.
    #[arg(long, default_value_t = 500)]
    pub rate: u64,
    /// Measured seconds of each repeat.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Seconds before that, which are not measured.
    #[arg(long, default_value_t = 2)]
    pub warm_up: u64,
    /// Measured repeats; the median one is reported.
    #[arg(long, default_value_t = 1)]
    pub repeats: u32,
    /// Look for the highest rate with a p99 of at most 50 ms (durable).
    #[arg(long)]
    pub search: bool,
    /// Kills with -9 (crash).
    #[arg(long, default_value_t = 20)]
    pub kills: u32,
    /// Seconds after the last kill until every question must have its answer or a person (crash). 0 does not wait: a
    /// server may need its time to know that the process that answered is gone.
    #[arg(long, default_value_t = 0)]
    pub patience: u64,
    /// Seed of all chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The server's binary; this one if left out.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// A server that runs already, instead of one of its own. It needs `[limits] enable = false`.
    #[arg(long, requires = "ready_file")]
    pub target: Option<SocketAddr>,
    /// The ready file of that server's first start, with site, login and password.
    #[arg(long)]
    pub ready_file: Option<PathBuf>,
    /// That server's process, to see its memory and processor time.
    #[arg(long)]
    pub pid: Option<u32>,
    /// Also load a target that is not on this machine. It must be yours.
    #[arg(long)]
    pub allow_remote: bool,
    /// The server on the first processor, the generator on the others.
    #[arg(long)]
    pub pin: bool,
    /// Leave the floor out.
    #[arg(long)]
    pub no_floor: bool,
    /// What the gate compares with.
    #[arg(long)]
    pub baseline: Option<PathBuf>,
    /// Write the baseline instead of comparing with it (gate).
    #[arg(long)]
    pub write_baseline: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
    /// Also write the result as a page with plots.
    #[arg(long)]
    pub page: Option<PathBuf>,
    /// Also put the result into this file, in place of an earlier one of the same command.
    #[arg(long)]
    pub keep: Option<PathBuf>,
    /// Results that were kept (page).
    #[arg(long)]
    pub results: Option<PathBuf>,
    /// An earlier result to compare with: the JSON of a run, or one of several lines.
    #[arg(long)]
    pub compare: Option<PathBuf>,
}

impl BenchArgs {
    /// Refuses what is out of bounds, and targets that are not ours to load.
    pub(crate) fn check(&self) -> Result<()> {
        ensure!(self.connections <= MOST_CONNECTIONS, "at most {MOST_CONNECTIONS} connections in one run");
        ensure!(self.seconds <= MOST_SECONDS && self.warm_up <= MOST_SECONDS, "at most {MOST_SECONDS} seconds");
        ensure!(self.patience <= 3_600, "at most an hour of patience");
        ensure!(self.kills <= MOST_KILLS, "at most {MOST_KILLS} kills in one run");
        ensure!((1..=MOST_RATE).contains(&self.rate), "a rate from 1 to {MOST_RATE} per second");
        ensure!((1..=100).contains(&self.repeats), "from 1 to 100 repeats");
        ensure!(self.seconds > 0 && self.active > 0 && self.agents > 0, "seconds, active and agents begin at 1");
        if let Some(target) = self.target {
            let loopback = target.ip().is_loopback();
            ensure!(
                loopback || self.allow_remote,
                "{target} is not on this machine; --allow-remote loads it all the same, if it is yours"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        bench: BenchArgs,
    }

    fn parse(line: &str) -> BenchArgs {
        Line::try_parse_from(line.split(' ')).expect("parses").bench
    }

    #[test]
    fn only_loopback_is_loaded_unless_told_otherwise() {
        assert!(parse("x idle --target 127.0.0.1:80 --ready-file f").check().is_ok());
        assert!(parse("x idle --target [::1]:80 --ready-file f").check().is_ok());
        let error = parse("x idle --target 192.0.2.1:80 --ready-file f").check().expect_err("refused");
        assert!(error.to_string().contains("--allow-remote"), "{error}");
        assert!(parse("x idle --target 192.0.2.1:80 --ready-file f --allow-remote").check().is_ok());
    }

    #[test]
    fn a_run_is_bounded() {
        for line in
            ["--connections 200001", "--seconds 86401", "--rate 0", "--repeats 0", "--active 0", "--kills 100001"]
        {
            assert!(parse(&format!("x chat {line}")).check().is_err(), "{line}");
        }
        assert_eq!(parse("x durable").scenario.name(), "durable");
    }
}
