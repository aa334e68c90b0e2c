//! The driver of a shard, met by peers who behave badly.

use crate::house::{Client, House, frame};
use macaw_app::{Clock, Fanout};
use macaw_domain::{Author, Content, Draft, Entry, Log, MessageId};
use std::io::Read;
use std::net::Shutdown;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3_600);

async fn empties(house: &House) {
    while house.gateway.seats.taken() > 0 || house.gateway.hub.connections() > 0 {
        tokio::task::yield_now().await;
    }
}

fn entry(house: &House, visitor: macaw_app::Visitor, seq: u64, text: &str) -> Entry {
    let draft = Draft {
        id: MessageId(house.world.clock.fresh()),
        client_id: None,
        author: Author::Visitor(visitor.visitor),
        content: Content::Text(text.into()),
        at: 0,
    };
    Entry { tenant: visitor.tenant, conversation: visitor.conversation, log: Log::Public, seq, draft }
}

/// A visitor, who watches.
async fn watcher(house: &House) -> (macaw_app::Visitor, Client) {
    let visitor = house.visitor();
    let watch = format!("{{\"op\":\"watch\",\"conversation\":\"{}\",\"after\":0}}", visitor.conversation);
    let mut client = house.enter(visitor, &frame(&watch)).await;
    client.until("\"t\":\"watched\"");
    (visitor, client)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_reads_nothing_is_bounded_and_told_why_it_ends_while_others_hear_all() {
    let house = House::new(1, LONG, 8).await;
    let (visitor, mut deaf) = watcher(&house).await;
    let watch = format!("{{\"op\":\"watch\",\"conversation\":\"{}\",\"after\":0}}", visitor.conversation);
    let mut good = house.enter(visitor, &frame(&watch)).await;
    good.until("\"t\":\"watched\"");
    let text = "x".repeat(8_000);
    for seq in 1..=2_000 {
        house.gateway.hub.entry(visitor.tenant, &entry(&house, visitor, seq, &text), None, None);
        good.until(&format!("\"seq\":{seq},"));
    }
    assert_eq!(house.gateway.hub.connections(), 1, "the deaf one is no longer told anything");
    // It wakes up in time to read what was on its way, and the reason behind it.
    assert_eq!(deaf.ends_with(), Some(4009));
    drop((deaf, good));
    empties(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_that_come_byte_by_byte_or_all_at_once_are_answered_in_order() {
    let house = House::new(1, LONG, 8).await;
    let (visitor, mut client) = watcher(&house).await;
    let send = |n: u32| {
        let conversation = visitor.conversation;
        frame(&format!(
            "{{\"op\":\"send\",\"conversation\":\"{conversation}\",\"client_id\":\"m{n}\",\"text\":\"{n}\"}}"
        ))
    };
    let all: Vec<u8> = (0..50).flat_map(send).collect();
    client.send(&all);
    for n in 0..50 {
        let ack = client.until("\"t\":\"ack\"");
        assert!(
            ack.contains(&format!("\"client_id\":\"m{n}\"")) && ack.contains(&format!("\"seq\":{}", n + 1)),
            "{ack}"
        );
    }
    send(50).chunks(1).for_each(|byte| client.send(byte));
    assert!(client.until("\"t\":\"ack\"").contains("\"seq\":51"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_to_end_gives_its_seat_back_and_has_its_code() {
    let house = House::new(2, LONG, 64).await;
    for (bytes, code) in [
        (vec![0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8], Some(1000)),
        (vec![0x88, 0x80, 0, 0, 0, 0], None),
        (vec![0x81, 0x01, b'x'], Some(1002)),
        (vec![0x83, 0x80, 0, 0, 0, 0], Some(1002)),
        (vec![0x81, 0x82, 0, 0, 0, 0, 0xff, 0xff], Some(4001)),
        (vec![0x82, 0x80, 0, 0, 0, 0], Some(4001)),
        (vec![0x81, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0], Some(4002)),
    ] {
        let mut client = house.enter(house.visitor(), &[]).await;
        client.send(&bytes);
        assert_eq!(client.ends_with(), code, "{bytes:x?}");
        // Our side is closed behind it.
        assert_eq!(client.0.read(&mut [0; 16]).unwrap(), 0);
    }
    let cut = house.enter(house.visitor(), &[]).await;
    cut.0.shutdown(Shutdown::Both).unwrap();
    drop(house.enter(house.visitor(), &[0x81]).await);
    empties(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_peer_is_ended_by_the_heartbeat() {
    let house = House::new(1, Duration::from_millis(200), 8).await;
    let mut client = house.watching().await;
    client.until("\"t\":\"heartbeat\"");
    // Two and a half heartbeats pass for the house without a sign of life.
    house.world.clock.advance(501);
    assert_eq!(client.ends_with(), Some(4000));
    drop(client);
    empties(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_stay_after_their_end_are_cut_off() {
    let house = House::new(1, LONG, 8).await;
    let mut client = house.watching().await;
    house.gateway.hub.close_tenant(house.world.tenant);
    assert_eq!(client.ends_with(), Some(4403));
    // It never closes its side; the seat comes back all the same.
    empties(&house).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_are_spread_over_the_shards_and_drained_together() {
    let house = House::new(3, LONG, 64).await;
    let mut clients = Vec::new();
    for _ in 0..30 {
        clients.push(house.watching().await);
    }
    assert_eq!(house.gateway.hub.connections(), 30);
    house.gateway.hub.drain(Duration::from_secs(1));
    for client in &mut clients {
        client.until("\"t\":\"going_away\"");
        assert_eq!(client.ends_with(), Some(4010));
    }
    house.gateway.hub.empty().await;
    drop(clients);
    empties(&house).await;
}
