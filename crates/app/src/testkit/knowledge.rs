//! The knowledge of tenants.

use super::World;
use crate::{Clock, StoreError};
use macaw_domain::{KnowledgeDraft, KnowledgeEntry, KnowledgeId, TenantId};

fn entry(world: &World, question: &str, answer: &str) -> KnowledgeEntry {
    KnowledgeEntry {
        id: KnowledgeId(world.clock.fresh()),
        tenant: world.tenant,
        draft: KnowledgeDraft {
            question: question.into(),
            alternatives: vec!["a \"quoted\" one".into(), "退钱".into()],
            answer: answer.into(),
            enabled: true,
        },
        updated_at: world.clock.now(),
    }
}

pub(super) async fn entries_are_written_whole_and_found_by_their_words(world: World) {
    assert_eq!(world.store.knowledge_version(world.tenant).await.unwrap(), 0);
    let (one, two) = (entry(&world, "怎么退货", "七天内 🦜"), entry(&world, "How to pay?", "By card"));
    world.store.put_knowledge(world.tenant, vec![one.clone()]).await.unwrap();
    world.clock.advance(10);
    let two = KnowledgeEntry { updated_at: world.clock.now(), ..two };
    world.store.put_knowledge(world.tenant, vec![two.clone()]).await.unwrap();
    assert_eq!(world.store.knowledge(world.tenant).await.unwrap(), [one.clone(), two.clone()]);
    let version = world.store.knowledge_version(world.tenant).await.unwrap();
    for (text, expected) in [
        ("", vec![two.clone(), one.clone()]),
        ("退货", vec![one.clone()]),
        ("PAY", vec![two.clone()]),
        ("退钱", vec![two.clone(), one.clone()]),
        ("100%_", vec![]),
    ] {
        let (found, total) = world.store.knowledge_page(world.tenant, text, 10, 0).await.unwrap();
        assert_eq!((found.len() as u64, found), (total, expected), "{text}");
    }
    let (found, total) = world.store.knowledge_page(world.tenant, "", 1, 1).await.unwrap();
    assert_eq!((found, total), (vec![one.clone()], 2));
    assert_eq!(world.store.knowledge_entry(world.tenant, two.id).await.unwrap(), Some(two.clone()));
    assert_eq!(world.store.knowledge_entry(TenantId(world.clock.fresh()), two.id).await.unwrap(), None);
    // A change and a removal raise the version.
    let mut changed = one.clone();
    changed.draft.enabled = false;
    world.store.put_knowledge(world.tenant, vec![changed.clone()]).await.unwrap();
    assert!(world.store.delete_knowledge(world.tenant, two.id).await.unwrap());
    assert!(!world.store.delete_knowledge(world.tenant, two.id).await.unwrap());
    assert_eq!(world.store.knowledge_entry(world.tenant, two.id).await.unwrap(), None);
    assert_eq!(world.store.knowledge(world.tenant).await.unwrap(), [changed]);
    assert!(world.store.knowledge_version(world.tenant).await.unwrap() >= version + 2);
}

pub(super) async fn a_question_has_one_entry_and_a_tenant_only_its_own(world: World) {
    let one = entry(&world, "怎么退货", "七天内");
    world.store.put_knowledge(world.tenant, vec![one.clone()]).await.unwrap();
    let twin = entry(&world, "怎么退货", "八天内");
    let other = entry(&world, "other", "x");
    let refused = world.store.put_knowledge(world.tenant, vec![other, twin]).await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    assert_eq!(world.store.knowledge(world.tenant).await.unwrap(), std::slice::from_ref(&one), "all or none");
    let foreign = TenantId(world.clock.fresh());
    let mut stolen = one.clone();
    stolen.draft.answer = "changed by a stranger".into();
    world.store.put_knowledge(foreign, vec![stolen]).await.unwrap();
    assert!(!world.store.delete_knowledge(foreign, one.id).await.unwrap());
    assert!(world.store.knowledge(foreign).await.unwrap().is_empty());
    assert_eq!(world.store.knowledge(world.tenant).await.unwrap(), [one]);
}
