//! How a socket comes from the thread that upgraded it to the shard that drives it.

use super::Sessions;
use super::driver::Driver;
use super::stream::Bare;
use crate::seats::Seat;
use mio::net::UnixDatagram;
use mio::{Poll, Waker};
use nix::sched::{CloneFlags, unshare};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use std::cell::Cell;
use std::collections::HashMap;
use std::io::{Error, IoSlice, IoSliceMut, Result};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::Interest;

pub(super) const WAKE: mio::Token = mio::Token(usize::MAX);
pub(super) const RECEIVE: mio::Token = mio::Token(usize::MAX - 1);

/// A peer whose machine acknowledges nothing for this long is gone.
const PEER_TIMEOUT: Duration = Duration::from_secs(30);
/// The kernel keeps no more of what was not sent yet; the rest waits here, where it is bounded.
const NOT_SENT_BYTES: u32 = 16 * 1024;

/// Somebody on the way in.
pub(super) struct Arrival<G> {
    pub(super) bare: Bare,
    pub(super) guest: G,
    pub(super) seat: Seat,
}

/// An arrival whose socket comes by another way.
type Expected<G> = (Option<Box<dyn super::Cipher>>, Vec<u8>, G, Seat);

/// Wakes a driver, once however often it is rung before it looks.
pub(super) struct Ringer {
    waker: Waker,
    rung: AtomicBool,
}

thread_local! {
    /// The ringer of the driver that runs on this thread, by its address.
    static MINE: Cell<usize> = const { Cell::new(0) };
    /// Whether it was rung from its own thread.
    static RUNG_BY_MYSELF: Cell<bool> = const { Cell::new(false) };
}

impl Ringer {
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// From now on this thread drives; it needs no call of the kernel to wake itself.
    pub(super) fn drive(&self) {
        MINE.set(self.address());
    }

    /// Whether the driver of this thread has rung for itself since it was last asked.
    pub(super) fn was_rung_by_myself() -> bool {
        RUNG_BY_MYSELF.take()
    }

    pub(super) fn ring(&self) {
        if MINE.get() == self.address() {
            return RUNG_BY_MYSELF.set(true);
        }
        if !self.rung.swap(true, Ordering::SeqCst)
            && let Err(error) = self.waker.wake()
        {
            tracing::error!(%error, "a socket shard could not be woken");
        }
    }

    /// What is rung for from now on rings again.
    pub(super) fn heard(&self) {
        self.rung.store(false, Ordering::SeqCst);
    }
}

/// The way into one shard.
pub(super) struct Passage<G> {
    pub(super) ringer: Arc<Ringer>,
    arrived: Mutex<Vec<Arrival<G>>>,
    expected: Mutex<HashMap<u64, Expected<G>>>,
    tickets: AtomicU64,
    /// Sockets go through here when the shard has a descriptor table of its own.
    across: Option<tokio::net::UnixDatagram>,
    pub(super) held: AtomicUsize,
    pub(super) stopping: AtomicBool,
}

