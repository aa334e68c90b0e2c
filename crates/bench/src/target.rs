//! The server under test: a child process, or one that runs already; seen only from outside.

use crate::args::BenchArgs;
use crate::limits::{Side, pin, processors, raise_open_files};
use crate::observe::process::Process;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const READY_WITHIN: Duration = Duration::from_secs(20);
/// Sockets of one descriptor table, below the 20,000 files that many hosts allow a process.
const PER_TABLE: usize = 17_500;

/// What the ready file says.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) url: String,
    pub(crate) site: String,
    pub(crate) login: Option<(String, String)>,
}

/// A server that was started here.
pub(crate) struct Server {
    child: Child,
    pub(crate) ready: Ready,
    pub(crate) ready_ms: u64,
}

impl Server {
    /// Starts it on `data` and waits until it is ready. A demo has knowledge, which answers first.
    pub(crate) fn start(binary: &Path, data: &Path, demo: bool) -> Result<Self> {
        Self::start_for(binary, data, demo, 0)
    }

    /// The same for many connections: it spreads them over descriptor tables if they do not fit into one.
    fn start_for(binary: &Path, data: &Path, demo: bool, connections: usize) -> Result<Self> {
        let ready_file = data.join("ready.json");
        // A file of an earlier start must not be taken for this one's.
        let _ = std::fs::remove_file(&ready_file);
        let since = Instant::now();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(data.join("server.log"))?;
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data.join("macaw"));
        command.arg("--ready-file").arg(&ready_file).args(demo.then_some("--demo"));
        command.env("MACAW__LIMITS__ENABLE", "false").env("MACAW__LOG__LEVEL", "warn");
        command.env("MACAW__CHAT__ENGINE", if demo { "knowledge" } else { "" });
        if connections > PER_TABLE.min(raise_open_files()?) {
            let shards = connections.div_ceil(PER_TABLE).max(processors());
            command.env("MACAW__SERVER__DESCRIPTORS_PER_SHARD", "true");
            command.env("MACAW__SERVER__SHARDS", shards.to_string());
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let child = child.with_context(|| format!("{}: cannot be started", binary.display()))?;
        let nobody = Ready { url: String::new(), site: String::new(), login: None };
        let mut server = Self { child, ready: nobody, ready_ms: 0 };
        loop {
            if let Ok(text) = std::fs::read_to_string(&ready_file) {
                server.ready = parse(&text).context("the ready file")?;
                server.ready_ms = u64::try_from(since.elapsed().as_millis())?;
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                let log = std::fs::read_to_string(data.join("server.log")).unwrap_or_default();
                bail!("the server ended at start: {status}\n{log}");
            }
            if since.elapsed() > READY_WITHIN {
                bail!("the server was not ready within {} s", READY_WITHIN.as_secs());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// Killed with -9: nothing of it may be needed any more, and nothing of it may outlive the run.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the load goes.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) site: String,
    login: Option<(String, String)>,
    pub(crate) process: Option<Process>,
    /// From the start of the process to its ready file; `None` for one that ran already.
    pub(crate) ready_ms: Option<u64>,
    _server: Option<(Server, TempDir)>,
}

impl Target {
    /// The server of `--target`, or one of its own.
    pub(crate) fn open(args: &BenchArgs, demo: bool) -> Result<Self> {
        if let (Some(address), Some(file)) = (args.target, &args.ready_file) {
            let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
            let Ready { site, login, .. } = parse(&text).context("the ready file")?;
            let process = args.pid.map(Process);
            return Ok(Self { address, site, login, process, ready_ms: None, _server: None });
        }
        let dir = tempfile::tempdir()?;
        if args.pin {
            pin(Side::Server)?;
        }
        let server = Server::start_for(&binary(args)?, dir.path(), demo, args.connections)?;
        if args.pin {
            pin(Side::Generator)?;
        }
        let authority = server.ready.url.strip_prefix("http://").context("only plain http on loopback")?;
        Ok(Self {
            address: authority.parse().context("the server's address")?,
            site: server.ready.site.clone(),
            login: server.ready.login.clone(),
            process: Some(Process(server.child.id())),
            ready_ms: Some(server.ready_ms),
            _server: Some((server, dir)),
        })
    }

    /// How the owner signs in.
    pub(crate) fn login(&self) -> Result<&(String, String)> {
        self.login.as_ref().context("the ready file has no login: take that of the server's first start")
    }

    /// Seconds of processor time that the server used so far; 0 when its process is not known.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        self.process.and_then(Process::cpu_seconds).unwrap_or(0.0)
    }

    /// Anonymous memory of the server in bytes; 0 when its process is not known.
    pub(crate) fn memory(&self) -> u64 {
        self.process.and_then(Process::memory).map_or(0, |memory| memory.anonymous)
    }
}

/// The binary that serves: `--binary`, or this one.
pub(crate) fn binary(args: &BenchArgs) -> Result<PathBuf> {
    match &args.binary {
        Some(binary) => Ok(binary.clone()),
        None => Ok(std::env::current_exe()?),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ready_file_of_a_later_start_has_no_login() {
        let first = parse(r#"{"url":"http://127.0.0.1:1","site":"s","login":"a","password":"b"}"#).expect("whole");
        assert_eq!(first.login, Some(("a".into(), "b".into())));
        assert!(parse(r#"{"url":"http://127.0.0.1:1","site":"s"}"#).expect("whole").login.is_none());
        assert!(parse(r#"{"url":"http://127.0.0.1:1"}"#).is_err());
    }
}
