//! How much anybody may ask for: per address, visitor, site, tenant and account.
//!
//! Counted in this process and forgotten at a restart. The narrow budgets come first, so that one
//! who is refused does not use up what others share. Agents at work are not limited by address.

use crate::{Budgets, Rate, Store, StoreError, Visitor};
use macaw_domain::{AccountId, ConversationId, Millis, SiteId, TenantId, VisitorId};
use std::collections::HashSet;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Come again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many {what}; wait {} s", retry_after_ms.div_ceil(1_000))]
pub struct Refused {
    /// What there were too many of.
    pub what: &'static str,
    /// When it would pass.
    pub retry_after_ms: u64,
}

/// Why a conversation may not begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Come again later.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

macro_rules! limits {
    ($($name:ident: $key:ty, $what:literal;)*) => {
        /// The rate of each limit.
        #[derive(Debug, Clone, Copy)]
        #[expect(missing_docs, reason = "each is described in config/macaw.toml")]
        pub struct LimitRates { $(pub $name: Rate),* }

        impl LimitRates {
            /// Asks for each by its name.
            pub fn from_names<E>(mut rate: impl FnMut(&'static str) -> Result<Rate, E>) -> Result<Self, E> {
                Ok(Self { $($name: rate(stringify!($name))?),* })
            }
        }

        struct Counted { $($name: Budgets<$key>),* }

        impl Counted {
            fn new(rates: LimitRates) -> Self {
                Self { $($name: Budgets::new(rates.$name)),* }
            }

            $(fn $name(&self, key: $key, now: Millis) -> Result<(), Refused> {
                self.$name.take(key, now).map_err(|retry_after_ms| Refused { what: $what, retry_after_ms })
            })*
        }
    };
}

limits! {
    tokens_per_address: IpAddr, "new visitors from this address";
    tokens_per_site: SiteId, "new visitors at this site";
    tokens_per_tenant: TenantId, "new visitors";
    conversations_per_address: IpAddr, "new conversations from this address";
    conversations_per_site: SiteId, "new conversations at this site";
    conversations_per_tenant: TenantId, "new conversations";
    messages_per_visitor: VisitorId, "messages";
    messages_per_address: IpAddr, "messages from this address";
    messages_per_site: SiteId, "messages at this site";
    messages_per_tenant: TenantId, "messages";
    hand_overs_per_visitor: VisitorId, "requests for a person";
    hand_overs_per_address: IpAddr, "requests for a person from this address";
    hand_overs_per_site: SiteId, "requests for a person at this site";
    hand_overs_per_tenant: TenantId, "requests for a person";
    uploads_per_visitor: VisitorId, "files";
    uploads_per_account: AccountId, "files";
    uploads_per_tenant: TenantId, "files";
    turns_per_visitor_minute: VisitorId, "questions";
    turns_per_visitor_day: VisitorId, "questions today";
    turns_per_tenant_minute: TenantId, "questions";
    turns_per_tenant_day: TenantId, "questions today";
    sign_ins_per_address: IpAddr, "tries from this address";
    sign_ups_per_address: IpAddr, "new tenants from this address";
    sign_ins_per_account: String, "tries for this account";
}

/// Conversations remembered as begun; beyond it the table starts afresh, which only costs reads.
const MOST_BEGUN: usize = 100_000;

/// The limits of this process.
#[derive(Default)]
pub struct Limits {
    counted: Option<Counted>,
    begun: Mutex<HashSet<ConversationId>>,
}

impl Limits {
    /// With these rates.
    pub fn new(rates: LimitRates) -> Self {
        Self { counted: Some(Counted::new(rates)), begun: Mutex::default() }
    }

    /// None at all: for load tests.
    pub fn off() -> Self {
        Self::default()
    }

    /// Whether anything is limited.
    pub fn are_on(&self) -> bool {
        self.counted.is_some()
    }

    /// A visitor's token.
    pub fn token(&self, address: IpAddr, site: SiteId, tenant: TenantId, now: Millis) -> Result<(), Refused> {
        self.check(|counted| {
            counted.tokens_per_address(network(address), now)?;
            counted.tokens_per_site(site, now)?;
            counted.tokens_per_tenant(tenant, now)
        })
    }

    /// A visitor's message, over whatever it comes.
    pub fn message(&self, visitor: &Visitor, address: IpAddr, now: Millis) -> Result<(), Refused> {
        self.check(|counted| {
            counted.messages_per_visitor(visitor.visitor, now)?;
            counted.messages_per_address(network(address), now)?;
            counted.messages_per_site(visitor.site, now)?;
            counted.messages_per_tenant(visitor.tenant, now)
        })
    }

    /// A message that may begin a conversation: counted if there is none yet.
    pub async fn begin(
        &self,
        store: &dyn Store,
        visitor: &Visitor,
        address: IpAddr,
        now: Millis,
    ) -> Result<(), BeginError> {
        let Some(counted) = &self.counted else { return Ok(()) };
        if self.begun().contains(&visitor.conversation) {
            return Ok(());
        }
        if store.conversation(visitor.tenant, visitor.conversation).await?.is_none() {
            counted.conversations_per_address(network(address), now)?;
            counted.conversations_per_site(visitor.site, now)?;
            counted.conversations_per_tenant(visitor.tenant, now)?;
        }
        let mut begun = self.begun();
        if begun.len() >= MOST_BEGUN {
            begun.clear();
        }
        begun.insert(visitor.conversation);
        Ok(())
    }

    /// A visitor's wish for a person.
    pub fn hand_over(&self, visitor: &Visitor, address: IpAddr, now: Millis) -> Result<(), Refused> {
        self.check(|counted| {
            counted.hand_overs_per_visitor(visitor.visitor, now)?;
            counted.hand_overs_per_address(network(address), now)?;
            counted.hand_overs_per_site(visitor.site, now)?;
            counted.hand_overs_per_tenant(visitor.tenant, now)
        })
    }

    /// A visitor's file.
    pub fn upload(&self, visitor: VisitorId, tenant: TenantId, now: Millis) -> Result<(), Refused> {
        self.check(|counted| {
            counted.uploads_per_visitor(visitor, now)?;
            counted.uploads_per_tenant(tenant, now)
        })
    }

    /// An agent's file.
    pub fn agent_upload(&self, account: AccountId, tenant: TenantId, now: Millis) -> Result<(), Refused> {
        self.check(|counted| {
            counted.uploads_per_account(account, now)?;
            counted.uploads_per_tenant(tenant, now)
        })
    }

    /// A turn of an engine for this visitor. Whoever runs turns asks before each, and hands over
    /// to a person when it is refused.
    pub fn turn(&self, visitor: VisitorId, tenant: TenantId, now: Millis) -> Result<(), Refused> {
        self.check(|counted| {
            counted.turns_per_visitor_minute(visitor, now)?;
            counted.turns_per_visitor_day(visitor, now)?;
            counted.turns_per_tenant_minute(tenant, now)?;
            counted.turns_per_tenant_day(tenant, now)
        })
    }

    /// A try to sign in, or to use a one-time link (with an empty e-mail address).
    pub fn sign_in(&self, address: IpAddr, email: &str, now: Millis) -> Result<(), Refused> {
        self.address(address, now)?;
        if email.is_empty() { Ok(()) } else { self.password(email, now) }
    }

    /// A try of anything secret from this address.
    pub fn address(&self, address: IpAddr, now: Millis) -> Result<(), Refused> {
        self.check(|counted| counted.sign_ins_per_address(network(address), now))
    }

    /// A new tenant for somebody at this address.
    pub fn sign_up(&self, address: IpAddr, now: Millis) -> Result<(), Refused> {
        self.check(|counted| counted.sign_ups_per_address(network(address), now))
    }

    /// A try of this account's password.
    pub fn password(&self, email: &str, now: Millis) -> Result<(), Refused> {
        self.check(|counted| counted.sign_ins_per_account(email.to_owned(), now))
    }

    fn check(&self, take: impl FnOnce(&Counted) -> Result<(), Refused>) -> Result<(), Refused> {
        self.counted.as_ref().map_or(Ok(()), take)
    }

    fn begun(&self) -> std::sync::MutexGuard<'_, HashSet<ConversationId>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever has one IPv6 address usually has its whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use uuid::Uuid;

    fn all_but(narrow: &'static str) -> Limits {
        let rate = |name| Ok::<_, Infallible>(Rate { burst: if name == narrow { 1 } else { 100 }, window_ms: 60_000 });
        let Ok(rates) = LimitRates::from_names(rate);
        Limits::new(rates)
    }

    fn visitor(n: u128, site: u128) -> Visitor {
        Visitor {
            tenant: TenantId(Uuid::from_u128(1)),
            site: SiteId(Uuid::from_u128(site)),
            visitor: VisitorId(Uuid::from_u128(n)),
            conversation: ConversationId(Uuid::from_u128(n)),
        }
    }

    #[test]
    fn each_limit_holds_exactly_those_that_share_its_key() {
        let here: IpAddr = "192.0.2.1".parse().expect("an address");
        let there: IpAddr = "192.0.2.2".parse().expect("an address");
        let far: IpAddr = "192.0.2.3".parse().expect("an address");
        let (first, second, third, elsewhere) = (visitor(10, 5), visitor(11, 5), visitor(12, 5), visitor(13, 6));
        // The limit, and whether it refuses: the same again, another visitor, from another address, at another site.
        for (narrow, refuses) in [
            ("messages_per_visitor", [true, false, false, false]),
            ("messages_per_address", [true, true, false, false]),
            ("messages_per_site", [true, true, true, false]),
            ("messages_per_tenant", [true, true, true, true]),
            ("hand_overs_per_site", [false; 4]),
        ] {
            let limits = all_but(narrow);
            limits.message(&first, here, 0).expect("the first passes");
            let again = [(first, here), (second, here), (third, there), (elsewhere, far)];
            let got = again.map(|(visitor, address)| limits.message(&visitor, address, 0).is_err());
            assert_eq!(got, refuses, "{narrow}");
        }
    }

    #[test]
    fn turns_are_limited_by_minute_and_day_for_visitor_and_tenant() {
        let (one, two) = (VisitorId(Uuid::from_u128(1)), VisitorId(Uuid::from_u128(2)));
        let tenant = TenantId(Uuid::from_u128(3));
        for (narrow, also_others) in [
            ("turns_per_visitor_minute", false),
            ("turns_per_visitor_day", false),
            ("turns_per_tenant_minute", true),
            ("turns_per_tenant_day", true),
        ] {
            let limits = all_but(narrow);
            limits.turn(one, tenant, 0).expect("the first passes");
            let refused = limits.turn(one, tenant, 0).expect_err(narrow);
            assert_eq!((refused.retry_after_ms, refused.what.contains("questions")), (60_000, true));
            assert_eq!(limits.turn(two, tenant, 0).is_err(), also_others, "{narrow}");
            limits.turn(one, tenant, 60_000).expect("after the wait it passes");
        }
    }

    #[test]
    fn who_is_refused_does_not_use_up_what_others_share() {
        let limits = all_but("messages_per_visitor");
        let here: IpAddr = "192.0.2.1".parse().expect("an address");
        let passed = (0..1_000).filter(|_| limits.message(&visitor(10, 5), here, 0).is_ok()).count();
        assert_eq!(passed, 1);
        assert!((20..100).all(|n| limits.message(&visitor(n, 5), here, 0).is_ok()));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let limits = all_but("sign_ins_per_address");
        let address = |text: &str| text.parse().expect("an address");
        limits.sign_in(address("2001:db8::1"), "", 0).expect("the first passes");
        assert!(limits.sign_in(address("2001:db8::ffff:1"), "", 0).is_err());
        limits.sign_in(address("2001:db8:0:1::1"), "", 0).expect("another network");
        limits.sign_in(address("::ffff:192.0.2.1"), "", 0).expect("IPv4");
        assert!(limits.sign_in(address("192.0.2.1"), "", 0).is_err());
    }

    #[test]
    fn switched_off_nothing_is_refused() {
        let here: IpAddr = "192.0.2.1".parse().expect("an address");
        assert!((0..10_000).all(|_| Limits::off().message(&visitor(1, 1), here, 0).is_ok()));
    }
}
