//! What agents keep at hand.

use super::World;
use crate::{AppendError, Begun, Clock, Listing, PageRange, StoreError, View};
use macaw_domain::{
    AccountId, AppendRefusal, Block, CannedDraft, CannedId, CannedReply, Closing, Content, DeskSettings, Event, Log,
    SiteId, Tag, TagColour, TagDraft, TagId, TenantId,
};

fn canned(world: &World, owner: Option<AccountId>, folder: &str, title: &str) -> CannedReply {
    CannedReply {
        id: CannedId(world.clock.fresh()),
        tenant: world.tenant,
        owner,
        draft: CannedDraft { folder: folder.into(), title: title.into(), text: "您好 {{visitor}} 🦜\n'".into() },
        updated_at: world.clock.now(),
    }
}

pub(super) async fn an_agent_finds_the_teams_canned_replies_and_its_own(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    let [one, two] = [world.owner, AccountId(world.clock.fresh())];
    let team = canned(&world, None, "b", "z");
    let own = canned(&world, Some(one), "a", "y");
    let first = canned(&world, None, "a", "x");
    let theirs = canned(&world, Some(two), "", "w");
    for reply in [&team, &own, &first, &theirs] {
        assert!(store.put_canned(reply.clone()).await.unwrap());
    }
    assert_eq!(store.canned(tenant, one).await.unwrap(), [first.clone(), own.clone(), team.clone()]);
    assert_eq!(store.canned(tenant, two).await.unwrap(), [theirs.clone(), first.clone(), team.clone()]);
    assert_eq!(store.canned_reply(tenant, theirs.id).await.unwrap(), Some(theirs));
    // One that is changed stays one, also when it changes hands.
    let mut changed = CannedReply { owner: None, ..own };
    changed.draft.text = "changed".into();
    assert!(store.put_canned(changed.clone()).await.unwrap());
    assert_eq!(store.canned(tenant, two).await.unwrap()[2], changed);
    assert!(store.delete_canned(tenant, changed.id).await.unwrap());
    assert!(!store.delete_canned(tenant, changed.id).await.unwrap());
    assert_eq!(store.canned(tenant, one).await.unwrap(), [first, team]);
}

pub(super) async fn a_canned_reply_stays_inside_its_tenant(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    let reply = canned(&world, None, "", "hello");
    assert!(store.put_canned(reply.clone()).await.unwrap());
    let foreign = TenantId(world.clock.fresh());
    let mut stolen = CannedReply { tenant: foreign, ..reply.clone() };
    stolen.draft.text = "changed by a stranger".into();
    assert!(!store.put_canned(stolen).await.unwrap());
    assert!(!store.delete_canned(foreign, reply.id).await.unwrap());
    assert_eq!(store.canned_reply(foreign, reply.id).await.unwrap(), None);
    assert!(store.canned(foreign, world.owner).await.unwrap().is_empty());
    assert_eq!(store.canned(tenant, world.owner).await.unwrap(), [reply]);
}

fn tag(world: &World, name: &str, colour: TagColour) -> Tag {
    let draft = TagDraft { name: name.into(), colour };
    Tag { id: TagId(world.clock.fresh()), tenant: world.tenant, draft }
}

pub(super) async fn a_name_of_a_tag_is_given_once_in_its_tenant(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    let (one, two) = (tag(&world, "退款 🦜", TagColour::Gold), tag(&world, "b", TagColour::Grey));
    for tag in [&one, &two] {
        assert!(store.put_tag(tag.clone()).await.unwrap());
    }
    assert_eq!(store.tags(tenant).await.unwrap(), [two.clone(), one.clone()]);
    let twin = tag(&world, "退款 🦜", TagColour::Blue);
    let refused = store.put_tag(twin).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    let mut changed = one.clone();
    changed.draft.colour = TagColour::Scarlet;
    assert!(store.put_tag(changed.clone()).await.unwrap());
    // Another tenant may use the name, and not the id.
    let foreign = TenantId(world.clock.fresh());
    assert!(!store.put_tag(Tag { tenant: foreign, ..one.clone() }).await.unwrap());
    let theirs = Tag { tenant: foreign, ..tag(&world, "b", TagColour::Green) };
    assert!(store.put_tag(theirs.clone()).await.unwrap());
    assert!(!store.delete_tag(foreign, one.id).await.unwrap());
    assert_eq!(store.tags(foreign).await.unwrap(), [theirs]);
    assert!(store.delete_tag(tenant, two.id).await.unwrap());
    assert!(!store.delete_tag(tenant, two.id).await.unwrap());
    assert_eq!(store.tags(tenant).await.unwrap(), [changed]);
}

pub(super) async fn a_list_is_narrowed_to_a_tag_and_a_site(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    let tags = [tag(&world, "a", TagColour::Gold), tag(&world, "b", TagColour::Gold)].map(|tag| tag.id);
    let (one, two) = (world.begun().await, world.begun().await);
    let now = world.clock.now();
    let both = one.tagged(tags[0], true, &tags, now).unwrap();
    let both = store.commit(both).await.unwrap().tagged(tags[1], true, &tags, now).unwrap();
    assert_eq!(store.commit(both).await.unwrap().tags, tags);
    store.commit(two.tagged(tags[1], true, &tags, now).unwrap()).await.unwrap();
    assert_eq!(world.header(one.id).await.tags, tags, "and it is read as it was written");
    // What a visitor says leaves the tags alone.
    world.say(one.id, "next", "hello again").await.unwrap();
    assert_eq!(world.header(one.id).await.tags, tags);
    let list = async |site, tag| {
        let listing = Listing { view: View::Queue, site, tag };
        let found = store.list_where(tenant, listing, 9, 0).await.unwrap();
        found.into_iter().map(|c| c.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None, None).await, [one.id, two.id]);
    assert_eq!(list(None, Some(tags[0])).await, [one.id]);
    assert_eq!(list(Some(world.site), Some(tags[1])).await, [one.id, two.id]);
    assert!(list(Some(SiteId(world.clock.fresh())), None).await.is_empty());
    assert!(list(None, Some(TagId(world.clock.fresh()))).await.is_empty());
    let listing = Listing { view: View::All, site: None, tag: Some(tags[1]) };
    assert_eq!(store.list_where(tenant, listing, 1, 1).await.unwrap()[0].id, two.id);
    assert!(store.list_where(TenantId(world.clock.fresh()), listing, 9, 0).await.unwrap().is_empty());
}

