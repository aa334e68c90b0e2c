//! Agents that leave: a closed tab, a membership that ended.

use super::{Conversation, Decision, Event, JobKind, Owner, Status};
use crate::{AccountId, Millis};

impl Conversation {
    /// Takes an offer back from an agent that cannot hear it ring. It did not let it ring, so it may be asked again.
    pub fn withdraw(&self, at: Millis) -> Option<Decision> {
        self.offer.as_ref()?;
        Some(self.decide(at, |next, effects| {
            next.offer = None;
            effects.cancels.push(JobKind::OfferExpiry);
        }))
    }

    /// Takes the conversation away from somebody who is no member any more; it waits for another agent.
    /// `None` when it is neither that agent's nor offered to it.
    pub fn released(&self, agent: AccountId, at: Millis) -> Option<Decision> {
        if self.owner == Owner::Agent(agent) && self.status == Status::Open {
            return Some(self.decide(at, |next, effects| {
                next.waiting_since.get_or_insert(at);
                effects.events.push(Event::Transferred { to: None });
                next.hand_to(Owner::Queue, at, effects);
            }));
        }
        self.offer.as_ref().filter(|offer| offer.agent == agent)?;
        self.withdraw(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConversationId, SiteId, TenantId, VisitorId};
    use uuid::Uuid;

    fn waiting() -> Conversation {
        let id = Uuid::from_u128(1);
        let (tenant, site, visitor) = (TenantId(id), SiteId(id), VisitorId(id));
        Conversation::begin(ConversationId(id), tenant, site, visitor, Owner::Queue, 10)
    }

    #[test]
    fn what_a_former_member_owned_or_was_offered_waits_again() {
        let agent = AccountId(Uuid::from_u128(7));
        let (waiting, other) = (waiting(), AccountId(Uuid::from_u128(8)));
        assert!(waiting.released(agent, 20).is_none());
        let ringing = waiting.offer(agent, 99, 20).expect("it waits").conversation;
        assert!(ringing.released(other, 21).is_none());
        let again = ringing.released(agent, 21).expect("it rings there");
        assert_eq!((again.conversation.offer, again.conversation.queued_at), (None, Some(10)), "its place is kept");
        assert_eq!(again.effects.cancels, [JobKind::OfferExpiry]);
        let owned = waiting.accept(agent, 20).expect("it waits").conversation;
        let queued = owned.released(agent, 30).expect("it is its own");
        assert_eq!((queued.conversation.owner, queued.conversation.queued_at), (Owner::Queue, Some(30)));
        assert_eq!(queued.effects.events, [Event::Transferred { to: None }]);
        assert!(queued.conversation.epoch > owned.epoch);
        let closed = owned.close(agent, false, 40).expect("it is open").conversation;
        assert!(closed.released(agent, 50).is_none(), "what is closed stays closed");
    }

    #[test]
    fn an_offer_that_is_taken_back_was_not_declined() {
        let agent = AccountId(Uuid::from_u128(7));
        assert!(waiting().withdraw(5).is_none());
        let back = waiting().offer(agent, 99, 20).expect("it waits").conversation.withdraw(30).expect("it rings");
        assert!(back.conversation.declined.is_empty() && back.conversation.offer.is_none());
    }
}
