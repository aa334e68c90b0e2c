//! Rate limits of the HTTP edge, per key and in this process.

use crate::problem::Problem;
use governor::clock::{Clock, DefaultClock};
use governor::{Quota, RateLimiter, state::keyed::DashMapStateStore};
use macaw_app::Actor;
use macaw_domain::{AccountId, TenantId, VisitorId};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

type Keyed<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// Beyond this many keys those that are full again are forgotten.
const MOST_KEYS: usize = 50_000;

pub(crate) struct Limits {
    enabled: bool,
    tokens: Keyed<IpAddr>,
    messages: Keyed<VisitorId>,
    sign_in_address: Keyed<IpAddr>,
    sign_in_account: Keyed<String>,
    upload_visitor: Keyed<VisitorId>,
    upload_agent: Keyed<AccountId>,
    upload_address: Keyed<IpAddr>,
    upload_tenant: Keyed<TenantId>,
}

fn quota(burst: u32, window: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(window / burst.get()).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst)
}

impl Limits {
    pub(crate) fn new(enabled: bool) -> Self {
        let minute = Duration::from_secs(60);
        Self {
            enabled,
            tokens: RateLimiter::keyed(quota(120, minute)),
            messages: RateLimiter::keyed(quota(20, Duration::from_secs(10))),
            sign_in_address: RateLimiter::keyed(quota(50, 15 * minute)),
            sign_in_account: RateLimiter::keyed(quota(10, 15 * minute)),
            upload_visitor: RateLimiter::keyed(quota(20, 10 * minute)),
            upload_agent: RateLimiter::keyed(quota(200, 10 * minute)),
            upload_address: RateLimiter::keyed(quota(400, 10 * minute)),
            upload_tenant: RateLimiter::keyed(quota(2_000, 10 * minute)),
        }
    }

    /// A visitor token for somebody at this address.
    pub(crate) fn token(&self, address: IpAddr) -> Result<(), Problem> {
        self.check(&self.tokens, &address)
    }

    /// A message of this visitor over HTTP.
    pub(crate) fn message(&self, visitor: VisitorId) -> Result<(), Problem> {
        self.check(&self.messages, &visitor)
    }

    /// A try to sign in.
    pub(crate) fn sign_in(&self, address: IpAddr, email: &str) -> Result<(), Problem> {
        self.check(&self.sign_in_address, &address)?;
        self.password(email)
    }

    /// A try of this account's password.
    pub(crate) fn password(&self, email: &str) -> Result<(), Problem> {
        self.check(&self.sign_in_account, &email.to_owned())
    }

    /// A file of this visitor or agent. Its own limit comes first, so that one that floods uses up
    /// nothing of the others'.
    pub(crate) fn upload(&self, actor: &Actor, address: IpAddr) -> Result<(), Problem> {
        match actor {
            Actor::Visitor(visitor) => {
                self.check(&self.upload_visitor, &visitor.visitor)?;
                self.check(&self.upload_address, &address)?;
            }
            Actor::Agent(agent) => self.check(&self.upload_agent, &agent.account)?,
        }
        self.check(&self.upload_tenant, &actor.tenant())
    }

    fn check<K: std::hash::Hash + Eq + Clone>(&self, limiter: &Keyed<K>, key: &K) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        if limiter.len() > MOST_KEYS {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Problem::rate_limited(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1))
        })
    }
}
