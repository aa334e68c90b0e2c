//! How much a connection may ask for.

use macaw_domain::Millis;

/// A token bucket of whole tokens; time is an argument.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    tokens: u32,
    since: Millis,
}

/// `burst` at once, refilled over `window_ms`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) burst: u32,
    pub(crate) window_ms: Millis,
}

/// 20 messages in 10 s: more than a person types, far less than a flood.
pub(crate) const SENDS: Rate = Rate { burst: 20, window_ms: 10_000 };
/// Any frames of a visitor: typing, reading and watching together stay far below.
pub(crate) const VISITOR_FRAMES: Rate = Rate { burst: 200, window_ms: 10_000 };
/// Any frames of an agent, who has many conversations open.
pub(crate) const AGENT_FRAMES: Rate = Rate { burst: 1_000, window_ms: 10_000 };

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Millis) -> Self {
        Self { tokens: rate.burst, since: now }
    }

    /// Takes a token, or says in how many milliseconds there will be one.
    pub(crate) fn take(&mut self, rate: Rate, now: Millis) -> Result<(), u64> {
        let each = rate.window_ms / Millis::from(rate.burst);
        let fresh = (now - self.since).max(0) / each;
        if fresh > 0 {
            let fresh = u32::try_from(fresh).unwrap_or(rate.burst);
            self.tokens = self.tokens.saturating_add(fresh).min(rate.burst);
            self.since += Millis::from(fresh) * each;
            if self.tokens == rate.burst {
                self.since = now;
            }
        }
        match self.tokens.checked_sub(1) {
            Some(left) => {
                self.tokens = left;
                Ok(())
            }
            None => Err(u64::try_from(self.since + each - now).unwrap_or(1).max(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let mut bucket = Bucket::full(SENDS, 0);
        assert!((0..20).all(|_| bucket.take(SENDS, 5).is_ok()));
        assert_eq!(bucket.take(SENDS, 5), Err(495));
        assert!(bucket.take(SENDS, 500).is_ok());
        assert!(bucket.take(SENDS, 501).is_err());
        assert!((0..20).all(|_| bucket.take(SENDS, 60_000).is_ok()));
        assert!(bucket.take(SENDS, 60_000).is_err());
    }
}
