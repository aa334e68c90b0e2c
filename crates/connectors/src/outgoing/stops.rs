//! Runs that nobody waits for any more are stopped where they run, by a task of their own: whoever drops a call
//! has no time to wait.

use super::{Call, Outgoing};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Calls that may wait to be made; beyond it the run there ends by itself, and its tokens are lost.
const WAITING: usize = 256;
/// Made at once.
const AT_ONCE: usize = 8;
/// Each of them.
const LONGEST: Duration = Duration::from_secs(8);

/// A call that stops a run.
#[derive(Debug, Clone)]
pub struct StopCall {
    /// By which way.
    pub by: Outgoing,
    /// What.
    pub call: Call,
}

/// Where calls that stop a run are handed in.
#[derive(Debug, Clone)]
pub struct Stops {
    calls: mpsc::Sender<StopCall>,
    /// Handed in and not made yet.
    open: Arc<watch::Sender<usize>>,
}

impl Stops {
    /// The queue, and the task that works it off until it is dropped.
    pub fn new() -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (calls, waiting) = mpsc::channel(WAITING);
        let open = Arc::new(watch::Sender::new(0));
        (Self { calls, open: open.clone() }, work(waiting, open))
    }

    /// Waits until all that was handed in is made.
    pub async fn idle(&self) {
        // It fails only when the sender is gone, and that is here.
        let _ = self.open.subscribe().wait_for(|open| *open == 0).await;
    }

    fn hand_in(&self, call: StopCall) {
        self.open.send_modify(|open| *open += 1);
        if self.calls.try_send(call).is_err() {
            self.open.send_modify(|open| *open -= 1);
            tracing::warn!("too many runs are being stopped; one ends by itself");
        }
    }
}

async fn work(mut waiting: mpsc::Receiver<StopCall>, open: Arc<watch::Sender<usize>>) {
    let mut made = JoinSet::new();
    while let Some(StopCall { by, call }) = waiting.recv().await {
        while made.len() >= AT_ONCE {
            made.join_next().await;
        }
        let open = open.clone();
        made.spawn(async move {
            let stopped = timeout(LONGEST, by.send(call)).await;
            if let Ok(Err(error)) = stopped {
                tracing::info!(%error, "a run could not be stopped where it runs");
            }
            open.send_modify(|open| *open -= 1);
        });
    }
    // The last ones are waited for: that is what they were handed in for.
    while made.join_next().await.is_some() {}
}

/// Stops a run when it is dropped, unless the run has ended.
#[derive(Debug)]
pub struct StopGuard {
    stops: Stops,
    call: Option<StopCall>,
}

impl StopGuard {
    /// Nothing to stop yet.
    pub fn new(stops: Stops) -> Self {
        Self { stops, call: None }
    }

    /// The run is known now.
    pub fn arm(&mut self, call: StopCall) {
        self.call = Some(call);
    }

    /// Whether it is known.
    pub fn is_armed(&self) -> bool {
        self.call.is_some()
    }

    /// The run has ended there.
    pub fn ended(&mut self) {
        self.call = None;
    }
}

impl Drop for StopGuard {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            self.stops.hand_in(call);
        }
    }
}
