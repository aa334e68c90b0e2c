//! What a connection weighs while it does nothing: counted in bytes and allocations, never in time.

use crate::house::House;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use std::alloc::System;
use std::time::Duration;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A power of two, at which every table has grown to just this size.
const CONNECTIONS: usize = 2_048;
/// The bound of docs/realtime.md; the goal was 2,048.
const MOST_BYTES: isize = 368;

fn held(stats: &Stats) -> isize {
    isize::try_from(stats.bytes_allocated).unwrap() - isize::try_from(stats.bytes_deallocated).unwrap()
}

fn blocks(stats: &Stats) -> isize {
    isize::try_from(stats.allocations).unwrap() - isize::try_from(stats.deallocations).unwrap()
}

/// Waits until this many bytes at most are held: what ends elsewhere ends a little later.
fn settles(region: &Region<'_, System>, most: isize) -> isize {
    let since = std::time::Instant::now();
    while held(&region.change()) > most && since.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    held(&region.change())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_weighs_what_the_table_says_and_has_no_memory_of_its_own() {
    let house = House::new(2, Duration::from_secs(3_600), CONNECTIONS + 64).await;
    let mut clients = Vec::with_capacity(CONNECTIONS + 64);
    // The first ones make what every process has once.
    for _ in 0..64 {
        clients.push(house.watching().await);
    }
    drop(clients.drain(..));
    while house.gateway.hub.connections() > 0 {
        tokio::task::yield_now().await;
    }
    let region = Region::new(COUNTED);
    for _ in 0..CONNECTIONS {
        clients.push(house.watching().await);
    }
    let bound = MOST_BYTES * isize::try_from(CONNECTIONS).unwrap();
    let each = settles(&region, bound) / isize::try_from(CONNECTIONS).unwrap();
    assert!(each <= MOST_BYTES, "{each} bytes a connection");
    let blocks = blocks(&region.change());
    assert!(blocks < 64, "{blocks} blocks for {CONNECTIONS} connections: nobody has one of its own");
    assert_eq!(house.gateway.seats.taken(), CONNECTIONS);
    drop(clients);
    while house.gateway.seats.taken() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_and_a_heartbeat_leave_nothing_behind() {
    let house = House::new(1, Duration::from_secs(1), 128).await;
    let mut clients = Vec::new();
    for _ in 0..64 {
        clients.push(house.watching().await);
    }
    let ask = |clients: &mut Vec<crate::house::Client>| {
        for client in clients.iter_mut() {
            // In two pieces, so that a frame is open in between.
            let ping = crate::house::frame("{\"op\":\"ping\"}");
            client.send(&ping[..5]);
            client.send(&ping[5..]);
            client.until("\"t\":\"pong\"");
        }
    };
    ask(&mut clients);
    clients.iter_mut().for_each(|client| drop(client.until("\"t\":\"heartbeat\"")));
    let region = Region::new(COUNTED);
    ask(&mut clients);
    clients.iter_mut().for_each(|client| drop(client.until("\"t\":\"heartbeat\"")));
    let more = settles(&region, 4_096);
    assert!(more <= 4_096, "{more} bytes more after a message and a heartbeat on each of 64");
}
