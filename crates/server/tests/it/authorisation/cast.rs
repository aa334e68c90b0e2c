//! Everybody there is, with a proof of who they are, and the things they ask for.

use super::calls::Row;
use crate::world::{Visitor, World, cookie, ok};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The operator is a member of no tenant.
pub(crate) const ROLES: [&str; 8] =
    ["nobody", "visitor", "foreign visitor", "agent", "manager", "owner", "foreign owner", "operator"];
const FOREIGN_SITE: &str = "01900000-0000-7000-8000-000000000005";
const FOREIGN_OWNER: &str = "01900000-0000-7000-8000-000000000002";
const UNKNOWN: &str = "01900000-0000-7000-8000-0000000000ff";

/// What a row may name. The last ones stand only in bodies.
const THINGS: [&str; 16] = [
    "$SITE",
    "$CONVERSATION",
    "$SESSION",
    "$ENTRY",
    "$ENGINE",
    "$RULES",
    "$CANNED",
    "$TAG",
    "$MEMBER",
    "$FILE",
    "$OWN_TENANT",
    "$INVITATION",
    "$PASSWORD",
    "$RESET",
    "$UNIQUE",
    "$KEY",
];
/// An Ed25519 key of nobody, as PEM inside JSON.
const KEY: &str = "-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\\n-----END PUBLIC KEY-----\\n";

/// One red pixel: the body that `$PICTURE` stands for.
const PICTURE: &[u8] = include_bytes!("dot.png");

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

pub(crate) struct Cast {
    pub(crate) world: World,
    sessions: BTreeMap<&'static str, String>,
    visitors: BTreeMap<&'static str, Visitor>,
    /// Ids and words of the first tenant that nobody outside may read.
    secrets: Vec<String>,
    /// Counts the names given.
    made: u32,
}

impl Cast {
    pub(crate) async fn assemble() -> Self {
        let world = World::start_env(&[("MACAW__LIMITS__ENABLE", "false"), ("MACAW__ACCOUNTS__SIGN_UP", "true")]);
        let database = rusqlite::Connection::open(world.data().join("macaw.db")).unwrap();
        database.execute_batch(include_str!("../../../../store/tests/fixtures/two_tenants.sql")).unwrap();
        drop(database);
        let mut cast =
            Self { sessions: BTreeMap::new(), visitors: BTreeMap::new(), secrets: Vec::new(), made: 0, world };
        for (role, site) in [("visitor", cast.world.site.clone()), ("foreign visitor", FOREIGN_SITE.to_owned())] {
            let visitor = cast.world.visitor_of(&site).await;
            ok(cast.world.say(&visitor, "first", "hello").await).await;
            cast.visitors.insert(role, visitor);
        }
        cast.make_operator().await;
        let me = cast.request("owner", Method::GET, "/api/v1/me").await.send().await.unwrap();
        let me = ok(me).await;
        let ids = [&me["tenant"]["id"], &me["account"]["id"], &me["account"]["email"]];
        cast.secrets.extend(ids.iter().map(|id| id.as_str().unwrap().to_owned()));
        cast.secrets.extend([cast.world.site.clone(), cast.visitors["visitor"].conversation.clone()]);
        cast
    }

    /// With the password of everybody.
    async fn make_operator(&self) {
        let made = self.world.admin(&["operator", "operator@test.example"]);
        let token = made["link"].as_str().unwrap().split_once('#').unwrap().1;
        let body = json!({ "token": token, "password": self.world.password });
        ok(self.world.request(Method::POST, "/api/v1/auth/reset").json(&body).send().await.unwrap()).await;
    }

    pub(crate) async fn document(&self) -> Value {
        ok(self.world.request(Method::GET, "/openapi.json").send().await.unwrap()).await
    }

    pub(crate) fn visitor(&self, role: &str) -> &Visitor {
        &self.visitors[role]
    }

    /// A session that is good now; an operation before may have ended the last one.
    pub(crate) async fn session(&mut self, role: &'static str) -> String {
        if let Some(session) = self.sessions.get(role) {
            let me = self.world.request(Method::GET, "/api/v1/me").header("cookie", session).send().await.unwrap();
            if me.status().is_success() {
                return session.clone();
            }
        }
        let session = self.sign_in(role).await;
        self.sessions.insert(role, session.clone());
        session
    }

    async fn sign_in(&self, role: &str) -> String {
        let email = match role {
            "owner" => self.world.login.clone(),
            role => format!("{}@test.example", role.replace(' ', "-")),
        };
        let answer = self.world.try_sign_in(&email, &self.world.password).await;
        assert!(answer.status().is_success(), "{email}");
        cookie(&answer).split(';').next().unwrap().to_owned()
    }

