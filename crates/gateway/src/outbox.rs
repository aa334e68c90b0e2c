//! What waits to be written to one connection: bounded, ephemeral frames dropped first.

use crate::codec::Frame;
use macaw_wire::Close;
use std::collections::VecDeque;

/// Beyond either bound the connection is closed as too slow; it comes again and resumes.
const MOST_FRAMES: usize = 512;
const MOST_BYTES: usize = 1024 * 1024;
/// While this much waits in the whole shard, the bound of bytes is the second number, and so on: a few readers may be
/// slow, ten thousand may not.
const PRESSURE: [(usize, usize); 2] = [(128 * 1024 * 1024, 8 * 1024), (64 * 1024 * 1024, 64 * 1024)];
/// From here on ephemeral frames are dropped.
const EPHEMERAL_FRAMES: usize = 64;

/// The queue of one connection; without memory of its own while nothing waits.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: Option<Box<Queue>>,
    close: Option<Close>,
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Frame>,
    bytes: usize,
}

impl Outbox {
    /// Takes a frame, or marks the connection as too slow. `held` counts what waits in the shard.
    pub(crate) fn push(&mut self, frame: Frame, held: &mut usize) {
        if self.close.is_some() {
            return;
        }
        let queue = self.queue.get_or_insert_default();
        let most = PRESSURE.iter().find(|(much, _)| *held > *much).map_or(MOST_BYTES, |(_, most)| *most);
        let len = frame.bytes().len();
        if queue.frames.len() >= MOST_FRAMES || queue.bytes + len > most {
            self.clear(held);
            self.close = Some(Close::Slow);
            metrics::counter!("macaw_outbox_dropped_total", "kind" => "durable").increment(1);
        } else {
            queue.bytes += len;
            *held += len;
            queue.frames.push_back(frame);
        }
    }

    /// Takes a frame that may be dropped.
    pub(crate) fn push_ephemeral(&mut self, frame: Frame, held: &mut usize) {
        if self.queue.as_ref().map_or(0, |queue| queue.frames.len()) < EPHEMERAL_FRAMES {
            self.push(frame, held);
        } else {
            metrics::counter!("macaw_outbox_dropped_total", "kind" => "ephemeral").increment(1);
        }
    }

    /// Closes the connection once what waits is written; the first reason stands.
    pub(crate) fn close(&mut self, reason: Close) {
        self.close.get_or_insert(reason);
    }

    /// About `most` bytes of what waits, one frame at least, and why to close once nothing is left.
    pub(crate) fn take(&mut self, most: usize, held: &mut usize) -> (VecDeque<Frame>, Option<Close>) {
        let Some(mut queue) = self.queue.take() else { return (VecDeque::new(), self.close) };
        if queue.bytes <= most {
            *held -= queue.bytes;
            return (queue.frames, self.close);
        }
        let mut taken = VecDeque::new();
        let mut bytes = 0;
        while bytes < most
            && let Some(frame) = queue.frames.pop_front()
        {
            bytes += frame.bytes().len();
            taken.push_back(frame);
        }
        *held -= bytes;
        queue.bytes -= bytes;
        if queue.frames.is_empty() {
            return (taken, self.close);
        }
        self.queue = Some(queue);
        (taken, None)
    }

    /// Whether there is something to write or to close.
    pub(crate) fn is_idle(&self) -> bool {
        self.queue.is_none() && self.close.is_none()
    }

    /// Whether it ends once what waits is written.
    pub(crate) fn is_closing(&self) -> bool {
        self.close.is_some()
    }

    /// Forgets what waits.
    pub(crate) fn clear(&mut self, held: &mut usize) {
        *held -= self.queue.take().map_or(0, |queue| queue.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_never_reads_is_bounded_and_closed() {
        let (mut outbox, mut held, mut most) = (Outbox::default(), 0, 0);
        for _ in 0..10_000 {
            outbox.push("x".repeat(1_000).into(), &mut held);
            most = most.max(outbox.queue.as_ref().map_or(0, |queue| queue.frames.len()));
        }
        assert_eq!(most, MOST_FRAMES);
        // Nothing more is written to it, and nothing is kept for it.
        assert_eq!((outbox.take(usize::MAX, &mut held), held), ((VecDeque::new(), Some(Close::Slow)), 0));
    }

    #[test]
    fn ten_thousand_slow_readers_are_bounded_together() {
        let mut held = 0;
        let mut boxes: Vec<_> = (0..10_000).map(|_| Outbox::default()).collect();
        let frame: Frame = "x".repeat(1_000).into();
        for _ in 0..400 {
            boxes.iter_mut().for_each(|outbox| outbox.push(frame.clone(), &mut held));
            assert!(held <= PRESSURE[0].0 + 10_000 * PRESSURE[0].1, "{held}");
        }
        let closed = boxes.iter().filter(|outbox| outbox.close == Some(Close::Slow)).count();
        assert!(closed > 9_000, "{closed}");
    }

    #[test]
    fn ephemeral_frames_are_dropped_first() {
        let (mut outbox, mut held) = (Outbox::default(), 0);
        for _ in 0..EPHEMERAL_FRAMES {
            outbox.push("durable".into(), &mut held);
        }
        outbox.push_ephemeral("typing".into(), &mut held);
        outbox.push("durable".into(), &mut held);
        let (frames, close) = outbox.take(usize::MAX, &mut held);
        assert_eq!((frames.len(), close, held), (EPHEMERAL_FRAMES + 1, None, 0));
        assert!(frames.iter().all(|frame| frame.payload() == "durable"));
    }

    #[test]
    fn a_long_queue_is_taken_in_parts_and_closed_behind_the_last() {
        let (mut outbox, mut held) = (Outbox::default(), 0);
        (0..10).for_each(|n| outbox.push(format!("{n}{}", "x".repeat(97)).into(), &mut held));
        outbox.close(Close::Drain);
        let mut seen = Vec::new();
        loop {
            let (frames, close) = outbox.take(250, &mut held);
            assert!(frames.len() <= 3);
            seen.extend(frames.iter().map(|frame| frame.payload()[..1].to_owned()));
            if close.is_some() {
                break;
            }
        }
        assert_eq!((seen.join(""), held), ("0123456789".to_owned(), 0));
    }
}
