//! Members that somebody acts on: removed, demoted, given a new password, seen in their own time zone.

use crate::socket::{Socket, next, open};
use crate::world::{PASSWORD, Visitor, World, ok, problem};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::protocol::Message;

/// An agent's socket; the welcome is read.
pub(crate) async fn open_agent(world: &World, session: &str) -> Socket {
    let mut socket = open(world, &[("sec-websocket-protocol", "macaw.v1"), ("cookie", session)]).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["t"], "welcome");
    socket
}

/// The code that a socket is closed with, whatever it is told before.
pub(crate) async fn closed(socket: &mut Socket) -> u16 {
    let closing = async {
        loop {
            if let Err(code) = next(socket).await {
                return code;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closing).await.expect("closed within five seconds")
}

/// Reads until a frame fits.
pub(crate) async fn until(socket: &mut Socket, fits: impl Fn(&Value) -> bool) -> Value {
    let reading = async {
        loop {
            let frame = next(socket).await.expect("the socket is open");
            if fits(&frame) {
                return frame;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(15), reading).await.expect("such a frame comes")
}

async fn conversation(world: &World, session: &str, visitor: &Visitor) -> Value {
    let path = format!("/api/v1/conversations/{}", visitor.conversation);
    ok(world.by(session, Method::GET, &path).send().await.unwrap()).await
}

#[tokio::test]
async fn a_removed_member_is_out_at_once_and_its_conversations_wait_again() {
    let world = World::start();
    let owner = world.sign_in().await;
    let ann = world.join(&owner, "ann@shop.example", "agent").await;
    let mut socket = open_agent(&world, &ann).await;
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "hello").await).await;
    let accept = format!("/api/v1/conversations/{}/accept", visitor.conversation);
    ok(world.by(&ann, Method::POST, &accept).json(&json!({})).send().await.unwrap()).await;
    assert_eq!(conversation(&world, &owner, &visitor).await["state"]["owner"]["kind"], "agent");
    let id = world.member(&owner, "ann@shop.example").await;
    let path = format!("/api/v1/members/{id}");
    assert_eq!(problem(world.by(&ann, Method::DELETE, &path).send().await.unwrap()).await.0, 403);
    ok(world.by(&owner, Method::DELETE, &path).send().await.unwrap()).await;
    assert_eq!(closed(&mut socket).await, 4004);
    assert_eq!(problem(world.by(&ann, Method::GET, "/api/v1/me").send().await.unwrap()).await.0, 401);
    assert_eq!(conversation(&world, &owner, &visitor).await["state"]["owner"]["kind"], "queue");
    assert_eq!(problem(world.try_sign_in("ann@shop.example", PASSWORD).await).await.0, 403, "a member of no tenant");
    assert_eq!(problem(world.by(&owner, Method::DELETE, &path).send().await.unwrap()).await.0, 404);
    let me = world.member(&owner, &world.login).await;
    let last = world.by(&owner, Method::DELETE, &format!("/api/v1/members/{me}")).send().await.unwrap();
    assert_eq!(problem(last).await, (409, "wrong_state".into()), "the last owner stays");
}

#[tokio::test]
async fn a_demoted_manager_comes_again_with_less_rights() {
    let world = World::start();
    let owner = world.sign_in().await;
    let mia = world.join(&owner, "mia@shop.example", "manager").await;
    let mut socket = open_agent(&world, &mia).await;
    let invite = || world.by(&mia, Method::POST, "/api/v1/invitations");
    ok(invite().json(&json!({ "email": "x@shop.example", "role": "agent" })).send().await.unwrap()).await;
    let path = format!("/api/v1/members/{}", world.member(&owner, "mia@shop.example").await);
    let demote = json!({ "role": "agent", "capacity": 2 });
    let row = ok(world.by(&owner, Method::PUT, &path).json(&demote).send().await.unwrap()).await;
    assert_eq!((&row["role"], &row["capacity"]), (&json!("agent"), &json!(2)));
    assert_eq!(closed(&mut socket).await, 4004);
    drop(open_agent(&world, &mia).await);
    let refused = invite().json(&json!({ "email": "y@shop.example", "role": "agent" })).send().await.unwrap();
    assert_eq!(problem(refused).await.0, 403);
    for (body, status) in [
        (json!({ "role": "owner" }), 403),
        (json!({ "capacity": 500 }), 400),
        (json!({ "role": "queen" }), 400),
        (json!({ "time_zone": "Mars/Olympus" }), 400),
        (json!({ "operator": true }), 400),
    ] {
        let answer = world.by(&mia, Method::PUT, &path).json(&body).send().await.unwrap();
        assert_eq!(problem(answer).await.0, status, "{body}");
    }
}

#[tokio::test]
async fn a_reset_link_works_once_ends_every_session_and_is_stored_as_a_hash() {
    let world = World::start();
    let owner = world.sign_in().await;
    let ann = world.join(&owner, "ann@shop.example", "agent").await;
    let mut socket = open_agent(&world, &ann).await;
    let path = format!("/api/v1/members/{}/reset", world.member(&owner, "ann@shop.example").await);
    assert_eq!(problem(world.by(&ann, Method::POST, &path).send().await.unwrap()).await.0, 403);
    let answer = ok(world.by(&owner, Method::POST, &path).send().await.unwrap()).await;
    let token = answer["link"].as_str().unwrap().strip_prefix("/reset#").unwrap().to_owned();
    assert_eq!(token.len(), 43, "256 bits");
    let reset = |password: &str| {
        let body = json!({ "token": token, "password": password });
        world.request(Method::POST, "/api/v1/auth/reset").json(&body)
    };
    assert_eq!(problem(reset("short").send().await.unwrap()).await.0, 400);
    ok(reset("quite another one").send().await.unwrap()).await;
    assert_eq!(closed(&mut socket).await, 4004);
    assert_eq!(problem(world.by(&ann, Method::GET, "/api/v1/me").send().await.unwrap()).await.0, 401);
    assert_eq!(problem(reset("a third password").send().await.unwrap()).await, (404, "not_found".into()), "once");
    assert_eq!(problem(world.try_sign_in("ann@shop.example", PASSWORD).await).await.0, 401);
    world.sign_in_as("ann@shop.example", "quite another one").await;
    for name in ["macaw.db", "macaw.db-wal"] {
        let bytes = std::fs::read(world.data().join(name)).unwrap_or_default();
        assert!(!bytes.windows(token.len()).any(|part| part == token.as_bytes()), "{name}");
    }
    assert!(!world.log().contains(&token));
}

#[tokio::test]
async fn an_offer_passes_on_when_its_agent_leaves() {
    let world = World::start_env(&[("MACAW__CHAT__RING", "1h")]);
    let owner = world.sign_in().await;
    let ann = world.join(&owner, "ann@shop.example", "agent").await;
    let ann_id = world.member(&owner, "ann@shop.example").await;
    let owner_id = world.member(&owner, &world.login).await;
    let mut first = open_agent(&world, &ann).await;
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "hello").await).await;
    let rings_at = |id: String| move |frame: &Value| frame["conversation"]["offered"]["agent"] == id;
    until(&mut first, rings_at(ann_id)).await;
    let mut second = open_agent(&world, &owner).await;
    drop(first);
    until(&mut second, rings_at(owner_id)).await;
}

