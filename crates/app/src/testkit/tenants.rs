//! Tenants, members that somebody acts on, resets, operators, first steps.

use super::World;
use crate::{Clock, FirstOwner, Founding, Invitation, MemberError, Pair, Reset, Session, StoreError, View};
use macaw_domain::{
    Account, AccountId, Content, Event, Log, MemberChange, MemberRefusal, Millis, Owner, Role, SessionId, Site, SiteId,
    Tenant, TenantId,
};

fn account(world: &World, email: &str) -> Account {
    Account { id: AccountId(world.clock.fresh()), email: email.into(), name: "N".into(), password_hash: "h".into() }
}

pub(super) async fn join(world: &World, tenant: TenantId, email: &str, role: Role) -> AccountId {
    let now = world.clock.now();
    let hash = token(world);
    let invitation = Invitation { token_hash: hash, tenant, email: email.into(), role, expires_at: now + 1 };
    world.store.put_invitation(invitation).await.unwrap();
    let known = world.store.account_by_email(email).await.unwrap();
    let account = known.unwrap_or_else(|| account(world, email));
    let id = account.id;
    assert!(world.store.accept_invitation(hash, account, now).await.unwrap());
    id
}

fn token(world: &World) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..16].copy_from_slice(world.clock.fresh().as_bytes());
    hash
}

async fn sign_in(world: &World, tenant: TenantId, account: AccountId) -> Session {
    let now = world.clock.now();
    let session = Session {
        id: SessionId(world.clock.fresh()),
        token_hash: token(world),
        tenant,
        account,
        agent: "Browser".into(),
        created_at: now,
        seen_at: now,
        expires_at: now + 1_000,
    };
    world.store.put_session(session.clone()).await.unwrap();
    session
}

async fn found(world: &World, owner: FirstOwner) -> Result<TenantId, StoreError> {
    let id = TenantId(world.clock.fresh());
    let mut site: Site = world.store.site(world.site).await.unwrap().unwrap();
    site.id = SiteId(world.clock.fresh());
    site.tenant = id;
    let tenant = Tenant { id, name: "Other".into(), shard: 0, time_zone: "Europe/Berlin".into() };
    world.store.found(Founding { tenant, site, owner, at: world.clock.now() }).await.map(|()| id)
}

async fn is_signed_in(world: &World, session: &Session) -> bool {
    world.store.session(session.token_hash, world.clock.now()).await.unwrap().is_some()
}

pub(super) async fn a_tenant_is_founded_whole_or_not_at_all(world: World) {
    let owner = account(&world, "owner@other.example");
    let id = found(&world, FirstOwner::Account(owner.clone())).await.unwrap();
    assert_eq!(world.store.tenant(id).await.unwrap().unwrap().time_zone, "Europe/Berlin");
    assert_eq!(world.store.sites(id).await.unwrap().len(), 1);
    assert_eq!(world.store.member(id, owner.id).await.unwrap().unwrap().role, Role::Owner);
    let again = account(&world, "owner@other.example");
    assert!(matches!(found(&world, FirstOwner::Account(again)).await, Err(StoreError::Taken(_))));
    let rows = world.store.tenants().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.tenant.id).collect::<Vec<_>>(), [world.tenant, id], "oldest first");
    assert_eq!((rows[1].members, rows[1].suspended_at), (1, None));
    let renamed = Tenant { name: "商店".into(), time_zone: "Asia/Tokyo".into(), ..rows[1].tenant.clone() };
    world.store.put_tenant(renamed.clone()).await.unwrap();
    assert_eq!(world.store.tenant(id).await.unwrap(), Some(renamed));
}

pub(super) async fn an_invitation_makes_nobody_else_a_member(world: World) {
    let now = world.clock.now();
    let known = world.store.account(world.owner).await.unwrap().unwrap();
    let other = found(&world, FirstOwner::Account(account(&world, "x@other.example"))).await.unwrap();
    let hash = token(&world);
    let email = known.email.clone();
    let invitation = Invitation { token_hash: hash, tenant: other, email, role: Role::Agent, expires_at: now + 9 };
    world.store.put_invitation(invitation.clone()).await.unwrap();
    let stranger = account(&world, &known.email);
    assert!(!world.store.accept_invitation(hash, stranger, now).await.unwrap());
    assert!(world.store.member(other, known.id).await.unwrap().is_none());
    assert_eq!(world.store.invitation(hash, now).await.unwrap(), Some(invitation), "it is still good");
    assert!(world.store.accept_invitation(hash, known.clone(), now).await.unwrap());
    assert_eq!(world.store.member(other, known.id).await.unwrap().unwrap().role, Role::Agent);
}

