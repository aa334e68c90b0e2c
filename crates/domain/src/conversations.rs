//! A conversation's life: who owns it, who may change that, and what each change leaves behind.
//!
//! Every function here is pure. A change gives a [`Decision`] that the store writes in one
//! transaction, or a refusal that says why. An append changes the header too, through
//! [`Conversation::appended`], which the store calls inside the appending transaction.

mod cursors;
mod decisions;
mod desk;
mod leaving;
mod offers;

pub use cursors::{Cursor, Side};
pub use decisions::{AppendRefusal, Decision, DecisionError, Effects, JobDraft, JobKind, Partial};
pub use desk::{Block, Closing, ClosingError};

use crate::{
    AccountId, Author, Content, ConversationId, Draft, Entry, Event, LastKind, Log, Millis, SiteId, TagId, TenantId,
    VisitorId,
};

/// Open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Somebody answers or will.
    Open,
    /// Done, until the visitor writes again.
    Closed,
}

/// Who answers now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// An engine, by its configured name.
    Engine(String),
    /// Nobody yet: waiting for an agent.
    Queue,
    /// An agent.
    Agent(AccountId),
}

/// A waiting conversation that rings at an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where it rings.
    pub agent: AccountId,
    /// When it passes on.
    pub until: Millis,
}

/// The newest public message, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last {
    /// Who wrote it.
    pub author: Author,
    /// What it is.
    pub kind: LastKind,
    /// Its beginning, at most 120 characters; of a file its name.
    pub text: String,
    /// When.
    pub at: Millis,
}

/// The header of a conversation: everything but its logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose.
    pub tenant: TenantId,
    /// Where it began.
    pub site: SiteId,
    /// Who asks.
    pub visitor: VisitorId,
    /// Its name, when its site has vouched for it.
    pub visitor_name: Option<String>,
    /// Open or closed.
    pub status: Status,
    /// Who answers now.
    pub owner: Owner,
    /// Rises whenever the owner changes; an engine's append carries the one it saw.
    pub epoch: u64,
    /// Rises with every change of state; appends leave it.
    pub version: u64,
    /// Rings at this agent.
    pub offer: Option<Offer>,
    /// Agents that let it ring since it was queued.
    pub declined: Vec<AccountId>,
    /// Since when it waits for an agent.
    pub queued_at: Option<Millis>,
    /// Since when the visitor waits for any answer.
    pub waiting_since: Option<Millis>,
    /// When it began.
    pub created_at: Millis,
    /// The newest seq of the public log.
    pub head: u64,
    /// The newest seq of the internal log.
    pub notes_head: u64,
    /// How far the visitor has read.
    pub read_visitor: u64,
    /// How far agents have read.
    pub read_agent: u64,
    /// How far the visitor's devices have received, where that is beyond what was read.
    pub delivered_visitor: u64,
    /// The same of the agents'.
    pub delivered_agent: u64,
    /// The newest public message.
    pub last: Option<Last>,
    /// The tenant's tags on it, in the order in which they were put there.
    pub tags: Vec<TagId>,
    /// Set while its visitor may not write, or may again since a time that has passed.
    pub block: Option<Block>,
}

const LAST_CHARS: usize = 120;

impl Conversation {
    /// A conversation that does not exist yet: the first message makes it.
    pub fn begin(
        id: ConversationId,
        tenant: TenantId,
        site: SiteId,
        visitor: VisitorId,
        owner: Owner,
        at: Millis,
    ) -> Self {
        let queued_at = (owner == Owner::Queue).then_some(at);
        Self {
            id,
            tenant,
            site,
            visitor,
            visitor_name: None,
            status: Status::Open,
            owner,
            epoch: 1,
            version: 1,
            offer: None,
            declined: Vec::new(),
            queued_at,
            waiting_since: None,
            created_at: at,
            head: 0,
            notes_head: 0,
            read_visitor: 0,
            read_agent: 0,
            delivered_visitor: 0,
            delivered_agent: 0,
            last: None,
            tags: Vec::new(),
            block: None,
        }
    }

    /// Assigns the next seq of `log`.
    pub fn next_seq(&mut self, log: Log) -> u64 {
        let head = match log {
            Log::Public => &mut self.head,
            Log::Internal => &mut self.notes_head,
        };
        *head += 1;
        *head
    }

