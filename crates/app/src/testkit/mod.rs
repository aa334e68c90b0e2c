//! The contract suites of the ports. A crate that implements a port runs them on its own.
//!
//! A suite panics with what was broken; it is test code.
#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "test code: a broken promise panics")]

mod ai;
mod cursors;
mod customers;
mod desk;
mod engines;
mod files;
mod knowledge;
mod memory;
mod people;
mod ratings;
mod recalls;
mod store;
mod tenants;
mod work;

pub use cursors::a_consumer_goes_on_after_reopening;
pub use engines::{Behaviour, EngineStage, WORDS, ask, engine_contract, listen, text_of};
pub use files::blob_contract;

use crate::ports::First;
use crate::{Append, AppendError, Appended, Clock, Committed, Logged, Scope, Setup, Store};
use macaw_domain::{
    Account, AccountId, Author, ClientId, Content, Conversation, ConversationId, Corner, Draft, Face, Log, MessageId,
    Millis, Owner, Site, SiteId, SiteLook, SiteSettings, SiteWords, Tenant, TenantId, VisitorId,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tokio::sync::mpsc;
use uuid::Uuid;

/// A clock that stands still until it is moved, and ids that count.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
    ids: AtomicU64,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self { now: AtomicI64::new(1_000_000), ids: AtomicU64::new(1) }
    }
}

impl ManualClock {
    /// Moves the clock.
    pub fn advance(&self, ms: Millis) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        self.now.load(Ordering::SeqCst)
    }

    fn fresh(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::SeqCst)) | (7 << 76))
    }
}

/// A fresh store with one tenant, and what it tells.
pub struct World {
    /// The store under test.
    pub store: Arc<dyn Store>,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// What it told.
    pub committed: mpsc::Receiver<Vec<Committed>>,
    /// The tenant that was set up.
    pub tenant: TenantId,
    /// Its owner, who has the default capacity.
    pub owner: AccountId,
    /// Its site.
    pub site: SiteId,
    /// Another store on the same database, as another node has.
    second: Option<Arc<dyn Store>>,
}

impl World {
    /// Sets up an empty store. `committed` must hold a thousand batches.
    pub async fn new(
        store: Arc<dyn Store>,
        clock: Arc<ManualClock>,
        committed: mpsc::Receiver<Vec<Committed>>,
    ) -> Self {
        let world = Self::bare(store, clock, committed);
        let setup = setup(world.tenant, world.owner, world.site, world.clock.now());
        assert!(world.store.set_up(setup.clone()).await.unwrap(), "an empty store is set up");
        assert!(!world.store.set_up(setup).await.unwrap(), "and only once");
        world
    }

    fn bare(store: Arc<dyn Store>, clock: Arc<ManualClock>, committed: mpsc::Receiver<Vec<Committed>>) -> Self {
        let (tenant, owner, site) = (TenantId(clock.fresh()), AccountId(clock.fresh()), SiteId(clock.fresh()));
        Self { store, clock, committed, tenant, owner, site, second: None }
    }

    /// Adds a second store on the same database: what is tried at the same time is spread over both.
    #[must_use]
    pub fn with_second(self, second: Arc<dyn Store>) -> Self {
        Self { second: Some(second), ..self }
    }

    /// The store that the `n`th of several callers uses.
    fn node(&self, n: usize) -> &Arc<dyn Store> {
        self.second.as_ref().filter(|_| n % 2 == 1).unwrap_or(&self.store)
    }

    /// A new conversation with one message.
    pub async fn begin_conversation(&self) -> ConversationId {
        self.begun().await.id
    }

    /// A visitor says something in its conversation.
    pub async fn say(&self, id: ConversationId, client_id: &str, text: &str) -> Result<Appended, AppendError> {
        self.store.append(self.asks(id, client_id, text)).await
    }

    /// The same, through the second store.
    pub async fn say_elsewhere(&self, id: ConversationId, client_id: &str) -> Result<Appended, AppendError> {
        self.node(1).append(self.asks(id, client_id, "hi")).await
    }

    /// What a consumer has not seen yet, to the end of the log; its cursor advances.
    pub async fn consume(&self, consumer: &str) -> Vec<Logged> {
        cursors::consume(&*self.store, consumer, Scope::Installation, 100).await
    }

