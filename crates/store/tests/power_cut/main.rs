//! An ack waits for the sync: whatever the disk had not synced when the power went, every message
//! that was acknowledged before is there afterwards.
#![expect(clippy::unwrap_used, reason = "test code")]

mod disk;

use disk::Disk;
use macaw_app::testkit::{ManualClock, World};
use macaw_app::{PageRange, Store};
use macaw_domain::{ConversationId, Log, TenantId};
use macaw_store::Sqlite;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

const WRITERS: usize = 4;
/// Power goes this often, and until checkpoints have taken part twice.
const CUTS: usize = 16;
const CHECKPOINTS: u64 = 2;
/// Acks between two cuts.
const BETWEEN: usize = 25;

type Acked = Vec<(ConversationId, u64, String)>;

fn open(path: &str, clock: Arc<ManualClock>) -> (Sqlite, mpsc::Receiver<Vec<macaw_app::Committed>>) {
    let (told, committed) = mpsc::channel(1_000_000);
    (Sqlite::open(Path::new(path), clock, told).unwrap(), committed)
}

/// Half of what was not synced survives, in any order.
fn chance(seed: usize) -> impl FnMut() -> bool {
    let mut state = seed as u64 | 1;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 63 == 1
    }
}

/// Writes until told to stop; what is acknowledged goes to `acked`.
async fn write(world: Arc<World>, acked: Arc<Mutex<Acked>>, stop: Arc<AtomicBool>) {
    let id = world.begin_conversation().await;
    for n in 0_u64.. {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let client_id = format!("m{n}");
        let seq = world.say(id, &client_id, "text").await.unwrap().entry.seq;
        acked.lock().unwrap().push((id, seq, client_id));
    }
}

/// Opens what a cut left and compares it with what had been promised.
async fn check(path: &str, tenant: TenantId, promised: &Acked) {
    let (store, _committed) = open(path, Arc::default());
    let mut found = BTreeMap::new();
    for (id, seq, client_id) in promised {
        if !found.contains_key(id) {
            let page = store.page(tenant, *id, Log::Public, PageRange::After(0), 1_000_000).await.unwrap();
            assert!(page.entries.iter().map(|e| e.seq).eq(1..=page.head), "{path}: seqs without a hole");
            found.insert(*id, page.entries);
        }
        let at = usize::try_from(*seq).unwrap() - 1;
        let entry = found[id].get(at);
        let stands = entry.and_then(|entry| entry.draft.client_id.as_ref()).map(|id| id.as_str());
        assert_eq!(stands, Some(client_id.as_str()), "{path}: seq {seq} was acknowledged and is gone");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_acked_message_survives_a_loss_of_power() {
    let disk = Disk::default();
    disk.insert();
    let clock = Arc::new(ManualClock::default());
    let (store, committed) = open("/run/macaw.db", clock.clone());
    let world = Arc::new(World::new(Arc::new(store), clock, committed).await);
    let checkpoints_from = disk.syncs("/run/macaw.db");
    let (acked, stop) = (Arc::new(Mutex::new(Acked::new())), Arc::new(AtomicBool::new(false)));
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(write(world.clone(), acked.clone(), stop.clone()));
    }
    let mut cuts = Vec::new();
    while cuts.len() < CUTS || disk.syncs("/run/macaw.db") < checkpoints_from + CHECKPOINTS {
        let enough = acked.lock().unwrap().len() + BETWEEN;
        while acked.lock().unwrap().len() < enough {
            tokio::task::yield_now().await;
        }
        // First what was promised, then the cut: what is acknowledged in between may be there or not.
        let promised = acked.lock().unwrap().clone();
        let (n, mut lucky) = (cuts.len(), chance(cuts.len()));
        disk.cut("/run/", &format!("/cut-{n}/"), || n % 2 == 1 && lucky());
        cuts.push(promised);
        // The first cuts are kept, and of the later ones the newest.
        if cuts.len() > 4 * CUTS {
            cuts.pop();
        }
    }
    stop.store(true, Ordering::SeqCst);
    writers.join_all().await;
    for (n, promised) in cuts.iter().enumerate() {
        check(&format!("/cut-{n}/macaw.db"), world.tenant, promised).await;
    }
    world.store.close().await;
}

/// The test above can fail: without syncs it does.
#[test]
fn without_the_sync_acked_messages_are_gone() {
    let test = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "every_acked_message_survives_a_loss_of_power", "--nocapture"])
        .env("MACAW_MUTANT", "sync_off")
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&test.stdout) + String::from_utf8_lossy(&test.stderr);
    assert!(!test.status.success() && words.contains("was acknowledged and is gone"), "{words}");
}
