//! The rules of ownership, one by one and under random histories.

use super::*;
use proptest::prelude::*;
use uuid::Uuid;

const AT: Millis = 1_000;

fn agent(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

fn visitor() -> Author {
    Author::Visitor(VisitorId(Uuid::from_u128(4)))
}

fn begun(owner: Owner) -> Conversation {
    let id = Uuid::from_u128(1);
    Conversation::begin(ConversationId(id), TenantId(id), SiteId(id), VisitorId(Uuid::from_u128(4)), owner, AT)
}

fn said(text: &str) -> Content {
    Content::Text(text.to_owned())
}

fn engine() -> Owner {
    Owner::Engine("knowledge".into())
}

#[test]
fn a_list_shows_a_file_by_its_name_and_kind() {
    let mut talk = begun(Owner::Queue);
    let id = crate::FileId(Uuid::from_u128(9));
    for (pixels, kind) in [(Some((4, 3)), LastKind::Image), (None, LastKind::File)] {
        let file = crate::File { id, name: "发票.pdf".into(), size: 1, kind: "application/pdf".into(), pixels };
        talk.appended(Log::Public, &visitor(), &Content::File(file), None, AT);
        let last = talk.last.clone().expect("it was written");
        assert_eq!((last.kind, last.text.as_str()), (kind, "发票.pdf"));
    }
}

#[test]
fn a_visitors_question_starts_a_turn_only_while_an_engine_owns() {
    let mut asked = begun(engine());
    let effects = asked.appended(Log::Public, &visitor(), &said("hi"), None, AT);
    assert_eq!(effects.jobs, [JobDraft { kind: JobKind::Turn, due_at: AT }]);
    let mut queued = begun(Owner::Queue);
    assert_eq!(queued.appended(Log::Public, &visitor(), &said("hi"), None, AT), Effects::default());
    assert_eq!(queued.waiting_since, Some(AT));
}

#[test]
fn a_visitor_who_writes_to_a_closed_conversation_reopens_it_at_the_first_owner() {
    let closed = begun(engine()).close(agent(7), true, AT).expect("open").conversation;
    let mut next = closed.clone();
    let effects = next.appended(Log::Public, &visitor(), &said("again"), Some(&engine()), AT + 1);
    assert_eq!(effects.events, [Event::Reopened]);
    assert_eq!(effects.jobs.len(), 1);
    assert_eq!((next.status, &next.owner), (Status::Open, &engine()));
    assert!(next.epoch > closed.epoch && next.version > closed.version);
}

#[test]
fn taking_over_ends_the_engines_turn_and_its_right_to_write() {
    let before = begun(engine());
    let decision = before.take_over(agent(7), false, AT).expect("an engine owns it");
    assert_eq!(decision.effects.cancels, [JobKind::Turn]);
    assert!(decision.conversation.epoch > before.epoch);
    assert_eq!(decision.claims, Some(agent(7)));
}

#[test]
fn only_the_agent_it_rings_at_may_accept() {
    let ringing = begun(Owner::Queue).offer(agent(7), AT + 30, AT).expect("waits").conversation;
    assert_eq!(ringing.accept(agent(8), AT).err(), Some(DecisionError::OfferedElsewhere));
    let accepted = ringing.accept(agent(7), AT).expect("rings here");
    assert_eq!(accepted.claims, None, "an offer counts already");
    assert_eq!(accepted.effects.cancels, [JobKind::OfferExpiry]);
    assert!(accepted.conversation.may_reply(agent(7)));
    assert_eq!(accepted.conversation.accept(agent(7), AT).err(), Some(DecisionError::NotWaiting));
}

#[test]
fn an_offer_that_rang_out_passes_on_and_not_before() {
    let ringing = begun(Owner::Queue).offer(agent(7), AT + 30, AT).expect("waits").conversation;
    assert_eq!(ringing.pass_on(AT + 29, false).err(), Some(DecisionError::NotWaiting));
    let passed = ringing.pass_on(AT + 30, false).expect("rang out").conversation;
    assert_eq!((passed.offer, passed.declined), (None, vec![agent(7)]));
}

#[test]
fn a_colleagues_conversation_is_left_alone_except_by_managers() {
    let held = begun(Owner::Queue).accept(agent(7), AT).expect("waits").conversation;
    for refused in [
        held.take_over(agent(8), false, AT).err(),
        held.close(agent(8), false, AT).err(),
        held.transfer(agent(8), false, None, AT).err(),
        held.give_back(agent(8), false, Some("knowledge"), AT).err(),
    ] {
        assert_eq!(refused, Some(DecisionError::NotYours));
    }
    assert!(held.take_over(agent(8), true, AT).is_ok());
}

#[test]
fn reading_only_moves_in_the_header_with_the_writer() {
    let mut talk = begun(Owner::Queue);
    talk.next_seq(Log::Public);
    talk.appended(Log::Public, &visitor(), &said("hi"), None, AT);
    assert_eq!((talk.read_visitor, talk.read_agent), (1, 0));
    talk.next_seq(Log::Internal);
    assert_eq!(talk.appended(Log::Internal, &Author::Agent(agent(7)), &said("psst"), None, AT), Effects::default());
    assert_eq!((talk.head, talk.notes_head, talk.read_agent), (1, 1, 0));
}

proptest! {
    /// Whatever happens in whatever order: the version rises with each change, the epoch with each
    /// change of owner, an offer exists only in the queue, and a closed conversation waits for nobody.
    #[test]
    fn random_histories_keep_the_header_consistent(steps in prop::collection::vec((0u8..10, 1u128..4), 1..40)) {
        let mut now = begun(engine());
        for (n, (step, who)) in steps.into_iter().enumerate() {
            let at = AT + n as Millis * 10;
            let actor = agent(who);
            let decision = match step {
                0 => now.accept(actor, at),
                1 => now.offer(actor, at + 15, at),
                2 => now.pass_on(at, false),
                3 => now.take_over(actor, who == 3, at),
                4 => now.give_back(actor, who == 3, Some("knowledge"), at),
                5 => now.transfer(actor, who == 3, (who != 2).then_some(agent(2)), at),
                6 => now.hand_over(at),
                7 => now.close(actor, who == 3, at),
                8 => now.reopen(actor, at),
                _ => {
                    let before = now.clone();
                    now.next_seq(Log::Public);
                    now.appended(Log::Public, &visitor(), &said("x"), Some(&engine()), at);
                    prop_assert!(now.epoch >= before.epoch && now.version >= before.version);
                    continue;
                }
            };
            let Ok(decision) = decision else { continue };
            prop_assert_eq!(decision.expected_version, now.version);
            let next = decision.conversation;
            prop_assert!(next.version > now.version);
            prop_assert!(next.owner == now.owner || next.epoch > now.epoch);
            prop_assert!(next.offer.is_none() || next.owner == Owner::Queue);
            prop_assert_eq!(next.queued_at.is_some(), next.owner == Owner::Queue && next.status == Status::Open);
            prop_assert!(next.status == Status::Open || next.waiting_since.is_none());
            now = next;
        }
    }
}

#[test]
fn only_the_closing_that_was_seen_can_be_rated() {
    let rated = Content::Event(Event::Rated { score: 4, comment: None });
    let talk = begun(Owner::Queue);
    assert_eq!(talk.admits_content(&rated, Some(talk.epoch)), Err(AppendRefusal::NotClosed));
    let closed = talk.close(agent(7), true, AT).expect("open").conversation;
    assert_eq!(closed.admits_content(&rated, Some(closed.epoch)), Ok(()));
    for other in [None, Some(talk.epoch)] {
        assert_eq!(closed.admits_content(&rated, other), Err(AppendRefusal::NotClosed));
    }
    let again = closed.reopen(agent(7), AT).expect("closed").conversation.close(agent(7), true, AT).expect("open");
    let again = again.conversation;
    assert_eq!(again.admits_content(&rated, Some(closed.epoch)), Err(AppendRefusal::NotClosed));
    assert_eq!(again.admits_content(&rated, Some(again.epoch)), Ok(()));
    assert_eq!(talk.admits_content(&said("hi"), None), Ok(()));
}

#[test]
fn only_what_is_there_can_be_quoted() {
    let mut talk = begun(Owner::Queue);
    let quoting = |quotes| Content::Quoting { text: "that one".into(), quotes };
    assert_eq!(talk.admits_content(&quoting(1), None), Err(AppendRefusal::NoSuchQuote));
    talk.next_seq(Log::Public);
    assert_eq!(talk.admits_content(&quoting(1), None), Ok(()));
    for bad in [0, 2, u64::MAX] {
        assert_eq!(talk.admits_content(&quoting(bad), None), Err(AppendRefusal::NoSuchQuote));
    }
}

#[test]
fn a_list_forgets_what_was_taken_back_and_nothing_else() {
    let mut talk = begun(Owner::Queue);
    let entry = |content: &Content, at| {
        let id = Uuid::from_u128(1);
        let draft =
            crate::Draft { id: crate::MessageId(id), client_id: None, author: visitor(), content: content.clone(), at };
        crate::Entry { tenant: TenantId(id), conversation: ConversationId(id), log: Log::Public, seq: 1, draft }
    };
    let (first, second) = (said(&"长".repeat(500)), said("another"));
    talk.appended(Log::Public, &visitor(), &first, None, AT);
    let shown = talk.last.clone();
    talk.forgets(&entry(&second, AT));
    talk.forgets(&entry(&first, AT + 1));
    assert_eq!(talk.last, shown);
    talk.forgets(&entry(&first, AT));
    let last = talk.last.expect("there was one");
    assert_eq!((last.kind, last.text.as_str()), (LastKind::Recalled, ""));
}
