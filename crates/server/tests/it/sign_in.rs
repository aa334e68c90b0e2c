//! Accounts, sessions, invitations, and who may do nothing without them.

use crate::world::{World, cookie, ok, problem};
use reqwest::Method;
use serde_json::json;

/// Every operation of agents: method and path, with ids that exist for nobody.
pub(crate) const AGENT_OPERATIONS: &[(&str, &str)] = &[
    ("POST", "/api/v1/auth/sign-out"),
    ("POST", "/api/v1/auth/password"),
    ("GET", "/api/v1/me"),
    ("PUT", "/api/v1/me/availability"),
    ("GET", "/api/v1/sessions"),
    ("DELETE", "/api/v1/sessions/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("GET", "/api/v1/conversations"),
    ("GET", "/api/v1/conversations/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("GET", "/api/v1/conversations/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/entries"),
    ("POST", "/api/v1/conversations/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/accept"),
    ("POST", "/api/v1/conversations/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/transfer"),
    ("POST", "/api/v1/conversations/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/files"),
    ("GET", "/api/v1/files/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("GET", "/api/v1/members"),
    ("PUT", "/api/v1/members/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("DELETE", "/api/v1/members/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("POST", "/api/v1/members/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/reset"),
    ("POST", "/api/v1/invitations"),
    ("GET", "/api/v1/tenant"),
    ("PUT", "/api/v1/tenant"),
    ("GET", "/api/v1/first-steps"),
    ("GET", "/api/v1/me/tenants"),
    ("POST", "/api/v1/me/tenant"),
    ("GET", "/api/v1/operator/tenants"),
    ("POST", "/api/v1/operator/tenants"),
    ("PUT", "/api/v1/operator/tenants/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("GET", "/api/v1/sites"),
    ("POST", "/api/v1/sites"),
    ("PUT", "/api/v1/sites/01a20b7d-6ff2-773c-87ac-69f44eebe5e2"),
    ("GET", "/api/v1/sites/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/identity"),
    ("POST", "/api/v1/sites/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/identity"),
    ("PUT", "/api/v1/sites/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/identity"),
    ("DELETE", "/api/v1/sites/01a20b7d-6ff2-773c-87ac-69f44eebe5e2/identity"),
];

#[tokio::test]
async fn nothing_of_the_agents_answers_without_a_session() {
    let world = World::start();
    let visitor = world.visitor().await;
    for (method, path) in AGENT_OPERATIONS {
        let method: Method = method.parse().unwrap();
        for proof in ["", "macaw_session=guess", &format!("macaw_session={}", visitor.token)] {
            let request = world.request(method.clone(), path).header("x-macaw", "1").header("cookie", proof);
            // A visitor's token is no session either.
            let answer = request.bearer_auth(&visitor.token).send().await.unwrap();
            assert_eq!(problem(answer).await, (401, "unauthorized".into()), "{method} {path} {proof}");
        }
    }
}

#[tokio::test]
async fn a_change_without_the_header_that_foreign_pages_cannot_send_is_refused() {
    let world = World::start();
    let session = world.sign_in().await;
    for (method, path) in AGENT_OPERATIONS.iter().filter(|(method, _)| *method != "GET") {
        let request = world.request(method.parse().unwrap(), path).header("cookie", &session);
        assert_eq!(problem(request.send().await.unwrap()).await, (403, "forbidden".into()), "{method} {path}");
    }
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach_for_scripts_and_foreign_pages() {
    let world = World::start();
    let cookie = cookie(&world.try_sign_in(&world.login, &world.password).await);
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn guessing_is_slowed_and_tells_nothing() {
    let world = World::start();
    let unknown = problem(world.try_sign_in("nobody@shop.example", "wrong password").await).await;
    for n in 0..10 {
        let answer = problem(world.try_sign_in(&world.login, "wrong password").await).await;
        assert_eq!(answer, unknown, "try {n}");
    }
    let answer = world.try_sign_in(&world.login, &world.password).await;
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(problem(answer).await, (429, "rate_limited".into()));
    // A forwarded address of the guesser's own making changes nothing.
    let body = json!({ "email": world.login, "password": world.password });
    let request =
        world.request(Method::POST, "/api/v1/auth/sign-in").header("x-forwarded-for", "203.0.113.9").json(&body);
    assert_eq!(problem(request.send().await.unwrap()).await.0, 429);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let world = World::start();
    let (first, second) = (world.sign_in().await, world.sign_in().await);
    let change = |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        world.request(Method::POST, "/api/v1/auth/password").header("x-macaw", "1").header("cookie", &first).json(&body)
    };
    assert_eq!(problem(change("wrong", "a new password").send().await.unwrap()).await.0, 403);
    assert_eq!(problem(change(&world.password, "short").send().await.unwrap()).await.0, 400);
    ok(change(&world.password, "a new password").send().await.unwrap()).await;
    let me = |session: &str| world.request(Method::GET, "/api/v1/me").header("cookie", session).send();
    ok(me(&first).await.unwrap()).await;
    assert_eq!(problem(me(&second).await.unwrap()).await.0, 401);
    assert_eq!(problem(world.try_sign_in(&world.login, &world.password).await).await.0, 401);
}

#[tokio::test]
async fn an_invitation_makes_one_member_who_may_not_manage() {
    let world = World::start();
    let session = world.sign_in().await;
    let invite = |session: &str| {
        let body = json!({ "email": "Ann@shop.example", "role": "agent" });
        world.request(Method::POST, "/api/v1/invitations").header("x-macaw", "1").header("cookie", session).json(&body)
    };
    let link = ok(invite(&session).send().await.unwrap()).await["link"].as_str().unwrap().to_owned();
    let token = link.split_once('#').unwrap().1.to_owned();
    let accept = || {
        let body = json!({ "token": token, "name": "Ann 安", "password": "a good password" });
        world.request(Method::POST, "/api/v1/invitations/accept").json(&body)
    };
    ok(accept().send().await.unwrap()).await;
    assert_eq!(problem(accept().send().await.unwrap()).await, (404, "not_found".into()), "used");
    let answer = world.try_sign_in("ann@shop.example", "a good password").await;
    let ann = cookie(&answer).split(';').next().unwrap().to_owned();
    assert_eq!(ok(answer).await["role"], "agent");
    assert_eq!(problem(invite(&ann).send().await.unwrap()).await, (403, "forbidden".into()));
    let site = json!({ "name": "x", "colour": "#112233" });
    let create = world.request(Method::POST, "/api/v1/sites").header("x-macaw", "1").header("cookie", &ann).json(&site);
    assert_eq!(problem(create.send().await.unwrap()).await, (403, "forbidden".into()));
}
