//! The same for the frames of the socket.

use super::cast::{Cast, ROLES};
use super::stands_for;
use crate::socket::{Socket, next, open};
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::Message;

/// A row for each frame of a client in `docs/frames.json`.
pub(crate) async fn table(cast: &mut Cast) -> Vec<(String, Vec<&'static str>)> {
    let document: Value =
        serde_json::from_str(include_str!("../../../../../docs/frames.json")).expect("docs/frames.json is JSON");
    let frames = document["components"]["schemas"]["ClientFrame"]["oneOf"].as_array().unwrap();
    let mut table = Vec::new();
    for frame in frames {
        let op = frame["properties"]["op"]["enum"][0].as_str().unwrap();
        let mut cells = Vec::new();
        for role in ROLES {
            cells.push(cell(cast, role, op, &frame["x-macaw-actor"]).await);
        }
        table.push((op.to_owned(), cells));
    }
    table
}

async fn cell(cast: &mut Cast, role: &'static str, op: &str, actors: &Value) -> &'static str {
    let Some(mut socket) = connect(cast, role).await else {
        assert!(matches!(role, "nobody" | "operator"), "{role} has no socket");
        return "–";
    };
    let mut witness = connect(cast, "visitor").await.unwrap();
    let conversation = cast.visitor("visitor").conversation.clone();
    let watch = json!({ "op": "watch", "conversation": conversation, "after": 0 });
    until_pong(&mut witness, &watch).await;
    let answers = until_pong(&mut socket, &frame(op, &conversation, role)).await;
    let error = answers.iter().find(|answer| answer["t"] == "error").map(|answer| answer["code"].clone());
    let seen = until_pong(&mut witness, &json!({ "op": "ping" })).await;
    let what = format!("{role}: {op}: {answers:?}");
    let names_something = op != "ping";
    if !stands_for(actors, role) {
        assert!(error.is_some_and(|code| code == "forbidden" || code == "not_found"), "{what}");
        "–"
    } else if names_something && role.starts_with("foreign") {
        // What has no answer has no effect either: nobody of the conversation notices.
        assert!(error.is_none_or(|code| code == "not_found"), "{what}");
        let told = |frames: &[Value]| {
            frames.iter().any(|f| ["entry", "watched", "ack", "typing", "state"].iter().any(|t| f["t"] == *t))
        };
        assert!(!told(&answers), "{what}");
        assert!(!told(&seen), "{what}: and the visitor sees {seen:?}");
        "unknown"
    } else {
        // That a colleague answers it is a state, not a right.
        assert!(error.is_none_or(|code| code == "not_owner"), "{what}");
        "yes"
    }
}

fn frame(op: &str, conversation: &str, role: &str) -> Value {
    let name = role.replace(' ', "-");
    match op {
        "watch" => json!({ "op": op, "conversation": conversation, "after": 0 }),
        "unwatch" | "typing" => json!({ "op": op, "conversation": conversation }),
        "read" | "delivered" => json!({ "op": op, "conversation": conversation, "seq": 1 }),
        "send" | "note" => {
            json!({ "op": op, "conversation": conversation, "client_id": format!("{op}-{name}"), "text": "hello" })
        }
        "ping" => json!({ "op": op }),
        op => panic!("say how the frame {op} is sent"),
    }
}

async fn connect(cast: &mut Cast, role: &'static str) -> Option<Socket> {
    let proof = match role {
        "nobody" => vec![("sec-websocket-protocol", "macaw.v1".to_owned())],
        "visitor" | "foreign visitor" => {
            vec![("sec-websocket-protocol", format!("macaw.v1, bearer.{}", cast.visitor(role).token))]
        }
        role => vec![("sec-websocket-protocol", "macaw.v1".to_owned()), ("cookie", cast.session(role).await)],
    };
    let proof: Vec<_> = proof.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match open(&cast.world, &proof).await {
        Ok(mut socket) => {
            assert_eq!(next(&mut socket).await.unwrap()["t"], "welcome");
            Some(socket)
        }
        Err(status) => {
            assert!(matches!(status, 401 | 403), "{role}: {status}");
            None
        }
    }
}

/// Sends a frame and a ping: what comes before the pong is the answer, one call runs at a time.
async fn until_pong(socket: &mut Socket, frame: &Value) -> Vec<Value> {
    for frame in [frame, &json!({ "op": "ping" })] {
        socket.send(Message::text(frame.to_string())).await.unwrap();
    }
    let pongs = if frame["op"] == "ping" { 2 } else { 1 };
    let (mut answers, mut seen) = (Vec::new(), 0);
    while seen < pongs {
        let answer = next(socket).await.unwrap();
        seen += usize::from(answer["t"] == "pong");
        answers.push(answer);
    }
    answers
}
