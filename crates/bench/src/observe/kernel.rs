//! What sockets cost the kernel.

use serde_json::{Value, json};

/// Memory of the kernel, in bytes, and its sockets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kernel {
    /// All slabs.
    pub(crate) slab: u64,
    /// The part that cannot be taken back.
    pub(crate) unreclaimable: u64,
    /// Buffers of TCP sockets.
    pub(crate) buffers: u64,
    /// Sockets in TIME_WAIT.
    pub(crate) time_wait: u64,
}

impl Kernel {
    /// As it is now.
    pub(crate) fn now() -> Self {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        Self::parse(&read("/proc/meminfo"), &read("/proc/net/sockstat"))
    }

    fn parse(meminfo: &str, sockstat: &str) -> Self {
        let kb = |name: &str| {
            let line = meminfo.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
        };
        let tcp = sockstat.lines().find(|line| line.starts_with("TCP:")).unwrap_or_default();
        let mut words = tcp.split_whitespace();
        let mut after = |name: &str| words.by_ref().find(|word| *word == name).and_then(|_| words.next()?.parse().ok());
        let time_wait = after("tw").unwrap_or(0);
        let pages: u64 = after("mem").unwrap_or(0);
        Self { slab: kb("Slab:") * 1_024, unreclaimable: kb("SUnreclaim:") * 1_024, buffers: pages * 4_096, time_wait }
    }

    /// Bytes per socket that came since `before`: both ends of a connection are on this machine.
    pub(crate) fn per_socket(&self, before: &Self, connections: usize) -> u64 {
        let grown = (self.slab + self.buffers).saturating_sub(before.slab + before.buffers);
        grown / (2 * connections.max(1)) as u64
    }

    /// For a result.
    pub(crate) fn to_json(self) -> Value {
        json!({ "slab": self.slab, "unreclaimable": self.unreclaimable, "buffers": self.buffers, "time_wait": self.time_wait })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slabs_and_socket_buffers_are_read_and_halved_between_both_ends() {
        let at = |slab: u64, pages: u64| {
            let meminfo = format!("MemTotal: 1 kB\nSlab:   {slab} kB\nSUnreclaim: 10 kB\n");
            Kernel::parse(&meminfo, &format!("sockets: used 9\nTCP: inuse 5 orphan 0 tw 7 alloc 6 mem {pages}\n"))
        };
        assert_eq!(at(100, 2), Kernel { slab: 102_400, unreclaimable: 10_240, buffers: 8_192, time_wait: 7 });
        assert_eq!(at(180, 2).per_socket(&at(100, 2), 10), 4_096);
    }
}
