//! The engine against an echo that is written with another library.

use super::*;
use crate::net::handshake::{Proof, request};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, accept};

/// Greets, echoes texts between pings, and closes with 4010 when it hears "end".
fn echo() -> std::net::SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut socket = accept(stream.expect("a client")).expect("an upgrade");
            let mut unanswered = 0;
            while let Ok(message) = socket.read() {
                match message {
                    Message::Text(text) if text.as_str() == "end" => {
                        assert_eq!(unanswered, 0, "pings without an answer");
                        socket.close(Some(CloseFrame { code: 4010.into(), reason: "".into() })).expect("closes");
                    }
                    Message::Text(text) => {
                        socket.send(Message::Ping("p".into())).expect("pings");
                        unanswered += 1;
                        socket.send(Message::Text(text)).expect("echoes");
                    }
                    Message::Pong(payload) => {
                        assert_eq!(payload, "p");
                        unanswered -= 1;
                    }
                    _ => {}
                }
            }
        }
    });
    address
}

/// Turns until `until` says so; everything that happened as text.
fn run(engine: &mut Engine, until: impl Fn(&[String]) -> bool) -> Vec<String> {
    let (mut told, mut turn) = (Vec::new(), Turn::default());
    for _ in 0..1_000 {
        engine.turn(Duration::from_millis(20), &mut turn).expect("polls");
        told.extend(turn.events.iter().map(|event| match event {
            Event::Opened => "opened".to_owned(),
            Event::Text(id, range) => format!("{id} {}", String::from_utf8_lossy(turn.text(range))),
            Event::Closed(id, reason) => format!("{id} {reason}"),
        }));
        if until(&told) {
            return told;
        }
    }
    panic!("did not happen: {told:?}");
}

#[test]
fn texts_go_and_come_pings_are_answered_and_the_close_code_is_told() {
    let mut engine = Engine::new(Dialer::new(echo(), 0)).expect("an engine");
    let id = engine.open(request("127.0.0.1", &Proof::Nobody), None).expect("dials");
    assert!(!engine.send(id, "too early"));
    assert_eq!(run(&mut engine, |told| !told.is_empty()), ["opened"]);
    let long = "x".repeat(300_000);
    assert!(engine.send(id, "hello") && engine.send(id, &long));
    let told = run(&mut engine, |told| told.len() == 2);
    assert_eq!((told[0].as_str(), told[1].len()), ("0 hello", long.len() + 2));
    engine.send(id, "end");
    assert_eq!(run(&mut engine, |told| !told.is_empty()), ["0 closed with 4010"]);
    assert!(!engine.send(id, "gone"));
}

#[test]
fn a_muted_connection_says_nothing_more_and_others_go_on() {
    let address = echo();
    let mut engine = Engine::new(Dialer::new(address, 0)).expect("an engine");
    engine.open(request("a", &Proof::Nobody), None).expect("dials");
    run(&mut engine, |told| !told.is_empty());
    engine.mute(0).expect("mutes");
    engine.send(0, "nobody hears the echo");
    let mut other = Engine::new(Dialer::new(echo(), 1)).expect("an engine");
    other.open(request("a", &Proof::Nobody), None).expect("dials");
    run(&mut other, |told| !told.is_empty());
    let mut turn = Turn::default();
    engine.turn(Duration::from_millis(50), &mut turn).expect("polls");
    assert!(turn.events.is_empty());
}

#[test]
fn a_refused_connection_is_told() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound");
    let mut engine = Engine::new(Dialer::new(address, 0)).expect("an engine");
    engine.open(request("a", &Proof::Nobody), None).expect("dials");
    let told = run(&mut engine, |told| !told.is_empty());
    assert!(told[0].contains("connecting"), "{told:?}");
}
