//! What the machine allows this process: open files and processors.

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Descriptors that are not connections: files, pipes, the poller.
const RESERVED: u64 = 500;

/// Raises the soft limit of open files to the hard one; how many connections fit then.
pub(crate) fn raise_open_files() -> Result<usize> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).context("the limit of open files")?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).context("raising the soft limit of open files")?;
    Ok(usize::try_from(hard.saturating_sub(RESERVED)).unwrap_or(usize::MAX).max(1))
}

/// Where server and generator run when they are kept apart (`--pin`).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Side {
    /// The first processor.
    Server,
    /// All others.
    Generator,
}

/// Binds this thread, and what it starts from now on, to the processors of `side`. Nothing happens on a machine with
/// one processor.
#[cfg(target_os = "linux")]
pub(crate) fn pin(side: Side) -> Result<()> {
    use nix::sched::{CpuSet, sched_setaffinity};
    let cores = processors();
    if cores < 2 {
        return Ok(());
    }
    let mut set = CpuSet::new();
    match side {
        Side::Server => set.set(0)?,
        Side::Generator => (1..cores).try_for_each(|core| set.set(core))?,
    }
    sched_setaffinity(nix::unistd::Pid::from_raw(0), &set).context("binding to processors")
}

/// Other systems have no such call.
#[cfg(not(target_os = "linux"))]
pub(crate) fn pin(side: Side) -> Result<()> {
    anyhow::bail!("--pin works on Linux only, not for {side:?}")
}

/// Processors of the machine, also when this thread is bound to some of them.
pub(crate) fn processors() -> usize {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let listed = text.lines().filter(|line| line.starts_with("processor")).count();
    if listed > 0 { listed } else { std::thread::available_parallelism().map_or(1, usize::from) }
}
