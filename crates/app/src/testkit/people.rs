//! Accounts, sessions, invitations, sites.

use super::World;
use crate::{Clock, Invitation, Session, SiteLogo};
use macaw_domain::{Account, AccountId, Availability, Role, SessionId, Site, TenantId};

fn session(world: &World, n: u8) -> Session {
    let now = world.clock.now();
    Session {
        id: SessionId(world.clock.fresh()),
        token_hash: [n; 32],
        tenant: world.tenant,
        account: world.owner,
        agent: "Browser".into(),
        created_at: now,
        seen_at: now,
        expires_at: now + 1_000,
    }
}

pub(super) async fn sessions_end_when_they_should(world: World) {
    let (first, second) = (session(&world, 1), session(&world, 2));
    for session in [&first, &second] {
        world.store.put_session(session.clone()).await.unwrap();
    }
    let now = world.clock.now();
    let (found, member) = world.store.session([1; 32], now).await.unwrap().expect("it is signed in");
    assert_eq!((found, member.account, member.role), (first.clone(), world.owner, Role::Owner));
    assert!(world.store.session([9; 32], now).await.unwrap().is_none());
    assert!(world.store.session([1; 32], now + 1_000).await.unwrap().is_none(), "expired");
    // A new password ends all but the session that set it.
    world.store.set_password(world.owner, "new".into(), Some(second.id)).await.unwrap();
    assert!(world.store.session([1; 32], now).await.unwrap().is_none());
    assert_eq!(world.store.sessions(world.owner, now).await.unwrap(), std::slice::from_ref(&second));
    assert_eq!(world.store.account(world.owner).await.unwrap().unwrap().password_hash, "new");
    let stranger = AccountId(world.clock.fresh());
    assert!(!world.store.end_session(stranger, second.id).await.unwrap(), "only its own");
    assert!(world.store.end_session(world.owner, second.id).await.unwrap());
    assert!(world.store.session([2; 32], now).await.unwrap().is_none());
    world.store.set_availability(world.tenant, world.owner, Availability::Away).await.unwrap();
    assert_eq!(world.store.members(world.tenant).await.unwrap()[0].availability, Availability::Away);
}

pub(super) async fn an_invitation_is_used_once(world: World) {
    let now = world.clock.now();
    let invitation = Invitation {
        token_hash: [5; 32],
        tenant: world.tenant,
        email: "ann@shop.example".into(),
        role: Role::Agent,
        expires_at: now + 1_000,
    };
    world.store.put_invitation(invitation.clone()).await.unwrap();
    assert_eq!(world.store.invitation([5; 32], now).await.unwrap(), Some(invitation));
    assert_eq!(world.store.invitation([5; 32], now + 1_000).await.unwrap(), None);
    let account = |name: &str| Account {
        id: AccountId(world.clock.fresh()),
        email: "ignored@shop.example".into(),
        name: name.into(),
        password_hash: "h".into(),
    };
    let (ann, bob) = (account("Ann"), account("Bob"));
    let (first, second) = tokio::join!(
        world.node(0).accept_invitation([5; 32], ann, now),
        world.node(1).accept_invitation([5; 32], bob, now)
    );
    assert_eq!([first.unwrap(), second.unwrap()].iter().filter(|used| **used).count(), 1);
    let made = world.store.account_by_email("ann@shop.example").await.unwrap().expect("by the invited address");
    assert!(world.store.account_by_email("ignored@shop.example").await.unwrap().is_none());
    let memberships = world.store.memberships(made.id).await.unwrap();
    assert_eq!((memberships.len(), memberships[0].role), (1, Role::Agent));
    assert_eq!(world.store.members(world.tenant).await.unwrap().len(), 2);
}

pub(super) async fn sites_survive_being_stored(world: World) {
    let site = world.store.site(world.site).await.unwrap().expect("set up");
    assert_eq!(site.settings.engine.as_deref(), Some("knowledge"));
    assert_eq!(world.store.first_site().await.unwrap(), Some(site.clone()));
    let mut changed: Site = site;
    changed.settings.domains.clear();
    changed.settings.engine = None;
    changed.settings.greeting = "您好 \"quoted\"".into();
    world.store.put_site(changed.clone(), world.clock.now()).await.unwrap();
    assert_eq!(world.store.sites(world.tenant).await.unwrap(), [changed]);
    assert_eq!(world.store.tenant(world.tenant).await.unwrap().map(|t| t.name).as_deref(), Some("Shop"));
}

pub(super) async fn a_logo_is_the_sites_and_only_its_tenant_changes_it(world: World) {
    let logo = |byte: u8| SiteLogo { kind: "image/png".into(), bytes: vec![byte, 0, 255, b'\'', byte] };
    let foreign = TenantId(world.fresh().0);
    assert_eq!(world.store.site_logo(world.site).await.unwrap(), None);
    world.store.put_site_logo(foreign, world.site, Some(logo(1))).await.unwrap();
    assert_eq!(world.store.site_logo(world.site).await.unwrap(), None, "the site is another tenant's");
    for byte in [2, 3] {
        world.store.put_site_logo(world.tenant, world.site, Some(logo(byte))).await.unwrap();
        world.store.put_site_logo(foreign, world.site, Some(logo(9))).await.unwrap();
        world.store.put_site_logo(foreign, world.site, None).await.unwrap();
        assert_eq!(world.store.site_logo(world.site).await.unwrap(), Some(logo(byte)));
    }
    world.store.put_site_logo(world.tenant, world.site, None).await.unwrap();
    assert_eq!(world.store.site_logo(world.site).await.unwrap(), None);
}
