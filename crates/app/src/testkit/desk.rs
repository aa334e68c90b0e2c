//! What agents keep at hand.

use super::World;
use crate::Clock;
use macaw_domain::{AccountId, CannedDraft, CannedId, CannedReply, TenantId};

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