    /// A message of a visitor to its conversation, which it begins.
    fn asks(&self, conversation: ConversationId, client_id: &str, text: &str) -> Append {
        // One visitor per conversation, so that tests name one id only.
        let visitor = VisitorId(conversation.0);
        Append {
            tenant: self.tenant,
            conversation,
            log: Log::Public,
            draft: self.draft(Author::Visitor(visitor), client_id, text),
            first: Some(First { site: self.site, visitor, owner: Owner::Queue }),
            owner_epoch: None,
            completes: None,
        }
    }

    fn answers(&self, conversation: ConversationId, log: Log, client_id: &str) -> Append {
        let draft = self.draft(Author::Agent(self.owner), client_id, "an answer");
        Append { tenant: self.tenant, conversation, log, draft, first: None, owner_epoch: None, completes: None }
    }

    fn draft(&self, author: Author, client_id: &str, text: &str) -> Draft {
        Draft {
            id: MessageId(self.clock.fresh()),
            client_id: Some(ClientId::parse(client_id).unwrap()),
            author,
            content: Content::Text(text.to_owned()),
            at: self.clock.now(),
        }
    }

    fn fresh(&self) -> ConversationId {
        ConversationId(self.clock.fresh())
    }

    /// A conversation with one message.
    async fn begun(&self) -> Conversation {
        let id = self.fresh();
        self.store.append(self.asks(id, "begin", "hello")).await.unwrap();
        self.header(id).await
    }

    async fn header(&self, id: ConversationId) -> Conversation {
        self.store.conversation(self.tenant, id).await.unwrap().expect("it was begun")
    }
}

fn setup(tenant: TenantId, owner: AccountId, site: SiteId, at: Millis) -> Setup {
    let account =
        Account { id: owner, email: "owner@shop.example".into(), name: "Olive".into(), password_hash: "x".into() };
    let settings = SiteSettings {
        name: "Shop 商店".into(),
        domains: vec!["shop.example".into()],
        greeting: "Hello 🦜".into(),
        suggestions: vec!["怎么退货?".into()],
        colour: "#1570ef".into(),
        engine: Some("knowledge".into()),
        typing_preview: true,
        look: SiteLook {
            corner: Corner::Left,
            title: "帮助 Help".into(),
            face: Face::Logo,
            logo: Some("0a1b".into()),
            powered: false,
            languages: vec![SiteWords {
                lang: "en".into(),
                title: "Help".into(),
                greeting: "Hello \"you\"".into(),
                suggestions: vec!["Returns?".into()],
            }],
        },
    };
    Setup {
        tenant: Tenant { id: tenant, name: "Shop".into(), shard: 0, time_zone: "Asia/Shanghai".into() },
        owner: account,
        site: Site { id: site, tenant, settings },
        at,
    }
}

