//! Telling: what became durable goes to the hub, the assigner and the timers, in log order.

use crate::figures;
use crate::places::Places;
use crate::{Assigner, Committed, Conversations, Directory, Fanout, Store, StoreError, Timers};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Reads what the store committed until the store is closed.
///
/// One task for all, so that entries reach the hub in the order of their seqs. A failed read of a
/// name is logged and the entry told without it: readers that need more fetch it.
pub async fn tell(
    mut committed: mpsc::Receiver<Vec<Committed>>,
    store: Arc<dyn Store>,
    directory: Arc<Directory>,
    conversations: Arc<Conversations>,
    fanout: Arc<dyn Fanout>,
    assigner: Arc<Assigner>,
    timers: Arc<Timers>,
) {
    let mut places = Places::default();
    loop {
        let batch = tokio::select! {
            // First the places, which are due ten times a second at most: under load a batch always waits.
            biased;
            () = places.due() => {
                if let Err(error) = places.tell(&*store, &conversations, &*fanout).await {
                    tracing::error!(%error, "places in the queue could not be told; the next change tells them");
                }
                continue;
            }
            batch = committed.recv() => match batch {
                Some(batch) => batch,
                None => return,
            },
        };
        for item in batch {
            let told: Result<(), StoreError> = async {
                match item {
                    Committed::Entry(entry) => {
                        figures::entry(&entry);
                        conversations.pace().entry(&entry);
                        let [author, about] = directory.names(&*store, &entry).await?;
                        fanout.entry(entry.tenant, &entry, author.as_deref(), about.as_deref());
                    }
                    Committed::Header { conversation, state } => {
                        let tenant = conversation.tenant;
                        conversations.pace().header(&conversation);
                        // An append alone moves nobody in the queue; only a state is told with the place there.
                        let view = if state {
                            assigner.wake(tenant);
                            conversations.view(*conversation).await?
                        } else {
                            conversations.named(*conversation).await?
                        };
                        fanout.header(&view, state);
                        if state {
                            places.told(&view);
                        }
                    }
                    Committed::Due(at) => timers.wake(at),
                }
                Ok(())
            }
            .await;
            if let Err(error) = told {
                tracing::error!(%error, "a committed change could not be told; readers find it by their heads");
            }
        }
    }
}
