//! Figures of this process for Prometheus. None carries a tenant, a visitor or an address.

use crate::proxies::Client;
use crate::tokens::token_hash;
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use macaw_app::{Store, StoreError};
use macaw_gateway::Hub;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// The figures of this process, and who may read them.
pub struct Figures {
    handle: PrometheusHandle,
    token: Option<[u8; 32]>,
}

impl Figures {
    /// Counts from now on. Once per process. An empty token opens them to loopback only.
    pub fn install(token: &str, version: &'static str, commit: &'static str) -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
            .set_buckets_for_metric(Matcher::Suffix("_batch_size".to_owned()), &SIZES)?
            .install_recorder()?;
        describe();
        gauge!("macaw_build_info", "version" => version, "commit" => commit).set(1.0);
        Ok(Self { handle, token: (!token.is_empty()).then(|| token_hash(token)) })
    }

    /// Gives memory of what was measured back; to be called every few seconds.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// Whether this client may read them: loopback, unless an unknown proxy speaks for who knows
    /// whom, or with the token.
    pub(crate) fn may_read(&self, client: &Client, headers: &HeaderMap) -> bool {
        let bearer = crate::auth::header_text(headers, "authorization").and_then(|text| text.strip_prefix("Bearer "));
        // Hashes are compared, so the time says nothing about the token.
        let knows = self.token.is_some() && bearer.map(token_hash) == self.token;
        knows || (client.address.is_loopback() && !client.unknown_proxy)
    }

    /// The text that Prometheus reads.
    pub(crate) async fn render(&self, hub: &Hub, store: &dyn Store) -> Result<String, StoreError> {
        let (visitors, agents) = hub.audience();
        gauge!("macaw_connections", "kind" => "visitor").set(count(visitors));
        gauge!("macaw_connections", "kind" => "agent").set(count(agents));
        gauge!("macaw_conversations_waiting").set(count(usize::try_from(store.waiting().await?).unwrap_or(usize::MAX)));
        if let Some(bytes) = memory_bytes() {
            gauge!("process_resident_memory_bytes").set(count(bytes));
        }
        Ok(self.handle.render())
    }
}

fn describe() {
    describe_gauge!("macaw_build_info", "1, with version and commit");
    describe_gauge!("macaw_connections", "live sockets");
    describe_gauge!("macaw_conversations_waiting", "conversations that wait for an agent");
    describe_gauge!("macaw_store_queue", "writes that wait for the next commit");
    describe_gauge!("process_resident_memory_bytes", "resident memory");
    describe_counter!("macaw_messages_total", "entries that became durable, by who wrote them");
    describe_counter!("macaw_outbox_dropped_total", "frames that were not sent because a reader was slow");
    describe_counter!("macaw_socket_closes_total", "sockets that ended, by close code; 0 when the peer left");
    describe_counter!("macaw_sockets_refused_total", "sockets that found no seat");
    describe_counter!("macaw_turns_total", "turns of engines, by how they ended");
    describe_counter!("macaw_http_requests_total", "requests by route and status");
    describe_histogram!("macaw_ack_seconds", "from a message's arrival to its ack");
    describe_histogram!("macaw_commit_seconds", "a transaction of the store, with its sync");
    describe_histogram!("macaw_commit_batch_size", "writes in one transaction");
}

#[expect(clippy::cast_precision_loss, reason = "figures far below 2^53")]
fn count(n: usize) -> f64 {
    n as f64
}

/// As Linux tells it; other systems show no such figure.
fn memory_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()?.checked_mul(1_024)
}

/// Counts each request by the template of its route, never by its address.
pub(crate) async fn count_request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
        // A client may call its method anything; a label may not be anything.
        _ => "other".to_owned(),
    };
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    counter!("macaw_http_requests_total", "route" => route, "method" => method, "status" => status).increment(1);
    response
}