/// Runs the whole suite of [`Store`], each test on a fresh store that `make` opens.
pub async fn store_contract<F>(make: impl Fn() -> F)
where
    F: Future<Output = World>,
{
    store::seqs_have_no_holes_under_concurrency(make().await).await;
    store::the_same_client_id_is_one_message(make().await).await;
    store::a_refused_append_leaves_nothing(make().await).await;
    store::what_is_told_is_what_is_read_in_its_order(make().await).await;
    store::pages_are_bounded_and_oldest_first(make().await).await;
    store::texts_are_read_as_they_were_written(make().await).await;
    store::cursors_never_go_back_nor_beyond_the_head(make().await).await;
    store::foreign_tenants_find_nothing(make().await).await;
    work::one_of_two_decisions_on_a_version_stands(make().await).await;
    work::of_two_offers_at_the_same_time_one_stands(make().await).await;
    work::an_append_between_decision_and_commit_is_kept(make().await).await;
    work::nobody_gets_above_capacity_however_many_try(make().await).await;
    work::jobs_are_due_once_and_again_when_asked_again(make().await).await;
    work::a_job_that_is_taken_is_not_due_and_one_asked_for_meanwhile_is_due_after_it(make().await).await;
    work::an_engine_of_an_older_epoch_cannot_write(make().await).await;
    work::what_was_seen_of_an_answer_is_kept_once(make().await).await;
    knowledge::entries_are_written_whole_and_found_by_their_words(make().await).await;
    knowledge::a_question_has_one_entry_and_a_tenant_only_its_own(make().await).await;
    work::the_queue_is_first_come_first_served(make().await).await;
    work::places_are_counted_so_far_and_no_further(make().await).await;
    people::sessions_end_when_they_should(make().await).await;
    people::an_invitation_is_used_once(make().await).await;
    people::sites_survive_being_stored(make().await).await;
    people::a_logo_is_the_sites_and_only_its_tenant_changes_it(make().await).await;
    work::what_is_sent_after_a_transfer_shows_the_new_owner(make().await).await;
    work::a_second_message_in_the_queue_adds_no_second_notice(make().await).await;
    tenants::a_tenant_is_founded_whole_or_not_at_all(make().await).await;
    tenants::an_invitation_makes_nobody_else_a_member(make().await).await;
    tenants::a_suspended_tenant_has_no_sessions_and_no_members_until_it_is_resumed(make().await).await;
    tenants::members_are_changed_by_those_who_may(make().await).await;
    tenants::what_a_removed_member_owned_waits_again(make().await).await;
    tenants::nobody_is_left_with_a_member_who_is_removed_meanwhile(make().await).await;
    tenants::a_reset_is_used_once_and_ends_all_sessions(make().await).await;
    tenants::nobody_resets_who_belongs_elsewhere_too(make().await).await;
    tenants::an_operator_has_a_session_without_being_a_member(make().await).await;
    tenants::first_steps_are_remembered(make().await).await;
    customers::a_customer_is_one_visitor_on_every_device(make().await).await;
    customers::a_customer_that_comes_twice_at_once_is_one_visitor(make().await).await;
    customers::a_customers_conversation_begins_with_its_name(make().await).await;
    customers::how_a_site_knows_its_customers_stays_inside_its_tenant(make().await).await;
    cursors::a_consumer_sees_every_entry_once_and_in_order(make().await).await;
    cursors::a_cursor_never_goes_back_nor_beyond_the_end(make().await).await;
    cursors::each_scope_has_its_own_log_and_cursor(make().await).await;
    ratings::each_closing_is_rated_once(make().await).await;
    recalls::what_was_taken_back_is_gone_and_its_place_stays(make().await).await;
    recalls::only_the_author_takes_back_and_only_for_two_minutes(make().await).await;
    recalls::a_quote_names_what_is_there(make().await).await;
    memory::an_engines_own_name_for_a_conversation_stays_inside_its_tenant(make().await).await;
    ai::an_engine_is_read_as_it_was_written_and_stays_inside_its_tenant(make().await).await;
    ai::of_two_engines_of_one_name_at_once_one_stands(make().await).await;
    ai::rules_are_kept_with_who_and_when_and_stay_inside_their_tenant(make().await).await;
    ai::of_two_texts_of_rules_at_once_one_stands(make().await).await;
    desk::an_agent_finds_the_teams_canned_replies_and_its_own(make().await).await;
    desk::a_canned_reply_stays_inside_its_tenant(make().await).await;
    desk::a_name_of_a_tag_is_given_once_in_its_tenant(make().await).await;
    desk::a_list_is_narrowed_to_a_tag_and_a_site(make().await).await;
    desk::a_blocked_visitor_cannot_write_and_agents_are_told_why(make().await).await;
    desk::what_is_said_at_the_end_is_in_the_internal_log_alone(make().await).await;
    desk::what_was_begun_is_kept_for_its_agent_until_it_is_blank(make().await).await;
    desk::a_desk_is_as_its_tenant_decided_last(make().await).await;
}

/// The part of the suite that is about files, for the stores that keep them.
pub async fn files_contract<F>(make: impl Fn() -> F)
where
    F: Future<Output = World>,
{
    files::a_file_is_sent_once_and_by_the_same_rules_as_words(make().await).await;
    files::of_two_messages_with_one_file_at_once_one_stands(make().await).await;
    files::the_quota_holds_however_many_upload_at_once(make().await).await;
    files::a_file_is_bound_to_its_conversation_and_tenant(make().await).await;
    files::the_quota_counts_what_is_there(make().await).await;
    files::a_file_that_is_taken_back_is_nobodys_but_its_uploaders_until_it_is_collected(make().await).await;
    files::only_what_was_never_sent_is_taken_and_oldest_first(make().await).await;
}
