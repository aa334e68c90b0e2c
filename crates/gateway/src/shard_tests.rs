//! Whole conversations without a network.

use super::*;
use macaw_app::Visitor;
use macaw_domain::{AccountId, SiteId, VisitorId};
use uuid::Uuid;

const TENANT: TenantId = TenantId(Uuid::from_u128(1));
const TALK: ConversationId = ConversationId(Uuid::from_u128(2));

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// 20 of everything in 10 s.
fn limits() -> Limits {
    let rate = |_| Ok::<_, std::convert::Infallible>(macaw_app::Rate { burst: 20, window_ms: 10_000 });
    let Ok(rates) = macaw_app::LimitRates::from_names(rate);
    Limits::new(rates)
}

fn visitor() -> Actor {
    Actor::Visitor(Visitor {
        tenant: TENANT,
        site: SiteId(Uuid::from_u128(3)),
        visitor: VisitorId(Uuid::from_u128(4)),
        conversation: TALK,
    })
}

fn agent(tenant: TenantId) -> Actor {
    let account = AccountId(Uuid::from_u128(5));
    Actor::Agent(macaw_app::Agent { tenant, account, role: macaw_domain::Role::Agent })
}

fn watch(shard: &mut Shard, slot: u32) {
    let call =
        shard.frame(slot, &format!("{{\"op\":\"watch\",\"conversation\":\"{TALK}\",\"after\":0}}"), 0, &limits());
    assert!(matches!(call, Some(Call::Watch { .. })), "{call:?}");
}

fn told(log: Log, seq: u64) -> Told {
    Told { log, seq, frame: format!("{log:?} {seq}").into() }
}

fn replay(head: u64) -> Replay {
    let entries = (1..=head).map(|seq| told(Log::Public, seq)).collect();
    Replay { conversation: TALK, entries, watched: "watched".into(), head, notes_head: 0 }
}

/// All that is written in the next turn, by slot.
fn turns(shard: &mut Shard) -> Vec<crate::telling::Turn> {
    let mut turns = Vec::new();
    shard.turns(usize::MAX, usize::MAX, &mut turns);
    turns
}

fn texts(shard: &mut Shard, slot: u32) -> Vec<String> {
    let turn = turns(shard).into_iter().find(|turn| turn.slot == slot);
    let frames = turn.map(|turn| turn.frames).unwrap_or_default();
    frames.iter().filter(|frame| **frame != Frame::ping()).map(|frame| frame.payload().to_owned()).collect()
}

fn enter(shard: &mut Shard, actor: Actor, head: u64) -> u32 {
    let (slot, generation) = shard.open(actor, HERE, 0);
    shard.admit(slot, generation, "welcome".into());
    watch(shard, slot);
    shard.replayed(slot, generation, replay(head));
    texts(shard, slot);
    slot
}

#[test]
fn the_welcome_is_the_first_thing_that_anybody_hears() {
    let mut shard = Shard::default();
    let (slot, generation) = shard.open(agent(TENANT), HERE, 0);
    shard.inbox(TENANT, &"before it was known whether it may be here".into());
    assert!(turns(&mut shard).is_empty());
    shard.admit(slot, generation, "welcome".into());
    shard.inbox(TENANT, &"row".into());
    assert_eq!(texts(&mut shard, slot), ["welcome", "row"]);
    shard.close(slot);
    shard.admit(slot, generation, "too late".into());
    assert!(shard.inboxes.is_empty() && turns(&mut shard).is_empty());
}

#[test]
fn entries_that_come_during_a_replay_follow_it_once() {
    let mut shard = Shard::default();
    let (slot, generation) = shard.open(visitor(), HERE, 0);
    watch(&mut shard, slot);
    // 2 is in the replay too, 3 is not: the reads of a snapshot and of the live events overlap.
    shard.entry(TENANT, TALK, &told(Log::Public, 2));
    shard.entry(TENANT, TALK, &told(Log::Public, 3));
    shard.replayed(slot, generation, replay(2));
    shard.entry(TENANT, TALK, &told(Log::Public, 4));
    assert_eq!(texts(&mut shard, slot), ["Public 1", "Public 2", "watched", "Public 3", "Public 4"]);
}