    /// A request that carries all the proof that this role has.
    pub(crate) async fn request(&mut self, role: &'static str, method: Method, path: &str) -> RequestBuilder {
        let proof = match role {
            "nobody" => None,
            "visitor" | "foreign visitor" => Some(("authorization", format!("Bearer {}", self.visitor(role).token))),
            role => Some(("cookie", self.session(role).await)),
        };
        let mut request = self.world.request(method, path).header("x-macaw", "1");
        if path == "/api/v1/socket" {
            // Everything of an upgrade but the connection itself: `101` would take it over.
            let offered = match role {
                "visitor" | "foreign visitor" => format!("macaw.v1, bearer.{}", self.visitor(role).token),
                _ => "macaw.v1".to_owned(),
            };
            request = request.header("connection", "upgrade").header("upgrade", "websocket");
            request =
                request.header("sec-websocket-version", "13").header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
            request = request.header("sec-websocket-protocol", offered);
        }
        match proof {
            Some((name, value)) => request.header(name, value),
            None => request,
        }
    }

    /// Asks as this role, for things of the first tenant.
    pub(crate) async fn ask(&mut self, role: &'static str, row: &Row) -> Answer {
        let (mut path, mut body) = (row.path.clone(), row.body.map(|(_, body)| body.to_owned()).unwrap_or_default());
        for name in THINGS {
            if path.contains(name) || body.contains(name) {
                let thing = self.thing(name, role, row).await;
                path = path.replace(name, &thing);
                body = body.replace(name, &thing);
            }
        }
        self.send(role, row, &path, body).await
    }

    async fn send(&mut self, role: &'static str, row: &Row, path: &str, body: String) -> Answer {
        let mut request = self.request(role, row.method.parse().unwrap(), path).await;
        if let Some((kind, _)) = row.body {
            let body = if body == "$PICTURE" { PICTURE.to_vec() } else { body.into_bytes() };
            request = request.header("content-type", kind).body(body);
        }
        let answer = request.send().await.unwrap();
        Answer { status: answer.status().as_u16(), body: answer.text().await.unwrap_or_default() }
    }

    /// A fresh thing of the first tenant, the caller's own where it has one.
    async fn thing(&mut self, name: &str, role: &'static str, row: &Row) -> String {
        match name {
            "$SITE" => self.world.site.clone(),
            "$PASSWORD" => self.world.password.clone(),
            "$CONVERSATION" => self.conversation(role, row).await,
            "$ENTRY" => self.entry("owner").await,
            "$ENGINE" => self.engine("owner").await,
            "$RULES" => {
                let whose = if role == "foreign owner" { role } else { "owner" };
                let request = self.request(whose, Method::GET, "/api/v1/routing").await;
                ok(request.send().await.unwrap()).await["version"].to_string()
            }
            "$CANNED" => {
                let whose = if matches!(role, "agent" | "manager") { role } else { "owner" };
                self.canned(whose).await
            }
            "$TAG" => self.tag("owner").await,
            "$MEMBER" => self.member().await,
            "$FILE" => self.file("visitor").await,
            "$OWN_TENANT" => {
                let whose = if role == "foreign owner" { role } else { "owner" };
                let request = self.request(whose, Method::GET, "/api/v1/me").await;
                ok(request.send().await.unwrap()).await["tenant"]["id"].as_str().unwrap().to_owned()
            }
            "$RESET" => {
                let path = format!("/api/v1/members/{}/reset", self.member().await);
                let request = self.request("owner", Method::POST, &path).await;
                let link = ok(request.send().await.unwrap()).await["link"].clone();
                link.as_str().unwrap().split_once('#').unwrap().1.to_owned()
            }
            "$UNIQUE" => self.unique(),
            "$KEY" => KEY.to_owned(),
            "$INVITATION" => {
                let body = json!({ "email": format!("{}@new.example", role.replace(' ', "-")), "role": "agent" });
                let request = self.request("owner", Method::POST, "/api/v1/invitations").await;
                let link = ok(request.json(&body).send().await.unwrap()).await["link"].clone();
                link.as_str().unwrap().split_once('#').unwrap().1.to_owned()
            }
            _ => {
                let whose = if matches!(role, "agent" | "manager" | "operator") { role } else { "owner" };
                // One more, so that the caller does not end its own.
                self.sign_in(whose).await;
                let request = self.request(whose, Method::GET, "/api/v1/sessions").await;
                let sessions = ok(request.send().await.unwrap()).await;
                let other = sessions.as_array().unwrap().iter().find(|session| session["current"] == false);
                other.unwrap()["id"].as_str().unwrap().to_owned()
            }
        }
    }

    fn unique(&mut self) -> String {
        self.made += 1;
        format!("thing-{}", self.made)
    }

    async fn entry(&mut self, whose: &'static str) -> String {
        let body = json!({ "question": self.unique(), "answer": "so" });
        let request = self.request(whose, Method::POST, "/api/v1/knowledge").await;
        ok(request.json(&body).send().await.unwrap()).await["id"].as_str().unwrap().to_owned()
    }

    /// An engine that cannot be reached. It makes room for itself.
    async fn engine(&mut self, whose: &'static str) -> String {
        let all = self.request(whose, Method::GET, "/api/v1/engines").await;
        let all = ok(all.send().await.unwrap()).await;
        for old in all["engines"].as_array().unwrap().iter().filter(|engine| engine["origin"] == "tenant") {
            let path = format!("/api/v1/engines/{}", old["id"].as_str().unwrap());
            ok(self.request(whose, Method::DELETE, &path).await.send().await.unwrap()).await;
        }
        let settings = json!({ "url": "http://127.0.0.1:1/v1" });
        let body = json!({ "name": self.unique(), "kind": "dify", "settings": settings, "secrets": { "key": "k" } });
        let request = self.request(whose, Method::POST, "/api/v1/engines").await;
        ok(request.json(&body).send().await.unwrap()).await["id"].as_str().unwrap().to_owned()
    }

