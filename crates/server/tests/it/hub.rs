//! Engines of the configuration, from a visitor's question to the answer, and from a terminal.

use crate::world::{World, ok};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A service that speaks OpenAI's words.
pub(crate) struct Service {
    pub(crate) url: String,
    pub(crate) asked: Arc<Mutex<Vec<Value>>>,
    pub(crate) open: watch::Receiver<usize>,
}

#[derive(Clone)]
struct Says {
    words: &'static [&'static str],
    ends: bool,
    asked: Arc<Mutex<Vec<Value>>>,
    open: Arc<watch::Sender<usize>>,
}

struct Open(Arc<watch::Sender<usize>>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send_modify(|open| *open -= 1);
    }
}

impl Service {
    /// One that says these words, and then ends, or nothing more.
    pub(crate) async fn start(words: &'static [&'static str], ends: bool) -> Self {
        let (open, seen) = watch::channel(0);
        let says = Says { words, ends, asked: Arc::default(), open: Arc::new(open) };
        let asked = says.asked.clone();
        let router = Router::new()
            .route("/chat/completions", post(complete))
            .route("/models", get(async || axum::Json(json!({ "data": [{ "id": "m" }] }))))
            .with_state(says);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, open: seen }
    }

    /// Its table in the configuration.
    pub(crate) fn table(&self, name: &str) -> String {
        let url = &self.url;
        format!(
            "[[engines]]\nname = \"{name}\"\nkind = \"openai\"\nurl = \"{url}\"\nmodel = \"m\"\nkey = \"canary-key\"\n\
             allow_networks = [\"127.0.0.0/8\"]\n"
        )
    }
}

async fn complete(State(says): State<Says>, body: Bytes) -> Response {
    says.asked.lock().unwrap().push(serde_json::from_slice(&body).unwrap());
    says.open.send_modify(|open| *open += 1);
    let open = Open(says.open.clone());
    let word = |word: &&str| format!("data: {}\n\n", json!({ "choices": [{ "delta": { "content": word } }] }));
    let mut pieces: Vec<String> = says.words.iter().map(word).collect();
    if says.ends {
        let end = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] });
        pieces.push(format!("data: {end}\n\ndata: [DONE]\n\n"));
    }
    let ends = says.ends;
    let stream = futures_util::stream::unfold((pieces.into_iter(), open), move |(mut pieces, open)| async move {
        match pieces.next() {
            Some(piece) => Some((Ok::<_, std::io::Error>(Bytes::from(piece)), (pieces, open))),
            None if ends => None,
            None => std::future::pending().await,
        }
    });
    Response::builder().header("content-type", "text/event-stream").body(Body::from_stream(stream)).unwrap()
}

/// A world with this configuration, where `first` answers first.
pub(crate) fn world(config: &str, first: &str) -> World {
    World::start_in(|dir| {
        std::fs::write(dir.join("macaw.toml"), config).unwrap();
        vec![("MACAW__CHAT__ENGINE", first.to_owned())]
    })
}

pub(crate) fn macaw(args: &[&str], config: Option<&Path>, data: Option<&Path>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_macaw"));
    command.args(args);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    if let Some(data) = data {
        command.arg("--data").arg(data);
    }
    command.env_remove("MACAW__CHAT__ENGINE").output().unwrap()
}

