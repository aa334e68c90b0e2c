//! Engines that a manager configures in the workbench, from the form to a visitor's answer.

use crate::hub::{Service, until};
use crate::world::{World, ok};
use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use reqwest::{Method, Response};
use serde_json::{Value, json};

const CANARY: &str = "canary-key-of-a-tenant";

/// Where engines of tenants may be on this machine.
fn world() -> World {
    World::start_env(&[("MACAW__CHAT__ENGINE", "knowledge"), ("MACAW__AI__ALLOW_NETWORKS", r#"["127.0.0.0/8"]"#)])
}

/// What a manager does.
pub(crate) struct Manager<'a> {
    pub(crate) world: &'a World,
    pub(crate) session: String,
}

impl<'a> Manager<'a> {
    pub(crate) async fn of(world: &'a World) -> Self {
        Self { world, session: world.sign_in().await }
    }

    pub(crate) async fn try_do(&self, method: Method, path: &str, body: Value) -> Response {
        self.world.by(&self.session, method, path).json(&body).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        ok(self.world.by(&self.session, Method::GET, path).send().await.unwrap()).await
    }

    /// An engine that speaks OpenAI's words; its id.
    pub(crate) async fn adds(&self, name: &str, url: &str) -> String {
        let body = json!({
            "name": name,
            "kind": "openai",
            "settings": { "url": url, "model": "m" },
            "secrets": { "key": CANARY },
        });
        let made = ok(self.try_do(Method::POST, "/api/v1/engines", body).await).await;
        assert_eq!((&made["state"], &made["secrets"]), (&json!("ready"), &json!(["key"])), "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn changes(&self, id: &str, body: Value) -> Response {
        self.try_do(Method::PUT, &format!("/api/v1/engines/{id}"), body).await
    }

    pub(crate) async fn site_begins_with(&self, engine: Option<&str>) -> Response {
        let path = format!("/api/v1/sites/{}", self.world.site);
        self.try_do(Method::PUT, &path, json!({ "name": "Shop", "colour": "#112233", "engine": engine })).await
    }

    async fn tries(&self, id: &str) -> Value {
        let path = format!("/api/v1/engines/{id}/test");
        ok(self.try_do(Method::POST, &path, json!({ "text": "你好" })).await).await
    }

    async fn engine(&self, name: &str) -> Value {
        let list = self.get("/api/v1/engines").await;
        list["engines"].as_array().unwrap().iter().find(|engine| engine["name"] == name).unwrap().clone()
    }

    /// What a new visitor is answered.
    pub(crate) async fn hears(&self, text: &str, from: &str) -> String {
        let visitor = self.world.visitor().await;
        ok(self.world.say(&visitor, "q", text).await).await;
        let messages = until(self.world, &visitor, from).await;
        messages.iter().find(|message| message["from"] == "engine").unwrap()["text"].as_str().unwrap().to_owned()
    }
}

async fn words(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["detail"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn an_engine_of_a_manager_answers_also_after_a_restart_and_its_key_is_nowhere_to_be_read() {
    let service = Service::start(&["签收后", "七天内"], true).await;
    let mut world = world();
    let id = {
        let manager = Manager::of(&world).await;
        let id = manager.adds("shop", &service.url).await;
        let tried = manager.tries(&id).await;
        assert_eq!((&tried["answer"], &tried["text"]), (&json!("given"), &json!("签收后七天内")), "{tried}");
        ok(manager.site_begins_with(Some("shop")).await).await;
        assert_eq!(manager.hears("怎么退货", "engine").await, "签收后七天内");
        id
    };
    world.kill_and_restart();
    let manager = Manager::of(&world).await;
    assert_eq!(manager.hears("怎么退货", "engine").await, "签收后七天内");
    let shown = manager.get("/api/v1/engines").await.to_string();
    assert!(shown.contains(&id) && !shown.contains(CANARY), "{shown}");
    let list: Value = serde_json::from_str(&shown).unwrap();
    let origins: Vec<_> = list["engines"].as_array().unwrap().iter().map(|e| e["origin"].as_str().unwrap()).collect();
    assert_eq!(origins, ["built_in", "tenant"]);
    assert!(!world.log().contains(CANARY));
    for entry in std::fs::read_dir(world.data()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap_or_default() } else { Vec::new() };
        let is_in = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!is_in, "{}: holds the key as it is", path.display());
    }
    let (status, detail) =
        words(manager.try_do(Method::DELETE, &format!("/api/v1/engines/{id}"), json!({})).await).await;
    assert!(status == 409 && detail.contains("Shop"), "a site begins with it: {detail}");
    ok(manager.site_begins_with(None).await).await;
    ok(manager.try_do(Method::DELETE, &format!("/api/v1/engines/{id}"), json!({})).await).await;
    let (status, detail) = words(manager.site_begins_with(Some("shop")).await).await;
    assert!(status == 400 && detail.contains("known: knowledge"), "{detail}");
}

#[tokio::test]
async fn a_change_is_for_the_next_question_and_an_answer_in_the_making_goes_on() {
    let (mut slow, quick) = (Service::start(&["one", " and"], false).await, Service::start(&["two"], true).await);
    let world = world();
    let manager = Manager::of(&world).await;
    let id = manager.adds("shop", &slow.url).await;
    ok(manager.site_begins_with(Some("shop")).await).await;
    let first = world.visitor().await;
    ok(world.say(&first, "q", "hello").await).await;
    slow.open.wait_for(|open| *open == 1).await.unwrap();
    let settings = json!({ "url": quick.url, "model": "m" });
    let (status, detail) = words(manager.changes(&id, json!({ "settings": settings })).await).await;
    assert!(status == 400 && detail.contains("enter the secrets again"), "the key stays with its host: {detail}");
    ok(manager.changes(&id, json!({ "settings": settings, "secrets": { "key": "another" } })).await).await;
    assert_eq!(manager.hears("hello", "engine").await, "two");
    assert_eq!(*slow.open.borrow(), 1, "the answer before the change still comes");
    // Without a change of the address the key stays as it was.
    ok(manager.changes(&id, json!({ "settings": settings, "enabled": false })).await).await;
    let engine = manager.engine("shop").await;
    assert_eq!((&engine["state"], &engine["secrets"]), (&json!("off"), &json!(["key"])));
    assert!(manager.hears("hello", "system").await.contains("A person will take over"));
    assert_eq!(manager.tries(&id).await["answer"], "given", "one that is switched off can be tried");
}

/// A service that refuses everything in this way.
async fn refusing(status: u16) -> String {
    let answer = move || async move {
        let body = axum::Json(json!({ "error": { "message": "no" } }));
        (StatusCode::from_u16(status).unwrap(), body).into_response()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await.unwrap() });
    url
}

#[tokio::test]
async fn a_trial_says_by_its_class_what_is_wrong() {
    let world = world();
    let manager = Manager::of(&world).await;
    let urls = [
        ("closed", "http://127.0.0.1:1".to_owned(), "unavailable"),
        ("private", "http://10.255.255.1".to_owned(), "refused"),
        ("key", refusing(401).await, "auth"),
        ("model", refusing(404).await, "refused"),
        ("busy", refusing(429).await, "rate_limited"),
        ("down", refusing(503).await, "unavailable"),
    ];
    for (name, url, class) in urls {
        let id = manager.adds(name, &url).await;
        let tried = manager.tries(&id).await;
        assert_eq!((&tried["answer"], &tried["class"]), (&json!("failed"), &json!(class)), "{name}: {tried}");
        assert!(!tried["message"].as_str().unwrap().is_empty() && !tried.to_string().contains(CANARY), "{tried}");
    }
    let engine = json!({ "name": "wrong", "kind": "openai", "settings": { "url": "x", "model": "m" } });
    let (status, detail) = words(manager.try_do(Method::POST, "/api/v1/engines", engine).await).await;
    assert!(status == 400 && detail.starts_with("url: "), "{detail}");
    for (name, status) in [("knowledge", 409), ("key", 409), ("A", 400)] {
        let body = json!({ "name": name, "kind": "dify", "settings": {} });
        assert_eq!(manager.try_do(Method::POST, "/api/v1/engines", body).await.status(), status, "{name}");
    }
    let (status, detail) = words(manager.changes("knowledge", json!({ "settings": {} })).await).await;
    assert!(status == 409 && detail.contains("configuration file"), "{detail}");
}

#[tokio::test]
async fn keys_that_were_sealed_with_another_key_are_asked_for_again() {
    let service = Service::start(&["two"], true).await;
    let data = tempfile::tempdir().unwrap();
    let networks = ("MACAW__AI__ALLOW_NETWORKS", r#"["127.0.0.0/8"]"#);
    let key = "a key of the installation, long enough";
    let mut first = World::start_on_with(&data.path().join("data"), &[networks, ("MACAW__AI__SECRETS_KEY", key)]);
    let id = {
        let manager = Manager::of(&first).await;
        let id = manager.adds("shop", &service.url).await;
        ok(manager.site_begins_with(Some("shop")).await).await;
        id
    };
    let (login, password) = (first.login.clone(), first.password.clone());
    assert!(first.terminate().success());
    let mut second = World::start_on_with(&data.path().join("data"), &[networks]);
    (second.login, second.password) = (login, password);
    let manager = Manager::of(&second).await;
    let engine = manager.engine("shop").await;
    assert_eq!((&engine["state"], &engine["secrets"]), (&json!("broken"), &json!([])));
    assert!(engine["fault"].as_str().unwrap().contains("enter them again"), "{engine}");
    assert!(manager.hears("hello", "system").await.contains("A person will take over"));
    let change = json!({ "settings": { "url": service.url, "model": "m" }, "secrets": { "key": "again" } });
    ok(manager.changes(&id, change).await).await;
    assert_eq!(manager.hears("hello", "engine").await, "two");
}
