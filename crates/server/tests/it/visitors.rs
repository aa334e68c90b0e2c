//! The visitor's API with good and with hostile input.

use crate::world::{World, ok, problem};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_message_is_there_once_however_often_it_is_sent() {
    let world = World::start();
    let visitor = world.visitor().await;
    let first = ok(world.say(&visitor, "a", "怎么退货? 🦜").await).await;
    let again = ok(world.say(&visitor, "a", "怎么退货? 🦜").await).await;
    assert_eq!((&first["seq"], &first["id"]), (&again["seq"], &again["id"]));
    assert_eq!(again["duplicate"], true);
    assert_eq!(problem(world.say(&visitor, "a", "another").await).await, (409, "client_id_conflict".into()));
    let messages = world.messages(&visitor).await;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["text"], "怎么退货? 🦜");
}

#[tokio::test]
async fn hostile_bodies_get_a_code_and_harm_nobody() {
    let world = World::start();
    let visitor = world.visitor().await;
    let long = "长".repeat(6_000);
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let bodies: Vec<(Vec<u8>, u16)> = vec![
        (b"".to_vec(), 400),
        (b"null".to_vec(), 400),
        (b"{\"client_id\":1,\"text\":\"x\"}".to_vec(), 400),
        (b"{\"client_id\":\"a b\",\"text\":\"x\"}".to_vec(), 400),
        (b"{\"client_id\":\"a\",\"text\":\" \"}".to_vec(), 400),
        (b"{\"client_id\":\"a\",\"text\":\"a\\u0000b\"}".to_vec(), 400),
        (b"{\"client_id\":\"a\",\"text\":\"x\",\"from\":\"agent\"}".to_vec(), 400),
        (b"{\"client_id\":\"a\",\"text\":\"x\",\"conversation\":\"y\"}".to_vec(), 400),
        (b"{\"client_id\":\"a\",\"text\":\"\xff\xfe\"}".to_vec(), 400),
        (json!({ "client_id": "a", "text": long }).to_string().into_bytes(), 400),
        (deep.into_bytes(), 400),
        (vec![b'x'; 300_000], 413),
    ];
    for (body, status) in bodies {
        let start = String::from_utf8_lossy(&body[..body.len().min(50)]).into_owned();
        let request = world.request(Method::POST, "/api/v1/visitor/messages").bearer_auth(&visitor.token);
        let request = request.header("content-type", "application/json").body(body);
        // An early refusal may close the connection while the rest of a long body is still being sent.
        let mut answer = None;
        for _ in 0..20 {
            answer = request.try_clone().unwrap().send().await.ok();
            if answer.is_some() {
                break;
            }
        }
        assert_eq!(problem(answer.expect("one of twenty answers arrives")).await.0, status, "{start}");
    }
    assert!(world.messages(&visitor).await.is_empty());
    ok(world.say(&visitor, "a", "still there").await).await;
}

#[tokio::test]
async fn knowing_anothers_ids_gives_nothing() {
    let world = World::start();
    let (ann, eve) = (world.visitor().await, world.visitor().await);
    ok(world.say(&ann, "a", "a secret").await).await;
    assert!(world.messages(&eve).await.is_empty());
    for forged in ["", "x", &ann.conversation, &format!("{}x", ann.token), &ann.token[..ann.token.len() - 4]] {
        let request = world.request(Method::GET, "/api/v1/visitor/messages").bearer_auth(forged);
        assert_eq!(problem(request.send().await.unwrap()).await, (401, "unauthorized".into()), "{forged}");
    }
    for site in ["", "../../etc", "01a20b7d-6ff2-773c-87ac-69f44eebe5e2", &"9".repeat(10_000)] {
        let request = world.request(Method::POST, "/api/v1/visitor/session").json(&json!({ "site": site }));
        assert_eq!(problem(request.send().await.unwrap()).await.0, 404);
    }
}

#[tokio::test]
async fn page_sizes_are_bounded() {
    let world = World::start();
    let visitor = world.visitor().await;
    for n in 0..5 {
        ok(world.say(&visitor, &format!("m{n}"), "hi").await).await;
    }
    for (query, expected) in [
        ("limit=0", Some(1)),
        ("limit=2", Some(2)),
        ("limit=100000", Some(5)),
        ("after=3", Some(2)),
        ("limit=-1", None),
        ("after=-1", None),
    ] {
        let request =
            world.request(Method::GET, &format!("/api/v1/visitor/messages?{query}")).bearer_auth(&visitor.token);
        let answer = request.send().await.unwrap();
        match expected {
            Some(expected) => assert_eq!(ok(answer).await["messages"].as_array().unwrap().len(), expected, "{query}"),
            None => assert_eq!(answer.status().as_u16(), 400, "{query}"),
        }
    }
}

#[tokio::test]
async fn only_the_sites_own_pages_may_use_it() {
    let world = World::start();
    let session = world.sign_in().await;
    let settings = json!({ "name": "Shop", "colour": "#112233", "domains": ["shop.example"] });
    let path = format!("/api/v1/sites/{}", world.site);
    let update = world.request(Method::PUT, &path).header("x-macaw", "1").header("cookie", &session).json(&settings);
    ok(update.send().await.unwrap()).await;
    for (origin, allowed) in [
        ("https://shop.example", true),
        ("https://evil-shop.example", false),
        ("https://shop.example.evil.example", false),
        ("null", false),
    ] {
        let site = world.request(Method::GET, &format!("/api/v1/visitor/site/{}", world.site)).header("origin", origin);
        let answer = site.send().await.unwrap();
        let granted = answer.headers().get("access-control-allow-origin").map(|o| o.to_str().unwrap().to_owned());
        assert_eq!(granted.as_deref(), allowed.then_some(origin));
        let body = json!({ "site": world.site });
        let token = world.request(Method::POST, "/api/v1/visitor/session").header("origin", origin).json(&body);
        assert_eq!(token.send().await.unwrap().status().is_success(), allowed, "{origin}");
    }
}
