//! A waiting conversation and the agents that it rings at.

use super::{Conversation, Decision, DecisionError, JobDraft, JobKind, Offer, Owner};
use crate::{AccountId, Event, Millis};

impl Conversation {
    /// An agent accepts a waiting conversation, the one it is offered or any that rings nowhere.
    pub fn accept(&self, agent: AccountId, at: Millis) -> Result<Decision, DecisionError> {
        self.open()?;
        if self.owner != Owner::Queue {
            return Err(DecisionError::NotWaiting);
        }
        let offered = match &self.offer {
            Some(offer) if offer.agent != agent => return Err(DecisionError::OfferedElsewhere),
            offer => offer.is_some(),
        };
        let why = "accepted".to_owned();
        let mut decision = self.decide(at, |next, effects| {
            effects.events.push(Event::Assigned { agent, why });
            next.hand_to(Owner::Agent(agent), at, effects);
        });
        // An offer already counts towards the agent's load.
        decision.claims = (!offered).then_some(agent);
        Ok(decision)
    }

    /// Lets a waiting conversation ring at `agent` until `until`.
    pub fn offer(&self, agent: AccountId, until: Millis, at: Millis) -> Result<Decision, DecisionError> {
        self.open()?;
        if self.owner != Owner::Queue || self.offer.is_some() {
            return Err(DecisionError::NotWaiting);
        }
        let mut decision = self.decide(at, |next, effects| {
            next.offer = Some(Offer { agent, until });
            effects.jobs.push(JobDraft { kind: JobKind::OfferExpiry, due_at: until });
        });
        decision.claims = Some(agent);
        Ok(decision)
    }

    /// Passes an offer on that rang out. Once every agent let it ring, all may be asked again.
    pub fn pass_on(&self, at: Millis, nobody_left: bool) -> Result<Decision, DecisionError> {
        let Some(offer) = self.offer.clone().filter(|offer| offer.until <= at) else {
            return Err(DecisionError::NotWaiting);
        };
        Ok(self.decide(at, |next, effects| {
            next.offer = None;
            effects.cancels.push(JobKind::OfferExpiry);
            if nobody_left {
                next.declined.clear();
            }
            next.declined.push(offer.agent);
        }))
    }

    /// Lets everybody be asked again, when all that are there have let it ring.
    pub fn ask_everybody_again(&self, at: Millis) -> Option<Decision> {
        (self.owner == Owner::Queue && self.offer.is_none() && !self.declined.is_empty())
            .then(|| self.decide(at, |next, _| next.declined.clear()))
    }
}