pub(super) async fn a_suspended_tenant_has_no_sessions_and_no_members_until_it_is_resumed(world: World) {
    let session = sign_in(&world, world.tenant, world.owner).await;
    assert!(world.store.suspend(world.tenant, Some(world.clock.now())).await.unwrap());
    assert!(!is_signed_in(&world, &session).await);
    let late = sign_in(&world, world.tenant, world.owner).await;
    assert!(!is_signed_in(&world, &late).await, "a session that was written a moment too late is none");
    assert!(world.store.member(world.tenant, world.owner).await.unwrap().is_none());
    assert!(world.store.tenants().await.unwrap()[0].suspended_at.is_some());
    assert!(world.store.suspend(world.tenant, None).await.unwrap());
    assert!(is_signed_in(&world, &late).await);
    assert!(!world.store.suspend(TenantId(world.clock.fresh()), None).await.unwrap(), "no such tenant");
}

pub(super) async fn members_are_changed_by_those_who_may(world: World) {
    let agent = join(&world, world.tenant, "agent@shop.example", Role::Agent).await;
    let manager = join(&world, world.tenant, "manager@shop.example", Role::Manager).await;
    let pair = |actor, target| Pair { tenant: world.tenant, actor, target };
    let to = |role| MemberChange { role: Some(role), ..MemberChange::default() };
    let change = MemberChange { capacity: Some(9), time_zone: Some("Asia/Tokyo".into()), ..MemberChange::default() };
    let changed = world.store.change_member(pair(manager, agent), change).await.unwrap();
    assert_eq!((changed.capacity, changed.role, changed.time_zone.as_deref()), (9, Role::Agent, Some("Asia/Tokyo")));
    let follows = MemberChange { time_zone: Some(String::new()), ..MemberChange::default() };
    let changed = world.store.change_member(pair(manager, agent), follows).await.unwrap();
    assert_eq!((changed.capacity, changed.time_zone), (9, None), "the tenant's again");
    for (actor, target) in [(agent, manager), (manager, world.owner)] {
        let refused = world.store.change_member(pair(actor, target), to(Role::Agent)).await;
        assert!(matches!(refused, Err(MemberError::Refused(MemberRefusal::NotAllowed))));
    }
    let last = world.store.change_member(pair(world.owner, world.owner), to(Role::Agent)).await;
    assert!(matches!(last, Err(MemberError::Refused(MemberRefusal::LastOwner))));
    let elsewhere = Pair { tenant: TenantId(world.clock.fresh()), actor: world.owner, target: agent };
    assert!(matches!(world.store.change_member(elsewhere, to(Role::Agent)).await, Err(MemberError::NotFound)));
    assert!(matches!(world.store.remove_member(elsewhere, 0).await, Err(MemberError::NotFound)));
    // Of two owners who remove each other at once, one stays.
    world.store.change_member(pair(world.owner, manager), to(Role::Owner)).await.unwrap();
    let (one, two) = tokio::join!(
        world.node(0).remove_member(pair(manager, world.owner), 5),
        world.node(1).remove_member(pair(world.owner, manager), 5)
    );
    assert_ne!(one.is_ok(), two.is_ok());
}