pub(super) async fn a_blocked_visitor_cannot_write_and_agents_are_told_why(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    let (talk, other) = (world.begun().await, world.begun().await);
    let block = |until| Block { reason: "骂人 \"1\"".into(), until, by: world.owner, at: world.clock.now() };
    let until = world.clock.now() + 50;
    let blocked = store.commit(talk.blocked(block(Some(until)))).await.unwrap();
    assert_eq!(world.header(talk.id).await, blocked, "it is read as it was written");
    let refused = world.say(talk.id, "m1", "let me in").await;
    assert!(matches!(refused, Err(AppendError::Refused(AppendRefusal::Blocked))), "{refused:?}");
    assert!(world.say(talk.id, "begin", "hello").await.unwrap().duplicate, "what was acknowledged is, again");
    let notes = store.page(tenant, talk.id, Log::Internal, PageRange::After(0), 9).await.unwrap();
    assert_eq!((notes.head, notes.entries[0].seq), (1, 1));
    let event = Event::Blocked { agent: world.owner, reason: "骂人 \"1\"".into(), until: Some(until) };
    assert_eq!(notes.entries[0].draft.content, Content::Event(event));
    world.clock.advance(1);
    store.commit(other.blocked(block(None))).await.unwrap();
    let listed =
        async |tenant| store.blocked(tenant, 9, 0).await.unwrap().into_iter().map(|c| c.id).collect::<Vec<_>>();
    assert_eq!(listed(tenant).await, [other.id, talk.id]);
    assert!(listed(TenantId(world.clock.fresh())).await.is_empty());
    // It ends by itself, or is lifted.
    world.clock.advance(49);
    assert!(world.say(talk.id, "m2", "thanks").await.is_ok());
    let header = world.header(other.id).await;
    store.commit(header.unblocked(world.owner, world.clock.now()).unwrap()).await.unwrap();
    assert!(world.say(other.id, "m3", "thanks").await.is_ok());
    assert_eq!(listed(tenant).await, [talk.id]);
}

pub(super) async fn what_is_said_at_the_end_is_in_the_internal_log_alone(world: World) {
    let talk = world.begun().await;
    let closing = Closing { reason: Some("已解决".into()), summary: Some("a \"lamp\"".into()) };
    let decision = talk.close_with(world.owner, true, closing, world.clock.now()).unwrap();
    let closed = world.store.commit(decision).await.unwrap();
    assert_eq!((closed.head, closed.notes_head), (2, 1));
    let page = |log| world.store.page(world.tenant, talk.id, log, PageRange::After(0), 9);
    let public = page(Log::Public).await.unwrap().entries;
    assert_eq!(public[1].draft.content, Content::Event(Event::Closed));
    let event =
        Event::SummedUp { agent: world.owner, reason: Some("已解决".into()), summary: Some("a \"lamp\"".into()) };
    assert_eq!(page(Log::Internal).await.unwrap().entries[0].draft.content, Content::Event(event));
}

pub(super) async fn what_was_begun_is_kept_for_its_agent_until_it_is_blank(world: World) {
    let (store, tenant, agent) = (&world.store, world.tenant, world.owner);
    let talk = world.begun().await.id;
    let begun = |reply: &str, note: &str| Begun { reply: reply.into(), note: note.into() };
    assert_eq!(store.begun(tenant, agent, talk).await.unwrap(), Begun::default());
    for words in [begun("您好 🦜\n", ""), begun("x", "psst")] {
        store.keep_begun(tenant, agent, talk, words.clone(), world.clock.now()).await.unwrap();
        assert_eq!(store.begun(tenant, agent, talk).await.unwrap(), words);
    }
    let (colleague, foreign) = (AccountId(world.clock.fresh()), TenantId(world.clock.fresh()));
    assert_eq!(store.begun(tenant, colleague, talk).await.unwrap(), Begun::default());
    assert_eq!(store.begun(foreign, agent, talk).await.unwrap(), Begun::default());
    store.keep_begun(foreign, colleague, talk, begun("theirs", ""), 1).await.unwrap();
    assert_eq!(store.begun(foreign, colleague, talk).await.unwrap(), Begun::default());
    store.keep_begun(tenant, agent, talk, Begun::default(), 1).await.unwrap();
    assert_eq!(store.begun(tenant, agent, talk).await.unwrap(), Begun::default());
}

pub(super) async fn a_desk_is_as_its_tenant_decided_last(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    assert_eq!(store.desk_settings(tenant).await.unwrap(), None);
    let first = DeskSettings { amber_ms: 2_000, ..DeskSettings::default() };
    let reasons = Some(vec!["已解决".to_owned(), "a \"b\"".to_owned()]);
    for settings in [first, DeskSettings { close_reasons: reasons, ..DeskSettings::default() }] {
        store.put_desk_settings(tenant, settings.clone()).await.unwrap();
        assert_eq!(store.desk_settings(tenant).await.unwrap(), Some(settings));
    }
    assert_eq!(store.desk_settings(TenantId(world.clock.fresh())).await.unwrap(), None);
}
