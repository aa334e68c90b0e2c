//! Taking a message back.

use crate::{Actor, Messages, Recall, RecallError};
use macaw_domain::ConversationId;

impl Messages {
    /// Takes a message of the actor back, within two minutes: what it said is removed from every read, and an event
    /// tells everybody. Once more is no error.
    pub async fn recall(&self, actor: &Actor, conversation: ConversationId, seq: u64) -> Result<(), RecallError> {
        if !actor.may_see(conversation) {
            return Err(RecallError::NotFound);
        }
        let recall = Recall { tenant: actor.tenant(), conversation, seq, by: actor.author(), at: self.clock.now() };
        self.store.recall(recall).await
    }
}