/// The public messages of a visitor once there is one from `from`.
pub(crate) async fn until(world: &World, visitor: &crate::world::Visitor, from: &str) -> Vec<Value> {
    loop {
        let messages = world.messages(visitor).await;
        if messages.iter().any(|message| message["from"] == from) {
            return messages;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_engine_of_the_configuration_answers_a_visitor() {
    let service = Service::start(&["签收后", "七天内"], true).await;
    let world = world(&service.table("shop"), "shop");
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "q", "怎么退货").await).await;
    let messages = until(&world, &visitor, "engine").await;
    let answer = messages.iter().find(|message| message["from"] == "engine").unwrap();
    assert_eq!(answer["text"], "签收后七天内");
    assert_eq!(service.asked.lock().unwrap()[0]["messages"], json!([{ "role": "user", "content": "怎么退货" }]));
    let log = std::fs::read_to_string(world.dir.path().join("log")).unwrap();
    assert!(!log.contains("canary-key") && !log.contains("怎么退货"), "neither keys nor words are logged");
}

#[tokio::test]
async fn an_engine_answers_in_a_terminal_and_the_doctor_looks_at_it() {
    let service = Service::start(&["seven ", "days"], true).await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("macaw.toml");
    std::fs::write(&file, service.table("shop")).unwrap();
    let asking = |args: Vec<&'static str>| {
        let (file, data) = (file.clone(), dir.path().join("data"));
        tokio::task::spawn_blocking(move || macaw(&args, Some(&file), Some(&data)))
    };
    let told = asking(vec!["ai", "ask", "--engine", "shop", "how long", "--json"]).await.unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let lines = String::from_utf8(told.stdout).unwrap();
    let parts: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let text: String = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    assert_eq!(text, "seven days");
    let end = parts.last().unwrap();
    assert_eq!((end["part"].as_str(), end["answer"].as_str()), (Some("finished"), Some("given")));
    let set = dir.path().join("set.csv");
    std::fs::write(&set, "ask,expect\nhow long,seven days|7 days\nwho,nobody\nsay nothing,\n").unwrap();
    let set: &'static str = set.to_string_lossy().into_owned().leak();
    let tried = asking(vec!["ai", "eval", "--engine", "shop", set, "--json"]).await.unwrap();
    let tried: Value = serde_json::from_slice(&tried.stdout).unwrap();
    let right: Vec<_> = tried["rows"].as_array().unwrap().iter().map(|row| row["right"].as_bool().unwrap()).collect();
    assert_eq!((right, &tried["failures"]), (vec![true, false, false], &json!({})), "{tried}");
    let unknown = asking(vec!["ai", "ask", "--engine", "shpo", "q"]).await.unwrap();
    let words = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(words.contains("known: knowledge, shop"), "{words}");
    let looked = asking(vec!["doctor", "--json"]).await.unwrap();
    let looked: Value = serde_json::from_slice(&looked.stdout).unwrap();
    let checks = looked["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "engine").unwrap();
    assert_eq!(check["result"], "ok", "{check}");
    assert!(check["what"].as_str().unwrap().contains("has the model m"), "{check}");
}

#[tokio::test]
async fn the_knowledge_answers_in_a_terminal_while_a_server_holds_the_folder() {
    let world = World::start_with("knowledge");
    let table = world.dir.path().join("k.csv");
    std::fs::write(&table, "question,alternatives,answer\n门店在哪里,店铺地址|地址,上海市人民路一号\n").unwrap();
    let data = world.data();
    let file = table.to_string_lossy().into_owned();
    let told = tokio::task::spawn_blocking(move || {
        let done = macaw(&["knowledge", "import", &file], None, Some(&data));
        assert!(done.status.success());
        macaw(&["ai", "ask", "--engine", "knowledge", "门店在哪里"], None, Some(&data))
    });
    let told = told.await.unwrap();
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(text.starts_with("上海市人民路一号\nsource      门店在哪里\n"), "{text}");
}

#[test]
fn a_wrong_engine_is_refused_with_words_and_the_code_of_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("macaw.toml");
    for (text, words) in [
        ("[[engines]]\nname = \"a\"\nkind = \"difi\"\n", "there is no kind difi"),
        ("[chat]\nengine = \"nobody\"\n", "there is no engine called nobody; known: knowledge"),
    ] {
        std::fs::write(&file, text).unwrap();
        let checked = macaw(&["check-config"], Some(&file), None);
        let said = String::from_utf8(checked.stderr).unwrap();
        assert_eq!(checked.status.code(), Some(3), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[tokio::test]
async fn a_take_over_in_mid_answer_hangs_up_on_the_engine() {
    let mut service = Service::start(&["签收后", "七天"], false).await;
    let world = world(&service.table("shop"), "shop");
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    ok(world.say(&visitor, "q", "怎么退货").await).await;
    service.open.wait_for(|open| *open == 1).await.unwrap();
    let path = format!("/api/v1/conversations/{}/take-over", visitor.conversation);
    let body = json!({});
    ok(world.by(&session, reqwest::Method::POST, &path).json(&body).send().await.unwrap()).await;
    service.open.wait_for(|open| *open == 0).await.unwrap();
}

#[tokio::test]
async fn an_engine_that_is_gone_ends_at_a_person_with_a_note_for_agents() {
    let service = Service::start(&[], true).await;
    let table = service.table("shop").replace(&service.url, "http://127.0.0.1:1");
    let world = world(&table, "shop");
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    ok(world.say(&visitor, "q", "怎么退货").await).await;
    let messages = until(&world, &visitor, "system").await;
    let told = messages.iter().find(|message| message["from"] == "engine").unwrap();
    assert!(told["text"].as_str().unwrap().contains("已为您转接人工客服"), "{told}");
    assert!(told["interrupted"].is_null(), "nothing was cut: {told}");
    let path = format!("/api/v1/conversations/{}/entries?log=internal", visitor.conversation);
    loop {
        let notes = ok(world.by(&session, reqwest::Method::GET, &path).send().await.unwrap()).await;
        let Some(note) = notes["entries"].as_array().unwrap().first().cloned() else { continue };
        let text = note["text"].as_str().unwrap();
        assert!(text.contains("shop: 127.0.0.1:1: no connection") && text.contains("怎么退货"), "{text}");
        break;
    }
}

#[tokio::test]
async fn rules_choose_the_engine_and_are_read_again_when_the_file_changes() {
    let (one, two) = (Service::start(&["one"], true).await, Service::start(&["two"], true).await);
    let tables = format!("{}{}", one.table("one"), two.table("two"));
    let mut file = std::path::PathBuf::new();
    let world = World::start_in(|dir| {
        file = dir.join("routing.yaml");
        std::fs::write(&file, "rules: [{pattern: '.*退货.*', ai_engine: two}]").unwrap();
        std::fs::write(dir.join("macaw.toml"), &tables).unwrap();
        let routing = file.to_string_lossy().into_owned();
        let reload = "10ms".to_owned();
        vec![("MACAW__CHAT__ENGINE", "one".into()), ("MACAW__AI__ROUTING", routing), ("MACAW__AI__RELOAD", reload)]
    });
    let answer = async |text: &'static str| {
        let visitor = world.visitor().await;
        ok(world.say(&visitor, "q", text).await).await;
        let messages = until(&world, &visitor, "engine").await;
        messages.iter().find(|message| message["from"] == "engine").unwrap()["text"].as_str().unwrap().to_owned()
    };
    assert_eq!((answer("我想退货").await, answer("你好").await), ("two".to_owned(), "one".to_owned()));
    std::fs::write(&file, "rules: [{pattern: '(', ai_engine: two}]").unwrap();
    logged(&world, "the rules before it stay").await;
    assert_eq!(answer("我想退货").await, "two", "a bad file changes nothing");
    std::fs::write(&file, "rules: [{pattern: '你好', ai_engine: two}, {pattern: x, ai_engine: nobody}]").unwrap();
    logged(&world, "nobody is not configured").await;
    assert_eq!((answer("我想退货").await, answer("你好").await), ("one".to_owned(), "two".to_owned()));
}

/// Waits until the server has logged something.
async fn logged(world: &World, words: &str) {
    while !std::fs::read_to_string(world.dir.path().join("log")).unwrap().contains(words) {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_route_is_shown_and_a_bad_file_is_refused_where_it_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ai_routing.yaml");
    let route = |rules: &str, text: &str| {
        std::fs::write(&file, rules).unwrap();
        macaw(&["ai", "route", "--file", &file.to_string_lossy(), text, "--json"], None, None)
    };
    let founding =
        "rules:\n  - pattern: \".*退货.*\"\n    ai_engine: \"kozi\"\n    params:\n      model: \"commerce_v2\"\n";
    let shown = route(founding, "我想退货");
    assert_eq!(shown.status.code(), Some(0));
    let shown_json: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!((&shown_json["index"], &shown_json["engine"]), (&json!(0), &json!("coze")));
    assert_eq!((&shown_json["name"], &shown_json["params"]), (&Value::Null, &json!({ "model": "commerce_v2" })));
    assert!(shown_json["why"].as_str().unwrap().contains("退货"));
    let warned = String::from_utf8(shown.stderr).unwrap();
    assert!(warned.contains(":3:16: warning: the engine coze is not configured"), "{warned}");
    let none: Value = serde_json::from_slice(&route(founding, "hello").stdout).unwrap();
    assert_eq!((&none["index"], &none["engine"]), (&Value::Null, &Value::Null));
    let bad = route("rules:\n  - pattern: \"a(b\"\n    ai_engine: x\n", "q");
    assert_eq!(bad.status.code(), Some(3));
    let error: Value = serde_json::from_slice(&bad.stderr).unwrap();
    assert_eq!((&error["line"], &error["column"]), (&json!(2), &json!(16)), "{error}");
    assert!(error["message"].as_str().unwrap().contains("unclosed group"));
    // The file that is shipped is one.
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/ai_routing.yaml");
    let shipped = macaw(&["ai", "route", "--file", &shipped.to_string_lossy(), "q", "--json"], None, None);
    assert_eq!(shipped.status.code(), Some(0), "{}", String::from_utf8_lossy(&shipped.stderr));
}
