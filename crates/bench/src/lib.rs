//! Load and truth over the real protocol.
//!
//! Shares no code with the server, not even its types, so that a mistake there is not repeated
//! here. Every scenario ends with the checker: each acknowledged message is read back exactly once
//! and in order.

mod chat;
mod checker;
mod client;
mod crash;
mod history;
mod idle;
mod rng;
mod server;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use std::io::Write;
use std::path::PathBuf;

/// What to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// Hold connections and weigh them.
    Idle,
    /// Visitors write to an agent, open loop.
    Chat,
    /// Kill the server with -9 again and again while people write.
    Crash,
}

/// Arguments of `macaw bench`.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    /// What to run.
    pub scenario: Scenario,
    /// Connections held (idle, chat).
    #[arg(long, default_value_t = 1_000)]
    pub connections: usize,
    /// Messages per second, all writers together.
    #[arg(long, default_value_t = 500)]
    pub rate: u64,
    /// Measured seconds (chat).
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Kills with -9 (crash).
    #[arg(long, default_value_t = 20)]
    pub kills: u32,
    /// Seed of all chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The server's binary; this one if left out.
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Runs a scenario against a server of its own on loopback. `false` when truth was broken.
pub fn run(args: &BenchArgs) -> Result<bool> {
    const MOST_CONNECTIONS: usize = 15_000;
    if args.connections > MOST_CONNECTIONS || args.seconds > 3_600 || args.kills > 100_000 {
        bail!("at most {MOST_CONNECTIONS} connections, 3600 seconds and 100000 kills in one run");
    }
    let binary = match &args.binary {
        Some(binary) => binary.clone(),
        None => std::env::current_exe()?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut result = runtime.block_on(async {
        match args.scenario {
            Scenario::Idle => idle::run(args, &binary).await,
            Scenario::Chat => chat::run(args, &binary).await,
            Scenario::Crash => crash::run(args, &binary).await,
        }
    })?;
    result.insert("load_average".to_owned(), server::load_average().into());
    let broken = ["lost", "doubled", "reordered", "other_violations", "unacknowledged"]
        .iter()
        .any(|name| result.get(*name).and_then(Value::as_u64).is_some_and(|n| n > 0));
    print(&result, args.json)?;
    Ok(!broken)
}

fn print(result: &Map<String, Value>, json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", Value::Object(result.clone()))?;
    } else {
        for (name, value) in result {
            writeln!(out, "{name:>28}  {value}")?;
        }
    }
    Ok(())
}
