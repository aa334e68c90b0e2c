//! The port to the search over the knowledge of tenants.

use crate::StoreError;
use async_trait::async_trait;
use macaw_domain::TenantId;

/// What a search has to say to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The entry whose answer a visitor is given, if the search is sure enough.
    pub answer: Option<Hit>,
    /// A person is asked for.
    pub wants_human: bool,
    /// The tenant has no knowledge to search.
    pub is_empty: bool,
    /// The score from which on a hit is given to a visitor.
    pub gate: f32,
    /// The best entries, best first.
    pub hits: Vec<Hit>,
}

/// An entry that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The entry's id.
    pub entry: String,
    /// Its question.
    pub question: String,
    /// Its answer.
    pub answer: String,
    /// How sure the search is, 0 to 1.
    pub score: f32,
    /// Why, for people.
    pub why: String,
}

/// Why a search failed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The knowledge could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index could not be built or read.
    #[error("search: {0}")]
    Index(String),
}

/// Full text over the knowledge of tenants, derived from the store: it sees a change at the next question.
#[async_trait]
pub trait Search: Send + Sync {
    /// What the knowledge of `tenant` has to say to `text`, after the gate that visitors meet.
    async fn ask(&self, tenant: TenantId, text: &str) -> Result<Found, SearchError>;
}
