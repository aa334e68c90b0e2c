//! Names of accounts, kept at hand because every entry of an agent shows one.

use crate::{Store, StoreError};
use macaw_domain::{AccountId, Author, Content, Entry};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Kept at most; beyond it the table starts afresh, which only costs reads.
const MOST_NAMES: usize = 10_000;

/// Names of accounts.
#[derive(Default)]
pub struct Directory {
    names: Mutex<HashMap<AccountId, Arc<str>>>,
}

impl Directory {
    /// The name of an account; an empty one when it does not exist.
    pub async fn name(&self, store: &dyn Store, id: AccountId) -> Result<Arc<str>, StoreError> {
        if let Some(name) = self.names.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(name.clone());
        }
        let name: Arc<str> = store.account(id).await?.map(|account| account.name).unwrap_or_default().into();
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MOST_NAMES {
            names.clear();
        }
        names.insert(id, name.clone());
        Ok(name)
    }

    /// The names that an entry shows: of the agent that wrote it, of the one its event is about.
    pub async fn names(&self, store: &dyn Store, entry: &Entry) -> Result<[Option<Arc<str>>; 2], StoreError> {
        let author = match entry.draft.author {
            Author::Agent(agent) => Some(agent),
            _ => None,
        };
        let about = match &entry.draft.content {
            Content::Event(event) => event.agent(),
            _ => None,
        };
        let mut names = [None, None];
        for (name, id) in names.iter_mut().zip([author, about]) {
            if let Some(id) = id {
                *name = Some(self.name(store, id).await?);
            }
        }
        Ok(names)
    }
}
