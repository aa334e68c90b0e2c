//! What a worker is told and what it tells, a line of JSON each.

use crate::truth::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// The first line: where and how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) target: SocketAddr,
    pub(crate) site: String,
    /// Which of the processes this is, from 0: it decides the source addresses.
    pub(crate) process: usize,
    pub(crate) connections: usize,
}

/// Each following line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Sign in and watch, all of them.
    Hold,
    /// One message on each connection, so many a second in this process.
    Touch { rate: u64 },
    /// Cut all connections and come back with token and position. `unread` messages are sent over HTTP meanwhile.
    Storm { unread: usize },
    /// Cut so many connections and come back.
    Churn { connections: usize },
    /// How many are held.
    Count,
    /// Read everything afresh and judge it.
    Judge,
}

/// The answer to an order; lines with `progress` come before it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Report {
    /// Only progress: the answer is still to come.
    pub(crate) progress: bool,
    pub(crate) held: usize,
    /// Connections that ended without being told to.
    pub(crate) dropped: u64,
    /// Heartbeats that came so far.
    pub(crate) heartbeats: u64,
    pub(crate) verdict: Verdict,
    /// From dialling (or from the cut) to watching, or from due to the ack: microseconds and counts.
    pub(crate) latencies: Vec<(u64, u64)>,
    /// Why the order could not be carried out.
    pub(crate) error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_and_reports_survive_a_line() {
        for order in [Order::Hold, Order::Touch { rate: 5 }, Order::Storm { unread: 2 }, Order::Judge] {
            let line = serde_json::to_string(&order).expect("JSON");
            assert_eq!(serde_json::from_str::<Order>(&line).expect("back"), order);
        }
        let report: Report = serde_json::from_str(r#"{"progress":true,"held":7}"#).expect("back");
        assert!(report.progress && report.held == 7 && report.error.is_none());
    }
}
