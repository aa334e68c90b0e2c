//! What engines call the conversations that they keep themselves.

use super::World;
use crate::Clock;
use macaw_domain::TenantId;

pub(super) async fn an_engines_own_name_for_a_conversation_stays_inside_its_tenant(world: World) {
    let (store, tenant) = (&world.store, world.tenant);
    let (one, two) = (world.begun().await.id, world.begun().await.id);
    assert_eq!(store.remembered(tenant, one, "dify").await.unwrap(), None);
    for (conversation, engine, own) in
        [(one, "dify", "c-1"), (one, "coze", "c-2"), (two, "dify", "c-3"), (one, "dify", "c-4")]
    {
        store.remember(tenant, conversation, engine, own).await.unwrap();
    }
    for (conversation, engine, own) in [(one, "dify", "c-4"), (one, "coze", "c-2"), (two, "dify", "c-3")] {
        assert_eq!(store.remembered(tenant, conversation, engine).await.unwrap().as_deref(), Some(own));
    }
    let foreign = TenantId(world.clock.fresh());
    assert_eq!(store.remembered(foreign, one, "dify").await.unwrap(), None);
    store.remember(foreign, one, "dify", "theirs").await.unwrap();
    assert_eq!(store.remembered(tenant, one, "dify").await.unwrap().as_deref(), Some("c-4"));
    assert_eq!(store.remembered(foreign, one, "dify").await.unwrap(), None);
}
