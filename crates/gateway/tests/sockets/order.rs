//! What a client says is heard in its order, also when more of it comes just as a call ends.

use crate::house::{Client, frame};
use macaw_gateway::{Bare, Ending, Fault, Frame, Next, Prepared, Seats, Sessions, Turn};
use std::collections::VecDeque;
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

/// Each text is a call; the end of the first one and the client's next words come together.
struct OneByOne {
    heard: mpsc::Sender<String>,
    running: Option<u32>,
    client: TcpStream,
    then: Vec<u8>,
}

impl Sessions for OneByOne {
    type Guest = ();

    fn opened(&mut self, (): ()) -> (u32, Next) {
        (0, Next::Read)
    }

    fn text(&mut self, slot: u32, text: &str) -> Next {
        self.heard.send(text.to_owned()).unwrap();
        self.running = Some(slot);
        Next::Wait
    }

    fn binary(&mut self, _: u32, _: &[u8]) -> Next {
        Next::Read
    }

    fn ping(&mut self, _: u32, _: &[u8]) {}

    fn seen(&mut self, _: u32) {}

    fn last_words(&mut self, _: u32) -> VecDeque<Frame> {
        VecDeque::new()
    }

    fn fault(&self, fault: Fault) -> Ending {
        Ending { code: fault.code(), reason: "" }
    }

    fn closed(&mut self, _: u32, _: Option<u16>) {}

    fn set_blocked(&mut self, _: u32, _: bool) {}

    fn turns(&mut self, into: &mut Vec<Turn>) -> bool {
        let Some(slot) = self.running.take() else { return false };
        // On loopback it is there when this returns, so the poller has it before the driver reads on.
        self.client.write_all(&std::mem::take(&mut self.then)).unwrap();
        into.push(Turn { slot, frames: VecDeque::new(), close: None, finished: true });
        false
    }

    fn tick_every(&self) -> Duration {
        Duration::from_secs(3_600)
    }

    fn tick(&mut self) {}

    fn attach(&mut self, _: Box<dyn Fn() + Send + Sync>) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_as_a_call_ends_is_heard_behind_what_was_said_before() {
    let prepared = Prepared::<OneByOne>::new(1, false).unwrap();
    let (sockets, seats) = (prepared.sockets(), Seats::new(1));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut client = Client(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
    let (socket, _) = listener.accept().unwrap();
    socket.set_nonblocking(true).unwrap();
    let (heard, said) = mpsc::channel();
    let words = |words: &[&str]| words.iter().flat_map(|word| frame(word)).collect::<Vec<_>>();
    let mut sessions =
        Some(OneByOne { heard, running: None, client: client.0.try_clone().unwrap(), then: words(&["d", "e"]) });
    let running = prepared.start(|_| sessions.take().unwrap());
    client.send(&words(&["a", "b", "c"]));
    sockets
        .take(Bare { socket: socket.into(), cipher: None, leftover: Vec::new() }, (), seats.take().unwrap())
        .await
        .unwrap();
    let order: Vec<_> = (0..5).map(|_| said.recv_timeout(Duration::from_secs(20)).unwrap_or_default()).collect();
    assert_eq!(order, ["a", "b", "c", "d", "e"]);
    running.stop();
}
