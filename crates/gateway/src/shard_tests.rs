//! Whole conversations without a network.

use super::*;
use crate::outbox::Outgoing;
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

fn watch(shard: &mut Shard, slot: usize) {
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

fn texts(outbox: &Outbox) -> Vec<String> {
    let texts = outbox.take().0.into_iter().filter_map(|frame| match frame {
        Outgoing::Text(text) => Some(text.to_string()),
        Outgoing::Ping => None,
    });
    texts.collect()
}

#[test]
fn entries_that_come_during_a_replay_follow_it_once() {
    let (mut shard, outbox) = (Shard::default(), Arc::new(Outbox::default()));
    let (slot, generation) = shard.open((visitor(), HERE), outbox.clone(), 0);
    watch(&mut shard, slot);
    // 2 is in the replay too, 3 is not: the reads of a snapshot and of the live events overlap.
    shard.entry(TENANT, TALK, &told(Log::Public, 2));
    shard.entry(TENANT, TALK, &told(Log::Public, 3));
    shard.replayed(slot, generation, replay(2));
    shard.entry(TENANT, TALK, &told(Log::Public, 4));
    assert_eq!(texts(&outbox), ["Public 1", "Public 2", "watched", "Public 3", "Public 4"]);
}

#[test]
fn visitors_never_get_notes_and_foreign_tenants_get_nothing() {
    let mut shard = Shard::default();
    let other = TenantId(Uuid::from_u128(9));
    let boxes: Vec<_> = [visitor(), agent(TENANT), agent(other)]
        .into_iter()
        .map(|actor| {
            let outbox = Arc::new(Outbox::default());
            let (slot, generation) = shard.open((actor, HERE), outbox.clone(), 0);
            watch(&mut shard, slot);
            shard.replayed(slot, generation, replay(0));
            texts(&outbox);
            outbox
        })
        .collect();
    shard.entry(TENANT, TALK, &told(Log::Public, 1));
    shard.entry(TENANT, TALK, &told(Log::Internal, 1));
    shard.inbox(TENANT, &"row".into());
    assert_eq!(texts(&boxes[0]), ["Public 1"]);
    assert_eq!(texts(&boxes[1]), ["Public 1", "Internal 1", "row"]);
    assert!(texts(&boxes[2]).is_empty());
}

#[test]
fn a_visitor_sees_only_its_own_conversation() {
    let (mut shard, outbox) = (Shard::default(), Arc::new(Outbox::default()));
    let (slot, _) = shard.open((visitor(), HERE), outbox.clone(), 0);
    let foreign = ConversationId(Uuid::from_u128(77));
    for frame in [
        format!("{{\"op\":\"watch\",\"conversation\":\"{foreign}\",\"after\":0}}"),
        format!("{{\"op\":\"send\",\"conversation\":\"{foreign}\",\"client_id\":\"a\",\"text\":\"b\"}}"),
        format!("{{\"op\":\"typing\",\"conversation\":\"{foreign}\"}}"),
        "{\"op\":\"watch\",\"conversation\":\"../..\",\"after\":0}".to_owned(),
        format!("{{\"op\":\"note\",\"conversation\":\"{TALK}\",\"client_id\":\"a\",\"text\":\"b\"}}"),
    ] {
        assert!(shard.frame(slot, &frame, 0, &limits()).is_none(), "{frame}");
        let answers = texts(&outbox);
        assert!(answers.len() == 1 && answers[0].contains("\"t\":\"error\""), "{answers:?}");
    }
}

/// Once typing reached only the watchers of the typist's own shard: half of the previews were lost.
#[test]
fn typing_reaches_the_other_side_in_every_shard() {
    let (mut here, mut there) = (Shard::default(), Shard::default());
    let enter = |shard: &mut Shard, actor| {
        let outbox = Arc::new(Outbox::default());
        let (slot, generation) = shard.open((actor, HERE), outbox.clone(), 0);
        watch(shard, slot);
        shard.replayed(slot, generation, replay(0));
        texts(&outbox);
        outbox
    };
    let asks = enter(&mut here, visitor());
    let (other_tab, answers) = (enter(&mut there, visitor()), enter(&mut there, agent(TENANT)));
    let typing = format!("{{\"op\":\"typing\",\"conversation\":\"{TALK}\",\"text\":\"hel\"}}");
    let Some(Call::Typing { conversation, frame }) = here.frame(0, &typing, 0, &limits()) else {
        panic!("typing is told")
    };
    [&here, &there].iter().for_each(|shard| shard.typing(visitor(), conversation, &frame));
    assert!(texts(&asks).is_empty() && texts(&other_tab).is_empty());
    let heard = texts(&answers);
    assert!(heard.len() == 1 && heard[0].contains("\"text\":\"hel\""), "{heard:?}");
}

#[test]
fn a_message_is_a_text_or_a_file() {
    let (mut shard, outbox) = (Shard::default(), Arc::new(Outbox::default()));
    let (slot, _) = shard.open((visitor(), HERE), outbox.clone(), 0);
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
        let answers = texts(&outbox);
        assert!(
            answers.len() == 1 && answers[0].contains(code) && answers[0].contains("\"client_id\":\"a\""),
            "{answers:?}"
        );
    }
}

#[test]
fn a_flood_is_refused_and_then_closed() {
    let (mut shard, outbox) = (Shard::default(), Arc::new(Outbox::default()));
    let (slot, _) = shard.open((visitor(), HERE), outbox.clone(), 0);
    let send = format!("{{\"op\":\"send\",\"conversation\":\"{TALK}\",\"client_id\":\"a\",\"text\":\"b\"}}");
    let limits = limits();
    let passed = (0..150).filter(|_| shard.frame(slot, &send, 0, &limits).is_some()).count();
    assert_eq!(passed, 20);
    assert!(texts(&outbox).iter().all(|text| text.contains("rate_limited")));
    (0..100).for_each(|_| assert!(shard.frame(slot, &send, 0, &limits).is_none()));
    assert_eq!(outbox.take().1, Some(Close::TooMany));
}

#[test]
fn the_silent_are_ended_and_the_others_hear_the_heads() {
    let (mut shard, outbox) = (Shard::default(), Arc::new(Outbox::default()));
    let (slot, generation) = shard.open((visitor(), HERE), outbox.clone(), 0);
    watch(&mut shard, slot);
    shard.replayed(slot, generation, replay(3));
    texts(&outbox);
    shard.tick(0, 1, 1_000, 60_000);
    let beat = texts(&outbox);
    assert!(beat[0].contains(&format!("\"{TALK}\":[3,0]")), "{beat:?}");
    shard.tick(0, 1, 60_001, 60_000);
    assert_eq!(outbox.take().1, Some(Close::Internal));
}

#[test]
fn nothing_is_kept_of_those_who_left() {
    let mut shard = Shard::default();
    for _ in 0..1_000 {
        let (slot, generation) = shard.open((agent(TENANT), HERE), Arc::default(), 0);
        watch(&mut shard, slot);
        shard.replayed(slot, generation, replay(1));
        shard.close(slot);
    }
    assert_eq!((shard.len(), shard.topics.len(), shard.inboxes.len()), (0, 0, 0));
}
