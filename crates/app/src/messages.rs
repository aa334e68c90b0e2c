//! Sending: the one way into a log for visitors and agents, over the socket or HTTP.

use crate::ports::First;
use crate::{Actor, Append, AppendError, Appended, Clock, Sites, Store, StoreError};
use macaw_domain::{
    AppendRefusal, ClientId, ClientIdError, Content, ConversationId, Draft, FileId, Log, MessageId, Owner, Site, Text,
    TextError,
};
use std::sync::Arc;
use std::time::Instant;

/// A message that somebody wants to send.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Where to.
    pub conversation: ConversationId,
    /// Which log.
    pub log: Log,
    /// The sender's own name for it.
    pub client_id: String,
    /// What it says.
    pub saying: Saying,
}

/// What somebody says.
#[derive(Debug, Clone)]
pub enum Saying {
    /// Words.
    Text(String),
    /// Words about a message before them, by its seq in the public log.
    Quoting(String, u64),
    /// A file that the sender uploaded to this conversation before.
    File(FileId),
}

/// Why it was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// See the domain.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
    /// See the domain.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such conversation for this actor.
    #[error("there is no such conversation")]
    NotFound,
    /// The same client id with another body.
    #[error("the client id was used for another message")]
    ClientIdConflict,
    /// No file of this sender waits to be sent here under that id.
    #[error("there is no such file to send here; upload it first")]
    NoSuchFile,
    /// A rule of the domain.
    #[error(transparent)]
    Refused(AppendRefusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sending.
pub struct Messages {
    pub(crate) store: Arc<dyn Store>,
    sites: Arc<Sites>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Messages {
    /// Over these ports.
    pub fn new(store: Arc<dyn Store>, sites: Arc<Sites>, clock: Arc<dyn Clock>) -> Self {
        Self { store, sites, clock }
    }

    /// Appends a message of `actor`. `Ok` means durable.
    pub async fn send(&self, actor: &Actor, outgoing: Outgoing) -> Result<Appended, SendError> {
        let since = Instant::now();
        if !actor.may_see(outgoing.conversation) {
            return Err(SendError::NotFound);
        }
        let client_id = ClientId::parse(&outgoing.client_id)?;
        let content = self.content(actor, outgoing.conversation, outgoing.log, outgoing.saying).await?;
        let append = Append {
            tenant: actor.tenant(),
            conversation: outgoing.conversation,
            log: outgoing.log,
            draft: Draft {
                id: MessageId(self.clock.fresh()),
                client_id: Some(client_id),
                author: actor.author(),
                content,
                at: self.clock.now(),
            },
            first: self.first(actor).await?,
            owner_epoch: None,
            completes: None,
        };
        let appended = self.store.append(append).await;
        if appended.is_ok() {
            metrics::histogram!("macaw_ack_seconds").record(since.elapsed());
        }
        appended.map_err(|error| match error {
            AppendError::NotFound => SendError::NotFound,
            AppendError::ClientIdConflict => SendError::ClientIdConflict,
            AppendError::NoSuchFile => SendError::NoSuchFile,
            AppendError::Refused(refusal) => SendError::Refused(refusal),
            AppendError::Store(error) => SendError::Store(error),
        })
    }

    async fn content(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        log: Log,
        saying: Saying,
    ) -> Result<Content, SendError> {
        match saying {
            Saying::Text(text) => Ok(Content::Text(Text::parse(text)?.into_string())),
            // Notes quote nothing: their log is another one.
            Saying::Quoting(..) if log != Log::Public => Err(SendError::Refused(AppendRefusal::NoSuchQuote)),
            Saying::Quoting(text, quotes) => Ok(Content::Quoting { text: Text::parse(text)?.into_string(), quotes }),
            Saying::File(id) => {
                let found = self.store.file(actor.tenant(), id).await?;
                // One that was sent already passes: the store knows a repetition by its client id.
                let fits = |file: &crate::StoredFile| file.conversation == conversation && file.by == actor.author();
                let file = found.filter(|file| log == Log::Public && fits(file)).ok_or(SendError::NoSuchFile)?;
                Ok(Content::File(file.file))
            }
        }
    }

    /// A visitor's first message begins its conversation.
    async fn first(&self, actor: &Actor) -> Result<Option<First>, SendError> {
        let Actor::Visitor(visitor) = actor else { return Ok(None) };
        let site = self.sites.find(visitor.site).await?.ok_or(SendError::NotFound)?;
        Ok(Some(First { site: visitor.site, visitor: visitor.visitor, owner: first_owner(&site) }))
    }
}

/// Who answers first at a site.
pub(crate) fn first_owner(site: &Site) -> Owner {
    site.settings.engine.clone().map_or(Owner::Queue, Owner::Engine)
}
