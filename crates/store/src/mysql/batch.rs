//! A transaction in the making: everything it decides on is loaded and locked first, decisions are
//! made in memory, and everything is written last. A batch costs two round trips, and one or two
//! more for each agent that it assigns to, whether it holds one message or hundreds.

use super::errors::SqlError;
use super::members::{self, Roles};
use super::script::Script;
use super::{conversations, customers, files, jobs, marks, messages, people, ratings, recalls};
use crate::rows::{self, Columns};
use macaw_app::{Clock, Committed, Job, Pair};
use macaw_domain::{
    AccountId, ClientId, Content, Conversation, ConversationId, Draft, Entry, Event, FileId, JobDraft, JobKind, Log,
    Millis, Owner, Rated, TenantId, VisitorId,
};
use sqlx::Row;
use sqlx::mysql::{MySqlConnection, MySqlRow};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What one work decides on.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    /// Its header is locked.
    pub(super) conversation: Option<ConversationId>,
    /// Entries of the conversation that carry it are loaded.
    pub(super) client_id: Option<ClientId>,
    /// The member whose load may rise is locked.
    pub(super) claims: Option<(TenantId, AccountId)>,
    /// The name of the customer that it is, if it is one, is loaded.
    pub(super) visitor: Option<(TenantId, VisitorId)>,
    /// The file that it sends is locked, if it waits to be sent.
    pub(super) file: Option<(TenantId, FileId)>,
    /// This entry of the public log is loaded.
    pub(super) entry: Option<(ConversationId, u64)>,
    /// The tenant's members are locked, and the headers of what the target holds.
    pub(super) removes: Option<Pair>,
}

impl Needs {
    /// The header of this conversation and nothing else.
    pub(super) fn header(conversation: ConversationId) -> Self {
        Self { conversation: Some(conversation), ..Self::default() }
    }
}

/// What all works of a batch decide on, in the order in which it is locked.
#[derive(Debug, Default)]
pub(super) struct AllNeeds {
    conversations: BTreeSet<ConversationId>,
    client_ids: BTreeSet<(ConversationId, ClientId)>,
    claims: BTreeSet<(TenantId, AccountId)>,
    visitors: BTreeSet<(TenantId, VisitorId)>,
    files: BTreeSet<(TenantId, FileId)>,
    entries: BTreeSet<(ConversationId, u64)>,
    removes: Vec<Pair>,
}

impl<'a> FromIterator<&'a Needs> for AllNeeds {
    fn from_iter<I: IntoIterator<Item = &'a Needs>>(needs: I) -> Self {
        let mut all = Self::default();
        for Needs { conversation, client_id, claims, visitor, file, entry, removes } in needs {
            all.conversations.extend(*conversation);
            all.client_ids.extend(conversation.zip(client_id.clone()));
            all.claims.extend(*claims);
            all.visitors.extend(*visitor);
            all.files.extend(*file);
            all.entries.extend(*entry);
            all.removes.extend(*removes);
        }
        all
    }
}

/// A header in a batch.
pub(super) struct Touched {
    /// As the database has it; `None` when it is new.
    pub(super) stored: Option<Conversation>,
    pub(super) current: Conversation,
    dirty: bool,
    state: bool,
}

/// How many conversations an agent may and does hold, as the database has it.
pub(super) struct Room {
    pub(super) capacity: u64,
    pub(super) load: u64,
}

/// What happens to the job of a kind.
pub(super) enum JobChange {
    /// `afresh` when the one that was there is cancelled before.
    Put {
        job: uuid::Uuid,
        tenant: TenantId,
        due_at: Millis,
        afresh: bool,
    },
    Cancel,
}

/// A job that was taken and not done.
pub(super) struct Given {
    pub(super) job: Job,
    pub(super) due_at: Millis,
}

