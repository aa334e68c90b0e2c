//! A process, by what `/proc` says of it.

/// A process of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

/// Bytes of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Anonymous: heap and stacks.
    pub(crate) anonymous: u64,
    /// All that is resident.
    pub(crate) resident: u64,
}

impl Process {
    /// Its memory now.
    pub(crate) fn memory(self) -> Option<Memory> {
        memory(&std::fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?)
    }

    /// Seconds of processor time used so far, by all its threads.
    pub(crate) fn cpu_seconds(self) -> Option<f64> {
        cpu_seconds(&std::fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?)
    }

    /// The same of its first thread alone, finer than the ticks of the others: for a process that has only one.
    pub(crate) fn first_thread_seconds(self) -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{}/schedstat", self.0)).ok()?;
        text.split(' ').next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
    }

    /// Open files.
    pub(crate) fn descriptors(self) -> Option<usize> {
        Some(std::fs::read_dir(format!("/proc/{}/fd", self.0)).ok()?.count())
    }
}

fn memory(status: &str) -> Option<Memory> {
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb * 1_024)
    };
    Some(Memory { anonymous: bytes("RssAnon:")?, resident: bytes("VmRSS:")? })
}

fn cpu_seconds(stat: &str) -> Option<f64> {
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    // USER_HZ is 100 on every Linux that matters.
    Some(ticks / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_processor_time_are_read() {
        let status = "Name:\tm\nVmRSS:\t    2048 kB\nRssAnon:\t    1024 kB\n";
        assert_eq!(memory(status), Some(Memory { anonymous: 1_048_576, resident: 2_097_152 }));
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0";
        assert_eq!(cpu_seconds(stat), Some(2.0));
    }

    #[test]
    fn this_process_is_there() {
        let this = Process(std::process::id());
        assert!(this.memory().is_some() && this.cpu_seconds().is_some() && this.first_thread_seconds().is_some());
        assert!(this.descriptors().expect("readable") >= 3);
    }
}
