//! How far a new tenant has come, and when a site's own pages were seen.

use crate::{Agent, Clock, Store, StoreError};
use macaw_domain::{Millis, SiteId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A sighting is written at most this often for each site.
const SEEN_EVERY_MS: Millis = 60_000;
/// Sites remembered; beyond it the table starts afresh, which only costs writes.
const MOST_SITES: usize = 10_000;

/// One of the first things to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// A person set a site up.
    Site,
    /// The site knows its domains, or its pages were seen.
    Snippet,
    /// A page of the customer's own showed the widget.
    Seen,
    /// The knowledge has an entry.
    Knowledge,
    /// An engine or agent answered a visitor.
    FirstAnswer,
    /// There is more than one member.
    Colleague,
}

impl StepKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Snippet => "snippet",
            Self::Seen => "seen",
            Self::Knowledge => "knowledge",
            Self::FirstAnswer => "first_answer",
            Self::Colleague => "colleague",
        }
    }
}

/// Whether one of the first things is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// Whether it is done.
    pub done: bool,
    /// When, where that is known.
    pub at: Option<Millis>,
}

/// First steps and sightings.
pub struct FirstSteps {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    seen: Mutex<HashMap<SiteId, Millis>>,
}

impl FirstSteps {
    /// Over this store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, seen: Mutex::default() }
    }

    /// The steps of the actor's tenant, in their order.
    pub async fn list(&self, actor: &Agent) -> Result<Vec<Step>, StoreError> {
        let marks = self.store.site_marks(actor.tenant).await?;
        let sites = self.store.sites(actor.tenant).await?;
        let edited = marks.iter().filter_map(|mark| mark.edited_at).min();
        let seen = marks.iter().filter_map(|mark| mark.first_seen_at).min();
        let named = sites.iter().any(|site| !site.settings.domains.is_empty());
        let knowledge = self.store.knowledge_count(actor.tenant).await? > 0;
        let known = |kind, at: Option<Millis>| Step { kind, done: at.is_some(), at };
        Ok(vec![
            known(StepKind::Site, edited),
            Step { kind: StepKind::Snippet, done: named || seen.is_some(), at: seen },
            known(StepKind::Seen, seen),
            Step { kind: StepKind::Knowledge, done: knowledge, at: None },
            known(StepKind::FirstAnswer, self.store.first_answer_at(actor.tenant).await?),
            known(StepKind::Colleague, self.store.second_member_at(actor.tenant).await?),
        ])
    }

    /// A page of the site's own asked for it. Written at most once a minute.
    pub async fn saw(&self, site: SiteId) -> Result<(), StoreError> {
        let now = self.clock.now();
        {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.get(&site).is_some_and(|last| (0..SEEN_EVERY_MS).contains(&(now - last))) {
                return Ok(());
            }
            if seen.len() >= MOST_SITES {
                seen.clear();
            }
            seen.insert(site, now);
        }
        self.store.mark_seen(site, now).await
    }
}