#[test]
fn visitors_never_get_notes_and_foreign_tenants_get_nothing() {
    let mut shard = Shard::default();
    let other = TenantId(Uuid::from_u128(9));
    let slots = [visitor(), agent(TENANT), agent(other)].map(|actor| enter(&mut shard, actor, 0));
    shard.entry(TENANT, TALK, &told(Log::Public, 1));
    shard.entry(TENANT, TALK, &told(Log::Internal, 1));
    shard.inbox(TENANT, &"row".into());
    let mut heard: Vec<_> = turns(&mut shard)
        .into_iter()
        .map(|turn| {
            (turn.slot, turn.frames.iter().map(|frame| frame.payload().to_owned()).collect::<Vec<_>>().join(","))
        })
        .collect();
    heard.sort_unstable();
    assert_eq!(heard, [(slots[0], "Public 1".to_owned()), (slots[1], "Public 1,Internal 1,row".to_owned())]);
}

#[test]
fn a_visitor_sees_only_its_own_conversation() {
    let mut shard = Shard::default();
    let (slot, _) = shard.open(visitor(), HERE, 0);
    let foreign = ConversationId(Uuid::from_u128(77));
    for frame in [
        format!("{{\"op\":\"watch\",\"conversation\":\"{foreign}\",\"after\":0}}"),
        format!("{{\"op\":\"send\",\"conversation\":\"{foreign}\",\"client_id\":\"a\",\"text\":\"b\"}}"),
        format!("{{\"op\":\"typing\",\"conversation\":\"{foreign}\"}}"),
        "{\"op\":\"watch\",\"conversation\":\"../..\",\"after\":0}".to_owned(),
        format!("{{\"op\":\"note\",\"conversation\":\"{TALK}\",\"client_id\":\"a\",\"text\":\"b\"}}"),
    ] {
        assert!(shard.frame(slot, &frame, 0, &limits()).is_none(), "{frame}");
        let answers = texts(&mut shard, slot);
        assert!(answers.len() == 1 && answers[0].contains("\"t\":\"error\""), "{answers:?}");
    }
}

/// Once typing reached only the watchers of the typist's own shard: half of the previews were lost.
#[test]
fn typing_reaches_the_other_side_in_every_shard() {
    let (mut here, mut there) = (Shard::default(), Shard::default());
    let asks = enter(&mut here, visitor(), 0);
    let (other_tab, answers) = (enter(&mut there, visitor(), 0), enter(&mut there, agent(TENANT), 0));
    let typing = format!("{{\"op\":\"typing\",\"conversation\":\"{TALK}\",\"text\":\"hel\"}}");
    let Some(Call::Typing { conversation, frame }) = here.frame(asks, &typing, 0, &limits()) else {
        panic!("typing is told")
    };
    [&mut here, &mut there].into_iter().for_each(|shard| shard.typing(visitor(), conversation, &frame));
    assert!(turns(&mut here).is_empty());
    let heard = turns(&mut there);
    assert_eq!(heard.iter().map(|turn| turn.slot).collect::<Vec<_>>(), [answers], "not {other_tab}");
    assert!(heard[0].frames[0].payload().contains("\"text\":\"hel\""));
}

#[test]
fn a_message_is_a_text_or_a_file() {
    let mut shard = Shard::default();
    let (slot, _) = shard.open(visitor(), HERE, 0);
    let send = |rest: &str| format!("{{\"op\":\"send\",\"conversation\":\"{TALK}\",\"client_id\":\"a\"{rest}}}");
    let file = format!(",\"file\":\"{TALK}\"");
    let call = shard.frame(slot, &send(&file), 0, &limits());
    assert!(matches!(call, Some(Call::Send { saying: Saying::File(id), .. }) if id.0 == TALK.0), "{call:?}");
    for (rest, code) in [
        (String::new(), "bad_frame"),
        (format!("{file},\"text\":\"both\""), "bad_frame"),
        (",\"file\":\"../secret.key\"".to_owned(), "not_found"),
    ] {
        assert!(shard.frame(slot, &send(&rest), 0, &limits()).is_none(), "{rest}");
        let answers = texts(&mut shard, slot);
        assert!(
            answers.len() == 1 && answers[0].contains(code) && answers[0].contains("\"client_id\":\"a\""),
            "{answers:?}"
        );
    }
}

#[test]
fn a_flood_is_refused_and_then_closed() {
    let mut shard = Shard::default();
    let (slot, _) = shard.open(visitor(), HERE, 0);
    let send = format!("{{\"op\":\"send\",\"conversation\":\"{TALK}\",\"client_id\":\"a\",\"text\":\"b\"}}");
    let limits = limits();
    let passed = (0..150).filter(|_| shard.frame(slot, &send, 0, &limits).is_some()).count();
    assert_eq!(passed, 20);
    assert!(texts(&mut shard, slot).iter().all(|text| text.contains("rate_limited")));
    (0..50).for_each(|_| shard.ping(slot, b"", 0, &limits));
    assert!(shard.frame(slot, &send, 0, &limits).is_none());
    let turns = turns(&mut shard);
    assert_eq!(turns.iter().map(|turn| turn.close).collect::<Vec<_>>(), [Some(Close::TooMany)]);
}