    async fn tag(&mut self, whose: &'static str) -> String {
        let body = json!({ "name": self.unique(), "colour": "grey" });
        let request = self.request(whose, Method::POST, "/api/v1/tags").await;
        ok(request.json(&body).send().await.unwrap()).await["id"].as_str().unwrap().to_owned()
    }

    /// A canned reply of its own.
    async fn canned(&mut self, whose: &'static str) -> String {
        let body = json!({ "title": self.unique(), "text": "so" });
        let request = self.request(whose, Method::POST, "/api/v1/canned").await;
        ok(request.json(&body).send().await.unwrap()).await["id"].as_str().unwrap().to_owned()
    }

    /// A file that a visitor sent.
    async fn file(&mut self, whose: &'static str) -> String {
        let request = self.request(whose, Method::POST, "/api/v1/visitor/files?name=a.txt").await;
        let id = ok(request.body("words").send().await.unwrap()).await["id"].as_str().unwrap().to_owned();
        let body = json!({ "client_id": self.unique(), "file": id });
        let request = self.request(whose, Method::POST, "/api/v1/visitor/messages").await;
        ok(request.json(&body).send().await.unwrap()).await;
        id
    }

    /// A new agent of the first tenant.
    async fn member(&mut self) -> String {
        let (owner, email) = (self.session("owner").await, format!("{}@new.example", self.unique()));
        self.world.join(&owner, &email, "agent").await;
        self.world.member(&owner, &email).await
    }

    async fn conversation(&mut self, role: &'static str, row: &Row) -> String {
        let visitor = self.world.visitor_of(&self.world.site).await;
        ok(self.world.say(&visitor, "first", "hello").await).await;
        if row.taken_over {
            let who = if matches!(role, "agent" | "manager") { role } else { "owner" };
            let path = format!("/api/v1/conversations/{}/take-over", visitor.conversation);
            ok(self.request(who, Method::POST, &path).await.send().await.unwrap()).await;
        }
        visitor.conversation
    }

    /// For one who may do it: a thing of the other tenant and one that nobody has answer alike.
    pub(crate) async fn foreign_ids_are_unknown_ids(&mut self, row: &Row) {
        let foreign = match &row.path {
            path if path.contains("$SITE") => FOREIGN_SITE.to_owned(),
            path if path.contains("$CONVERSATION") => self.visitor("foreign visitor").conversation.clone(),
            path if path.contains("$ENTRY") => self.entry("foreign owner").await,
            path if path.contains("$ENGINE") => self.engine("foreign owner").await,
            path if path.contains("$CANNED") => self.canned("foreign owner").await,
            path if path.contains("$TAG") => self.tag("foreign owner").await,
            path if path.contains("$MEMBER") => FOREIGN_OWNER.to_owned(),
            path if path.contains("$FILE") => self.file("foreign visitor").await,
            _ => {
                let request = self.request("foreign owner", Method::GET, "/api/v1/sessions").await;
                let sessions = ok(request.send().await.unwrap()).await;
                sessions[0]["id"].as_str().unwrap().to_owned()
            }
        };
        let body =
            row.body.map(|(_, body)| body.replace("$UNIQUE", "another").replace("$KEY", KEY)).unwrap_or_default();
        // What anyone may see has no foreign ids, only ids that nobody has.
        let is_public = row.path.starts_with("/chat/") || row.path.starts_with("/api/v1/visitor/site/");
        let mut answers = Vec::new();
        for id in [foreign.as_str(), UNKNOWN, "no-id", "1"].into_iter().skip(usize::from(is_public)) {
            let path = THINGS.iter().fold(row.path.clone(), |p, name| p.replace(name, id));
            let Answer { status, body } = self.send("owner", row, &path, body.clone()).await;
            assert_eq!(status, 404, "{} {path}: {body}", row.method);
            answers.push(body);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{}: an id of another tenant is told apart: {answers:?}", row.path);
    }

    /// Whatever a foreigner is answered, it holds nothing of the first tenant.
    pub(crate) fn sees_nothing_of_the_first_tenant(&self, row: &Row, answer: &Answer) {
        // What they sent may come back, and what anyone may see is no secret.
        let public = row.path.contains("$SITE") || row.body.is_some_and(|(_, body)| body.contains("$SITE"));
        let signs_in = row.path.ends_with("/sign-in");
        // Which tenants there are is what an operator is for; nothing of what is in them.
        let operates = row.path.starts_with("/api/v1/operator/");
        for secret in self.secrets.iter().filter(|_| !public && !signs_in && !operates) {
            assert!(!answer.body.contains(secret.as_str()), "{} tells {secret}: {}", row.path, answer.body);
        }
    }
}
