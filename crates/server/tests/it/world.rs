//! A server of the real binary on a folder of its own.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub(crate) struct World {
    data: PathBuf,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) http: Client,
    pub(crate) url: String,
    pub(crate) site: String,
    pub(crate) login: String,
    pub(crate) password: String,
    child: Child,
    env: Vec<(&'static str, String)>,
}

/// Of everybody who joins in a test.
pub(crate) const PASSWORD: &str = "a good password";

pub(crate) struct Visitor {
    pub(crate) token: String,
    pub(crate) conversation: String,
}

fn spawn(dir: &Path, data: &Path, env: &[(&'static str, String)]) -> (Child, Value) {
    let ready = dir.join("ready.json");
    let _ = std::fs::remove_file(&ready);
    let log = std::fs::File::options().create(true).append(true).open(dir.join("log")).unwrap();
    // A test that sets no bound on the size or the number of files gets the shell's own.
    let mut child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f ${TEST_FILE_BLOCKS:-unlimited}; ${TEST_OPEN_FILES:+ulimit -n $TEST_OPEN_FILES}; ${TEST_SOFT_FILES:+ulimit -S -n $TEST_SOFT_FILES}; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_macaw"))
        .args(["serve", "--listen", "127.0.0.1:0", "--demo", "--data"])
        .arg(data)
        .arg("--ready-file")
        .arg(&ready)
        .args(config(dir))
        .env("MACAW__LOG__LEVEL", "debug")
        .envs(env.iter().map(|(name, value)| (name, value)))
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

/// The configuration file that a test has put into the folder.
fn config(dir: &Path) -> Vec<String> {
    let file = dir.join("macaw.toml");
    if file.exists() { vec!["--config".to_owned(), file.to_string_lossy().into_owned()] } else { Vec::new() }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

impl World {
    /// Where agents answer everybody.
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// Where this engine answers first.
    pub(crate) fn start_with(engine: &'static str) -> Self {
        Self::start_env(&[("MACAW__CHAT__ENGINE", engine)])
    }

    /// With these variables in its environment.
    pub(crate) fn start_env(env: &[(&'static str, &str)]) -> Self {
        Self::start_in(|_| env.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
    }

    /// With more of the environment, which may name files in the folder.
    pub(crate) fn start_in(env: impl FnOnce(&Path) -> Vec<(&'static str, String)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (env, data) = (env(dir.path()), dir.path().join("data"));
        Self::begin(dir, data, env)
    }

    /// On a data folder of one's own making.
    pub(crate) fn start_on(data: &Path) -> Self {
        Self::start_on_with(data, &[])
    }

    /// The same, with these variables in its environment.
    pub(crate) fn start_on_with(data: &Path, env: &[(&'static str, &str)]) -> Self {
        let env = env.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self::begin(tempfile::tempdir().unwrap(), data.to_owned(), env)
    }

    fn begin(dir: tempfile::TempDir, data: PathBuf, mut env: Vec<(&'static str, String)>) -> Self {
        // Agents answer everybody unless a test says otherwise.
        env.insert(0, ("MACAW__CHAT__ENGINE", String::new()));
        let (child, ready) = spawn(dir.path(), &data, &env);
        // A server that refuses a long body early closes that connection; it must not be taken for the next request.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        Self {
            data,
            dir,
            http,
            child,
            env,
            url: text(&ready, "url"),
            site: text(&ready, "site"),
            login: text(&ready, "login"),
            password: text(&ready, "password"),
        }
    }

    /// Kills it with -9 and starts it again on the same folder.
    pub(crate) fn kill_and_restart(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        self.child.wait().unwrap();
        let (child, ready) = spawn(self.dir.path(), &self.data, &self.env);
        self.child = child;
        self.url = text(&ready, "url");
        assert!(ready.get("password").is_none(), "a password is shown on the first start only");
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.child.wait().unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let killed = Command::new("kill").args(["-s", name, &pid]).status().unwrap();
        assert!(killed.success());
    }

    /// Waits until the log says it.
    pub(crate) fn await_log(&self, words: &str) {
        let since = Instant::now();
        while !self.log().contains(words) {
            assert!(since.elapsed() < Duration::from_secs(30), "{words}: {}", self.log());
            std::thread::yield_now();
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.data.clone()
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn visitor(&self) -> Visitor {
        self.visitor_of(&self.site).await
    }

    pub(crate) async fn visitor_of(&self, site: &str) -> Visitor {
        let request = self.request(Method::POST, "/api/v1/visitor/session").json(&json!({ "site": site }));
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

    /// Runs a command on this folder, with JSON as its answer.
    pub(crate) fn admin(&self, args: &[&str]) -> Value {
        let mut all = vec!["admin"];
        all.extend(args);
        let data = self.data();
        all.extend(["--json", "--data", data.to_str().unwrap()]);
        let (code, printed) = macaw(&all);
        assert_eq!(code, Some(0), "{args:?}: {printed}");
        serde_json::from_str(&printed).unwrap()
    }

    /// A request of whoever this session belongs to.
    pub(crate) fn by(&self, session: &str, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("x-macaw", "1").header("cookie", session)
    }

    /// Signs in with this password.
    pub(crate) async fn sign_in_as(&self, email: &str, password: &str) -> String {
        let answer = self.try_sign_in(email, password).await;
        assert_eq!(answer.status(), StatusCode::OK);
        session_of(&answer)
    }

    /// Invites somebody and lets them join; their session.
    pub(crate) async fn join(&self, by: &str, email: &str, role: &str) -> String {
        let body = json!({ "email": email, "role": role });
        let answer = ok(self.by(by, Method::POST, "/api/v1/invitations").json(&body).send().await.unwrap()).await;
        self.accept(answer["link"].as_str().unwrap(), email).await;
        self.sign_in_as(email, PASSWORD).await
    }

    /// Accepts an invitation with [`PASSWORD`].
    pub(crate) async fn accept(&self, link: &str, name: &str) {
        let token = link.split_once('#').unwrap().1;
        let body = json!({ "token": token, "name": name, "password": PASSWORD });
        ok(self.request(Method::POST, "/api/v1/invitations/accept").json(&body).send().await.unwrap()).await;
    }

    /// The id of a member, as the owner's list has it.
    pub(crate) async fn member(&self, session: &str, email: &str) -> String {
        let members = ok(self.by(session, Method::GET, "/api/v1/members").send().await.unwrap()).await;
        let found = members.as_array().unwrap().iter().find(|m| m["email"] == email).unwrap();
        text(found, "id")
    }

    /// The session cookie of a new agent.
    pub(crate) async fn colleague(&self, owner: &str, email: &str) -> String {
        self.join(owner, email, "agent").await
    }

    /// The session cookie of the owner.
    pub(crate) async fn sign_in(&self) -> String {
        let answer = self.try_sign_in(&self.login, &self.password).await;
        assert_eq!(answer.status(), StatusCode::OK);
        session_of(&answer)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a command to its end: its exit code, and all that it printed.
pub(crate) fn macaw(args: &[&str]) -> (Option<i32>, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_macaw")).args(args).stdin(Stdio::null()).output().unwrap();
    let printed = [done.stdout, done.stderr].concat();
    (done.status.code(), String::from_utf8(printed).unwrap().trim().to_owned())
}

/// What a browser sends back of the cookie that an answer sets.
pub(crate) fn session_of(answer: &Response) -> String {
    cookie(answer).split(';').next().unwrap().to_owned()
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
