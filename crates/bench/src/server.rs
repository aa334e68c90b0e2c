//! The server under test as a child process, seen from outside.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

const READY_WITHIN: Duration = Duration::from_secs(20);

/// What the ready file says.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) site: String,
    pub(crate) login: Option<(String, String)>,
}

pub(crate) struct Server {
    child: Child,
    pub(crate) ready: Ready,
    pub(crate) ready_ms: u64,
}

impl Server {
    /// Starts it on `data` and waits until it is ready.
    pub(crate) async fn start(binary: &Path, data: &Path) -> Result<Self> {
        let ready_file = data.join("ready.json");
        // A file of an earlier start must not be taken for this one's.
        let _ = std::fs::remove_file(&ready_file);
        let since = Instant::now();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(data.join("server.log"))?;
        let mut child = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data.join("macaw"))
            .arg("--ready-file")
            .arg(&ready_file)
            .env("MACAW__LIMITS__ENABLE", "false")
            .env("MACAW__CHAT__ENGINE", "")
            .env("MACAW__LOG__LEVEL", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{}: cannot be started", binary.display()))?;
        loop {
            if let Ok(text) = std::fs::read_to_string(&ready_file) {
                let ready = parse(&text).with_context(|| format!("the ready file: {text}"))?;
                let ready_ms = u64::try_from(since.elapsed().as_millis())?;
                return Ok(Self { child, ready, ready_ms });
            }
            if let Some(status) = child.try_wait()? {
                let log = std::fs::read_to_string(data.join("server.log")).unwrap_or_default();
                bail!("the server ended at start: {status}\n{log}");
            }
            if since.elapsed() > READY_WITHIN {
                bail!("the server was not ready within {} s", READY_WITHIN.as_secs());
            }
            sleep(Duration::from_millis(2)).await;
        }
    }

    /// Kills it with -9.
    pub(crate) async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Anonymous resident memory in bytes.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb * 1024)
    }

    /// Seconds of processor time used so far.
    pub(crate) fn cpu_seconds(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()?)).ok()?;
        let after_name = stat.rsplit_once(')')?.1;
        let mut fields = after_name.split_whitespace().skip(11);
        let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
        // USER_HZ is 100 on every Linux that matters.
        Some(ticks / 100.0)
    }
}

fn parse(text: &str) -> Result<Ready> {
    let value: Value = serde_json::from_str(text)?;
    let field = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Ready {
        url: field("url").context("no url")?,
        site: field("site").context("no site")?,
        login: field("login").zip(field("password")),
    })
}

/// The machine's load average of the last minute.
pub(crate) fn load_average() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}