pub(super) struct Batch<'a> {
    clock: &'a dyn Clock,
    headers: BTreeMap<ConversationId, Touched>,
    standing: HashMap<(ConversationId, ClientId), Vec<Entry>>,
    rooms: BTreeMap<(TenantId, AccountId), Room>,
    roles: BTreeMap<TenantId, Roles>,
    labels: HashMap<(TenantId, VisitorId), String>,
    /// Where the files wait that may be sent.
    waiting: HashMap<(TenantId, FileId), ConversationId>,
    sent: BTreeSet<(TenantId, FileId)>,
    unsent: BTreeSet<(TenantId, FileId)>,
    /// Entries of public logs, by their place, as this batch has them so far.
    known: HashMap<(ConversationId, u64), Entry>,
    taken_back: BTreeSet<(ConversationId, u64)>,
    entries: Vec<Entry>,
    jobs: BTreeMap<(ConversationId, JobKind), JobChange>,
    completed: Vec<Job>,
    given: Vec<Given>,
    assigned: BTreeMap<(TenantId, AccountId), Millis>,
    removed: BTreeSet<(TenantId, AccountId)>,
    answered: BTreeMap<TenantId, Millis>,
    rated: Vec<(TenantId, Rated)>,
    told: Vec<Committed>,
}

impl<'a> Batch<'a> {
    /// Begins the transaction; locks and loads what the works need.
    pub(super) async fn load(
        db: &mut MySqlConnection,
        mut needs: AllNeeds,
        clock: &'a dyn Clock,
    ) -> Result<Self, SqlError> {
        let mut batch = Self::empty(clock);
        let mut script = Script::default();
        script.add("start transaction");
        if !needs.removes.is_empty() {
            std::mem::take(&mut script).run(db).await?;
            for pair in &needs.removes {
                needs.conversations.extend(members::held(db, *pair).await?);
            }
        }
        conversations::lock(&mut script, &needs.conversations);
        messages::find_client_ids(&mut script, &needs.client_ids);
        customers::find_labels(&mut script, &needs.visitors);
        files::lock_waiting(&mut script, &needs.files);
        recalls::find(&mut script, &needs.entries);
        for row in script.run(db).await? {
            batch.take(&row)?;
        }
        batch.lock_tenants(db, &needs.removes).await?;
        for (tenant, agent) in needs.claims {
            if let Some(room) = people::lock_room(db, tenant, agent).await? {
                batch.rooms.insert((tenant, agent), room);
            }
        }
        Ok(batch)
    }

    fn empty(clock: &'a dyn Clock) -> Self {
        Self {
            clock,
            headers: BTreeMap::new(),
            standing: HashMap::new(),
            rooms: BTreeMap::new(),
            roles: BTreeMap::new(),
            labels: HashMap::new(),
            waiting: HashMap::new(),
            sent: BTreeSet::new(),
            unsent: BTreeSet::new(),
            known: HashMap::new(),
            taken_back: BTreeSet::new(),
            entries: Vec::new(),
            jobs: BTreeMap::new(),
            completed: Vec::new(),
            given: Vec::new(),
            assigned: BTreeMap::new(),
            removed: BTreeSet::new(),
            answered: BTreeMap::new(),
            rated: Vec::new(),
            told: Vec::new(),
        }
    }

    /// Takes a row of whichever of the questions; they differ in the number of their columns.
    fn take(&mut self, row: &MySqlRow) -> Result<(), SqlError> {
        if row.len() == rows::CONVERSATION.split(',').count() {
            let stored = rows::conversation(row)?;
            let touched = Touched { current: stored.clone(), stored: Some(stored), dirty: false, state: false };
            self.headers.insert(touched.current.id, touched);
        } else if row.len() == customers::LABEL {
            if let Some(label) = row.maybe_text(2)? {
                self.labels.insert((TenantId(row.id(0)?), VisitorId(row.id(1)?)), label);
            }
        } else if row.len() == files::WAITING {
            let key = (TenantId(row.id(0)?), FileId(row.id(1)?));
            self.waiting.insert(key, ConversationId(row.id(2)?));
        } else {
            let entry = rows::entry(row)?;
            if entry.log == Log::Public {
                self.known.insert((entry.conversation, entry.seq), entry.clone());
            }
            if let Some(client_id) = entry.draft.client_id.clone() {
                self.standing.entry((entry.conversation, client_id)).or_default().push(entry);
            }
        }
        Ok(())
    }

    /// Nobody assigns to the members any more. What was assigned to one who is to go since its headers were locked is
    /// locked in another try.
    async fn lock_tenants(&mut self, db: &mut MySqlConnection, removes: &[Pair]) -> Result<(), SqlError> {
        for tenant in removes.iter().map(|pair| pair.tenant).collect::<BTreeSet<_>>() {
            self.roles.insert(tenant, members::lock_roles(db, tenant).await?);
        }
        for pair in removes {
            if !members::held(db, *pair).await?.iter().all(|id| self.headers.contains_key(id)) {
                return Err(SqlError::Moved);
            }
        }
        Ok(())
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        self.clock
    }

