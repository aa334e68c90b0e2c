//! What waits to be written to one connection: bounded, ephemeral frames dropped first.

use axum::extract::ws::Utf8Bytes;
use macaw_wire::Close;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Beyond either bound the connection is closed as too slow; it comes again and resumes.
const MOST_FRAMES: usize = 512;
const MOST_BYTES: usize = 1024 * 1024;
/// From here on ephemeral frames are dropped.
const EPHEMERAL_FRAMES: usize = 64;
/// While more than this waits, nothing new is read from the connection.
const READ_BELOW_BYTES: usize = 256 * 1024;

/// What the socket layer writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// A text frame; the bytes are shared by all who get it.
    Text(Utf8Bytes),
    /// A ping of the WebSocket protocol.
    Ping,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<Outgoing>,
    bytes: usize,
    close: Option<Close>,
}

/// The queue of one connection. Never blocks whoever puts something in.
#[derive(Default)]
pub struct Outbox {
    queue: Mutex<Queue>,
    woken: Notify,
}

impl Outbox {
    /// Takes a frame, or marks the connection as too slow.
    pub fn push(&self, frame: Utf8Bytes) {
        let mut queue = self.queue();
        if queue.close.is_some() {
            return;
        }
        if queue.frames.len() >= MOST_FRAMES || queue.bytes + frame.len() > MOST_BYTES {
            queue.close = Some(Close::Slow);
            metrics::counter!("macaw_outbox_dropped_total", "kind" => "durable").increment(1);
        } else {
            queue.bytes += frame.len();
            queue.frames.push_back(Outgoing::Text(frame));
        }
        drop(queue);
        self.woken.notify_one();
    }

    /// Takes a frame that may be dropped.
    pub fn push_ephemeral(&self, frame: Utf8Bytes) {
        if self.queue().frames.len() < EPHEMERAL_FRAMES {
            self.push(frame);
        } else {
            metrics::counter!("macaw_outbox_dropped_total", "kind" => "ephemeral").increment(1);
        }
    }

    /// Asks the peer for a sign of life.
    pub fn ping(&self) {
        self.queue().frames.push_back(Outgoing::Ping);
        self.woken.notify_one();
    }

    /// Closes the connection once what waits is written; the first reason stands.
    pub fn close(&self, reason: Close) {
        self.queue().close.get_or_insert(reason);
        self.woken.notify_one();
    }

    /// Waits until there is something to write or to close.
    pub async fn ready(&self) {
        self.woken.notified().await;
    }

    /// All that waits, and whether to close after it. Of a slow reader nothing more is written.
    pub fn take(&self) -> (VecDeque<Outgoing>, Option<Close>) {
        let mut queue = self.queue();
        queue.bytes = 0;
        let mut frames = std::mem::take(&mut queue.frames);
        if queue.close == Some(Close::Slow) {
            frames.clear();
        }
        (frames, queue.close)
    }

    /// Whether so little waits that the next frame of the client may be read.
    pub fn has_room(&self) -> bool {
        self.queue().bytes < READ_BELOW_BYTES
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_never_reads_is_bounded_and_closed() {
        let outbox = Outbox::default();
        for _ in 0..10_000 {
            outbox.push("x".repeat(1_000).into());
        }
        let held = outbox.queue().frames.len();
        assert!(held <= MOST_FRAMES);
        assert_eq!(outbox.take(), (VecDeque::new(), Some(Close::Slow)));
    }

    #[test]
    fn ephemeral_frames_are_dropped_first() {
        let outbox = Outbox::default();
        for _ in 0..EPHEMERAL_FRAMES {
            outbox.push("durable".into());
        }
        outbox.push_ephemeral("typing".into());
        outbox.push("durable".into());
        let (frames, close) = outbox.take();
        assert_eq!((frames.len(), close), (EPHEMERAL_FRAMES + 1, None));
        assert!(frames.iter().all(|frame| *frame == Outgoing::Text("durable".into())));
    }
}
