//! One clock for all processes of a run.

use nix::time::{ClockId, clock_gettime};

/// Microseconds of the machine's monotonic clock, the same in every process.
pub(crate) fn now_us() -> u64 {
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC).expect("Linux always has it");
    u64::try_from(now.tv_sec()).unwrap_or(0) * 1_000_000 + u64::try_from(now.tv_nsec()).unwrap_or(0) / 1_000
}
