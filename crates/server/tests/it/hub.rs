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
