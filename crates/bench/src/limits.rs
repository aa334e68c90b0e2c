//! What the machine allows this process: open files and processors.

use anyhow::{Context, Result};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::Pid;

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
pub(crate) fn pin(side: Side) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from).max(processors());
    if cores < 2 {
        return Ok(());
    }
    let mut set = CpuSet::new();
    match side {
        Side::Server => set.set(0)?,
        Side::Generator => (1..cores).try_for_each(|core| set.set(core))?,
    }
    sched_setaffinity(Pid::from_raw(0), &set).context("binding to processors")
}

/// Processors of the machine, also when this thread is bound to some of them.
pub(crate) fn processors() -> usize {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let listed = text.lines().filter(|line| line.starts_with("processor")).count();
    let bound = || {
        let set = sched_getaffinity(Pid::from_raw(0)).ok()?;
        Some((0..CpuSet::count()).filter(|core| set.is_set(*core).unwrap_or(false)).count())
    };
    if listed > 0 { listed } else { bound().unwrap_or(1) }
}
