//! A timer for the poller, which itself counts in milliseconds: a generator that looked again and again instead would
//! take the processor from the server that it measures.

use mio::{Registry, Token};
use std::io::Result;
use std::time::Duration;

/// Ends a wait of the poller on time.
#[cfg(target_os = "linux")]
pub(crate) struct Alarm(nix::sys::timerfd::TimerFd);

#[cfg(target_os = "linux")]
impl Alarm {
    /// Tells `registry` under `token`, which stands for nothing else.
    pub(crate) fn new(registry: &Registry, token: Token) -> Result<Self> {
        use nix::sys::timerfd::{ClockId, TimerFd, TimerFlags};
        use std::os::fd::{AsFd, AsRawFd};
        let timer = TimerFd::new(ClockId::CLOCK_MONOTONIC, TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC)?;
        let descriptor = timer.as_fd().as_raw_fd();
        registry.register(&mut mio::unix::SourceFd(&descriptor), token, mio::Interest::READABLE)?;
        Ok(Self(timer))
    }

    /// Rings after `wait`, and not for an earlier wait any more. How long the poller may wait: for ever, or not at all.
    pub(crate) fn set(&mut self, wait: Duration) -> Result<Option<Duration>> {
        use nix::sys::timerfd::{Expiration, TimerSetTimeFlags};
        if wait.is_zero() {
            return Ok(Some(wait));
        }
        self.0.set(Expiration::OneShot(wait.into()), TimerSetTimeFlags::empty())?;
        Ok(None)
    }
}

/// Other systems wait for whole milliseconds.
#[cfg(not(target_os = "linux"))]
pub(crate) struct Alarm;

#[cfg(not(target_os = "linux"))]
impl Alarm {
    pub(crate) fn new(_: &Registry, _: Token) -> Result<Self> {
        Ok(Self)
    }

    pub(crate) fn set(&mut self, wait: Duration) -> Result<Option<Duration>> {
        Ok(Some(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mio::{Events, Poll};

    #[test]
    fn a_wait_ends_by_the_timer_also_the_second_time() {
        let mut poll = Poll::new().expect("a poller");
        let mut alarm = Alarm::new(poll.registry(), Token(7)).expect("a timer");
        let mut events = Events::with_capacity(4);
        for _ in 0..2 {
            let wait = alarm.set(Duration::from_micros(300)).expect("is set");
            // Without the timer it would wait for ever.
            poll.poll(&mut events, wait).expect("polls");
            assert!(!cfg!(target_os = "linux") || events.iter().any(|event| event.token() == Token(7)));
        }
        assert_eq!(alarm.set(Duration::ZERO).expect("is set"), Some(Duration::ZERO));
    }
}
