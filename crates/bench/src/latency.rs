//! Latencies: recorded, merged over processes and threads, and put in a few numbers.

use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};

/// The longest latency that is told apart, in microseconds; longer ones count as this.
const LONGEST_US: u64 = 120_000_000;

/// A histogram of microseconds with three digits.
#[derive(Debug, Clone)]
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    /// Nothing recorded.
    pub(crate) fn new() -> Self {
        Self(Histogram::new_with_bounds(1, LONGEST_US, 3).expect("bounds that fit"))
    }

    /// One more.
    pub(crate) fn record(&mut self, us: u64) {
        self.0.saturating_record(us);
    }

    /// All of another one.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0.add(&other.0).expect("the same bounds");
    }

    /// Recorded so far.
    pub(crate) fn len(&self) -> u64 {
        self.0.len()
    }

    /// The value that `quantile` of all do not exceed, in microseconds; `None` when nothing was recorded.
    pub(crate) fn at(&self, quantile: f64) -> Option<u64> {
        (!self.0.is_empty()).then(|| self.0.value_at_quantile(quantile))
    }

    /// For another process: value and count, where the count is not 0.
    pub(crate) fn to_pairs(&self) -> Vec<(u64, u64)> {
        self.0.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect()
    }

    /// From another process.
    pub(crate) fn from_pairs(pairs: &[(u64, u64)]) -> Self {
        let mut all = Self::new();
        pairs.iter().for_each(|(value, count)| all.0.saturating_record_n(*value, *count));
        all
    }

    /// The usual points, as fields of a result.
    pub(crate) fn fields(&self) -> Map<String, Value> {
        let points = [("p50_us", 0.5), ("p90_us", 0.9), ("p99_us", 0.99), ("p999_us", 0.999), ("max_us", 1.0)];
        points.iter().map(|(name, quantile)| ((*name).to_owned(), json!(self.at(*quantile)))).collect()
    }

    /// Nines of a quantile (1 is 90 %, 2 is 99 %) and value, for a plot that does not hide the tail.
    pub(crate) fn curve(&self) -> Vec<(f64, u64)> {
        let quantiles: [f64; 11] = [0.0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999];
        let longest = (self.len().max(2) as f64).log10();
        let nines = quantiles.iter().map(|quantile| ((1.0 - *quantile).log10().abs(), *quantile));
        let inside = nines.filter(|(nines, _)| *nines < longest).chain([(longest, 1.0)]);
        inside.filter_map(|(nines, quantile)| Some((nines, self.at(quantile)?))).collect()
    }
}

/// Latencies in windows of half a second: what the machine's neighbours do shows as bad windows.
#[derive(Debug, Clone)]
pub(crate) struct Windows {
    start_us: u64,
    windows: Vec<Latencies>,
}

/// A window's length in microseconds.
const WINDOW_US: u64 = 500_000;
/// Beyond it one window holds the rest.
const MOST_WINDOWS: usize = 240;

impl Windows {
    /// Beginning at `start_us`.
    pub(crate) fn new(start_us: u64) -> Self {
        Self { start_us, windows: Vec::new() }
    }

    /// A latency of a message that was due at `due`.
    pub(crate) fn record(&mut self, due: u64, us: u64) {
        let n = usize::try_from(due.saturating_sub(self.start_us) / WINDOW_US).unwrap_or(usize::MAX);
        let n = n.min(MOST_WINDOWS - 1);
        while self.windows.len() <= n {
            self.windows.push(Latencies::new());
        }
        self.windows[n].record(us);
    }

    /// All windows together.
    pub(crate) fn all(&self) -> Latencies {
        let mut all = Latencies::new();
        self.windows.iter().for_each(|window| all.add(window));
        all
    }

    /// The p99 of the best and of the median window, in microseconds.
    pub(crate) fn best_and_median_p99(&self) -> Option<(u64, u64)> {
        let mut p99: Vec<_> = self.windows.iter().filter_map(|window| window.at(0.99)).collect();
        p99.sort_unstable();
        Some((*p99.first()?, *p99.get(p99.len() / 2)?))
    }

    /// The p99 of each window, for a plot: seconds and microseconds.
    pub(crate) fn p99_over_time(&self) -> Vec<(f64, u64)> {
        let seconds = |n: usize| n as f64 * WINDOW_US as f64 / 1e6;
        let windows = self.windows.iter().enumerate();
        windows.filter_map(|(n, window)| Some((seconds(n), window.at(0.99)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Latencies {
        let mut all = Latencies::new();
        values.iter().for_each(|value| all.record(*value));
        all
    }

    proptest! {
        #[test]
        fn merged_parts_say_what_the_whole_says(values in prop::collection::vec(1..200_000_000_u64, 1..200), cut in any::<prop::sample::Index>()) {
            let (left, right) = values.split_at(cut.index(values.len()));
            let mut merged = of(left);
            merged.add(&Latencies::from_pairs(&of(right).to_pairs()));
            prop_assert_eq!(merged.len(), values.len() as u64);
            prop_assert_eq!(merged.fields(), of(&values).fields());
        }
    }

    #[test]
    fn a_curve_goes_as_far_as_there_are_latencies() {
        let curve = of(&(1..=1_000).collect::<Vec<_>>()).curve();
        assert_eq!(curve.last(), Some(&(3.0, 1_000)));
        assert!(curve.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 <= two[1].1), "{curve:?}");
        assert!(curve.iter().any(|(nines, us)| (nines - 1.0).abs() < 1e-9 && *us == 900), "{curve:?}");
    }

    #[test]
    fn nothing_recorded_has_no_points() {
        assert_eq!(Latencies::new().fields()["p99_us"], Value::Null);
        assert!(Latencies::new().curve().is_empty());
    }

    #[test]
    fn a_bad_half_second_does_not_move_the_median_window() {
        let mut windows = Windows::new(1_000_000);
        for n in 0..1_000 {
            let due = 1_000_000 + n * 2_000;
            windows.record(due, if n < 250 { 90_000 } else { 100 });
        }
        assert_eq!(windows.best_and_median_p99(), Some((100, 100)));
        assert!(windows.all().at(0.99) > Some(80_000));
        assert_eq!(windows.p99_over_time().len(), 4);
    }
}