impl<G> Passage<G> {
    pub(super) fn arrived(&self) -> Vec<Arrival<G>> {
        std::mem::take(&mut *self.arrived.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a socket into the shard's own descriptor table.
    async fn send(&self, across: &tokio::net::UnixDatagram, arrival: Arrival<G>) -> Result<()> {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        let Arrival { bare: Bare { socket, cipher, leftover }, guest, seat } = arrival;
        self.expected().insert(ticket, (cipher, leftover, guest, seat));
        let sent = across.async_io(Interest::WRITABLE, || {
            let descriptors = [socket.as_fd()];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut control = SendAncillaryBuffer::new(&mut space);
            control.push(SendAncillaryMessage::ScmRights(&descriptors));
            let ticket = ticket.to_ne_bytes();
            Ok(sendmsg(across, &[IoSlice::new(&ticket)], &mut control, SendFlags::NOSIGNAL)?)
        });
        let sent = sent.await;
        if sent.is_err() {
            self.expected().remove(&ticket);
        }
        sent.map(|_| ())
    }

    /// Takes the next socket out of the channel; `None` when there is none.
    pub(super) fn receive(&self, channel: &UnixDatagram) -> Option<Arrival<G>> {
        loop {
            let mut ticket = [0; 8];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            let parts = &mut [IoSliceMut::new(&mut ticket)];
            let received = match recvmsg(channel, parts, &mut control, RecvFlags::CMSG_CLOEXEC) {
                Ok(received) => received,
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return None,
            };
            let socket = control.drain().find_map(|message| match message {
                RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
                _ => None,
            });
            let expected = self.expected().remove(&u64::from_ne_bytes(ticket));
            match (socket, expected) {
                (Some(socket), Some((cipher, leftover, guest, seat))) => {
                    return Some(Arrival { bare: Bare { socket, cipher, leftover }, guest, seat });
                }
                _ => tracing::warn!(
                    full = received.flags.contains(ReturnFlags::CTRUNC),
                    "a socket did not get into its shard"
                ),
            }
        }
    }

    fn expected(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Expected<G>>> {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The shards, for those who bring sockets.
pub struct Sockets<G> {
    passages: Vec<Arc<Passage<G>>>,
}

impl<G: Send + 'static> Sockets<G> {
    /// Gives a socket to the shard that has the fewest. Errors: it is gone.
    pub async fn take(&self, bare: Bare, guest: G, seat: Seat) -> Result<()> {
        prepare_socket(&bare.socket)?;
        let fewest = self.passages.iter().min_by_key(|passage| passage.held.load(Ordering::Relaxed));
        let passage = fewest.ok_or_else(|| Error::other("there is no shard"))?;
        passage.held.fetch_add(1, Ordering::Relaxed);
        let arrival = Arrival { bare, guest, seat };
        let Some(across) = &passage.across else {
            passage.arrived.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
            passage.ringer.ring();
            return Ok(());
        };
        let sent = passage.send(across, arrival).await;
        if sent.is_err() {
            passage.held.fetch_sub(1, Ordering::Relaxed);
        }
        sent
    }
}

fn prepare_socket(socket: &OwnedFd) -> Result<()> {
    let socket = socket2::SockRef::from(socket);
    socket.set_tcp_user_timeout(Some(PEER_TIMEOUT))?;
    socket.set_tcp_notsent_lowat(NOT_SENT_BYTES)
}

/// Threads that wait for what they are to drive.
pub struct Prepared<S: Sessions> {
    sockets: Arc<Sockets<S::Guest>>,
    starts: Vec<mpsc::SyncSender<S>>,
    threads: Vec<JoinHandle<()>>,
}

impl<S: Sessions> Prepared<S> {
    /// Makes `shards` threads. With `tables` each has a descriptor table of its own, which holds a
    /// copy of what is open now: nothing else may be open yet, and it must run inside a runtime.
    /// Errors: no descriptors, no threads, or the kernel refuses.
    pub fn new(shards: u16, tables: bool) -> Result<Self> {
        // All that is woken from outside is made before the first table, so that it has the same
        // number in each.
        let ways: Vec<_> = (0..shards.max(1)).map(|_| Way::new(tables)).collect::<Result<_>>()?;
        let sockets = Arc::new(Sockets { passages: ways.iter().map(|way| way.passage.clone()).collect() });
        let (mut starts, mut threads) = (Vec::new(), Vec::new());
        for (n, way) in ways.into_iter().enumerate() {
            let (start, started) = mpsc::sync_channel(1);
            let (ready, is_ready) = mpsc::sync_channel(1);
            let run = move || {
                let own = if tables { unshare(CloneFlags::CLONE_FILES) } else { Ok(()) };
                let good = own.is_ok();
                // Without somebody who waits there is nothing to drive either.
                if ready.send(own).is_err() || !good {
                    return;
                }
                if let Ok(sessions) = started.recv() {
                    Driver::new(sessions, way.poll, way.passage, way.channel).run();
                }
            };
            threads.push(std::thread::Builder::new().name(format!("sockets-{n}")).spawn(run)?);
            is_ready.recv().map_err(|_| Error::other("a socket shard ended at its start"))??;
            starts.push(start);
        }
        Ok(Self { sockets, starts, threads })
    }

    /// For those who bring sockets.
    pub fn sockets(&self) -> Arc<Sockets<S::Guest>> {
        self.sockets.clone()
    }

    /// Starts to drive. `sessions` makes those of each shard.
    pub fn start(self, mut sessions: impl FnMut(u16) -> S) -> Running<S::Guest> {
        for (n, start) in (0..).zip(&self.starts) {
            // A thread that is gone has told why.
            let _ = start.send(sessions(n));
        }
        Running { sockets: self.sockets, threads: self.threads }
    }
}

/// Threads that drive sockets.
pub struct Running<G> {
    sockets: Arc<Sockets<G>>,
    threads: Vec<JoinHandle<()>>,
}

impl<G> Running<G> {
    /// Ends all connections and waits for the threads; it blocks for about a second at most.
    pub fn stop(self) {
        for passage in &self.sockets.passages {
            passage.stopping.store(true, Ordering::SeqCst);
            passage.ringer.ring();
        }
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a socket shard had failed");
            }
        }
    }
}

struct Way<G> {
    poll: Poll,
    passage: Arc<Passage<G>>,
    channel: Option<UnixDatagram>,
}

impl<G> Way<G> {
    fn new(tables: bool) -> Result<Self> {
        let poll = Poll::new()?;
        let ringer = Ringer { waker: Waker::new(poll.registry(), WAKE)?, rung: AtomicBool::new(false) };
        let (across, channel) = match tables {
            true => {
                let (across, channel) = std::os::unix::net::UnixDatagram::pair()?;
                across.set_nonblocking(true)?;
                channel.set_nonblocking(true)?;
                let mut channel = UnixDatagram::from_std(channel);
                poll.registry().register(&mut channel, RECEIVE, mio::Interest::READABLE)?;
                (Some(tokio::net::UnixDatagram::from_std(across)?), Some(channel))
            }
            false => (None, None),
        };
        let passage = Passage {
            ringer: Arc::new(ringer),
            arrived: Mutex::default(),
            expected: Mutex::default(),
            tickets: AtomicU64::new(0),
            across,
            held: AtomicUsize::new(0),
            stopping: AtomicBool::new(false),
        };
        Ok(Self { poll, passage: Arc::new(passage), channel })
    }
}
