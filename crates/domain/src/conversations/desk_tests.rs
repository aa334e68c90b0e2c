//! Tags, closings and blocks, one by one and in any order.

use super::*;
use crate::{AppendRefusal, Author, ConversationId, Log, Owner, SiteId, TenantId, VisitorId};
use proptest::prelude::*;
use uuid::Uuid;

const AT: Millis = 1_000;

fn talk() -> Conversation {
    let id = Uuid::from_u128(1);
    Conversation::begin(ConversationId(id), TenantId(id), SiteId(id), VisitorId(id), Owner::Queue, AT)
}

fn agent() -> AccountId {
    AccountId(Uuid::from_u128(7))
}

fn tags(n: u128) -> Vec<TagId> {
    (0..n).map(|n| TagId(Uuid::from_u128(n))).collect()
}

fn block(until: Option<Millis>) -> Block {
    Block { reason: "spam".into(), until, by: agent(), at: AT }
}

#[test]
fn what_is_said_at_the_end_is_told_to_agents_alone() {
    let closing = Closing { reason: Some(" 已解决 ".into()), summary: Some(" ".into()) }.checked().unwrap();
    assert_eq!(closing, Closing { reason: Some("已解决".into()), summary: None });
    let closed = talk().close_with(agent(), true, closing, AT).unwrap();
    assert_eq!(closed.effects.events, [Event::Closed]);
    let told = Event::SummedUp { agent: agent(), reason: Some("已解决".into()), summary: None };
    assert_eq!(closed.effects.notes, [told]);
    assert!(talk().close_with(agent(), true, Closing::default(), AT).unwrap().effects.notes.is_empty());
}

#[test]
fn long_words_at_the_end_are_refused() {
    let long = |n| Some("长".repeat(n));
    assert_eq!(Closing { reason: long(61), summary: None }.checked(), Err(ClosingError::Reason));
    assert_eq!(Closing { reason: None, summary: long(2_001) }.checked(), Err(ClosingError::Summary));
    assert!(Closing { reason: long(60), summary: long(2_000) }.checked().is_ok());
}

#[test]
fn a_tag_is_there_once_and_those_that_nobody_knows_go() {
    let all = tags(3);
    let one = talk().tagged(all[0], true, &all, AT).unwrap().conversation;
    assert_eq!(one.tagged(all[0], true, &all, AT).err(), Some(DecisionError::Already));
    let two = one.tagged(all[1], true, &all[1..], AT).unwrap().conversation;
    assert_eq!(two.tags, [all[1]], "the first was deleted meanwhile");
    let none = two.tagged(all[1], false, &all, AT).unwrap().conversation;
    assert!(none.tags.is_empty());
    assert_eq!(none.tagged(all[1], false, &all, AT).err(), Some(DecisionError::Already));
}

#[test]
fn a_blocked_visitor_cannot_write_until_it_ends_and_agents_can() {
    let begun = talk();
    let visitor = Author::Visitor(begun.visitor);
    let held = begun.accept(agent(), AT).unwrap().conversation;
    let blocked = held.blocked(block(Some(AT + 10))).conversation;
    assert_eq!(blocked.admits(&visitor, Log::Public, None, AT + 9), Err(AppendRefusal::Blocked));
    assert_eq!(blocked.admits(&visitor, Log::Public, None, AT + 10), Ok(()));
    assert_eq!(blocked.admits(&Author::Agent(agent()), Log::Public, None, AT), Ok(()));
    let forever = held.blocked(block(None)).conversation;
    assert_eq!(forever.admits(&visitor, Log::Public, None, Millis::MAX), Err(AppendRefusal::Blocked));
    let free = forever.unblocked(agent(), AT).unwrap().conversation;
    assert_eq!(free.admits(&visitor, Log::Public, None, AT), Ok(()));
    assert_eq!(free.unblocked(agent(), AT).err(), Some(DecisionError::Already));
}

#[test]
fn a_blocked_visitor_cannot_ask_for_a_person_either() {
    let mut asked = talk();
    asked.owner = Owner::Engine("knowledge".into());
    assert!(asked.hand_over(AT).is_ok());
    let blocked = asked.blocked(block(None)).conversation;
    assert_eq!(blocked.hand_over(AT).err(), Some(DecisionError::Blocked));
}

proptest! {
    /// Whatever is put on and taken off: no tag is there twice, and never more than there may be.
    #[test]
    fn tags_stay_few_and_different(steps in prop::collection::vec((0u128..14, any::<bool>()), 1..60)) {
        let all = tags(14);
        let mut now = talk();
        for (n, on) in steps {
            let tag = all[usize::try_from(n).unwrap()];
            match now.tagged(tag, on, &all, AT) {
                Ok(decision) => {
                    prop_assert_eq!(decision.conversation.tags.contains(&tag), on);
                    prop_assert!(decision.conversation.version > now.version);
                    now = decision.conversation;
                }
                Err(DecisionError::Already) => prop_assert_eq!(now.tags.contains(&tag), on),
                Err(refusal) => {
                    prop_assert_eq!(refusal, DecisionError::TooManyTags);
                    prop_assert_eq!(now.tags.len(), MOST_TAGS);
                }
            }
            let mut different = now.tags.clone();
            different.sort();
            different.dedup();
            prop_assert_eq!(different.len(), now.tags.len());
        }
    }
}
