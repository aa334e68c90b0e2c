//! Quotes and what was taken back.

use super::World;
use crate::{Append, AppendError, Clock, PageRange, Recall, RecallError};
use macaw_domain::{
    AppendRefusal, Author, Content, ConversationId, Draft, Entry, Event, LastKind, Log, RECALL_MS, RecallRefusal,
    TenantId, VisitorId,
};

impl World {
    fn takes_back(&self, conversation: ConversationId, seq: u64) -> Recall {
        let by = Author::Visitor(VisitorId(conversation.0));
        Recall { tenant: self.tenant, conversation, seq, by, at: self.clock.now() }
    }

    async fn public(&self, id: ConversationId) -> Vec<Entry> {
        self.store.page(self.tenant, id, Log::Public, PageRange::After(0), 100).await.unwrap().entries
    }
}

pub(super) async fn what_was_taken_back_is_gone_and_its_place_stays(world: World) {
    let id = world.begin_conversation().await;
    world.say(id, "secret", "my password is hunter2").await.unwrap();
    assert_eq!(world.header(id).await.last.unwrap().text, "my password is hunter2");
    for n in 0..3 {
        let (one, two) =
            tokio::join!(world.node(0).recall(world.takes_back(id, 2)), world.node(1).recall(world.takes_back(id, 2)));
        one.unwrap();
        two.unwrap();
        assert_eq!(world.header(id).await.head, 3, "try {n}: one event however often it is said");
    }
    let entries = world.public(id).await;
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(entries[1].draft.content, Content::Recalled);
    assert_eq!(entries[1].draft.client_id.as_ref().map(|id| id.as_str()), Some("secret"));
    assert_eq!(entries[2].draft.content, Content::Event(Event::Recalled { seq: 2 }));
    let last = world.header(id).await.last.unwrap();
    assert_eq!((last.kind, last.text.as_str()), (LastKind::Recalled, ""));
    let seen = world.consume("reader").await;
    assert!(seen.iter().all(|logged| !format!("{:?}", logged.entry).contains("hunter2")), "{seen:?}");
    // The ack was lost: the client says it again, and hears of the same message.
    let again = world.say(id, "secret", "my password is hunter2").await.unwrap();
    assert_eq!((again.entry.seq, again.duplicate), (2, true));
    assert_eq!(world.public(id).await.len(), 3);
}

pub(super) async fn only_the_author_takes_back_and_only_for_two_minutes(world: World) {
    let id = world.begin_conversation().await;
    let mine = world.takes_back(id, 1);
    let other = Recall { by: Author::Agent(world.owner), ..mine.clone() };
    let refused = world.store.recall(other).await;
    assert!(matches!(refused, Err(RecallError::Refused(RecallRefusal::NotYours))));
    let foreign = Recall { tenant: TenantId(world.fresh().0), ..mine.clone() };
    assert!(matches!(world.store.recall(foreign).await, Err(RecallError::NotFound)));
    for seq in [0, 2, u64::MAX / 2] {
        let nothing = Recall { seq, ..mine.clone() };
        assert!(matches!(world.store.recall(nothing).await, Err(RecallError::NotFound)), "{seq}");
    }
    let late = Recall { at: mine.at + RECALL_MS + 1, ..mine.clone() };
    assert!(matches!(world.store.recall(late).await, Err(RecallError::Refused(RecallRefusal::TooLate))));
    assert_eq!(world.public(id).await.len(), 1, "a refusal leaves nothing");
    world.store.recall(Recall { at: mine.at + RECALL_MS, ..mine }).await.unwrap();
}

pub(super) async fn a_quote_names_what_is_there(world: World) {
    let id = world.begin_conversation().await;
    let quoting = |client_id: &str, quotes: u64| {
        let asks = world.asks(id, client_id, "");
        let content = Content::Quoting { text: "this \"one\"".into(), quotes };
        Append { draft: Draft { content, ..asks.draft.clone() }, ..asks }
    };
    for bad in [0, 2, 9] {
        let refused = world.store.append(quoting("bad", bad)).await;
        assert!(matches!(refused, Err(AppendError::Refused(AppendRefusal::NoSuchQuote))), "{bad}");
    }
    let said = world.store.append(quoting("good", 1)).await.unwrap();
    assert!(world.store.append(quoting("good", 1)).await.unwrap().duplicate);
    assert!(matches!(world.store.append(quoting("good", 2)).await, Err(AppendError::ClientIdConflict)));
    assert_eq!(world.public(id).await[1], said.entry);
    assert_eq!(world.header(id).await.last.unwrap().text, "this \"one\"");
}
