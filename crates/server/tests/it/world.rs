//! A server of the real binary on a folder of its own.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) http: Client,
    pub(crate) url: String,
    pub(crate) site: String,
    pub(crate) login: String,
    pub(crate) password: String,
    child: Child,
}

pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) conversation: String,
}

fn spawn(dir: &Path, env: &[(&str, &str)]) -> (Child, Value) {
    let ready = dir.join("ready.json");
    let _ = std::fs::remove_file(&ready);
    let log = std::fs::File::options().create(true).append(true).open(dir.join("log")).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_macaw"))
        .args(["serve", "--listen", "127.0.0.1:0", "--demo", "--data"])
        .arg(dir.join("data"))
        .arg("--ready-file")
        .arg(&ready)
        .env("MACAW__LOG__LEVEL", "debug")
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let since = Instant::now();
    loop {
        if let Ok(text) = std::fs::read_to_string(&ready) {
            return (child, serde_json::from_str(&text).unwrap());
        }
        assert!(child.try_wait().unwrap().is_none(), "{}", std::fs::read_to_string(dir.join("log")).unwrap());
        assert!(since.elapsed() < Duration::from_secs(30), "not ready");
        std::thread::yield_now();
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

impl World {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// With these variables in its environment.
    pub(crate) fn start_with(env: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (child, ready) = spawn(dir.path(), env);
        let http = Client::builder().no_proxy().build().unwrap();
        Self {
            dir,
            http,
            child,
            url: text(&ready, "url"),
            site: text(&ready, "site"),
            login: text(&ready, "login"),
            password: text(&ready, "password"),
        }
    }

    /// Kills it with -9 and starts it again on the same folder.
    pub(crate) fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let (child, ready) = spawn(self.dir.path(), &[]);
        self.child = child;
        self.url = text(&ready, "url");
        assert!(ready.get("password").is_none(), "a password is shown on the first start only");
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        let killed = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(killed.success());
        self.child.wait().unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn visitor(&self) -> Visitor {
        let request = self.request(Method::POST, "/api/v1/visitor/session").json(&json!({ "site": self.site }));
        let body = ok(request.send().await.unwrap()).await;
        Visitor { token: text(&body, "token"), conversation: text(&body, "conversation") }
    }

    pub(crate) async fn say(&self, visitor: &Visitor, client_id: &str, text: &str) -> Response {
        let body = json!({ "client_id": client_id, "text": text });
        let request = self.request(Method::POST, "/api/v1/visitor/messages").bearer_auth(&visitor.token);
        request.json(&body).send().await.unwrap()
    }

    pub(crate) async fn messages(&self, visitor: &Visitor) -> Vec<Value> {
        let request = self.request(Method::GET, "/api/v1/visitor/messages?after=0").bearer_auth(&visitor.token);
        ok(request.send().await.unwrap()).await["messages"].as_array().unwrap().clone()
    }

    pub(crate) async fn try_sign_in(&self, email: &str, password: &str) -> Response {
        let body = json!({ "email": email, "password": password });
        self.request(Method::POST, "/api/v1/auth/sign-in").json(&body).send().await.unwrap()
    }

    /// The session cookie of the owner.
    pub(crate) async fn sign_in(&self) -> String {
        let answer = self.try_sign_in(&self.login, &self.password).await;
        assert_eq!(answer.status(), StatusCode::OK);
        cookie(&answer).split(';').next().unwrap().to_owned()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn cookie(answer: &Response) -> String {
    answer.headers()["set-cookie"].to_str().unwrap().to_owned()
}

/// The body of a good answer.
pub(crate) async fn ok(answer: Response) -> Value {
    let (status, body) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap_or_default()
}

/// Status and stable code of a refusal, which must be a problem with words in it.
pub(crate) async fn problem(answer: Response) -> (u16, String) {
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{}", answer.status());
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["status"], status);
    assert!(!text(&body, "detail").is_empty());
    (status, text(&body, "code"))
}
