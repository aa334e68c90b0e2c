//! Places in the queue: who waits behind somebody that leaves is told so, by event.

use crate::{ConversationView, Conversations, Fanout, MOST_PLACES, Store, StoreError, View};
use macaw_domain::{ConversationId, TenantId};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// The first of a queue, who are told their place as it changes. Who waits behind them is told once
/// it is among them, and with each change of its own.
const TOLD: u32 = MOST_PLACES;
/// A queue is looked at no more often than this, so nobody is told a place more often either.
const JOIN: Duration = Duration::from_millis(100);

/// What the waiting conversations of the tenants were told last.
///
/// It is kept by the task that tells everything else, so that a place never overtakes the change that
/// made it. What is forgotten with the process is read again with the first conversation that leaves.
#[derive(Default)]
pub(crate) struct Places {
    queues: HashMap<TenantId, Queue>,
    /// Those that somebody left since they were read.
    moved: HashSet<TenantId>,
}

#[derive(Default)]
struct Queue {
    told: HashMap<ConversationId, u64>,
    read_at: Option<Instant>,
}

impl Queue {
    /// A conversation does not wait (any more). Whether somebody may be waiting behind it.
    fn left(&mut self, conversation: ConversationId) -> bool {
        if self.read_at.is_none() {
            return true;
        }
        let is_long = self.told.len() >= TOLD as usize;
        self.told.remove(&conversation).is_some_and(|left| is_long || self.told.values().any(|place| *place > left))
    }
}

impl Places {
    /// A state was told, with the place in it.
    pub(crate) fn told(&mut self, view: &ConversationView) {
        let conversation = &view.conversation;
        let queue = self.queues.entry(conversation.tenant).or_default();
        match view.position {
            Some(place) => drop(queue.told.insert(conversation.id, place)),
            None if queue.left(conversation.id) => drop(self.moved.insert(conversation.tenant)),
            None => {}
        }
    }

    /// Waits until a queue is to be looked at; for ever while none moved.
    pub(crate) async fn due(&self) {
        match self.moved.iter().map(|tenant| self.earliest(*tenant)).min() {
            // Not read lately: at once, without a timer.
            Some(at) if at.is_none_or(|at| at <= Instant::now()) => {}
            Some(Some(at)) => sleep_until(at).await,
            _ => std::future::pending().await,
        }
    }

    /// Tells everybody whose place changed, in the queues that are due.
    pub(crate) async fn tell(
        &mut self,
        store: &dyn Store,
        conversations: &Conversations,
        fanout: &dyn Fanout,
    ) -> Result<(), StoreError> {
        let now = Instant::now();
        let is_due = |tenant: &TenantId| self.earliest(*tenant).is_none_or(|at| at <= now);
        let due: Vec<TenantId> = self.moved.iter().copied().filter(is_due).collect();
        for tenant in due {
            let queue = self.queues.entry(tenant).or_default();
            // Set first: a read that fails is not tried at once again, but with the next that leaves.
            queue.read_at = Some(now);
            self.moved.remove(&tenant);
            let waiting = store.list(tenant, View::Queue, TOLD, 0).await?;
            let places = waiting.iter().zip(1..).map(|(waiting, place)| (waiting.id, place)).collect();
            let before = std::mem::replace(&mut queue.told, places);
            for (waiting, place) in waiting.into_iter().zip(1..) {
                if before.get(&waiting.id) != Some(&place) {
                    let view = conversations.named(waiting).await?;
                    fanout.state(&ConversationView { position: Some(place), ..view });
                }
            }
        }
        Ok(())
    }

    fn earliest(&self, tenant: TenantId) -> Option<Instant> {
        self.queues.get(&tenant).and_then(|queue| queue.read_at).map(|at| at + JOIN)
    }
}
