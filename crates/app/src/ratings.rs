//! Ratings: after a conversation is closed, its visitor says once what it was worth.

use crate::{Agent, Append, AppendError, Appended, Messages, StoreError, Visitor};
use macaw_domain::{Author, Content, Draft, Log, MessageId, Millis, Rated, RatingError, rated, rating_client_id};

/// What a visitor says of a closing.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// Which closing: the owner epoch of the closed conversation.
    pub closing: u64,
    /// 1 to 5, the best.
    pub score: u8,
    /// In its own words; may be empty.
    pub comment: String,
}

/// Why nothing was rated.
#[derive(Debug, thiserror::Error)]
pub enum RatingRefusal {
    /// See the domain.
    #[error(transparent)]
    Invalid(#[from] RatingError),
    /// Nothing was said yet.
    #[error("there is no such conversation")]
    NotFound,
    /// It goes on, or was closed anew since.
    #[error("the conversation goes on; it can be rated when it is closed")]
    NotClosed,
    /// This closing has another rating.
    #[error("this conversation was rated already")]
    Already,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Messages {
    /// Rates the visitor's closed conversation. The same rating again is no error.
    pub async fn rate(&self, visitor: &Visitor, opinion: Opinion) -> Result<Appended, RatingRefusal> {
        let event = rated(opinion.score, &opinion.comment)?;
        let append = Append {
            tenant: visitor.tenant,
            conversation: visitor.conversation,
            log: Log::Public,
            draft: Draft {
                id: MessageId(self.clock.fresh()),
                client_id: Some(rating_client_id(opinion.closing)),
                // Not the visitor: what a visitor writes opens a closed conversation.
                author: Author::System,
                content: Content::Event(event),
                at: self.clock.now(),
            },
            first: None,
            owner_epoch: Some(opinion.closing),
            completes: None,
        };
        self.store.append(append).await.map_err(|error| match error {
            AppendError::NotFound | AppendError::NoSuchFile => RatingRefusal::NotFound,
            AppendError::ClientIdConflict => RatingRefusal::Already,
            AppendError::Refused(_) => RatingRefusal::NotClosed,
            AppendError::Store(error) => RatingRefusal::Store(error),
        })
    }

    /// Ratings of the actor's tenant since then, newest first, at most `limit`.
    pub async fn ratings(&self, actor: &Agent, since: Millis, limit: u32) -> Result<Vec<Rated>, StoreError> {
        self.store.ratings(actor.tenant, since, limit).await
    }
}
