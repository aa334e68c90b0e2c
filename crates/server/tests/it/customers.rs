//! Customers who are signed in at the embedding page, on several devices.

use crate::world::{Visitor, World, ok, problem};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as B64;
use reqwest::{Method, RequestBuilder};
use ring::hmac;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

fn hs256(claims: &Value, secret: &str) -> String {
    let body = format!("{}.{}", B64.encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), B64.encode(claims.to_string()));
    let proof = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body.as_bytes());
    format!("{body}.{}", B64.encode(proof))
}

fn claims(site: &str, subject: &str) -> Value {
    #[expect(clippy::disallowed_methods, reason = "a token of now, as the page's server would sign it")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    json!({ "sub": subject, "aud": site, "exp": now + 600, "name": "Ann 安" })
}

fn identity(world: &World, session: &str, method: Method) -> RequestBuilder {
    let path = format!("/api/v1/sites/{}/identity", world.site);
    world.request(method, &path).header("x-macaw", "1").header("cookie", session)
}

async fn secret(world: &World, session: &str) -> String {
    let made = ok(identity(world, session, Method::POST).send().await.unwrap()).await;
    made["secret"].as_str().unwrap().to_owned()
}

fn ask(world: &World, identity: &str, old: Option<&Visitor>) -> RequestBuilder {
    let mut body = json!({ "site": world.site, "identity": identity });
    if let Some(old) = old {
        body["token"] = json!(old.token);
    }
    world.request(Method::POST, "/api/v1/visitor/session").json(&body)
}

async fn device(world: &World, identity: &str, old: Option<&Visitor>) -> Visitor {
    let body = ok(ask(world, identity, old).send().await.unwrap()).await;
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    Visitor { token: text("token"), conversation: text("conversation") }
}

#[tokio::test]
async fn a_customer_has_one_conversation_on_every_device_and_agents_read_its_name() {
    let world = World::start();
    let session = world.sign_in().await;
    let secret = secret(&world, &session).await;
    // It wrote before it signed in: that conversation becomes its own.
    let before = world.visitor().await;
    ok(world.say(&before, "a", "from the laptop").await).await;
    let laptop = device(&world, &hs256(&claims(&world.site, "ann"), &secret), Some(&before)).await;
    assert_eq!(laptop.conversation, before.conversation);
    let phone = device(&world, &hs256(&claims(&world.site, "ann"), &secret), None).await;
    assert_eq!(phone.conversation, laptop.conversation);
    ok(world.say(&phone, "b", "from the phone").await).await;
    let texts: Vec<_> = world.messages(&laptop).await.iter().map(|m| m["text"].clone()).collect();
    assert_eq!(texts, ["from the laptop", "from the phone"]);
    let path = format!("/api/v1/conversations/{}", laptop.conversation);
    let seen = ok(world.request(Method::GET, &path).header("cookie", &session).send().await.unwrap()).await;
    assert_eq!(seen["conversation"]["visitor"]["name"], "Ann 安");
    // Somebody else on the same laptop is somebody else.
    let bob = device(&world, &hs256(&claims(&world.site, "bob"), &secret), Some(&laptop)).await;
    assert_ne!(bob.conversation, laptop.conversation);
    assert!(world.messages(&bob).await.is_empty());
}

#[tokio::test]
async fn a_rotated_secret_a_foreign_site_and_a_site_without_customers_are_refused() {
    let world = World::start();
    let session = world.sign_in().await;
    let unknown = hs256(&claims(&world.site, "ann"), "a guess");
    assert_eq!(problem(ask(&world, &unknown, None).send().await.unwrap()).await, (400, "identity_off".into()));
    let old = secret(&world, &session).await;
    let token = hs256(&claims(&world.site, "ann"), &old);
    device(&world, &token, None).await;
    let new = secret(&world, &session).await;
    assert_ne!(old, new);
    for refused in
        [token, unknown, hs256(&claims("01a20b7d-6ff2-773c-87ac-69f44eebe5e2", "ann"), &new), "x".repeat(100_000)]
    {
        let answer = problem(ask(&world, &refused, None).send().await.unwrap()).await;
        assert_eq!(answer, (401, "identity_invalid".into()));
    }
    let mut late = claims(&world.site, "ann");
    late["exp"] = json!(late["exp"].as_u64().unwrap() - 1_000);
    let answer = ask(&world, &hs256(&late, &new), None).send().await.unwrap();
    assert_eq!(problem(answer).await, (401, "identity_expired".into()));
    let settings = json!({ "name": "Second", "colour": "#112233" });
    let create = world.request(Method::POST, "/api/v1/sites").header("x-macaw", "1").header("cookie", &session);
    let second = ok(create.json(&settings).send().await.unwrap()).await["id"].as_str().unwrap().to_owned();
    let body = json!({ "site": second, "identity": hs256(&claims(&second, "ann"), &new) });
    let answer = world.request(Method::POST, "/api/v1/visitor/session").json(&body).send().await.unwrap();
    assert_eq!(problem(answer).await, (400, "identity_off".into()), "a secret is good for its site only");
}

#[tokio::test]
async fn only_managers_set_how_customers_are_known_and_a_bad_key_is_refused() {
    let world = World::start();
    let session = world.sign_in().await;
    let agent = world.colleague(&session, "ann@shop.example").await;
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
        let mut request = identity(&world, &agent, method.clone());
        if method == Method::PUT {
            request = request.json(&json!({ "algorithm": "ES256", "public_key": "x" }));
        }
        assert_eq!(problem(request.send().await.unwrap()).await, (403, "forbidden".into()), "{method}");
    }
    for algorithm in ["HS256", "none", "ES256", "RS256", "EdDSA"] {
        let body = json!({ "algorithm": algorithm, "public_key": "-----BEGIN PUBLIC KEY-----" });
        let put = identity(&world, &session, Method::PUT).json(&body);
        assert_eq!(problem(put.send().await.unwrap()).await, (400, "invalid".into()), "{algorithm}");
    }
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap().public_key_pem();
    let put = identity(&world, &session, Method::PUT).json(&json!({ "algorithm": "EdDSA", "public_key": key }));
    ok(put.send().await.unwrap()).await;
    let read = || async { ok(identity(&world, &session, Method::GET).send().await.unwrap()).await };
    let set = read().await;
    assert_eq!(set["algorithm"], "EdDSA");
    assert!(set.get("public_key").is_none() && set.get("secret").is_none(), "{set}");
    ok(identity(&world, &session, Method::DELETE).send().await.unwrap()).await;
    assert_eq!(read().await["algorithm"], Value::Null);
    let path = "/api/v1/sites/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/identity";
    let foreign = world.request(Method::POST, path).header("x-macaw", "1").header("cookie", &session);
    assert_eq!(problem(foreign.send().await.unwrap()).await, (404, "not_found".into()));
}
