//! The wall clock and fresh ids: the only place that asks for either.

use macaw_app::Clock;
use macaw_domain::Millis;
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

pub(crate) struct WallClock;

#[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
impl Clock for WallClock {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
    }

    fn fresh(&self) -> Uuid {
        Uuid::now_v7()
    }
}
