//! A transaction in the making: everything it decides on is loaded and locked first, decisions are
//! made in memory, and everything is written last. A batch costs two round trips, and one or two
//! more for each agent that it assigns to, whether it holds one message or hundreds.

use super::errors::SqlError;
use super::script::Script;
use super::{conversations, jobs, messages, people};
use crate::rows;
use macaw_app::{Clock, Committed, Job};
use macaw_domain::{
    AccountId, ClientId, Conversation, ConversationId, Draft, Entry, JobDraft, JobKind, Log, Millis, Owner, TenantId,
};
use sqlx::Row;
use sqlx::mysql::MySqlConnection;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What one work decides on.
#[derive(Debug, Clone)]
pub(super) struct Needs {
    /// Its header is locked.
    pub(super) conversation: ConversationId,
    /// Entries of the conversation that carry it are loaded.
    pub(super) client_id: Option<ClientId>,
    /// The member whose load may rise is locked.
    pub(super) claims: Option<(TenantId, AccountId)>,
}

/// What all works of a batch decide on, in the order in which it is locked.
#[derive(Debug, Default)]
pub(super) struct AllNeeds {
    conversations: BTreeSet<ConversationId>,
    client_ids: BTreeSet<(ConversationId, ClientId)>,
    claims: BTreeSet<(TenantId, AccountId)>,
}

impl<'a> FromIterator<&'a Needs> for AllNeeds {
    fn from_iter<I: IntoIterator<Item = &'a Needs>>(needs: I) -> Self {
        let mut all = Self::default();
        for Needs { conversation, client_id, claims } in needs {
            all.conversations.insert(*conversation);
            all.client_ids.extend(client_id.clone().map(|client_id| (*conversation, client_id)));
            all.claims.extend(*claims);
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
    Put(uuid::Uuid, TenantId, Millis),
    Cancel,
}

pub(super) struct Batch<'a> {
    clock: &'a dyn Clock,
    headers: BTreeMap<ConversationId, Touched>,
    standing: HashMap<(ConversationId, ClientId), Vec<Entry>>,
    rooms: BTreeMap<(TenantId, AccountId), Room>,
    entries: Vec<Entry>,
    jobs: BTreeMap<(ConversationId, JobKind), JobChange>,
    completed: Vec<Job>,
    assigned: BTreeMap<(TenantId, AccountId), Millis>,
    told: Vec<Committed>,
}

impl<'a> Batch<'a> {
    /// Begins the transaction; locks and loads what the works need.
    pub(super) async fn load(
        db: &mut MySqlConnection,
        needs: AllNeeds,
        clock: &'a dyn Clock,
    ) -> Result<Self, SqlError> {
        let mut script = Script::default();
        script.add("start transaction");
        conversations::lock(&mut script, &needs.conversations);
        messages::find_client_ids(&mut script, &needs.client_ids);
        let (mut headers, mut standing) = (BTreeMap::new(), HashMap::<_, Vec<Entry>>::new());
        for row in script.run(db).await? {
            if row.len() == rows::CONVERSATION.split(',').count() {
                let stored = rows::conversation(&row)?;
                let touched = Touched { current: stored.clone(), stored: Some(stored), dirty: false, state: false };
                headers.insert(touched.current.id, touched);
            } else {
                let entry = rows::entry(&row)?;
                let Some(client_id) = entry.draft.client_id.clone() else { continue };
                standing.entry((entry.conversation, client_id)).or_default().push(entry);
            }
        }
        let mut rooms = BTreeMap::new();
        for (tenant, agent) in needs.claims {
            if let Some(room) = people::lock_room(db, tenant, agent).await? {
                rooms.insert((tenant, agent), room);
            }
        }
        Ok(Self {
            clock,
            headers,
            standing,
            rooms,
            entries: Vec::new(),
            jobs: BTreeMap::new(),
            completed: Vec::new(),
            assigned: BTreeMap::new(),
            told: Vec::new(),
        })
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
        let put = JobChange::Put(self.clock.fresh(), header.tenant, job.due_at);
        self.jobs.insert((header.id, job.kind), put);
        self.told.push(Committed::Due(job.due_at));
    }

    pub(super) fn cancel_job(&mut self, id: ConversationId, kind: JobKind) {
        self.jobs.insert((id, kind), JobChange::Cancel);
    }

    /// Removes a job, unless it became or becomes due again.
    pub(super) fn complete(&mut self, job: Job) {
        self.completed.push(job);
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
        jobs::change(&mut script, &self.completed, &self.jobs);
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