pub(super) async fn what_a_removed_member_owned_waits_again(world: World) {
    let agent = join(&world, world.tenant, "agent@shop.example", Role::Agent).await;
    let other = found(&world, FirstOwner::Account(account(&world, "x@other.example"))).await.unwrap();
    join(&world, other, "agent@shop.example", Role::Agent).await;
    let now = world.clock.now();
    let (owned, ringing, kept) = (world.begun().await, world.begun().await, world.begun().await);
    world.store.commit(owned.accept(agent, now).unwrap()).await.unwrap();
    world.store.commit(ringing.offer(agent, now + 9, now).unwrap()).await.unwrap();
    world.store.commit(kept.accept(world.owner, now).unwrap()).await.unwrap();
    let (here, there) = (sign_in(&world, world.tenant, agent).await, sign_in(&world, other, agent).await);
    let pair = Pair { tenant: world.tenant, actor: world.owner, target: agent };
    world.store.remove_member(pair, now).await.unwrap();
    let owned = world.header(owned.id).await;
    assert_eq!((&owned.owner, owned.queued_at), (&Owner::Queue, Some(now)));
    let page = world.store.page(world.tenant, owned.id, Log::Public, crate::PageRange::After(0), 9).await.unwrap();
    let told = page.entries.last().map(|entry| &entry.draft.content);
    assert_eq!(told, Some(&Content::Event(Event::Transferred { to: None })));
    assert_eq!(world.header(ringing.id).await.offer, None);
    assert_eq!(world.store.due_jobs(now + 99, 9).await.unwrap().0, [], "nothing rings out any more");
    assert_eq!(world.header(kept.id).await.owner, Owner::Agent(world.owner));
    assert!(!is_signed_in(&world, &here).await && is_signed_in(&world, &there).await, "elsewhere it is still a member");
    assert!(world.store.list(world.tenant, View::Mine(agent), 9, 0).await.unwrap().is_empty());
    assert!(matches!(world.store.remove_member(pair, now).await, Err(MemberError::NotFound)), "once");
}

pub(super) async fn nobody_is_left_with_a_member_who_is_removed_meanwhile(world: World) {
    for n in 0..4 {
        let agent = join(&world, world.tenant, &format!("agent{n}@shop.example"), Role::Agent).await;
        let pair = Pair { tenant: world.tenant, actor: world.owner, target: agent };
        let mut talks = Vec::new();
        for _ in 0..6 {
            talks.push(world.begun().await);
        }
        let now = world.clock.now();
        let mut trying = tokio::task::JoinSet::new();
        for (at, talk) in talks.iter().enumerate() {
            let (store, accept) = (world.node(at).clone(), talk.accept(agent, now).unwrap());
            trying.spawn(async move { drop(store.commit(accept).await) });
        }
        let removing = world.node(1).clone();
        trying.spawn(async move { removing.remove_member(pair, now).await.unwrap() });
        trying.join_all().await;
        for talk in talks {
            assert_eq!(world.header(talk.id).await.owner, Owner::Queue, "before or after, it waits");
        }
        assert!(world.store.list(world.tenant, View::Mine(agent), 9, 0).await.unwrap().is_empty());
    }
}

pub(super) async fn a_reset_is_used_once_and_ends_all_sessions(world: World) {
    let agent = join(&world, world.tenant, "agent@shop.example", Role::Agent).await;
    let now = world.clock.now();
    let session = sign_in(&world, world.tenant, agent).await;
    let pair = Pair { tenant: world.tenant, actor: world.owner, target: agent };
    let reset = |hash: [u8; 32]| Reset { token_hash: hash, account: agent, expires_at: now + 100 };
    world.store.put_members_reset(pair, reset([1; 32])).await.unwrap();
    world.store.put_members_reset(pair, reset([2; 32])).await.unwrap();
    assert_eq!(world.store.reset([1; 32], now + 99).await.unwrap(), Some(agent));
    assert_eq!(world.store.reset([1; 32], now + 100).await.unwrap(), None, "expired");
    assert_eq!(world.store.use_reset([1; 32], "late".into(), now + 100).await.unwrap(), None);
    let (one, two) = tokio::join!(
        world.node(0).use_reset([1; 32], "one".into(), now),
        world.node(1).use_reset([1; 32], "two".into(), now)
    );
    assert_ne!(one.unwrap().is_some(), two.unwrap().is_some(), "once");
    assert!(!is_signed_in(&world, &session).await);
    assert_eq!(world.store.reset([2; 32], now).await.unwrap(), None, "the other link ends with it");
    world.store.put_members_reset(pair, reset([3; 32])).await.unwrap();
    world.store.set_password(agent, "own".into(), None).await.unwrap();
    assert_eq!(world.store.reset([3; 32], now).await.unwrap(), None, "so it does when the password changes");
}

