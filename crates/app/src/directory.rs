//! Names of accounts, kept at hand because every entry of an agent shows one.

use crate::{Store, StoreError};
use macaw_domain::AccountId;
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
}
