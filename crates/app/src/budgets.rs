//! Budgets: so much at once, refilled over a time. Pure; time is an argument.

use macaw_domain::Millis;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Mutex, PoisonError};

/// `burst` at once, refilled evenly over `window_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At least 1.
    pub burst: u32,
    /// At least 1.
    pub window_ms: Millis,
}

impl Rate {
    fn each_us(self) -> i64 {
        (self.window_ms.saturating_mul(1_000) / i64::from(self.burst.max(1))).max(1)
    }
}

/// One budget. It holds the moment at which it is full again, and nothing else.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bucket {
    full_us: i64,
}

impl Bucket {
    /// Takes one, or says in how many milliseconds there will be one.
    pub fn take(&mut self, rate: Rate, now: Millis) -> Result<(), u64> {
        let (each, now) = (rate.each_us(), now.saturating_mul(1_000));
        let full = self.full_us.max(now).saturating_add(each);
        let over = full - now - each.saturating_mul(i64::from(rate.burst));
        if over > 0 {
            return Err(u64::try_from(over).unwrap_or(u64::MAX).div_ceil(1_000));
        }
        self.full_us = full;
        Ok(())
    }
}

/// Tables with a lock each, so that threads seldom meet.
const TABLES: usize = 16;
/// Keys in one table. Beyond it those that are full again are forgotten; while there are none,
/// new keys go uncounted: the wider budgets behind this one hold then.
const MOST_KEYS: usize = 4_096;
/// Looking for full ones takes a while, so it happens at most this often.
const SWEEP_EVERY_MS: Millis = 1_000;

struct Table<K> {
    buckets: HashMap<K, Bucket>,
    swept_at: Millis,
}

/// A budget for each key. A key that was never seen has a full one.
pub struct Budgets<K> {
    rate: Rate,
    hasher: RandomState,
    tables: Vec<Mutex<Table<K>>>,
}

impl<K: Hash + Eq> Budgets<K> {
    /// All with this rate.
    pub fn new(rate: Rate) -> Self {
        let table = || Mutex::new(Table { buckets: HashMap::new(), swept_at: Millis::MIN });
        Self { rate, hasher: RandomState::new(), tables: (0..TABLES).map(|_| table()).collect() }
    }

    /// Takes one of the key's, or says in how many milliseconds there will be one.
    pub fn take(&self, key: K, now: Millis) -> Result<(), u64> {
        let n = usize::try_from(self.hasher.hash_one(&key) % TABLES as u64).unwrap_or(0);
        let mut table = self.tables[n].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = table.buckets.get_mut(&key) {
            return bucket.take(self.rate, now);
        }
        if table.buckets.len() >= MOST_KEYS && table.swept_at.saturating_add(SWEEP_EVERY_MS) <= now {
            table.swept_at = now;
            table.buckets.retain(|_, bucket| bucket.full_us > now.saturating_mul(1_000));
        }
        if table.buckets.len() < MOST_KEYS {
            let mut bucket = Bucket::default();
            bucket.take(self.rate, now)?;
            table.buckets.insert(key, bucket);
        }
        Ok(())
    }

    #[cfg(test)]
    fn keys(&self) -> usize {
        self.tables.iter().map(|table| table.lock().unwrap_or_else(PoisonError::into_inner).buckets.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 20, window_ms: 10_000 };

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let mut bucket = Bucket::default();
        assert!((0..20).all(|_| bucket.take(RATE, 5).is_ok()));
        assert_eq!(bucket.take(RATE, 5), Err(500));
        assert!(bucket.take(RATE, 505).is_ok());
        assert_eq!(bucket.take(RATE, 506), Err(499));
        assert!((0..20).all(|_| bucket.take(RATE, 60_000).is_ok()));
        assert!(bucket.take(RATE, 60_000).is_err());
    }

    #[test]
    fn whoever_waits_as_told_gets_one_at_any_rate() {
        for (burst, window_ms) in [(1, 1), (1, 86_400_000), (7, 1_000), (50_000, 86_400_000), (3_000, 1_000)] {
            let (rate, mut bucket, mut now) = (Rate { burst, window_ms }, Bucket::default(), 1_000);
            let (mut passed, began) = (0_i64, now);
            for _ in 0..burst * 2 {
                match bucket.take(rate, now) {
                    Ok(()) => passed += 1,
                    Err(wait) => {
                        now += i64::try_from(wait).expect("small");
                        bucket.take(rate, now).expect("as told");
                        passed += 1;
                    }
                }
            }
            let refilled = (now - began) * 1_000 / rate.each_us() + 1;
            assert!(passed <= i64::from(burst) + refilled, "{rate:?}: {passed} in {} ms", now - began);
        }
    }

    #[test]
    fn keys_are_counted_apart_and_only_so_many_are_kept() {
        let budgets = Budgets::new(Rate { burst: 1, window_ms: 1_000 });
        assert!(budgets.take(1, 0).is_ok() && budgets.take(2, 0).is_ok());
        assert_eq!(budgets.take(1, 0), Err(1_000));
        let passed = (3..200_000).filter(|key| budgets.take(*key, 0).is_ok()).count();
        assert_eq!(passed, 199_997, "strangers pass, counted or not");
        assert!(budgets.keys() <= TABLES * MOST_KEYS);
        assert!((200_000..300_000).all(|key| budgets.take(key, 5_000).is_ok()));
        assert!(budgets.take(300_001, 10_000).is_ok());
        assert_eq!(budgets.take(300_001, 10_000), Err(1_000), "those that are full again made room");
    }
}