    /// The header as this batch has it so far.
    pub(super) fn header(&self, tenant: TenantId, id: ConversationId) -> Option<&Conversation> {
        self.headers.get(&id).map(|touched| &touched.current).filter(|c| c.tenant == tenant)
    }

    /// Whether the id is used, by whichever tenant.
    pub(super) fn is_used(&self, id: ConversationId) -> bool {
        self.headers.contains_key(&id)
    }

    /// Replaces the header; `state` when agents and visitors should be told more than a new head.
    pub(super) fn put_header(&mut self, conversation: Conversation, state: bool) {
        let touched = self.headers.entry(conversation.id).or_insert_with(|| Touched {
            stored: None,
            current: conversation.clone(),
            dirty: true,
            state,
        });
        touched.current = conversation;
        touched.dirty = true;
        touched.state |= state;
    }

    /// The entry that has this client id and author already, stored or of this batch.
    pub(super) fn duplicate(&self, id: ConversationId, draft: &Draft) -> Option<&Entry> {
        let standing = self.standing.get(&(id, draft.client_id.clone()?))?;
        standing.iter().find(|entry| entry.draft.author == draft.author)
    }

    /// Gives the draft the next seq of its log.
    pub(super) fn insert(&mut self, header: &mut Conversation, log: Log, draft: Draft) -> Entry {
        let seq = header.next_seq(log);
        let entry = Entry { tenant: header.tenant, conversation: header.id, log, seq, draft };
        if let Some(client_id) = entry.draft.client_id.clone() {
            self.standing.entry((header.id, client_id)).or_default().push(entry.clone());
        }
        self.entries.push(entry.clone());
        self.told.push(Committed::Entry(entry.clone()));
        entry
    }

    pub(super) fn put_job(&mut self, header: &Conversation, job: JobDraft) {
        let key = (header.id, job.kind);
        let before = self.jobs.get(&key);
        let afresh = matches!(before, Some(JobChange::Cancel | JobChange::Put { afresh: true, .. }));
        let put = JobChange::Put { job: self.clock.fresh(), tenant: header.tenant, due_at: job.due_at, afresh };
        self.jobs.insert(key, put);
        self.told.push(Committed::Due(job.due_at));
    }

    pub(super) fn cancel_job(&mut self, id: ConversationId, kind: JobKind) {
        self.jobs.insert((id, kind), JobChange::Cancel);
    }

    /// Removes a job; one that was or is asked for again is due now.
    pub(super) fn complete(&mut self, job: Job) {
        self.completed.push(job);
        self.told.push(Committed::Due(self.clock.now()));
    }

    /// Makes a job due again that was taken.
    pub(super) fn give_back(&mut self, job: Job, due_at: Millis) {
        self.given.push(Given { job, due_at });
        self.told.push(Committed::Due(due_at));
    }

    /// The name that agents read of a visitor who is a customer.
    pub(super) fn label(&self, tenant: TenantId, visitor: VisitorId) -> Option<String> {
        self.labels.get(&(tenant, visitor)).cloned()
    }

    /// Whether a file waits to be sent in this conversation, and nothing of this batch sends it.
    pub(super) fn file_waits(&self, tenant: TenantId, conversation: ConversationId, file: FileId) -> bool {
        self.waiting.get(&(tenant, file)) == Some(&conversation)
    }

    /// Marks a file as sent.
    pub(super) fn send_file(&mut self, tenant: TenantId, file: FileId) {
        self.waiting.remove(&(tenant, file));
        self.sent.insert((tenant, file));
    }

    /// An entry of a public log that was asked for.
    pub(super) fn entry(&self, conversation: ConversationId, seq: u64) -> Option<&Entry> {
        self.known.get(&(conversation, seq))
    }

    /// Nothing of what the entry said is left.
    pub(super) fn take_back(&mut self, mut entry: Entry) {
        let key = (entry.conversation, entry.seq);
        entry.draft.content = Content::Recalled;
        self.taken_back.insert(key);
        self.known.insert(key, entry);
    }

    /// A file whose message was taken back.
    pub(super) fn unsend_file(&mut self, tenant: TenantId, file: FileId) {
        self.sent.remove(&(tenant, file));
        self.unsent.insert((tenant, file));
    }

