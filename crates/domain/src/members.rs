//! Who may change whom among the members of a tenant.

use crate::Role;

/// How many conversations at once a member may be given.
pub const CAPACITY: std::ops::RangeInclusive<u32> = 1..=100;

/// What is to change of a member; `None` leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// What it may do.
    pub role: Option<Role>,
    /// How many conversations at once.
    pub capacity: Option<u32>,
    /// An IANA name, checked already; an empty one leaves the member with the tenant's zone.
    pub time_zone: Option<String>,
}

/// Somebody who acts on a member, as both stand in the same tenant now.
#[derive(Debug, Clone, Copy)]
pub struct Touch {
    /// The role of who acts.
    pub actor: Role,
    /// Whether it acts on itself.
    pub itself: bool,
    /// The role of the other.
    pub target: Role,
    /// Owners that the tenant has.
    pub owners: u32,
}

/// Why a member stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemberRefusal {
    /// An agent changes nobody, a manager only agents.
    #[error("an owner may do that; a manager only with agents")]
    NotAllowed,
    /// Nobody gives a role above their own.
    #[error("nobody can give a role above their own")]
    AboveYours,
    /// Without an owner nobody could repair anything.
    #[error("this is the tenant's last owner; make somebody else an owner first")]
    LastOwner,
    /// See [`CAPACITY`].
    #[error("capacity: 1 to 100 conversations at once")]
    Capacity,
}

impl Touch {
    /// Whether the change may be made. Everybody sets their own time zone, managers their own capacity.
    pub fn change(self, change: &MemberChange) -> Result<(), MemberRefusal> {
        if change.capacity.is_some_and(|capacity| !CAPACITY.contains(&capacity)) {
            return Err(MemberRefusal::Capacity);
        }
        let own_affair = self.itself && (change.capacity.is_none() || self.actor >= Role::Manager);
        let Some(role) = change.role.filter(|role| *role != self.target) else {
            return if own_affair || self.outranks() { Ok(()) } else { Err(MemberRefusal::NotAllowed) };
        };
        if !self.outranks() {
            return Err(MemberRefusal::NotAllowed);
        }
        if role > self.actor {
            return Err(MemberRefusal::AboveYours);
        }
        self.keeps_an_owner()
    }

    /// Whether the membership may end.
    pub fn remove(self) -> Result<(), MemberRefusal> {
        if !self.outranks() {
            return Err(MemberRefusal::NotAllowed);
        }
        self.keeps_an_owner()
    }

    /// Whether a link may be made that sets the other's password.
    pub fn reset(self) -> Result<(), MemberRefusal> {
        if self.outranks() { Ok(()) } else { Err(MemberRefusal::NotAllowed) }
    }

    fn outranks(self) -> bool {
        match self.actor {
            Role::Owner => true,
            Role::Manager => self.target == Role::Agent,
            Role::Agent => false,
        }
    }

    fn keeps_an_owner(self) -> Result<(), MemberRefusal> {
        if self.target == Role::Owner && self.owners <= 1 { Err(MemberRefusal::LastOwner) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 3] = [Role::Agent, Role::Manager, Role::Owner];

    fn touch(actor: Role, target: Role) -> Touch {
        Touch { actor, itself: false, target, owners: 2 }
    }

    #[test]
    fn only_owners_touch_managers_and_owners_and_agents_touch_nobody() {
        for actor in ROLES {
            for target in ROLES {
                let may = actor == Role::Owner || (actor == Role::Manager && target == Role::Agent);
                let touch = touch(actor, target);
                assert_eq!(touch.remove().is_ok(), may, "{actor:?} removes {target:?}");
                assert_eq!(touch.reset().is_ok(), may, "{actor:?} resets {target:?}");
                let capacity = MemberChange { capacity: Some(3), ..MemberChange::default() };
                assert_eq!(touch.change(&capacity).is_ok(), may, "{actor:?} changes {target:?}");
            }
        }
    }

    #[test]
    fn nobody_gives_a_role_above_their_own() {
        let to = |role| MemberChange { role: Some(role), ..MemberChange::default() };
        let manager = touch(Role::Manager, Role::Agent);
        assert_eq!(manager.change(&to(Role::Owner)), Err(MemberRefusal::AboveYours));
        assert_eq!(manager.change(&to(Role::Manager)), Ok(()));
        let itself = Touch { itself: true, ..touch(Role::Agent, Role::Agent) };
        assert_eq!(itself.change(&to(Role::Owner)), Err(MemberRefusal::NotAllowed));
    }

    #[test]
    fn the_last_owner_stays_one() {
        let last = Touch { actor: Role::Owner, itself: true, target: Role::Owner, owners: 1 };
        let demoted = MemberChange { role: Some(Role::Agent), ..MemberChange::default() };
        assert_eq!(last.change(&demoted), Err(MemberRefusal::LastOwner));
        assert_eq!(last.remove(), Err(MemberRefusal::LastOwner));
        let same = MemberChange { role: Some(Role::Owner), capacity: Some(9), ..MemberChange::default() };
        assert_eq!(last.change(&same), Ok(()), "the same role is no change");
        assert_eq!(Touch { owners: 2, ..last }.remove(), Ok(()));
    }

    #[test]
    fn the_own_time_zone_is_everybodys_own_affair_and_capacity_has_bounds() {
        let zone = MemberChange { time_zone: Some("Asia/Shanghai".into()), ..MemberChange::default() };
        let itself = Touch { itself: true, ..touch(Role::Agent, Role::Agent) };
        assert_eq!(itself.change(&zone), Ok(()));
        assert_eq!(touch(Role::Agent, Role::Agent).change(&zone), Err(MemberRefusal::NotAllowed));
        for (capacity, expected) in
            [(0, Err(MemberRefusal::Capacity)), (1, Ok(())), (101, Err(MemberRefusal::Capacity))]
        {
            let change = MemberChange { capacity: Some(capacity), ..MemberChange::default() };
            assert_eq!(touch(Role::Owner, Role::Owner).change(&change), expected);
        }
        let more = MemberChange { capacity: Some(50), ..MemberChange::default() };
        assert_eq!(itself.change(&more), Err(MemberRefusal::NotAllowed), "an agent's capacity is the manager's");
    }
}