    /// What an append changes in the header. `first_owner` is whom the site gives new and
    /// reopened conversations to; only a visitor's message needs it.
    pub fn appended(
        &mut self,
        log: Log,
        author: &Author,
        content: &Content,
        first_owner: Option<&Owner>,
        at: Millis,
    ) -> Effects {
        let mut effects = Effects::default();
        if log == Log::Internal {
            return effects;
        }
        if *author != Author::System {
            self.shows(author, content, at);
        }
        match author {
            Author::Visitor(_) => {
                self.waiting_since.get_or_insert(at);
                self.read_visitor = self.head;
                if self.status == Status::Closed {
                    self.status = Status::Open;
                    self.version += 1;
                    effects.events.push(Event::Reopened);
                    self.hand_to(first_owner.cloned().unwrap_or(Owner::Queue), at, &mut effects);
                }
                if matches!(self.owner, Owner::Engine(_)) {
                    effects.jobs.push(JobDraft { kind: JobKind::Turn, due_at: at });
                }
            }
            Author::Agent(_) => {
                self.waiting_since = None;
                self.read_agent = self.head;
            }
            Author::Engine(_) => self.waiting_since = None,
            Author::System => {}
        }
        effects
    }

    /// Puts a message into the line that lists show.
    pub fn shows(&mut self, author: &Author, content: &Content, at: Millis) {
        let text = content.text().chars().take(LAST_CHARS).collect();
        self.last = Some(Last { author: author.clone(), kind: content.kind(), text, at });
    }

    /// Takes what an entry said out of the line that lists show, if it stands there.
    pub fn forgets(&mut self, entry: &Entry) {
        let Draft { author, content, at, .. } = &entry.draft;
        let shown =
            |last: &&mut Last| last.at == *at && last.author == *author && content.text().starts_with(&last.text);
        if let Some(last) = self.last.as_mut().filter(shown) {
            (last.kind, last.text) = (LastKind::Recalled, String::new());
        }
    }

    /// Takes the conversation from engine, queue or colleague.
    pub fn take_over(&self, agent: AccountId, may_manage: bool, at: Millis) -> Result<Decision, DecisionError> {
        self.open()?;
        match &self.owner {
            Owner::Agent(owner) if *owner == agent => return Err(DecisionError::Already),
            Owner::Agent(_) if !may_manage => return Err(DecisionError::NotYours),
            _ => {}
        }
        let mut decision = self.decide(at, |next, effects| {
            effects.events.push(Event::TakenOver { agent });
            next.hand_to(Owner::Agent(agent), at, effects);
        });
        let offered = self.offer.as_ref().is_some_and(|offer| offer.agent == agent);
        decision.claims = (!offered).then_some(agent);
        Ok(decision)
    }

    /// Gives the conversation back to the site's engine.
    pub fn give_back(
        &self,
        actor: AccountId,
        may_manage: bool,
        engine: Option<&str>,
        at: Millis,
    ) -> Result<Decision, DecisionError> {
        self.held_by(actor, may_manage)?;
        let engine = engine.ok_or(DecisionError::NoEngine)?.to_owned();
        Ok(self.decide(at, |next, effects| {
            effects.events.push(Event::GivenBack);
            next.hand_to(Owner::Engine(engine), at, effects);
            if next.waiting_since.is_some() {
                effects.jobs.push(JobDraft { kind: JobKind::Turn, due_at: at });
            }
        }))
    }

    /// Passes the conversation to a colleague, or to the queue.
    pub fn transfer(
        &self,
        actor: AccountId,
        may_manage: bool,
        to: Option<AccountId>,
        at: Millis,
    ) -> Result<Decision, DecisionError> {
        self.held_by(actor, may_manage)?;
        if to == Some(actor) && self.owner == Owner::Agent(actor) {
            return Err(DecisionError::Already);
        }
        let mut decision = self.decide(at, |next, effects| {
            effects.events.push(Event::Transferred { to });
            next.hand_to(to.map_or(Owner::Queue, Owner::Agent), at, effects);
            if to.is_none() {
                next.declined.push(actor);
            }
        });
        decision.claims = to;
        Ok(decision)
    }

    /// Moves the conversation from an engine to the queue: the visitor asked, or the engine gave up.
    pub fn hand_over(&self, at: Millis) -> Result<Decision, DecisionError> {
        self.open()?;
        if self.is_blocked(at) {
            return Err(DecisionError::Blocked);
        }
        if !matches!(self.owner, Owner::Engine(_)) {
            return Err(DecisionError::Already);
        }
        Ok(self.decide(at, |next, effects| {
            next.waiting_since.get_or_insert(at);
            effects.events.push(Event::Queued);
            next.hand_to(Owner::Queue, at, effects);
        }))
    }