    /// A person or an engine answered a visitor of the tenant.
    pub(super) fn answered(&mut self, tenant: TenantId, at: Millis) {
        self.answered.entry(tenant).or_insert(at);
    }

    /// Keeps an appended rating; anything else is not its business.
    pub(super) fn keep_rating(&mut self, header: &Conversation, content: &Content, at: Millis) {
        let Content::Event(Event::Rated { score, comment }) = content else { return };
        let rated = Rated {
            conversation: header.id,
            closing: header.epoch,
            site: header.site,
            visitor: header.visitor,
            owner: header.owner.clone(),
            score: *score,
            comment: comment.clone(),
            at,
        };
        self.rated.push((header.tenant, rated));
    }

    /// The members of the tenant and their roles, as this batch has them so far.
    pub(super) fn roles(&self, tenant: TenantId) -> Option<&Roles> {
        self.roles.get(&tenant)
    }

    /// What the agent owns or is offered, as this batch has it so far.
    pub(super) fn held(&self, tenant: TenantId, agent: AccountId) -> Vec<Conversation> {
        let current = self.headers.values().map(|touched| &touched.current);
        current.filter(|c| c.tenant == tenant && is_held_by(c, agent)).cloned().collect()
    }

    /// Ends a membership and its sessions; nothing is assigned to it any more.
    pub(super) fn remove_member(&mut self, tenant: TenantId, account: AccountId) {
        self.rooms.remove(&(tenant, account));
        if let Some(roles) = self.roles.get_mut(&tenant) {
            roles.remove(&account);
        }
        self.removed.insert((tenant, account));
    }

    /// Whether the agent may get one more besides `except`, counting what this batch gave and took.
    pub(super) fn has_room(&self, tenant: TenantId, agent: AccountId, except: ConversationId) -> bool {
        let Some(room) = self.rooms.get(&(tenant, agent)) else { return false };
        let holds = |c: &&Conversation| c.tenant == tenant && is_held_by(c, agent);
        let before = self.headers.values().filter_map(|touched| touched.stored.as_ref()).filter(holds).count();
        let now = self.headers.values().map(|touched| &touched.current).filter(holds);
        let now = now.filter(|c| c.id != except).count();
        room.capacity > room.load.saturating_sub(before as u64) + now as u64
    }

    pub(super) fn assigned(&mut self, tenant: TenantId, agent: AccountId, at: Millis) {
        self.assigned.insert((tenant, agent), at);
    }

    /// All that is written, the log last: its counter makes other nodes wait until the commit, which
    /// is the end of the script. And what is to be told once it is durable.
    pub(super) fn into_script(mut self) -> (Script, Vec<Committed>) {
        let mut script = Script::default();
        for ((tenant, agent), at) in &self.assigned {
            people::put_assigned(&mut script, *tenant, *agent, *at);
        }
        for (tenant, account) in &self.removed {
            members::delete(&mut script, *tenant, *account);
        }
        files::send(&mut script, &self.sent);
        files::unsend(&mut script, &self.unsent);
        recalls::update(&mut script, &self.taken_back);
        jobs::end(&mut script, &self.completed, &self.given, self.clock.now());
        jobs::change(&mut script, &self.jobs);
        for (tenant, at) in &self.answered {
            marks::answered(&mut script, *tenant, *at);
        }
        ratings::insert(&mut script, &self.rated);
        let dirty = || self.headers.values().filter(|touched| touched.dirty);
        let new = dirty().filter(|touched| touched.stored.is_none());
        conversations::insert(&mut script, new.map(|touched| &touched.current));
        let changed = dirty().filter(|touched| touched.stored.is_some());
        conversations::update(&mut script, changed.map(|touched| &touched.current));
        messages::insert(&mut script, &self.entries);
        script.add("commit");
        let headers = self.headers.into_values().filter(|touched| touched.dirty);
        self.told.extend(
            headers.map(|Touched { current, state, .. }| Committed::Header { conversation: Box::new(current), state }),
        );
        (script, self.told)
    }
}

/// An offer already counts towards the agent's load.
fn is_held_by(c: &Conversation, agent: AccountId) -> bool {
    c.status == macaw_domain::Status::Open
        && (c.owner == Owner::Agent(agent) || c.offer.as_ref().is_some_and(|offer| offer.agent == agent))
}
