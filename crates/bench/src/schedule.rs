//! When messages are due: at a fixed rate, whatever happens to those before.

/// An open loop: the n-th message is due at its time whether or not earlier ones were answered.
#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    start_us: u64,
    end_us: u64,
    rate: u64,
    next: u64,
}

impl Schedule {
    /// `rate` a second, from `start_us` to before `end_us`.
    pub(crate) fn new(start_us: u64, end_us: u64, rate: u64) -> Self {
        Self { start_us, end_us, rate: rate.max(1), next: 0 }
    }

    /// The number and time of the next message that is due by `now`. Each is given out once; none is skipped.
    pub(crate) fn due(&mut self, now: u64) -> Option<(u64, u64)> {
        let due = self.next_due()?;
        if due > now {
            return None;
        }
        self.next += 1;
        Some((self.next - 1, due))
    }

    /// When the next one is due; `None` after the end.
    pub(crate) fn next_due(&self) -> Option<u64> {
        let after = u128::from(self.next) * 1_000_000 / u128::from(self.rate);
        let due = self.start_us + u64::try_from(after).ok()?;
        (due < self.end_us).then_some(due)
    }

    /// Those that were due and are not given out yet.
    pub(crate) fn behind(&self, now: u64) -> u64 {
        let until = now.min(self.end_us).saturating_sub(self.start_us);
        let all = u128::from(until) * u128::from(self.rate) / 1_000_000;
        u64::try_from(all).unwrap_or(u64::MAX).saturating_sub(self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_stall_delays_messages_but_skips_none(rate in 1..50_000_u64, stall in 0..1_500_000_u64) {
            let mut schedule = Schedule::new(5, 1_000_005, rate);
            let mut given = Vec::new();
            while let Some((n, due)) = schedule.due(5 + stall) {
                given.push((n, due));
            }
            while let Some((n, due)) = schedule.due(u64::MAX) {
                given.push((n, due));
            }
            prop_assert_eq!(given.len() as u64, rate);
            // The times are those of the schedule, not those of the sending.
            prop_assert!(given.iter().all(|(n, due)| *due == 5 + n * 1_000_000 / rate));
            prop_assert_eq!(schedule.next_due(), None);
        }
    }

    #[test]
    fn what_is_late_is_counted() {
        let mut schedule = Schedule::new(0, 1_000_000, 1_000);
        assert_eq!(schedule.due(0), Some((0, 0)));
        assert_eq!(schedule.due(500), None);
        assert_eq!((schedule.behind(10_000), schedule.next_due()), (9, Some(1_000)));
    }
}
