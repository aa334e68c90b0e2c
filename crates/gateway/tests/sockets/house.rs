//! A whole gateway on an empty store, and clients that are bare sockets.

use macaw_app::testkit::{ManualClock, World};
use macaw_app::{
    Actor, Assigner, Clock, Conversations, Directory, Engines, Fanout, Limits, Messages, Sites, Store, Tenants, Turns,
    Visitor,
};
use macaw_domain::{ConversationId, VisitorId};
use macaw_gateway::{Bare, Calls, Gateway, Hub, HubSettings, Jobs, Live, Prepared, Running, Seats};
use macaw_store::Sqlite;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

pub(crate) struct House {
    pub(crate) world: World,
    pub(crate) gateway: Arc<Gateway>,
    running: Option<Running<macaw_gateway::Guest>>,
    listener: TcpListener,
    _dir: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new(shards: u16, heartbeat: Duration, seats: usize) -> Self {
        let prepared = Prepared::<Live>::new(shards, false).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::default());
        let (told, committed) = mpsc::channel(1_000);
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("t.db"), clock.clone(), told).unwrap());
        let world = World::new(store.clone(), clock.clone(), committed).await;
        let limits = Arc::new(Limits::off());
        let settings = HubSettings { heartbeat, shards: usize::from(shards) };
        let hub = Arc::new(Hub::new(settings, clock.clone(), limits.clone()));
        let fanout: Arc<dyn Fanout> = hub.clone();
        let clock: Arc<dyn Clock> = clock;
        let directory = Arc::new(Directory::default());
        let engines = Engines::new([]);
        let sites = Arc::new(Sites::new(store.clone(), &engines, clock.clone()));
        let messages = Arc::new(Messages::new(store.clone(), sites.clone(), clock.clone()));
        let (turns, _) = Turns::new(store.clone(), fanout.clone(), clock.clone(), engines, limits.clone());
        let conversations =
            Arc::new(Conversations::new(store.clone(), sites, directory.clone(), turns.clone(), clock.clone()));
        let assigner = Arc::new(Assigner::new(store.clone(), fanout, clock.clone(), 30_000));
        let tenants = Arc::new(Tenants::load(store.clone(), clock.clone(), None).await.unwrap());

        let calls = Calls { store, directory, messages, conversations, turns, limits, clock };
        let gateway = Arc::new(Gateway {
            hub,
            calls: Arc::new(calls),
            assigner,
            tenants,
            sockets: prepared.sockets(),
            seats: Seats::new(seats),
            jobs: Jobs::default(),
        });
        let runtime = tokio::runtime::Handle::current();
        let running = Some(prepared.start(|shard| Live::new(gateway.clone(), shard, Some(runtime.clone()))));
        tokio::spawn(gateway.clone().run());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Self { world, gateway, running, listener, _dir: dir }
    }

    /// A visitor of this world, whose first bytes are `leftover`.
    pub(crate) async fn enter(&self, visitor: Visitor, leftover: &[u8]) -> Client {
        let client = TcpStream::connect(self.listener.local_addr().unwrap()).unwrap();
        let (socket, _) = self.listener.accept().unwrap();
        socket.set_nonblocking(true).unwrap();
        let bare = Bare { socket: socket.into(), cipher: None, leftover: leftover.to_vec() };
        let seat = self.gateway.seats.take().unwrap();
        let here = Ipv4Addr::LOCALHOST.into();
        self.gateway.take(bare, (Actor::Visitor(visitor), here), seat).await.unwrap();
        Client(client)
    }

    pub(crate) fn visitor(&self) -> Visitor {
        let (tenant, site, clock) = (self.world.tenant, self.world.site, &self.world.clock);
        Visitor { tenant, site, visitor: VisitorId(clock.fresh()), conversation: ConversationId(clock.fresh()) }
    }

    /// A visitor who watches its conversation.
    pub(crate) async fn watching(&self) -> Client {
        let visitor = self.visitor();
        let watch = format!("{{\"op\":\"watch\",\"conversation\":\"{}\",\"after\":0}}", visitor.conversation);
        let mut client = self.enter(visitor, &frame(&watch)).await;
        client.until("\"t\":\"watched\"");
        client
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }
}

/// A text frame of a client.
pub(crate) fn frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81];
    match u8::try_from(text.len()) {
        Ok(len @ ..=125) => bytes.push(0x80 | len),
        _ => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(text.as_bytes());
    bytes
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    /// Reads frames until one says this; its payload.
    pub(crate) fn until(&mut self, words: &str) -> String {
        loop {
            let (first, payload) = self.next().unwrap_or_else(|| panic!("closed before {words}"));
            let text = String::from_utf8_lossy(&payload).into_owned();
            assert_ne!(first, 0x88, "closed before {words}: {text}");
            if text.contains(words) {
                return text;
            }
        }
    }

    /// The first byte and the payload of the next frame; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).ok()?;
        let len = match head[1] {
            126 => {
                let mut long = [0; 2];
                self.0.read_exact(&mut long).ok()?;
                usize::from(u16::from_be_bytes(long))
            }
            127 => {
                let mut long = [0; 8];
                self.0.read_exact(&mut long).ok()?;
                usize::try_from(u64::from_be_bytes(long)).unwrap()
            }
            len => usize::from(len),
        };
        let mut payload = vec![0; len];
        self.0.read_exact(&mut payload).ok()?;
        Some((head[0], payload))
    }

    /// Reads to the end: the code of the close frame.
    pub(crate) fn ends_with(&mut self) -> Option<u16> {
        while let Some((first, payload)) = self.next() {
            if first == 0x88 {
                return payload.first_chunk().map(|code| u16::from_be_bytes(*code));
            }
        }
        None
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }
}
