//! What tenants set about AI.

use super::World;
use crate::{Clock, RulesStamp, StoreError, StoredEngine, StoredRules};
use macaw_domain::{EngineId, TenantId};

fn engine(world: &World, tenant: TenantId, name: &str) -> StoredEngine {
    StoredEngine {
        id: EngineId(world.clock.fresh()),
        tenant,
        name: name.to_owned(),
        kind: "dify".to_owned(),
        settings: r#"{"url":"https://x.example/v1","inputs":{"店":"🦜"}}"#.to_owned(),
        secrets: vec![0, 1, 255],
        enabled: true,
        created_at: 5,
        updated_at: 5,
    }
}

pub(super) async fn an_engine_is_read_as_it_was_written_and_stays_inside_its_tenant(world: World) {
    let (store, tenant, foreign) = (&world.store, world.tenant, TenantId(world.clock.fresh()));
    assert_eq!((store.ai_version(tenant).await.unwrap(), store.engines(tenant).await.unwrap()), (0, Vec::new()));
    let (shop, bot) = (engine(&world, tenant, "shop"), engine(&world, tenant, "bot"));
    store.put_engine(shop.clone()).await.unwrap();
    store.put_engine(bot.clone()).await.unwrap();
    assert_eq!(store.engines(tenant).await.unwrap(), [bot.clone(), shop.clone()], "by name");
    assert_eq!((store.ai_version(tenant).await.unwrap(), store.ai_version(foreign).await.unwrap()), (2, 0));
    // Name, kind and age are of the first time.
    let change = StoredEngine { secrets: Vec::new(), enabled: false, updated_at: 9, ..shop.clone() };
    let odd = StoredEngine { name: "renamed".to_owned(), kind: "coze".to_owned(), created_at: 9, ..change.clone() };
    store.put_engine(odd).await.unwrap();
    assert_eq!(store.engines(tenant).await.unwrap(), [bot.clone(), change.clone()]);
    // The same name is free elsewhere, and an id of this tenant is nothing there.
    let theirs = engine(&world, foreign, "shop");
    store.put_engine(theirs.clone()).await.unwrap();
    store.put_engine(StoredEngine { id: shop.id, ..engine(&world, foreign, "stolen") }).await.unwrap();
    assert!(!store.delete_engine(foreign, shop.id).await.unwrap());
    assert_eq!(store.engines(foreign).await.unwrap(), [theirs]);
    assert_eq!(store.engines(tenant).await.unwrap(), [bot.clone(), change]);
    let taken = store.put_engine(engine(&world, tenant, "bot")).await;
    assert!(matches!(taken, Err(StoreError::Taken(_))), "{taken:?}");
    let before = store.ai_version(tenant).await.unwrap();
    assert!(store.delete_engine(tenant, shop.id).await.unwrap());
    assert!(!store.delete_engine(tenant, shop.id).await.unwrap());
    assert_eq!(store.engines(tenant).await.unwrap(), [bot]);
    assert_eq!(store.ai_version(tenant).await.unwrap(), before + 1, "what changed nothing is no change");
}

pub(super) async fn of_two_engines_of_one_name_at_once_one_stands(world: World) {
    for n in 0..8 {
        let name = format!("shop{n}");
        let (one, two) = (engine(&world, world.tenant, &name), engine(&world, world.tenant, &name));
        let (first, second) = tokio::join!(world.node(0).put_engine(one), world.node(1).put_engine(two));
        assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
    }
    assert_eq!(world.store.engines(world.tenant).await.unwrap().len(), 8);
    assert_eq!(world.store.ai_version(world.tenant).await.unwrap(), 8);
}

fn rules(world: &World, tenant: TenantId, version: u64, restores: Option<u64>) -> StoredRules {
    let stamp = RulesStamp { version, by: world.owner, at: 7, restores };
    StoredRules { tenant, stamp, text: format!("rules: [] # 第 {version} 版") }
}

pub(super) async fn rules_are_kept_with_who_and_when_and_stay_inside_their_tenant(world: World) {
    let (store, tenant, foreign) = (&world.store, world.tenant, TenantId(world.clock.fresh()));
    assert_eq!(store.rules(tenant, None).await.unwrap(), None);
    let (one, two) = (rules(&world, tenant, 1, None), rules(&world, tenant, 2, Some(1)));
    for written in [&one, &two] {
        assert!(store.put_rules(written.clone()).await.unwrap());
    }
    assert!(!store.put_rules(rules(&world, tenant, 2, None)).await.unwrap(), "somebody was first");
    assert!(!store.put_rules(rules(&world, tenant, 4, None)).await.unwrap(), "it follows nothing");
    assert_eq!(store.rules(tenant, None).await.unwrap().as_ref(), Some(&two));
    assert_eq!(store.rules(tenant, Some(1)).await.unwrap().as_ref(), Some(&one));
    assert_eq!(store.rules(tenant, Some(3)).await.unwrap(), None);
    assert_eq!(store.rules_history(tenant).await.unwrap(), [two.stamp, one.stamp]);
    assert_eq!(store.ai_version(tenant).await.unwrap(), 2, "what changed nothing is no change");
    assert_eq!(store.rules(foreign, Some(1)).await.unwrap(), None);
    assert_eq!(store.rules_history(foreign).await.unwrap(), []);
    assert!(store.put_rules(rules(&world, foreign, 1, None)).await.unwrap());
    assert_eq!(store.rules(tenant, None).await.unwrap(), Some(two));
    for version in 3..=60 {
        assert!(store.put_rules(rules(&world, tenant, version, None)).await.unwrap());
    }
    let kept: Vec<u64> = store.rules_history(tenant).await.unwrap().iter().map(|stamp| stamp.version).collect();
    assert_eq!(kept, (11..=60).rev().collect::<Vec<_>>());
    assert_eq!(store.rules_history(foreign).await.unwrap().len(), 1);
}

pub(super) async fn of_two_texts_of_rules_at_once_one_stands(world: World) {
    for version in 1..=8 {
        let text = |words: &str| StoredRules { text: words.to_owned(), ..rules(&world, world.tenant, version, None) };
        let (one, two) = tokio::join!(world.node(0).put_rules(text("one")), world.node(1).put_rules(text("two")));
        assert_ne!(one.unwrap(), two.unwrap());
    }
    assert_eq!(world.store.ai_version(world.tenant).await.unwrap(), 8);
}
