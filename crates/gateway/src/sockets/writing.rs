//! Many frames in one write.

use super::stream::Stream;
use crate::codec::Frame;
use std::collections::VecDeque;
use std::io::{ErrorKind, IoSlice, Result};
use std::time::Instant;

/// Frames in one write.
const GATHERED: usize = 64;

/// What a socket did not take yet.
pub(super) struct Writing {
    pub(super) frames: VecDeque<Frame>,
    /// Of the first one.
    pub(super) written: usize,
    /// When it last took something.
    pub(super) since: Instant,
}

impl Writing {
    pub(super) fn new(frames: VecDeque<Frame>) -> Self {
        Self { frames, written: 0, since: Instant::now() }
    }

    /// Writes until all is written (`true`) or the socket takes no more.
    pub(super) fn go_on(&mut self, stream: &mut Stream) -> Result<bool> {
        while !self.frames.is_empty() {
            let mut parts = [IoSlice::new(&[]); GATHERED];
            let mut count = 0;
            for (part, frame) in parts.iter_mut().zip(&self.frames) {
                let skip = if count == 0 { self.written } else { 0 };
                *part = IoSlice::new(&frame.bytes()[skip..]);
                count += 1;
            }
            match stream.write(&parts[..count]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => self.took(written),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        match stream.flush() {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn took(&mut self, written: usize) {
        self.since = Instant::now();
        self.written += written;
        while let Some(first) = self.frames.front()
            && self.written >= first.bytes().len()
        {
            self.written -= first.bytes().len();
            self.frames.pop_front();
        }
    }

    /// Forgets what was not begun: a frame that was begun has to be ended.
    pub(super) fn forget_the_rest(&mut self) {
        self.frames.truncate(usize::from(self.written > 0));
    }
}
