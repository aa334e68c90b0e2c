//! The checker's findings, counted.

use crate::truth::checker::{Kind, Violation};
use serde::{Deserialize, Serialize};

/// Violations that are shown with their evidence.
const SHOWN: usize = 20;

/// How often which promise was broken, and how much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// Messages with an ack.
    pub(crate) acked: u64,
    /// Sent, and without an ack until the end.
    pub(crate) unacknowledged: u64,
    /// Entries that reached a watching connection.
    pub(crate) delivered: u64,
    /// Entries of fresh reads.
    pub(crate) checked: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) reordered: u64,
    pub(crate) other_violations: u64,
}

impl Verdict {
    /// Counts violations and shows the first of them.
    pub(crate) fn count(&mut self, violations: &[Violation]) {
        let shown = usize::try_from(self.broken()).unwrap_or(usize::MAX);
        for violation in violations.iter().take(SHOWN.saturating_sub(shown)) {
            eprintln!("VIOLATION {:?}: {}", violation.kind, violation.what);
        }
        for violation in violations {
            *match violation.kind {
                Kind::Lost => &mut self.lost,
                Kind::Doubled => &mut self.doubled,
                Kind::Reordered => &mut self.reordered,
                Kind::Other => &mut self.other_violations,
            } += 1;
        }
    }

    /// Both together.
    pub(crate) fn add(&mut self, other: &Self) {
        self.acked += other.acked;
        self.unacknowledged += other.unacknowledged;
        self.delivered += other.delivered;
        self.checked += other.checked;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.reordered += other.reordered;
        self.other_violations += other.other_violations;
    }

    /// How many promises were broken.
    pub(crate) fn broken(&self) -> u64 {
        self.lost + self.doubled + self.reordered + self.other_violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_counted_apart_and_sums_add() {
        let of = |kind| Violation { kind, what: "x".into() };
        let mut verdict = Verdict::default();
        verdict.count(&[of(Kind::Lost), of(Kind::Lost), of(Kind::Doubled), of(Kind::Reordered), of(Kind::Other)]);
        assert_eq!((verdict.lost, verdict.doubled, verdict.reordered, verdict.other_violations), (2, 1, 1, 1));
        let mut sum = verdict;
        sum.add(&Verdict { acked: 3, ..verdict });
        assert_eq!((sum.acked, sum.lost, sum.broken()), (3, 4, 10));
    }
}
