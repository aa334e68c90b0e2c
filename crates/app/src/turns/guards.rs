//! What keeps one engine's trouble from becoming everybody's: a breaker for an engine that fails, a bound on what a
//! tenant asks at once, a budget of tokens a day.

use crate::{EngineError, Engines, ErrorClass, Profile};
use macaw_domain::{Millis, TenantId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Failures in a row after which an engine is left alone.
const FAILURES: u32 = 5;
/// For this long; then one question tries it.
const ALONE_MS: Millis = 30_000;
const DAY_MS: Millis = 24 * 60 * 60 * 1_000;
/// Tenants counted per table; beyond it the table starts afresh.
const MOST_COUNTED: usize = 100_000;

/// What is guarded together: an engine of the installation, whoever asks it, or an engine of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct GuardedAs {
    owner: Option<TenantId>,
    engine: String,
}

impl GuardedAs {
    /// The engine of this name, as `tenant` sees it.
    pub(crate) fn of(tenant: TenantId, engine: &str, engines: &Engines) -> Self {
        Self { owner: engines.is_own(engine).then_some(tenant), engine: engine.to_owned() }
    }
}

type Of = (TenantId, GuardedAs);

#[derive(Default)]
struct Breaker {
    failures: u32,
    /// Nothing is asked before; then one question is.
    until: Millis,
}

#[derive(Default)]
struct Kept {
    breakers: HashMap<GuardedAs, Breaker>,
    asking: HashMap<Of, usize>,
    /// The day, and the tokens in it.
    tokens: HashMap<Of, (Millis, u64)>,
}

/// The guards of all engines.
#[derive(Default, Clone)]
pub(crate) struct Guards(Arc<Mutex<Kept>>);

/// A question that is at an engine; it leaves when this is dropped.
pub(crate) struct Permit {
    guards: Guards,
    of: Of,
}

impl Guards {
    /// Lets a question in, or says why not.
    pub(crate) fn enter(
        &self,
        tenant: TenantId,
        engine: &GuardedAs,
        profile: &Profile,
        now: Millis,
    ) -> Result<Permit, EngineError> {
        let mut kept = self.kept();
        let of = (tenant, engine.clone());
        let spent = kept.tokens.get(&of).filter(|(day, _)| *day == now / DAY_MS).map_or(0, |(_, tokens)| *tokens);
        if profile.tokens_per_day > 0 && spent >= profile.tokens_per_day {
            return Err(EngineError::new(ErrorClass::Quota, "its tokens for today are used up"));
        }
        let asking = kept.asking.get(&of).copied().unwrap_or(0);
        if asking >= profile.at_once {
            return Err(EngineError::new(ErrorClass::Busy, format!("{asking} questions are at it already")));
        }
        if kept.breakers.len() >= MOST_COUNTED {
            kept.breakers.clear();
        }
        let breaker = kept.breakers.entry(engine.clone()).or_default();
        if breaker.failures >= FAILURES {
            if now < breaker.until {
                return Err(EngineError::new(
                    ErrorClass::Unavailable,
                    "it failed again and again, and is left alone for now",
                ));
            }
            // This question tries it; the others wait for how that ends.
            breaker.until = now + ALONE_MS;
        }
        *kept.asking.entry(of.clone()).or_default() += 1;
        Ok(Permit { guards: self.clone(), of })
    }

    /// How a question to an engine ended.
    pub(crate) fn ended(&self, engine: &GuardedAs, error: Option<&EngineError>, now: Millis) {
        let mut kept = self.kept();
        let breaker = kept.breakers.entry(engine.clone()).or_default();
        match error {
            Some(error) if error.class.is_the_engines() => {
                breaker.failures = breaker.failures.saturating_add(1);
                if breaker.failures >= FAILURES {
                    breaker.until = now + ALONE_MS;
                }
            }
            // It was not asked in earnest; that says nothing about it.
            Some(_) => {}
            None => *breaker = Breaker::default(),
        }
    }

    /// Tokens that a tenant used at an engine.
    pub(crate) fn spent(&self, tenant: TenantId, engine: &GuardedAs, tokens: u64, now: Millis) {
        let mut kept = self.kept();
        if kept.tokens.len() >= MOST_COUNTED {
            kept.tokens.clear();
        }
        let today = now / DAY_MS;
        let counted = kept.tokens.entry((tenant, engine.clone())).or_insert((today, 0));
        if counted.0 != today {
            *counted = (today, 0);
        }
        counted.1 = counted.1.saturating_add(tokens);
    }

    /// Until when an engine is left alone, if it is.
    pub(crate) fn resting_until(&self, engine: &GuardedAs, now: Millis) -> Option<Millis> {
        let kept = self.kept();
        let breaker = kept.breakers.get(engine).filter(|breaker| breaker.failures >= FAILURES)?;
        (now < breaker.until).then_some(breaker.until)
    }

