//! What visitors say of conversations that have ended.

use super::World;
use crate::{Append, AppendError, Appended, Clock};
use macaw_domain::{
    AppendRefusal, Author, Content, Conversation, Draft, Log, MessageId, Owner, Rated, TenantId, rated,
    rating_client_id,
};

impl World {
    async fn rate(&self, c: &Conversation, node: usize, score: u8) -> Result<Appended, AppendError> {
        let draft = Draft {
            id: MessageId(self.clock.fresh()),
            client_id: Some(rating_client_id(c.epoch)),
            author: Author::System,
            content: Content::Event(rated(score, "很好 \"quoted\"").unwrap()),
            at: self.clock.now(),
        };
        let append = Append {
            tenant: c.tenant,
            conversation: c.id,
            log: Log::Public,
            draft,
            first: None,
            owner_epoch: Some(c.epoch),
            completes: None,
        };
        self.node(node).append(append).await
    }

    async fn closed(&self) -> Conversation {
        let begun = self.begun().await;
        let owned = self.store.commit(begun.accept(self.owner, self.clock.now()).unwrap()).await.unwrap();
        self.store.commit(owned.close(self.owner, false, self.clock.now()).unwrap()).await.unwrap()
    }
}

pub(super) async fn each_closing_is_rated_once(world: World) {
    let open = world.begun().await;
    let refused = world.rate(&open, 0, 5).await;
    assert!(matches!(refused, Err(AppendError::Refused(AppendRefusal::NotClosed))));
    let closed = world.closed().await;
    for n in 0..3 {
        let (one, two) = tokio::join!(world.rate(&closed, 0, 4), world.rate(&closed, 1, 4));
        let seqs = [one.unwrap().entry.seq, two.unwrap().entry.seq];
        assert_eq!(seqs, [closed.head + 1; 2], "try {n}: one entry however often it is sent");
    }
    assert!(matches!(world.rate(&closed, 0, 1).await, Err(AppendError::ClientIdConflict)));
    let now = world.header(closed.id).await;
    assert_eq!((now.status, now.head, &now.last), (closed.status, closed.head + 1, &closed.last));
    world.clock.advance(10);
    let opened = world.store.commit(now.reopen(world.owner, world.clock.now()).unwrap()).await.unwrap();
    let again = world.store.commit(opened.close(world.owner, false, world.clock.now()).unwrap()).await.unwrap();
    assert!(world.rate(&closed, 0, 4).await.unwrap().duplicate, "what was said of the first closing stands");
    world.rate(&again, 0, 2).await.unwrap();
    let row = |c: &Conversation, score: u8, at: i64| Rated {
        conversation: c.id,
        closing: c.epoch,
        site: world.site,
        visitor: c.visitor,
        owner: Owner::Agent(world.owner),
        score,
        comment: Some("很好 \"quoted\"".into()),
        at,
    };
    let now = world.clock.now();
    let all = world.store.ratings(world.tenant, 0, 10).await.unwrap();
    assert_eq!(all, [row(&again, 2, now), row(&closed, 4, now - 10)]);
    assert_eq!(world.store.ratings(world.tenant, now, 10).await.unwrap().len(), 1);
    assert_eq!(world.store.ratings(world.tenant, 0, 1).await.unwrap().len(), 1);
    let foreign = TenantId(world.fresh().0);
    assert_eq!(world.store.ratings(foreign, 0, 10).await.unwrap(), []);
}
