//! The sessions of Macaw: the hub on one side, the use cases on the other.

use crate::calls::{Call, Calls};
use crate::codec::{Fault, Frame};
use crate::hub::{ConnectionId, Hub};
use crate::seats::{Seat, Seats};
use crate::sockets::{Bare, Ending, Next, Sessions, Sockets};
use crate::telling::Turn;
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{FuturesUnordered, StreamExt};
use macaw_app::{Actor, Assigner, Tenants};
use macaw_wire::{Close, Me, ServerFrame, VERSION};
use std::collections::VecDeque;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Of those who hear what many hear, this many in one turn; then chat may pass.
const CHUNK: usize = 256;
/// Of one connection in one turn.
const CHUNK_BYTES: usize = 64 * 1024;

/// Who comes in: signed in, and from where.
pub type Guest = (Actor, IpAddr);

/// Everything a connection needs.
pub struct Gateway {
    /// Connections.
    pub hub: Arc<Hub>,
    /// What frames reach.
    pub calls: Arc<Calls>,
    /// Woken when an agent comes or goes.
    pub assigner: Arc<Assigner>,
    /// Which tenants are suspended.
    pub tenants: Arc<Tenants>,
    /// The shards.
    pub sockets: Arc<Sockets<Guest>>,
    /// How many connections there may be.
    pub seats: Arc<Seats>,
    /// From the shards to the use cases.
    pub jobs: Jobs,
}

/// What the shards want done. Each connection wants one thing at a time, so there are never more
/// than connections.
#[derive(Default)]
pub struct Jobs {
    waiting: Mutex<Vec<Job>>,
    woken: Notify,
}

struct Job {
    id: ConnectionId,
    actor: Actor,
    /// `None`: whether it may be here at all.
    call: Option<Call>,
}

impl Job {
    /// Waits for the store at most, and makes little of it. A replay is long, and an admission reads.
    fn is_short(&self) -> bool {
        matches!(self.call, Some(Call::Send { .. } | Call::Typing { .. } | Call::Read { .. }))
    }
}

struct Bell(Box<dyn Fn() + Send + Sync>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

impl Gateway {
    /// A socket of somebody who is signed in goes to a shard. Errors: it is gone.
    pub async fn take(&self, bare: Bare, guest: Guest, seat: Seat) -> std::io::Result<()> {
        self.sockets.take(bare, guest, seat).await
    }

    /// Runs what the shards want done, until it is dropped.
    pub async fn run(self: Arc<Self>) {
        let mut running = JoinSet::new();
        loop {
            tokio::select! {
                () = self.jobs.woken.notified() => {}
                Some(_) = running.join_next() => continue,
            }
            let jobs = std::mem::take(&mut *self.jobs.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            for job in jobs {
                running.spawn(self.clone().one(job));
            }
        }
    }

    async fn one(self: Arc<Self>, Job { id, actor, call }: Job) {
        // Also when it fails in the middle, the connection goes on.
        let _finish = Finish(&self.hub, id);
        match call {
            Some(call) => self.calls.run(&self.hub, id, actor, call).await,
            None => match self.admits(&actor).await {
                Ok(()) => self.hub.admit(id, self.welcome(&actor)),
                Err(reason) => self.hub.end(id, reason),
            },
        }
    }

    /// Asked again once the connection is in the hub: a membership that ends, or a tenant that is suspended, while a
    /// handshake is on its way would otherwise leave a connection behind that nobody closes.
    async fn admits(&self, actor: &Actor) -> Result<(), Close> {
        let Actor::Agent(agent) = actor else { return Ok(()) };
        match self.calls.store.member(agent.tenant, agent.account).await {
            Ok(Some(member)) if member.role == agent.role => Ok(()),
            Ok(_) => Err(Close::Unauthorized),
            Err(error) => {
                tracing::error!(%error, "a member could not be looked up");
                Err(Close::Internal)
            }
        }
    }

    fn welcome(&self, actor: &Actor) -> Frame {
        let me = match actor {
            Actor::Visitor(visitor) => Me { kind: "visitor", id: visitor.visitor.to_string() },
            Actor::Agent(agent) => Me { kind: "agent", id: agent.account.to_string() },
        };
        let heartbeat_ms = u64::try_from(self.hub.settings().heartbeat.as_millis()).unwrap_or(u64::MAX);
        let epoch = self.calls.store.epoch().to_string();
        Frame::json(&ServerFrame::Welcome { version: VERSION, epoch, heartbeat_ms, me })
    }
}

struct Finish<'a>(&'a Hub, ConnectionId);

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        self.0.finish(self.1);
    }
}

/// The sessions of one shard.
pub struct Live {
    gateway: Arc<Gateway>,
    shard: u16,
    jobs: Vec<Job>,
    /// What is run on the shard's own thread.
    running: FuturesUnordered<BoxFuture<'static, ()>>,
    waker: Waker,
    runtime: Option<Handle>,
    open: usize,
    tick: usize,
}