#[test]
fn the_silent_are_ended_and_the_others_hear_the_heads() {
    let mut shard = Shard::default();
    let slot = enter(&mut shard, visitor(), 3);
    shard.tick(0, 1, 1_000, 60_000);
    let beat = texts(&mut shard, slot);
    assert!(beat[0].contains(&format!("\"{TALK}\":[3,0]")), "{beat:?}");
    shard.tick(0, 1, 60_001, 60_000);
    assert_eq!(turns(&mut shard)[0].close, Some(Close::Internal));
}

#[test]
fn every_slot_has_its_heartbeat_once_in_a_round() {
    let mut shard = Shard::default();
    let slots: Vec<_> = (0..37).map(|_| enter(&mut shard, visitor(), 0)).collect();
    let mut beaten = Vec::new();
    for turn in 0..5 {
        shard.tick(turn, 5, 1_000, 60_000);
        beaten.extend(turns(&mut shard).iter().map(|turn| turn.slot));
    }
    beaten.sort_unstable();
    assert_eq!(beaten, slots);
}

#[test]
fn nothing_is_kept_of_those_who_left() {
    let mut shard = Shard::default();
    for _ in 0..1_000 {
        let (slot, generation) = shard.open(agent(TENANT), HERE, 0);
        shard.admit(slot, generation, "welcome".into());
        watch(&mut shard, slot);
        shard.replayed(slot, generation, replay(1));
        shard.close(slot);
    }
    assert_eq!((shard.len(), shard.topics.len(), shard.inboxes.len(), shard.due.held), (0, 0, 0, 0));
}

#[test]
fn an_answer_passes_a_broadcast() {
    let mut shard = Shard::default();
    let agents: Vec<_> = (0..300).map(|_| enter(&mut shard, agent(TENANT), 0)).collect();
    shard.inbox(TENANT, &"row".into());
    shard.push(agents[299], "ack".into());
    let mut first = Vec::new();
    shard.turns(50, usize::MAX, &mut first);
    assert_eq!((first[0].slot, first.len()), (agents[299], 51), "the answer, and the first part of the broadcast");
    assert_eq!(first[0].frames.iter().map(Frame::payload).collect::<Vec<_>>(), ["row", "ack"], "in its order");
    let mut rest = Vec::new();
    while !shard.due.is_empty() {
        shard.turns(50, usize::MAX, &mut rest);
    }
    assert_eq!(rest.len(), 249, "each of the others once");
}

#[test]
fn a_socket_that_takes_nothing_waits_and_hears_of_its_end() {
    let mut shard = Shard::default();
    let slot = enter(&mut shard, visitor(), 0);
    shard.set_blocked(slot, true);
    shard.entry(TENANT, TALK, &told(Log::Public, 1));
    assert!(turns(&mut shard).is_empty());
    shard.set_blocked(slot, false);
    assert_eq!(texts(&mut shard, slot), ["Public 1"]);
    shard.set_blocked(slot, true);
    (2..2_000).for_each(|seq| shard.entry(TENANT, TALK, &told(Log::Public, seq)));
    assert_eq!(turns(&mut shard).iter().map(|turn| turn.close).collect::<Vec<_>>(), [Some(Close::Slow)]);
}

#[test]
fn a_late_answer_for_a_slot_reaches_nobody_else() {
    let mut shard = Shard::default();
    let (slot, old) = shard.open(visitor(), HERE, 0);
    shard.close(slot);
    let (again, new) = shard.open(visitor(), HERE, 0);
    assert!(slot == again && old != new);
    shard.finish(slot, old);
    shard.replayed(slot, old, replay(3));
    assert!(turns(&mut shard).is_empty());
    shard.finish(slot, new);
    assert!(turns(&mut shard)[0].finished);
}

/// What docs/realtime.md says of the hub; the rest of the table is held by `tests/sockets/idle.rs`.
#[test]
fn a_connection_is_as_small_as_the_table_says() {
    let sizes = [size_of::<Connection>(), size_of::<Watch>(), size_of::<(ConversationId, Topic)>()];
    assert_eq!(sizes, [176, 40, 56]);
}