pub(super) async fn nobody_resets_who_belongs_elsewhere_too(world: World) {
    let (agent, boss) = (
        join(&world, world.tenant, "agent@shop.example", Role::Agent).await,
        join(&world, world.tenant, "boss@shop.example", Role::Agent).await,
    );
    let other = found(&world, FirstOwner::Account(account(&world, "x@other.example"))).await.unwrap();
    join(&world, other, "agent@shop.example", Role::Owner).await;
    world.store.set_operator(account(&world, "boss@shop.example"), true, 0).await.unwrap();
    for target in [agent, boss] {
        let pair = Pair { tenant: world.tenant, actor: world.owner, target };
        let reset = Reset { token_hash: token(&world), account: target, expires_at: Millis::MAX };
        let refused = world.store.put_members_reset(pair, reset.clone()).await;
        assert!(matches!(refused, Err(MemberError::Shared)), "{target}");
        assert_eq!(world.store.reset(reset.token_hash, 0).await.unwrap(), None);
    }
}

pub(super) async fn an_operator_has_a_session_without_being_a_member(world: World) {
    let operator = account(&world, "root@macaw.example");
    let id = world.store.set_operator(operator.clone(), true, 0).await.unwrap();
    assert_eq!(id, operator.id);
    assert!(world.store.is_operator(id).await.unwrap());
    let session = sign_in(&world, TenantId(uuid::Uuid::nil()), id).await;
    let now = world.clock.now();
    assert!(!is_signed_in(&world, &session).await, "it is nobody's agent");
    assert_eq!(world.store.operator_session(session.token_hash, now).await.unwrap(), Some(session.clone()));
    assert_eq!(world.store.operator_session(session.token_hash, session.expires_at).await.unwrap(), None);
    let next = Session { id: SessionId(world.clock.fresh()), token_hash: token(&world), ..session.clone() };
    assert!(world.store.rotate_session(session.id, next.clone()).await.unwrap());
    assert!(!world.store.rotate_session(session.id, next.clone()).await.unwrap(), "it has ended");
    assert_eq!(world.store.operator_session(session.token_hash, now).await.unwrap(), None);
    assert_eq!(world.store.set_operator(account(&world, "root@macaw.example"), false, 0).await.unwrap(), id);
    assert_eq!(world.store.operator_session(next.token_hash, now).await.unwrap(), None);
    assert_eq!(world.store.end_sessions(id).await.unwrap(), 1);
    let owners = sign_in(&world, world.tenant, world.owner).await;
    assert_eq!(world.store.operator_session(owners.token_hash, now).await.unwrap(), None, "an owner is no operator");
}

pub(super) async fn first_steps_are_remembered(world: World) {
    let marks = || async { world.store.site_marks(world.tenant).await.unwrap()[0] };
    assert_eq!((marks().await.edited_at, marks().await.first_seen_at, marks().await.seen_at), (None, None, None));
    world.store.mark_edited(world.site, 5).await.unwrap();
    world.store.mark_seen(world.site, 6).await.unwrap();
    world.store.mark_seen(world.site, 9).await.unwrap();
    assert_eq!(
        (marks().await.edited_at, marks().await.first_seen_at, marks().await.seen_at),
        (Some(5), Some(6), Some(9))
    );
    let talk = world.begun().await;
    assert_eq!(world.store.first_answer_at(world.tenant).await.unwrap(), None);
    world.store.commit(talk.accept(world.owner, world.clock.now()).unwrap()).await.unwrap();
    world.store.append(world.answers(talk.id, Log::Internal, "note")).await.unwrap();
    assert_eq!(world.store.first_answer_at(world.tenant).await.unwrap(), None, "a note answers nobody");
    let first = world.clock.now();
    world.store.append(world.answers(talk.id, Log::Public, "a1")).await.unwrap();
    world.clock.advance(50);
    world.store.append(world.answers(talk.id, Log::Public, "a2")).await.unwrap();
    assert_eq!(world.store.first_answer_at(world.tenant).await.unwrap(), Some(first));
    assert_eq!(world.store.second_member_at(world.tenant).await.unwrap(), None);
    join(&world, world.tenant, "agent@shop.example", Role::Agent).await;
    assert!(world.store.second_member_at(world.tenant).await.unwrap().is_some());
    assert_eq!(world.store.knowledge_count(world.tenant).await.unwrap(), 0);
}