impl Live {
    /// Those of this shard. With the runtime of the use cases, what is short is run on the shard's own thread, which
    /// saves two changes of thread for each message; without, nothing is: what opens files may not run on a thread
    /// with a descriptor table of its own.
    pub fn new(gateway: Arc<Gateway>, shard: u16, runtime: Option<Handle>) -> Self {
        let (running, waker) = (FuturesUnordered::new(), Waker::noop().clone());
        Self { gateway, shard, jobs: Vec::new(), running, waker, runtime, open: 0, tick: 0 }
    }

    /// Runs what can go on of the shard's own.
    fn run_own(&mut self) {
        let Some(runtime) = &self.runtime else { return };
        let _inside = runtime.enter();
        let own = self.jobs.extract_if(.., |job| job.is_short());
        for job in own {
            let one = AssertUnwindSafe(self.gateway.clone().one(job)).catch_unwind();
            self.running.push(Box::pin(async {
                if one.await.is_err() {
                    tracing::error!("a call failed in the middle");
                }
            }));
        }
        let mut context = Context::from_waker(&self.waker);
        while let Poll::Ready(Some(())) = self.running.poll_next_unpin(&mut context) {}
    }

    fn wake_assigner(&self, actor: &Actor) {
        if let Actor::Agent(agent) = actor {
            self.gateway.assigner.wake(agent.tenant);
        }
    }
}

impl Sessions for Live {
    type Guest = Guest;

    fn opened(&mut self, (actor, address): Guest) -> (u32, Next) {
        let id = self.gateway.hub.open(self.shard, actor, address);
        // Rounds begin with the first one, who has its heartbeat at the end of it.
        if self.open == 0 {
            self.tick = 0;
        }
        self.open += 1;
        self.wake_assigner(&actor);
        if self.gateway.tenants.is_suspended(actor.tenant()) {
            return (id.slot, Next::End(Close::Blocked.into()));
        }
        match actor {
            Actor::Visitor(_) => {
                self.gateway.hub.admit(id, self.gateway.welcome(&actor));
                (id.slot, Next::Read)
            }
            Actor::Agent(_) => {
                self.jobs.push(Job { id, actor, call: None });
                (id.slot, Next::Wait)
            }
        }
    }

    fn text(&mut self, slot: u32, text: &str) -> Next {
        let Some((id, actor, call)) = self.gateway.hub.frame(self.shard, slot, text) else { return Next::Read };
        self.jobs.push(Job { id, actor, call: Some(call) });
        Next::Wait
    }

    fn binary(&mut self, _: u32, _: &[u8]) -> Next {
        Next::End(Close::BadFrame.into())
    }

    fn ping(&mut self, slot: u32, payload: &[u8]) {
        self.gateway.hub.ping(self.shard, slot, payload);
    }

    fn seen(&mut self, slot: u32) {
        self.gateway.hub.seen(self.shard, slot);
    }

    fn last_words(&mut self, slot: u32) -> VecDeque<Frame> {
        self.gateway.hub.last_words(self.shard, slot)
    }

    fn fault(&self, fault: Fault) -> Ending {
        match fault {
            Fault::Utf8 => Close::BadFrame.into(),
            Fault::TooLarge => Close::TooLarge.into(),
            Fault::Protocol => Ending { code: fault.code(), reason: "no WebSocket" },
        }
    }

    fn closed(&mut self, slot: u32, code: Option<u16>) {
        let code = code.map_or_else(|| "0".to_owned(), |code| code.to_string());
        metrics::counter!("macaw_socket_closes_total", "code" => code).increment(1);
        self.open -= 1;
        if let Some(actor) = self.gateway.hub.close(self.shard, slot) {
            self.wake_assigner(&actor);
        }
    }

    fn set_blocked(&mut self, slot: u32, blocked: bool) {
        self.gateway.hub.set_blocked(self.shard, slot, blocked);
    }

    fn turns(&mut self, into: &mut Vec<Turn>) -> bool {
        self.gateway.hub.turns(self.shard, CHUNK, CHUNK_BYTES, into)
    }

    fn heard(&mut self) {
        self.run_own();
        if !self.jobs.is_empty() {
            self.gateway.jobs.waiting.lock().unwrap_or_else(PoisonError::into_inner).append(&mut self.jobs);
            self.gateway.jobs.woken.notify_one();
        }
    }

    fn tick_every(&self) -> Duration {
        self.gateway.hub.tick_every()
    }

    fn tick(&mut self) {
        self.gateway.hub.tick(self.shard, self.tick);
        self.tick = self.tick.wrapping_add(1);
    }

    fn attach(&mut self, bell: Box<dyn Fn() + Send + Sync>) {
        let bell = Arc::new(Bell(bell));
        self.waker = bell.clone().into();
        self.gateway.hub.attach(self.shard, Box::new(move || (bell.0)()));
    }
}
