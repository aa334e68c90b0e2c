//! How soon people answer: what visitors are promised is what the last ones waited.
//!
//! Counted in this process and forgotten at a restart; until enough is known nothing is promised.

use macaw_domain::{Author, Conversation, ConversationId, Entry, Log, Millis, Owner, TenantId};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answers that the typical wait is taken from.
const KEPT: usize = 50;
/// Fewer say nothing.
const LEAST: usize = 5;
/// Conversations and tenants remembered; beyond it the table starts afresh, which only costs a promise.
const MOST: usize = 20_000;
/// What is said is one of these, in milliseconds: a promise to the second would be none.
const STEPS: [Millis; 7] = [60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 14_400_000];

#[derive(Default)]
struct Known {
    waiting: HashMap<ConversationId, Millis>,
    waits: HashMap<TenantId, VecDeque<Millis>>,
}

/// The waits that ended lately.
#[derive(Default)]
pub struct Pace(Mutex<Known>);

impl Pace {
    /// A header was written: since when somebody waits for a person there.
    pub(crate) fn header(&self, c: &Conversation) {
        let mut known = self.known();
        let since = c.waiting_since.filter(|_| !matches!(c.owner, Owner::Engine(_)));
        match since {
            Some(since) => {
                if known.waiting.len() >= MOST {
                    known.waiting.clear();
                }
                known.waiting.entry(c.id).or_insert(since);
            }
            None => _ = known.waiting.remove(&c.id),
        }
    }

    /// An entry was written: an agent's answer ends a wait.
    pub(crate) fn entry(&self, entry: &Entry) {
        if entry.log != Log::Public || !matches!(entry.draft.author, Author::Agent(_)) {
            return;
        }
        let mut known = self.known();
        let Some(since) = known.waiting.remove(&entry.conversation) else { return };
        if known.waits.len() >= MOST {
            known.waits.clear();
        }
        let waits = known.waits.entry(entry.tenant).or_default();
        if waits.len() >= KEPT {
            waits.pop_front();
        }
        waits.push_back((entry.draft.at - since).max(0));
    }

    /// Within which time half of the tenant's visitors were answered lately, rounded up to a step that people
    /// say, in milliseconds; `None` while too little is known or it is longer than four hours.
    pub fn typical(&self, tenant: TenantId) -> Option<Millis> {
        let mut waits: Vec<_> = self.known().waits.get(&tenant)?.iter().copied().collect();
        if waits.len() < LEAST {
            return None;
        }
        waits.sort_unstable();
        let half = *waits.get(waits.len() / 2)?;
        STEPS.into_iter().find(|step| half <= *step)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use macaw_domain::{AccountId, Content, Draft, MessageId, SiteId, VisitorId};
    use uuid::Uuid;

    const TENANT: TenantId = TenantId(Uuid::from_u128(1));

    fn asked(n: u128, owner: Owner, at: Millis) -> Conversation {
        let id = Uuid::from_u128(n);
        let mut c = Conversation::begin(ConversationId(id), TENANT, SiteId(id), VisitorId(id), owner, at);
        c.waiting_since = Some(at);
        c
    }

    fn answer(c: &Conversation, author: Author, at: Millis) -> Entry {
        let content = Content::Text("an answer".into());
        let draft = Draft { id: MessageId(Uuid::from_u128(9)), client_id: None, author, content, at };
        Entry { tenant: TENANT, conversation: c.id, log: Log::Public, seq: 2, draft }
    }

    fn agent() -> Author {
        Author::Agent(AccountId(Uuid::from_u128(7)))
    }

    #[test]
    fn what_is_promised_is_what_half_of_the_last_ones_waited() {
        let pace = Pace::default();
        for (n, wait) in [(1, 1_000), (2, 90_000), (3, 100_000), (4, 5_000_000)] {
            let c = asked(n, Owner::Queue, 0);
            pace.header(&c);
            pace.entry(&answer(&c, agent(), wait));
            assert_eq!(pace.typical(TENANT), None, "too few");
        }
        let c = asked(5, Owner::Queue, 10);
        pace.header(&c);
        // A second message does not begin the wait anew, and an answer ends it once.
        pace.header(&Conversation { waiting_since: Some(99), ..c.clone() });
        for _ in 0..2 {
            pace.entry(&answer(&c, agent(), 110_010));
        }
        assert_eq!(pace.typical(TENANT), Some(120_000));
        assert_eq!(pace.typical(TenantId(Uuid::from_u128(2))), None);
    }

    #[test]
    fn the_quickness_of_an_engine_is_no_promise_of_a_person() {
        let pace = Pace::default();
        for n in 0..9 {
            let c = asked(n, Owner::Engine("knowledge".into()), 0);
            pace.header(&c);
            pace.entry(&answer(&c, Author::Engine("knowledge".into()), 10));
            pace.entry(&answer(&c, agent(), 20));
        }
        assert_eq!(pace.typical(TENANT), None);
    }
}
