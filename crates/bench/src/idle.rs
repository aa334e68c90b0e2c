//! `idle`: connections that do nothing, and what each of them weighs.

use crate::BenchArgs;
use crate::client::{Http, Proof, Socket};
use crate::server::Server;
use anyhow::{Context, Result};
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Handshakes at once.
const AT_ONCE: usize = 64;

pub(crate) async fn run(args: &BenchArgs, binary: &Path) -> Result<Map<String, Value>> {
    let dir = tempfile::tempdir()?;
    let server = Server::start(binary, dir.path()).await?;
    // The first requests make what every server has once: pools, threads, caches.
    let warm = hold(&server, 16).await?;
    sleep(Duration::from_secs(1)).await;
    let base = server.memory().context("the server's memory")?;
    let since = Instant::now();
    let held = hold(&server, args.connections).await?;
    let seconds = since.elapsed().as_secs_f64();
    sleep(Duration::from_millis(1_500)).await;
    let full = server.memory().context("the server's memory")?;
    let each = full.saturating_sub(base) / args.connections.max(1) as u64;
    let result = json!({
        "scenario": "idle", "connections": held.len(), "user_bytes_per_connection": each,
        "memory_base_bytes": base, "memory_held_bytes": full, "ready_ms": server.ready_ms,
        "sign_ins_per_second": (held.len() as f64 / seconds).round(), "server_cpu_seconds": server.cpu_seconds(),
        "lost": 0, "doubled": 0, "reordered": 0,
    });
    drop((warm, held));
    Ok(result.as_object().cloned().unwrap_or_default())
}

/// Signed-in visitors that watch their conversations.
pub(crate) async fn hold(server: &Server, connections: usize) -> Result<Vec<Socket>> {
    let http = Http::new()?;
    let one = async |_| -> Result<Socket> {
        let visitor = http.visitor(&server.ready.url, &server.ready.site).await?;
        let mut socket = Socket::open(&server.ready.url, &Proof::Visitor(visitor.token)).await?;
        socket.send(&json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 })).await?;
        while socket.next().await?.get("t").and_then(Value::as_str) != Some("watched") {}
        Ok(socket)
    };
    let opened: Vec<_> = stream::iter(0..connections).map(one).buffer_unordered(AT_ONCE).collect().await;
    opened.into_iter().collect()
}