    /// It was changed: what went wrong before says nothing any more.
    pub(crate) fn forget(&self, engine: &GuardedAs) {
        self.kept().breakers.remove(engine);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut kept = self.guards.kept();
        if let Some(asking) = kept.asking.get_mut(&self.of) {
            *asking -= 1;
            if *asking == 0 {
                kept.asking.remove(&self.of);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Abilities;
    use uuid::Uuid;

    const TENANT: TenantId = TenantId(Uuid::from_u128(1));

    fn profile(at_once: usize, tokens_per_day: u64) -> Profile {
        Profile { at_once, tokens_per_day, ..Profile::built_in("x", Abilities::default()) }
    }

    fn named(engine: &str) -> GuardedAs {
        GuardedAs::of(TENANT, engine, &Engines::default())
    }

    fn a() -> GuardedAs {
        named("a")
    }

    fn failed() -> EngineError {
        EngineError::new(ErrorClass::Unavailable, "down")
    }

    #[test]
    fn an_engine_that_fails_is_left_alone_then_tried_by_one_question() {
        let (guards, profile) = (Guards::default(), profile(9, 0));
        for _ in 0..FAILURES {
            assert!(guards.enter(TENANT, &a(), &profile, 0).is_ok());
            guards.ended(&a(), Some(&failed()), 0);
        }
        assert!(guards.enter(TENANT, &a(), &profile, ALONE_MS - 1).is_err());
        assert!(guards.enter(TENANT, &named("b"), &profile, 0).is_ok(), "another engine is not meant");
        assert!(guards.enter(TENANT, &a(), &profile, ALONE_MS).is_ok(), "one tries");
        assert!(guards.enter(TENANT, &a(), &profile, ALONE_MS).is_err(), "and only one");
        guards.ended(&a(), None, ALONE_MS);
        assert!(guards.enter(TENANT, &a(), &profile, ALONE_MS).is_ok(), "it is well again");
    }

    #[test]
    fn what_is_the_questions_fault_is_not_the_engines() {
        let (guards, profile) = (Guards::default(), profile(9, 0));
        for _ in 0..20 {
            guards.ended(&a(), Some(&EngineError::new(ErrorClass::Content, "no")), 0);
        }
        assert!(guards.enter(TENANT, &a(), &profile, 0).is_ok());
    }

    #[test]
    fn a_tenant_asks_so_many_at_once_and_another_still_may() {
        let (guards, profile) = (Guards::default(), profile(1, 0));
        let first = guards.enter(TENANT, &a(), &profile, 0);
        assert!(guards.enter(TENANT, &a(), &profile, 0).is_err());
        assert!(guards.enter(TenantId(Uuid::from_u128(2)), &a(), &profile, 0).is_ok());
        drop(first);
        assert!(guards.enter(TENANT, &a(), &profile, 0).is_ok());
    }

    #[test]
    fn tokens_are_of_a_day_and_of_a_tenant() {
        let (guards, profile) = (Guards::default(), profile(9, 100));
        guards.spent(TENANT, &a(), 100, 5);
        let refused = guards.enter(TENANT, &a(), &profile, 6).err().map(|error| error.class);
        assert_eq!(refused, Some(ErrorClass::Quota));
        assert!(guards.enter(TenantId(Uuid::from_u128(2)), &a(), &profile, 6).is_ok());
        assert!(guards.enter(TENANT, &a(), &profile, DAY_MS).is_ok(), "tomorrow");
    }

    #[test]
    fn an_engine_of_a_tenant_is_not_the_one_of_another_and_a_change_lets_it_in_again() {
        let (guards, profile) = (Guards::default(), profile(9, 0));
        let own = Engines::default().with_own([("a".to_owned(), Err("off".to_owned()))]);
        let (mine, others) = (GuardedAs::of(TENANT, "a", &own), GuardedAs::of(TenantId(Uuid::from_u128(2)), "a", &own));
        (0..FAILURES).for_each(|_| guards.ended(&mine, Some(&failed()), 0));
        assert!(guards.enter(TENANT, &mine, &profile, 1).is_err());
        assert_eq!(guards.resting_until(&mine, 1), Some(ALONE_MS));
        assert!(guards.enter(TenantId(Uuid::from_u128(2)), &others, &profile, 1).is_ok());
        assert!(guards.enter(TENANT, &a(), &profile, 1).is_ok(), "nor the installation's");
        guards.forget(&mine);
        assert_eq!(guards.resting_until(&mine, 1), None);
        assert!(guards.enter(TENANT, &mine, &profile, 1).is_ok());
    }
}