    /// Ends the conversation until the visitor writes again.
    pub fn close(&self, actor: AccountId, may_manage: bool, at: Millis) -> Result<Decision, DecisionError> {
        if self.status == Status::Closed {
            return Err(DecisionError::Already);
        }
        if let Owner::Agent(owner) = &self.owner
            && *owner != actor
            && !may_manage
        {
            return Err(DecisionError::NotYours);
        }
        Ok(self.decide(at, |next, effects| {
            effects.events.push(Event::Closed);
            next.status = Status::Closed;
            next.epoch += 1;
            next.leave_queue(effects);
            next.waiting_since = None;
            effects.cancels.push(JobKind::Turn);
        }))
    }

    /// Opens a closed conversation; the agent that does owns it.
    pub fn reopen(&self, agent: AccountId, at: Millis) -> Result<Decision, DecisionError> {
        if self.status == Status::Open {
            return Err(DecisionError::Already);
        }
        let mut decision = self.decide(at, |next, effects| {
            next.status = Status::Open;
            effects.events.push(Event::Reopened);
            next.hand_to(Owner::Agent(agent), at, effects);
        });
        decision.claims = Some(agent);
        Ok(decision)
    }

    /// Whether `author` may append to `log` now. The store asks inside the appending transaction,
    /// so the answer cannot be out of date. An engine carries the owner `epoch` it was asked under.
    pub fn admits(&self, author: &Author, log: Log, epoch: Option<u64>, at: Millis) -> Result<(), AppendRefusal> {
        match (author, log) {
            (Author::System, _) | (Author::Agent(_), Log::Internal) => Ok(()),
            (Author::Visitor(visitor), Log::Public) if *visitor == self.visitor => {
                if self.is_blocked(at) {
                    Err(AppendRefusal::Blocked)
                } else {
                    Ok(())
                }
            }
            (Author::Visitor(_), _) => Err(AppendRefusal::NotYours),
            (Author::Agent(agent), Log::Public) if self.may_reply(*agent) => Ok(()),
            (Author::Agent(_), Log::Public) => Err(AppendRefusal::NotOwner),
            (Author::Engine(_), _) if epoch == Some(self.epoch) => Ok(()),
            (Author::Engine(_), _) => Err(AppendRefusal::StaleOwner),
        }
    }

    /// Whether `content` fits the conversation as it is: a rating names the closing (`epoch`) that it is of, a quote
    /// a message that is there.
    pub fn admits_content(&self, content: &Content, epoch: Option<u64>) -> Result<(), AppendRefusal> {
        match content {
            Content::Event(Event::Rated { .. }) if self.status == Status::Open || epoch != Some(self.epoch) => {
                Err(AppendRefusal::NotClosed)
            }
            Content::Quoting { quotes, .. } if !(1..=self.head).contains(quotes) => Err(AppendRefusal::NoSuchQuote),
            _ => Ok(()),
        }
    }

    /// Whether this agent may write to the visitor now.
    pub fn may_reply(&self, agent: AccountId) -> bool {
        self.status == Status::Open && self.owner == Owner::Agent(agent)
    }

    fn open(&self) -> Result<(), DecisionError> {
        if self.status == Status::Open { Ok(()) } else { Err(DecisionError::Closed) }
    }

    fn held_by(&self, actor: AccountId, may_manage: bool) -> Result<(), DecisionError> {
        self.open()?;
        if self.owner == Owner::Agent(actor) || may_manage { Ok(()) } else { Err(DecisionError::NotYours) }
    }

    fn decide(&self, at: Millis, change: impl FnOnce(&mut Self, &mut Effects)) -> Decision {
        let mut conversation = self.clone();
        let mut effects = Effects::default();
        conversation.version += 1;
        change(&mut conversation, &mut effects);
        Decision { conversation, expected_version: self.version, claims: None, effects, at }
    }

    fn hand_to(&mut self, owner: Owner, at: Millis, effects: &mut Effects) {
        if matches!(self.owner, Owner::Engine(_)) && !matches!(owner, Owner::Engine(_)) {
            effects.cancels.push(JobKind::Turn);
        }
        self.leave_queue(effects);
        if owner == Owner::Queue {
            self.queued_at = Some(at);
        }
        self.owner = owner;
        self.epoch += 1;
    }

    fn leave_queue(&mut self, effects: &mut Effects) {
        if self.offer.take().is_some() {
            effects.cancels.push(JobKind::OfferExpiry);
        }
        self.declined.clear();
        self.queued_at = None;
    }
}

#[cfg(test)]
#[path = "conversations_tests.rs"]
mod tests;
