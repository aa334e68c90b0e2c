//! Who gets a waiting conversation.

use crate::{AccountId, Availability, Member, Millis};

/// An agent as assignment sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: AccountId,
    /// Open conversations it owns or is offered now.
    pub load: u32,
    /// How many at once.
    pub capacity: u32,
    /// When it last got one.
    pub last_assigned_at: Millis,
}

impl Candidate {
    /// The member as a candidate, if it is online and connected.
    pub fn from_member(member: &Member, connected: bool) -> Option<Self> {
        (connected && member.availability == Availability::Online).then_some(Self {
            agent: member.account,
            load: member.load,
            capacity: member.capacity,
            last_assigned_at: member.last_assigned_at,
        })
    }
}

/// Who was chosen, and why in a stable word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Who.
    pub agent: AccountId,
    /// `only_one`, `least_busy` or `longest_idle`.
    pub why: &'static str,
}

/// The least busy agent below its capacity that has not declined yet; among equals the one that
/// has waited longest for a conversation, then the smaller id, so that the choice is repeatable.
pub fn choose(candidates: &[Candidate], declined: &[AccountId]) -> Option<Choice> {
    let mut free: Vec<_> = candidates.iter().filter(|c| c.load < c.capacity && !declined.contains(&c.agent)).collect();
    free.sort_by_key(|c| (c.load, c.last_assigned_at, c.agent));
    let first = free.first()?;
    let why = match free.get(1) {
        None => "only_one",
        Some(next) if next.load > first.load => "least_busy",
        Some(_) => "longest_idle",
    };
    Some(Choice { agent: first.agent, why })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn candidate(n: u128, load: u32, capacity: u32, last: Millis) -> Candidate {
        Candidate { agent: AccountId(Uuid::from_u128(n)), load, capacity, last_assigned_at: last }
    }

    #[test]
    fn the_reason_is_told() {
        let (a, b) = (candidate(1, 0, 5, 9), candidate(2, 0, 5, 3));
        assert_eq!(choose(std::slice::from_ref(&a), &[]).map(|c| c.why), Some("only_one"));
        let choice = choose(&[a.clone(), b.clone()], &[]).expect("both are free");
        assert_eq!((choice.agent, choice.why), (b.agent, "longest_idle"));
        let busy = candidate(2, 3, 5, 3);
        assert_eq!(choose(&[a, busy], &[]).map(|c| c.why), Some("least_busy"));
    }

    proptest! {
        #[test]
        fn nobody_above_capacity_or_declined_is_chosen_and_nobody_free_is_forgotten(
            loads in prop::collection::vec((0u32..6, 0u32..6, 0i64..9, any::<bool>()), 0..8)
        ) {
            let all: Vec<_> = loads.iter().enumerate()
                .map(|(n, (load, capacity, last, _))| candidate(n as u128, *load, *capacity, *last)).collect();
            let declined: Vec<_> = loads.iter().zip(&all).filter(|(l, _)| l.3).map(|(_, c)| c.agent).collect();
            let free: Vec<_> = all.iter().filter(|c| c.load < c.capacity && !declined.contains(&c.agent)).collect();
            match choose(&all, &declined) {
                None => prop_assert!(free.is_empty()),
                Some(choice) => {
                    let chosen = free.iter().find(|c| c.agent == choice.agent);
                    prop_assert!(chosen.is_some());
                    prop_assert!(free.iter().all(|c| chosen.is_some_and(|chosen| chosen.load <= c.load)));
                }
            }
        }
    }
}
