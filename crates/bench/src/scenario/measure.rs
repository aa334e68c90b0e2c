//! What is counted while messages flow, per repeat.

use crate::latency::{Latencies, Windows};

/// A message that left later than this after it was due counts as late, in microseconds.
const LATE_US: u64 = 1_000;

/// One measured stretch of time.
#[derive(Debug, Clone)]
pub(crate) struct Repeat {
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// From due to the agent's socket.
    pub(crate) delivery: Windows,
    /// From due to the ack.
    pub(crate) ack: Latencies,
    /// Acks and deliveries that came in this time, whenever they were due.
    pub(crate) acks: u64,
    pub(crate) deliveries: u64,
    /// Left late, and by how much at most.
    pub(crate) late: u64,
    pub(crate) latest_us: u64,
    /// Of the server, in this time.
    pub(crate) cpu_seconds: f64,
}

/// The repeats of a run. What falls into none is not counted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measure {
    pub(crate) repeats: Vec<Repeat>,
}

impl Measure {
    /// `repeats` stretches of `length` microseconds, one after the other from `start`.
    pub(crate) fn new(start: u64, length: u64, repeats: u32) -> Self {
        let one = |n: u32| {
            let from = start + u64::from(n) * length;
            let (delivery, ack) = (Windows::new(from), Latencies::new());
            let to = from + length;
            Repeat { from, to, delivery, ack, acks: 0, deliveries: 0, late: 0, latest_us: 0, cpu_seconds: 0.0 }
        };
        Self { repeats: (0..repeats).map(one).collect() }
    }

    /// A message that was due at `due` left at `now`.
    pub(crate) fn sent(&mut self, due: u64, now: u64) {
        let late = now.saturating_sub(due);
        if let Some(repeat) = self.at(due) {
            repeat.late += u64::from(late > LATE_US);
            repeat.latest_us = repeat.latest_us.max(late);
        }
    }

    /// Its ack came.
    pub(crate) fn acked(&mut self, due: u64, now: u64) {
        if let Some(repeat) = self.at(due) {
            repeat.ack.record(now.saturating_sub(due));
        }
        self.at(now).into_iter().for_each(|repeat| repeat.acks += 1);
    }

    /// Its agent has it.
    pub(crate) fn delivered(&mut self, due: u64, now: u64) {
        if let Some(repeat) = self.at(due) {
            repeat.delivery.record(due, now.saturating_sub(due));
        }
        self.at(now).into_iter().for_each(|repeat| repeat.deliveries += 1);
    }

    /// What another thread counted of the same repeats, deliveries apart.
    pub(crate) fn add(&mut self, other: &Self) {
        for (repeat, part) in self.repeats.iter_mut().zip(&other.repeats) {
            repeat.ack.add(&part.ack);
            repeat.acks += part.acks;
            repeat.late += part.late;
            repeat.latest_us = repeat.latest_us.max(part.latest_us);
        }
    }

    fn at(&mut self, time: u64) -> Option<&mut Repeat> {
        self.repeats.iter_mut().find(|repeat| (repeat.from..repeat.to).contains(&time))
    }
}

impl Repeat {
    /// Its length in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        (self.to - self.from) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_belongs_to_when_it_was_due_and_throughput_to_when_it_came() {
        let mut measure = Measure::new(1_000_000, 1_000_000, 2);
        // Due in the first second, there in the second one.
        measure.sent(1_900_000, 1_905_000);
        measure.acked(1_900_000, 2_100_000);
        measure.delivered(1_900_000, 2_200_000);
        // Warm-up.
        measure.delivered(500_000, 500_100);
        let [first, second] = &measure.repeats[..] else { panic!("two") };
        assert_eq!((first.delivery.all().len(), first.ack.len(), first.late, first.latest_us), (1, 1, 1, 5_000));
        assert_eq!((first.acks, first.deliveries, second.acks, second.deliveries), (0, 0, 1, 1));
        // The whole wait counts, as the schedule had it: nothing is omitted.
        assert!(first.delivery.all().at(1.0) >= Some(299_000));
    }
}
