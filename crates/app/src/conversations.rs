//! Looking at conversations and changing who owns them.

mod desk;

use crate::{
    Actor, Agent, Clock, CommitError, Counts, Directory, Opening, Pace, Page, PageRange, Sites, Standpoint, Stopped,
    Store, StoreError, Turns, Visitor,
};
use macaw_domain::{
    AccountId, ClosingError, Conversation, ConversationId, Cursor, Decision, DecisionError, Log, Owner, Side, TenantId,
};
use std::sync::Arc;

/// Tries of a change that meets others; each conflict means that somebody else got on.
const TRIES: u32 = 8;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// No such conversation for this actor.
    #[error("there is no such conversation")]
    NotFound,
    /// The conversation is not the one that the actor looked at.
    #[error("the conversation changed meanwhile; look again")]
    Conflict,
    /// The agent has as many conversations as it may.
    #[error("the agent has no capacity left")]
    OverCapacity,
    /// The agent to transfer to is no member.
    #[error("there is no such member")]
    NoSuchMember,
    /// The tenant has no such tag.
    #[error("there is no such tag")]
    NoSuchTag,
    /// What is said at the end is out of its bounds.
    #[error(transparent)]
    Closing(#[from] ClosingError),
    /// The reason of a block is too long.
    #[error("reason: at most {0} characters")]
    BlockReason(usize),
    /// A block would end before it begins.
    #[error("until: a time to come, in milliseconds since 1970")]
    BlockEnd,
    /// A rule of the domain.
    #[error(transparent)]
    Refused(#[from] DecisionError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A header with what people read beside it.
#[derive(Debug, Clone)]
pub struct ConversationView {
    /// The header.
    pub conversation: Conversation,
    /// The owning agent's name.
    pub owner_name: Option<Arc<str>>,
    /// The place in the queue, 1-based.
    pub position: Option<u64>,
}

/// Looking and changing.
pub struct Conversations {
    store: Arc<dyn Store>,
    sites: Arc<Sites>,
    directory: Arc<Directory>,
    turns: Arc<Turns>,
    clock: Arc<dyn Clock>,
    pace: Pace,
}

impl Conversations {
    /// Over these ports.
    pub fn new(
        store: Arc<dyn Store>,
        sites: Arc<Sites>,
        directory: Arc<Directory>,
        turns: Arc<Turns>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, sites, directory, turns, clock, pace: Pace::default() }
    }

    /// How soon people answer.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The conversation as people read it; `None` when this actor has no such.
    pub async fn find(&self, actor: &Actor, id: ConversationId) -> Result<Option<ConversationView>, StoreError> {
        if !actor.may_see(id) {
            return Ok(None);
        }
        match self.store.conversation(actor.tenant(), id).await? {
            Some(conversation) => Ok(Some(self.view(conversation).await?)),
            None => Ok(None),
        }
    }

    /// All that a watch of this actor begins with; `None` when it has no such conversation. Notes are for agents.
    pub async fn opening(
        &self,
        actor: &Actor,
        id: ConversationId,
        from: Standpoint,
    ) -> Result<Option<(ConversationView, [Page; 2])>, StoreError> {
        if !actor.may_see(id) {
            return Ok(None);
        }
        let notes_after = from.notes_after.filter(|_| matches!(actor, Actor::Agent(_)));
        let found = self.store.opening(actor.tenant(), id, Standpoint { notes_after, ..from }).await?;
        let Some(Opening { conversation, position, public, notes }) = found else { return Ok(None) };
        let view = ConversationView { position, ..self.named(conversation).await? };
        Ok(Some((view, [public, notes])))
    }

    /// A part of a log. Only agents see the internal one.
    pub async fn page(
        &self,
        actor: &Actor,
        id: ConversationId,
        log: Log,
        range: PageRange,
        limit: u32,
    ) -> Result<Page, StoreError> {
        let allowed = actor.may_see(id) && (log == Log::Public || matches!(actor, Actor::Agent(_)));
        if !allowed {
            return Ok(Page::default());
        }
        self.store.page(actor.tenant(), id, log, range, limit).await
    }

    /// The sizes of the lists.
    pub async fn counts(&self, actor: &Agent) -> Result<Counts, StoreError> {
        self.store.counts(actor.tenant, actor.account).await
    }

    /// The actor has read up to `seq`.
    pub async fn read_to(&self, actor: &Actor, id: ConversationId, seq: u64) -> Result<(), StoreError> {
        self.move_cursor(actor, id, Cursor::Read, seq).await
    }

    /// A device of the actor has received up to `seq`.
    pub async fn delivered_to(&self, actor: &Actor, id: ConversationId, seq: u64) -> Result<(), StoreError> {
        self.move_cursor(actor, id, Cursor::Delivered, seq).await
    }

    async fn move_cursor(
        &self,
        actor: &Actor,
        id: ConversationId,
        cursor: fn(Side) -> Cursor,
        seq: u64,
    ) -> Result<(), StoreError> {
        if !actor.may_see(id) {
            return Ok(());
        }
        let side = match actor {
            Actor::Visitor(_) => Side::Visitor,
            Actor::Agent(_) => Side::Agents,
        };
        self.store.move_cursor(actor.tenant(), id, cursor(side), seq).await
    }

    /// The agent accepts a waiting conversation.
    pub async fn accept(
        &self,
        actor: &Agent,
        id: ConversationId,
        seen: Option<u64>,
    ) -> Result<ConversationView, ChangeError> {
        self.change(actor.tenant, id, seen, |c, at| c.accept(actor.account, at)).await
    }

    /// The agent takes it from engine, queue or (as a manager) colleague.
    pub async fn take_over(
        &self,
        actor: &Agent,
        id: ConversationId,
        seen: Option<u64>,
    ) -> Result<ConversationView, ChangeError> {
        self.change(actor.tenant, id, seen, |c, at| c.take_over(actor.account, actor.may_manage(), at)).await
    }

    /// The agent gives it back to the site's engine.
    pub async fn give_back(
        &self,
        actor: &Agent,
        id: ConversationId,
        seen: Option<u64>,
    ) -> Result<ConversationView, ChangeError> {
        let known = self.store.conversation(actor.tenant, id).await?.ok_or(ChangeError::NotFound)?;
        let site = self.sites.find(known.site).await?;
        let engine = site.as_ref().and_then(|site| site.settings.engine.as_deref());
        self.change(actor.tenant, id, seen, |c, at| c.give_back(actor.account, actor.may_manage(), engine, at)).await
    }

    /// The agent passes it on.
    pub async fn transfer(
        &self,
        actor: &Agent,
        id: ConversationId,
        to: Option<AccountId>,
        seen: Option<u64>,
    ) -> Result<ConversationView, ChangeError> {
        if let Some(to) = to {
            let members = self.store.members(actor.tenant).await?;
            members.iter().find(|member| member.account == to).ok_or(ChangeError::NoSuchMember)?;
        }
        self.change(actor.tenant, id, seen, |c, at| c.transfer(actor.account, actor.may_manage(), to, at)).await
    }

    /// The agent opens it again.
    pub async fn reopen(
        &self,
        actor: &Agent,
        id: ConversationId,
        seen: Option<u64>,
    ) -> Result<ConversationView, ChangeError> {
        self.change(actor.tenant, id, seen, |c, at| c.reopen(actor.account, at)).await
    }

    /// The visitor asks for a person. Asking twice is no error.
    pub async fn hand_over(&self, actor: &Visitor) -> Result<ConversationView, ChangeError> {
        let changed = self.change(actor.tenant, actor.conversation, None, |c, at| c.hand_over(at)).await;
        match changed {
            Err(ChangeError::Refused(DecisionError::Already)) => {
                self.find(&Actor::Visitor(*actor), actor.conversation).await?.ok_or(ChangeError::NotFound)
            }
            other => other,
        }
    }

    /// Adds names and the place in the queue.
    pub async fn view(&self, conversation: Conversation) -> Result<ConversationView, StoreError> {
        let position = match conversation.queued_at {
            Some(_) => self.store.queue_position(conversation.tenant, conversation.id).await?,
            None => None,
        };
        Ok(ConversationView { position, ..self.named(conversation).await? })
    }

    /// Adds names.
    pub(crate) async fn named(&self, conversation: Conversation) -> Result<ConversationView, StoreError> {
        let owner_name = match conversation.owner {
            Owner::Agent(agent) => Some(self.directory.name(&*self.store, agent).await?),
            _ => None,
        };
        Ok(ConversationView { conversation, owner_name, position: None })
    }

    /// Makes a change. An answer in the making is stopped first, and what was seen of it is written
    /// with the change; when nothing is changed, the engine is asked again.
    async fn change(
        &self,
        tenant: TenantId,
        id: ConversationId,
        seen: Option<u64>,
        decide: impl Fn(&Conversation, i64) -> Result<Decision, DecisionError>,
    ) -> Result<ConversationView, ChangeError> {
        let mut stopped = None;
        let changed = self.try_change(tenant, id, seen, decide, &mut stopped).await;
        match (&stopped, &changed) {
            (Some(stopped), Ok(_)) => self.turns.forget(stopped),
            (Some(stopped), Err(_)) => self.turns.resume(stopped).await?,
            (None, _) => {}
        }
        Ok(self.view(changed?).await?)
    }

    /// Read, decide, commit; again when somebody else was first, unless the actor named the
    /// version it looked at (`seen`).
    async fn try_change(
        &self,
        tenant: TenantId,
        id: ConversationId,
        seen: Option<u64>,
        decide: impl Fn(&Conversation, i64) -> Result<Decision, DecisionError>,
        stopped: &mut Option<Stopped>,
    ) -> Result<Conversation, ChangeError> {
        for _ in 0..TRIES {
            let now = self.store.conversation(tenant, id).await?.ok_or(ChangeError::NotFound)?;
            if seen.is_some_and(|seen| seen != now.version) {
                return Err(ChangeError::Conflict);
            }
            let mut decision = decide(&now, self.clock.now())?;
            if decision.ends_turn(&now) {
                *stopped = self.turns.stop(id).or(stopped.take());
                decision = decision.interrupting(stopped.as_ref().map(|stopped| stopped.partial.clone()));
            }
            match self.store.commit(decision).await {
                Ok(conversation) => return Ok(conversation),
                Err(CommitError::Conflict) => {}
                Err(CommitError::OverCapacity) => return Err(ChangeError::OverCapacity),
                Err(CommitError::Store(error)) => return Err(error.into()),
            }
        }
        Err(ChangeError::Conflict)
    }
}