#[tokio::test]
async fn two_devices_of_an_agent_are_both_live() {
    let world = World::start();
    let (desk, phone) = (world.sign_in().await, world.sign_in().await);
    let (mut desk, mut phone) = (open_agent(&world, &desk).await, open_agent(&world, &phone).await);
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "hello").await).await;
    for socket in [&mut desk, &mut phone] {
        let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 }).to_string();
        socket.send(Message::text(watch)).await.unwrap();
        until(socket, |frame| frame["t"] == "watched").await;
    }
    ok(world.say(&visitor, "b", "to both").await).await;
    for socket in [&mut desk, &mut phone] {
        until(socket, |frame| frame["t"] == "entry" && frame["entry"]["text"] == "to both").await;
    }
}

#[tokio::test]
async fn times_are_milliseconds_in_utc_whatever_the_zones_say() {
    let world = World::start_env(&[("TZ", "Pacific/Kiritimati")]);
    let owner = world.sign_in().await;
    let put = |path: String, body: Value| world.by(&owner, Method::PUT, &path).json(&body).send();
    let tenant = json!({ "name": "商店 Shop", "time_zone": "asia/tokyo" });
    let answer = ok(put("/api/v1/tenant".into(), tenant).await.unwrap()).await;
    assert_eq!((&answer["name"], &answer["time_zone"]), (&json!("商店 Shop"), &json!("Asia/Tokyo")));
    let me = || async { ok(world.by(&owner, Method::GET, "/api/v1/me").send().await.unwrap()).await };
    assert_eq!((&me().await["time_zone"], &me().await["tenant"]["name"]), (&json!("Asia/Tokyo"), &json!("商店 Shop")));
    let path = format!("/api/v1/members/{}", world.member(&owner, &world.login).await);
    ok(put(path.clone(), json!({ "time_zone": "America/New_York" })).await.unwrap()).await;
    assert_eq!(me().await["time_zone"], "America/New_York");
    assert_eq!(me().await["tenant"]["time_zone"], "Asia/Tokyo");
    assert_eq!(me().await["own_time_zone"], "America/New_York");
    ok(put(path, json!({ "time_zone": "" })).await.unwrap()).await;
    assert_eq!((&me().await["time_zone"], me().await.get("own_time_zone")), (&json!("Asia/Tokyo"), None));
    for bad in [json!({ "time_zone": "Tokyo" }), json!({ "name": " " }), json!({ "zone": "UTC" })] {
        assert_eq!(problem(put("/api/v1/tenant".into(), bad).await.unwrap()).await.0, 400);
    }
    let visitor = world.visitor().await;
    let answer = ok(world.say(&visitor, "a", "几点了?").await).await;
    let sent = answer["at"].as_i64().unwrap();
    // The first 48 bits of a UUIDv7 are milliseconds of UTC too, by another way than `at`.
    let id: String = answer["id"].as_str().unwrap().chars().filter(|c| *c != '-').take(12).collect();
    let made = i64::from_str_radix(&id, 16).unwrap();
    assert!((made - sent).abs() < 60_000, "{made} {sent}");
    assert_eq!(world.messages(&visitor).await[0]["at"], sent);
}
