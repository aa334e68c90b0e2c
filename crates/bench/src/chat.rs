//! `chat`: visitors write on a fixed schedule, an agent reads; latency is measured from the time a
//! message was due, not from when it could be sent, so that a stall is not hidden.

use crate::BenchArgs;
use crate::checker::{Kind, Logs, check};
use crate::client::{Http, Proof, Socket, Visitor};
use crate::history::{History, Key, Seen, Watched};
use crate::idle::hold;
use crate::server::Server;
use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// Conversations that are written to; one agent connection watches them all.
const ACTIVE: usize = 50;
/// Not measured.
const WARM_UP: Duration = Duration::from_secs(2);
/// For the last messages to arrive.
const TAIL: Duration = Duration::from_secs(2);

struct Shared {
    history: History,
    latencies: Mutex<Histogram<u64>>,
    start: Instant,
}

pub(crate) async fn run(args: &BenchArgs, binary: &Path) -> Result<Map<String, Value>> {
    let dir = tempfile::tempdir()?;
    let server = Server::start(binary, dir.path()).await?;
    let (url, site) = (server.ready.url.clone(), server.ready.site.clone());
    let http = Http::new()?;
    let cookie = http.sign_in(&url, server.ready.login.as_ref().context("a first start gives a login")?).await?;
    let held = hold(&server, args.connections.saturating_sub(ACTIVE)).await?;
    let mut visitors = Vec::new();
    for _ in 0..ACTIVE {
        let visitor = http.visitor(&url, &site).await?;
        http.send(&url, &visitor.token, "first", "first").await?;
        visitors.push(visitor);
    }
    let shared = Arc::new(Shared {
        history: History::new(),
        latencies: Mutex::new(Histogram::new_with_bounds(1, 60_000_000, 3)?),
        start: Instant::now() + Duration::from_millis(500),
    });
    let reading = tokio::spawn(agent(url.clone(), cookie, visitors.clone(), shared.clone()));
    let cpu_before = server.cpu_seconds();
    let end = shared.start + WARM_UP + Duration::from_secs(args.seconds);
    let every = Duration::from_nanos(1_000_000_000 * ACTIVE as u64 / args.rate.max(1));
    let mut writers = tokio::task::JoinSet::new();
    for (n, visitor) in visitors.iter().cloned().enumerate() {
        let offset = every.mul_f64(n as f64 / ACTIVE as f64);
        writers.spawn(write(url.clone(), visitor, offset, every, end, shared.clone()));
    }
    while let Some(done) = writers.join_next().await {
        done??;
    }
    sleep(TAIL).await;
    reading.abort();
    let cpu = cpu_before.zip(server.cpu_seconds()).map(|(before, after)| after - before);
    let mut logs = Logs::new();
    for visitor in &visitors {
        let entries = http.read_all(&url, &visitor.token).await?;
        logs.insert(visitor.conversation.clone(), entries.iter().filter_map(Seen::parse).collect());
    }
    drop(held);
    Ok(report(args, &shared, &logs, cpu))
}

fn report(args: &BenchArgs, shared: &Shared, logs: &Logs, cpu: Option<f64>) -> Map<String, Value> {
    let latencies = shared.latencies.lock().unwrap_or_else(PoisonError::into_inner);
    let at = |quantile| latencies.value_at_quantile(quantile);
    let seconds = args.seconds + WARM_UP.as_secs();
    let result = shared.history.with(|records| {
        let violations = check(records, logs);
        for violation in violations.iter().take(20) {
            eprintln!("VIOLATION {:?}: {}", violation.kind, violation.what);
        }
        let count = |kind| violations.iter().filter(|v| v.kind == kind).count();
        let acked = records.sent.values().filter(|sent| !sent.acks.is_empty()).count();
        json!({
            "scenario": "chat", "connections": args.connections, "rate": args.rate,
            "p50_us": at(0.5), "p99_us": at(0.99), "p999_us": at(0.999), "max_us": latencies.max(),
            "messages_per_second": acked as u64 / seconds.max(1), "sent": records.sent.len(), "acked": acked,
            "delivered": latencies.len(), "server_cpu_seconds": cpu,
            "lost": count(Kind::Lost), "doubled": count(Kind::Doubled), "reordered": count(Kind::Reordered),
            "other_violations": count(Kind::Other),
        })
    });
    result.as_object().cloned().unwrap_or_default()
}

/// Sends on its schedule; a due send is never skipped.
async fn write(
    url: String,
    visitor: Visitor,
    offset: Duration,
    every: Duration,
    end: Instant,
    shared: Arc<Shared>,
) -> Result<()> {
    let mut socket = Socket::open(&url, &Proof::Visitor(visitor.token)).await?;
    let conversation = visitor.conversation;
    let (mut due, mut open, mut n) = (shared.start + offset, 0_u32, 0_u32);
    let key = |client_id: String| Key { conversation: conversation.clone(), from: "visitor", client_id };
    while due < end || open > 0 {
        tokio::select! {
            biased;
            () = sleep_until(due), if due < end => {
                n += 1;
                let intended = due.duration_since(shared.start).as_micros();
                // 200 bytes, the intended time in front.
                let text = format!("{intended} {:x<190}", "");
                let client_id = format!("m{n}");
                shared.history.sending(&key(client_id.clone()), &text);
                socket.send(&json!({ "op": "send", "conversation": conversation, "client_id": client_id, "text": text })).await?;
                due += every;
                open += 1;
            }
            frame = socket.next() => {
                let frame = frame?;
                if frame.get("t").and_then(Value::as_str) == Some("ack") {
                    let client_id = frame.get("client_id").and_then(Value::as_str).context("client_id")?;
                    let seq = frame.get("seq").and_then(Value::as_u64).context("seq")?;
                    shared.history.acked(&key(client_id.to_owned()), seq);
                    open -= 1;
                }
            }
        }
    }
    Ok(())
}

/// The agent who reads everything.
async fn agent(url: String, cookie: String, visitors: Vec<Visitor>, shared: Arc<Shared>) -> Result<()> {
    let mut socket = Socket::open(&url, &Proof::Agent(cookie)).await?;
    for visitor in &visitors {
        socket.send(&json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 })).await?;
    }
    loop {
        let frame = socket.next().await?;
        if frame.get("t").and_then(Value::as_str) != Some("entry") {
            continue;
        }
        let Some(seen) = frame.get("entry").and_then(Seen::parse) else { continue };
        let conversation = frame.get("conversation").and_then(Value::as_str).unwrap_or_default().to_owned();
        let intended = seen.text.split(' ').next().and_then(|n| n.parse().ok()).map(Duration::from_micros);
        if let Some(intended) = intended.filter(|intended| *intended >= WARM_UP) {
            let latency = Instant::now().saturating_duration_since(shared.start + intended).as_micros();
            let mut latencies = shared.latencies.lock().unwrap_or_else(PoisonError::into_inner);
            latencies.saturating_record(u64::try_from(latency).unwrap_or(u64::MAX));
        }
        // Entries of one connection belong together for the checker.
        shared.history.with(|records| {
            let known = records.watched.iter_mut().find(|w| w.conversation == conversation);
            match known {
                Some(watched) => watched.entries.push(seen),
                None => records.watched.push(Watched { reader: "agent".to_owned(), conversation, entries: vec![seen] }),
            }
        });
    }
}
