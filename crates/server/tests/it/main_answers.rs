//! The bodies of the main answers, word for word; ids and times replaced.

use crate::transcripts::Normal;
use crate::world::World;
use reqwest::Method;
use serde_json::{Value, json};

/// What differs from run to run and is no id.
const SECRETS: &[&str] = &["token", "expires_at", "created_at", "waiting_since", "seen_at", "link"];

fn hide(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                if SECRETS.contains(&key.as_str()) && !child.is_null() {
                    *child = json!(format!("[{key}]"));
                }
                hide(child);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(hide),
        // The end of the visitor's id names it in lists; a snippet names its site.
        Value::String(text) if text.starts_with('#') && text.len() == 7 && text != "#1570ef" => {
            *text = "#visitor".into()
        }
        Value::String(text) if text.starts_with("<script") => *text = "[snippet]".into(),
        _ => {}
    }
}

#[tokio::test]
async fn the_main_answers_are_as_they_were() {
    let world = World::start();
    let session = world.sign_in().await;
    let visitor = world.visitor().await;
    let (conversation, site) = (visitor.conversation.clone(), world.site.clone());
    let sign_in = json!({ "email": world.login, "password": world.password });
    let calls = [
        ("POST", "/api/v1/visitor/session".to_owned(), Some(json!({ "site": site }))),
        ("GET", format!("/api/v1/visitor/site/{site}"), None),
        ("POST", "/api/v1/visitor/messages".to_owned(), Some(json!({ "client_id": "a", "text": "怎么退货？" }))),
        ("POST", "/api/v1/visitor/messages".to_owned(), Some(json!({ "client_id": "a", "text": "another" }))),
        ("GET", "/api/v1/visitor/messages".to_owned(), None),
        ("POST", "/api/v1/visitor/messages".to_owned(), Some(json!({ "client_id": "b", "text": " " }))),
        ("POST", "/api/v1/visitor/messages".to_owned(), Some(json!({ "client_id": 1 }))),
        ("POST", "/api/v1/auth/sign-in".to_owned(), Some(sign_in)),
        ("GET", "/api/v1/me".to_owned(), None),
        ("GET", "/api/v1/members".to_owned(), None),
        ("GET", "/api/v1/sites".to_owned(), None),
        ("POST", format!("/api/v1/conversations/{conversation}/take-over"), None),
        ("GET", "/api/v1/conversations?view=mine".to_owned(), None),
        ("GET", format!("/api/v1/conversations/{conversation}/entries"), None),
        ("POST", format!("/api/v1/conversations/{conversation}/take-over"), Some(json!({ "version": 1 }))),
        ("POST", format!("/api/v1/conversations/{conversation}/close"), None),
        ("POST", format!("/api/v1/conversations/{conversation}/close"), None),
        ("POST", "/api/v1/invitations".to_owned(), Some(json!({ "email": "ann@shop.example", "role": "agent" }))),
        ("POST", "/api/v1/invitations".to_owned(), Some(json!({ "email": "ann", "role": "agent" }))),
        ("GET", "/api/v1/conversations/01900000-0000-7000-8000-0000000000ff".to_owned(), None),
        ("GET", "/api/v1/nothing".to_owned(), None),
    ];
    let mut seen = Vec::new();
    for (method, path, body) in calls {
        let method: Method = method.parse().unwrap();
        let mut request = world.request(method.clone(), &path).header("x-macaw", "1").header("cookie", &session);
        request = request.bearer_auth(&visitor.token);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let mut body: Value = answer.json().await.unwrap_or_default();
        hide(&mut body);
        seen.push(json!({ "asked": format!("{method} {path}"), "status": status, "body": body }));
    }
    let mut seen = Value::Array(seen);
    Normal::default().value(&mut seen);
    insta::assert_json_snapshot!(seen);
}
