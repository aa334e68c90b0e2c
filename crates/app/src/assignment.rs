//! Assignment by event: the queue is looked at when something in it, or an agent, changes.

use crate::{Clock, CommitError, Fanout, Store, StoreError, View};
use macaw_domain::{Candidate, Conversation, Decision, Member, Millis, TenantId, choose};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Waiting conversations looked at in one go; the rest follows with the next event.
const BATCH: u32 = 64;

/// Gives waiting conversations to agents.
pub struct Assigner {
    store: Arc<dyn Store>,
    fanout: Arc<dyn Fanout>,
    clock: Arc<dyn Clock>,
    ring_ms: Millis,
    tenants: Mutex<BTreeSet<TenantId>>,
    woken: Notify,
}

impl Assigner {
    /// Lets a conversation ring for `ring_ms` milliseconds before it passes on.
    pub fn new(store: Arc<dyn Store>, fanout: Arc<dyn Fanout>, clock: Arc<dyn Clock>, ring_ms: Millis) -> Self {
        Self { store, fanout, clock, ring_ms, tenants: Mutex::default(), woken: Notify::new() }
    }

    /// Something changed in this tenant: a conversation waits, an agent came, went or has room.
    pub fn wake(&self, tenant: TenantId) {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
        self.woken.notify_one();
    }

    /// Runs until it is dropped. A tenant that fails is tried again with its next event.
    pub async fn run(&self) {
        match self.store.tenants_waiting().await {
            Ok(tenants) => tenants.into_iter().for_each(|tenant| self.wake(tenant)),
            Err(error) => tracing::error!(%error, "the queue could not be read at start"),
        }
        loop {
            self.woken.notified().await;
            let tenants = std::mem::take(&mut *self.tenants.lock().unwrap_or_else(PoisonError::into_inner));
            for tenant in tenants {
                if let Err(error) = self.assign(tenant).await {
                    tracing::error!(%error, tenant.id = %tenant, "the queue of tenant {tenant} could not be assigned");
                }
            }
        }
    }

    async fn assign(&self, tenant: TenantId) -> Result<(), StoreError> {
        let mut candidates = self.candidates(tenant).await?;
        let mut queue = self.store.list(tenant, View::Queue, BATCH, 0).await?;
        if self.take_back(&queue, &candidates).await? {
            candidates = self.candidates(tenant).await?;
            queue = self.store.list(tenant, View::Queue, BATCH, 0).await?;
        }
        for waiting in queue {
            if candidates.iter().all(|c| c.load >= c.capacity) {
                break;
            }
            if waiting.offer.is_some() {
                continue;
            }
            let at = self.clock.now();
            let Some(choice) = choose(&candidates, &waiting.declined) else {
                // Everybody who is there let it ring: ask again from the start.
                if choose(&candidates, &[]).is_some()
                    && let Some(decision) = waiting.ask_everybody_again(at)
                {
                    self.try_commit(decision).await?;
                }
                continue;
            };
            let decision = match waiting.offer(choice.agent, at + self.ring_ms, at) {
                Ok(decision) => decision,
                Err(_) => continue,
            };
            let offered = self.try_commit(decision).await?;
            candidates = self.candidates(tenant).await?;
            if offered {
                tracing::info!(
                    conversation.id = %waiting.id, agent.id = %choice.agent, why = choice.why,
                    "conversation {} rings at an agent", waiting.id
                );
            }
        }
        Ok(())
    }

    /// An offer rings for nobody when its agent left: the visitor must not wait until it has rung out.
    async fn take_back(&self, queue: &[Conversation], candidates: &[Candidate]) -> Result<bool, StoreError> {
        let mut any = false;
        for waiting in queue {
            let gone = waiting.offer.as_ref().is_some_and(|o| candidates.iter().all(|c| c.agent != o.agent));
            if gone && let Some(decision) = waiting.withdraw(self.clock.now()) {
                any |= self.try_commit(decision).await?;
            }
        }
        Ok(any)
    }

    async fn candidates(&self, tenant: TenantId) -> Result<Vec<Candidate>, StoreError> {
        let members = self.store.members(tenant).await?;
        let candidate = |m: &_| {
            let Member { tenant, account, .. } = m;
            Candidate::from_member(m, self.fanout.is_connected(*tenant, *account))
        };
        Ok(members.iter().filter_map(candidate).collect())
    }

    /// `false` when somebody else was first; the event of that change wakes us again.
    async fn try_commit(&self, decision: Decision) -> Result<bool, StoreError> {
        match self.store.commit(decision).await {
            Ok(_) => Ok(true),
            Err(CommitError::Conflict | CommitError::OverCapacity) => Ok(false),
            Err(CommitError::Store(error)) => Err(error),
        }
    }
}
