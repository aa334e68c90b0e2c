//! Operators, tenants, several memberships, sign-up, first steps; and `macaw admin` on a folder in use.

use crate::members::{closed, open_agent};
use crate::sign_in::AGENT_OPERATIONS;
use crate::socket::open_visitor;
use crate::world::{PASSWORD, World, ok, problem, session_of};
use reqwest::Method;
use serde_json::{Value, json};

/// Makes an operator who is a member of no tenant; the session.
async fn operator(world: &World) -> String {
    let made = world.admin(&["operator", "root@macaw.example"]);
    let link = made["link"].as_str().unwrap();
    assert!(link.starts_with(&world.url), "{link}");
    let body = json!({ "token": link.split_once('#').unwrap().1, "password": PASSWORD });
    ok(world.request(Method::POST, "/api/v1/auth/reset").json(&body).send().await.unwrap()).await;
    world.sign_in_as("root@macaw.example", PASSWORD).await
}

#[tokio::test]
async fn an_operator_reaches_no_conversation() {
    let world = World::start();
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "a secret of the tenant").await).await;
    let root = operator(&world).await;
    let me = ok(world.by(&root, Method::GET, "/api/v1/me").send().await.unwrap()).await;
    assert_eq!((&me["operator"], &me["tenant"], &me["role"]), (&json!(true), &Value::Null, &Value::Null));
    let own = ["/api/v1/me", "/api/v1/auth/", "/api/v1/sessions", "/api/v1/operator/"];
    let foreign = AGENT_OPERATIONS.iter().filter(|(_, path)| !own.iter().any(|own| path.starts_with(own)));
    for (method, path) in foreign.chain([&("PUT", "/api/v1/me/availability")]) {
        let path = path.replace("01a20b7d-6ff2-773c-87ac-69f44eebe5e2", &visitor.conversation);
        let answer = world.by(&root, method.parse().unwrap(), &path).json(&json!({})).send().await.unwrap();
        assert_eq!(problem(answer).await, (403, "forbidden".into()), "{method} {path}");
    }
    let headers = [("sec-websocket-protocol", "macaw.v1"), ("cookie", root.as_str())];
    assert_eq!(crate::socket::open(&world, &headers).await.err(), Some(403));
    let list = ok(world.by(&root, Method::GET, "/api/v1/operator/tenants").send().await.unwrap()).await;
    assert!(!list.to_string().contains("secret"));
    let owner = world.sign_in().await;
    let refused = world.by(&owner, Method::GET, "/api/v1/operator/tenants").send().await.unwrap();
    assert_eq!(problem(refused).await.0, 403, "an owner is no operator");
    world.admin(&["operator", "root@macaw.example", "--revoke"]);
    assert_eq!(problem(world.by(&root, Method::GET, "/api/v1/me").send().await.unwrap()).await.0, 401);
}

#[tokio::test]
async fn a_suspended_tenant_is_silent_until_it_is_resumed_and_others_go_on() {
    let world = World::start();
    let root = operator(&world).await;
    let body = json!({ "name": "Other", "owner": "olga@other.example" });
    let post = world.by(&root, Method::POST, "/api/v1/operator/tenants").json(&body).send().await.unwrap();
    let made = ok(post).await;
    world.accept(made["link"].as_str().unwrap(), "Olga").await;
    let olga = world.sign_in_as("olga@other.example", PASSWORD).await;
    let sites = ok(world.by(&olga, Method::GET, "/api/v1/sites").send().await.unwrap()).await;
    let site = sites[0]["id"].as_str().unwrap().to_owned();
    let session = || world.request(Method::POST, "/api/v1/visitor/session").json(&json!({ "site": site }));
    let token = ok(session().send().await.unwrap()).await["token"].as_str().unwrap().to_owned();
    let (mut agent, mut visitor) = (open_agent(&world, &olga).await, open_visitor(&world, &token).await);
    let mine = open_agent(&world, &world.sign_in().await).await;

    let path = format!("/api/v1/operator/tenants/{}", made["tenant"]["id"].as_str().unwrap());
    let suspend = |suspended: bool| world.by(&root, Method::PUT, &path).json(&json!({ "suspended": suspended })).send();
    assert_eq!(ok(suspend(true).await.unwrap()).await["suspended"], true);
    assert_eq!((closed(&mut agent).await, closed(&mut visitor).await), (4403, 4403));
    let suspended = (403, "tenant_suspended".to_owned());
    assert_eq!(problem(session().send().await.unwrap()).await, suspended);
    assert_eq!(problem(world.try_sign_in("olga@other.example", PASSWORD).await).await, suspended);
    let read = world.request(Method::GET, "/api/v1/visitor/messages").bearer_auth(&token);
    assert_eq!(problem(read.send().await.unwrap()).await, suspended);
    let headers = [("sec-websocket-protocol", format!("macaw.v1, bearer.{token}"))];
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(crate::socket::open(&world, &headers).await.err(), Some(403));
    assert_eq!(problem(world.by(&olga, Method::GET, "/api/v1/me").send().await.unwrap()).await.0, 401);
    drop(mine);
    drop(world.visitor().await);
    ok(suspend(false).await.unwrap()).await;
    ok(session().send().await.unwrap()).await;
    world.sign_in_as("olga@other.example", PASSWORD).await;
}

#[tokio::test]
async fn commands_work_through_the_server_and_without_it_and_a_suspension_lasts() {
    let mut world = World::start();
    let owner = world.sign_in().await;
    let mut socket = open_agent(&world, &owner).await;
    assert_eq!(world.admin(&["sessions", &world.login, "--end"])["ended"], 1);
    assert_eq!(closed(&mut socket).await, 4004);
    assert_eq!(problem(world.by(&owner, Method::GET, "/api/v1/me").send().await.unwrap()).await.0, 401);
    let made = world.admin(&["tenant", "create", "店", "--owner", "li@dian.example", "--time-zone", "Asia/Shanghai"]);
    world.terminate();
    world.admin(&["tenant", "suspend", "店"]);
    let link = world.admin(&["reset-password", &world.login])["link"].as_str().unwrap().to_owned();
    world.kill_and_restart();
    let list = world.admin(&["tenant", "list"]);
    let other = list["tenants"].as_array().unwrap().iter().find(|t| t["id"] == made["id"]).unwrap();
    assert_eq!((&other["suspended"], &other["time_zone"]), (&json!(true), &json!("Asia/Shanghai")));
    world.accept(made["link"].as_str().unwrap(), "Li").await;
    assert_eq!(problem(world.try_sign_in("li@dian.example", PASSWORD).await).await.1, "tenant_suspended");
    world.admin(&["tenant", "resume", made["id"].as_str().unwrap()]);
    world.sign_in_as("li@dian.example", PASSWORD).await;
    let body = json!({ "token": link.split_once('#').unwrap().1, "password": "from the console" });
    ok(world.request(Method::POST, "/api/v1/auth/reset").json(&body).send().await.unwrap()).await;
    world.sign_in_as(&world.login, "from the console").await;
    let data = world.data();
    let (code, words) =
        crate::world::macaw(&["admin", "reset-password", "nobody@x.example", "--data", data.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(words.contains("no such account"), "{words}");
}

#[tokio::test]
async fn a_member_of_two_tenants_works_in_one_at_a_time_and_nobody_resets_them_there() {
    let world = World::start();
    let owner = world.sign_in().await;
    world.join(&owner, "ann@shop.example", "agent").await;
    let made = world.admin(&["tenant", "create", "Second", "--owner", "ann@shop.example"]);
    let token = made["link"].as_str().unwrap().split_once('#').unwrap().1;
    let guess = json!({ "token": token, "name": "Eve", "password": "not hers at all" });
    let refused = world.request(Method::POST, "/api/v1/invitations/accept").json(&guess).send().await.unwrap();
    assert_eq!(problem(refused).await, (403, "forbidden".into()), "the link alone does not open a known account");
    world.accept(made["link"].as_str().unwrap(), "ignored").await;
    let ann = world.sign_in_as("ann@shop.example", PASSWORD).await;
    let list = ok(world.by(&ann, Method::GET, "/api/v1/me/tenants").send().await.unwrap()).await;
    let rows: Vec<_> = list["tenants"].as_array().unwrap().iter().map(|t| (&t["role"], &t["current"])).collect();
    assert_eq!(rows, [(&json!("agent"), &json!(true)), (&json!("owner"), &json!(false))]);
    let switch = |to: &Value| world.by(&ann, Method::POST, "/api/v1/me/tenant").json(&json!({ "tenant": to })).send();
    let foreign = json!("01a20b7d-6ff2-773c-87ac-69f44eebe5e2");
    assert_eq!(problem(switch(&foreign).await.unwrap()).await.0, 404);
    let answer = switch(&made["id"]).await.unwrap();
    let second = session_of(&answer);
    let me = ok(answer).await;
    assert_eq!((&me["tenant"]["name"], &me["role"]), (&json!("Second"), &json!("owner")));
    assert_eq!(problem(world.by(&ann, Method::GET, "/api/v1/me").send().await.unwrap()).await.0, 401, "rotated");
    let members = ok(world.by(&second, Method::GET, "/api/v1/members").send().await.unwrap()).await;
    assert_eq!(members.as_array().unwrap().len(), 1);
    let path = format!("/api/v1/members/{}/reset", world.member(&owner, "ann@shop.example").await);
    let refused = world.by(&owner, Method::POST, &path).send().await.unwrap();
    assert_eq!(problem(refused).await.0, 403, "the password opens the other tenant too");
}

#[tokio::test]
async fn sign_up_is_off_by_default_and_makes_a_tenant_where_it_is_on() {
    let body = |email: &str| json!({ "email": email, "password": PASSWORD, "name": "Zoe", "tenant": "Zoe's", "time_zone": "Europe/Paris" });
    let off = World::start();
    let refused = off.request(Method::POST, "/api/v1/auth/sign-up").json(&body("zoe@z.example")).send().await.unwrap();
    assert_eq!(problem(refused).await, (403, "forbidden".into()));
    let ways = async |world: &World| ok(world.request(Method::GET, "/api/v1/auth/ways").send().await.unwrap()).await;
    assert_eq!(ways(&off).await, json!({ "sign_up": false }));

    let world = World::start_env(&[("MACAW__ACCOUNTS__SIGN_UP", "true")]);
    assert_eq!(ways(&world).await, json!({ "sign_up": true }));
    let sign_up = |email: &str| world.request(Method::POST, "/api/v1/auth/sign-up").json(&body(email)).send();
    let answer = sign_up("Zoe@z.example").await.unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let zoe = session_of(&answer);
    let me = ok(answer).await;
    assert_eq!((&me["role"], &me["tenant"]["name"]), (&json!("owner"), &json!("Zoe's")));
    assert_eq!(me["time_zone"], "Europe/Paris");
    let sites = ok(world.by(&zoe, Method::GET, "/api/v1/sites").send().await.unwrap()).await;
    assert_eq!(sites.as_array().unwrap().len(), 1);
    assert_ne!(sites[0]["id"], world.site.as_str());
    assert_eq!(problem(sign_up("zoe@z.example").await.unwrap()).await.0, 409);
    for n in 0..3 {
        assert_eq!(sign_up(&format!("z{n}@z.example")).await.unwrap().status().as_u16(), 201);
    }
    assert_eq!(problem(sign_up("z9@z.example").await.unwrap()).await, (429, "rate_limited".into()));
}

#[tokio::test]
async fn first_steps_are_done_when_they_are_and_our_own_pages_count_for_nothing() {
    let world = World::start();
    let owner = world.sign_in().await;
    let steps = || async {
        let answer = ok(world.by(&owner, Method::GET, "/api/v1/first-steps").send().await.unwrap()).await;
        let done = answer["steps"].as_array().unwrap().iter().filter(|step| step["done"] == true);
        done.map(|step| step["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let look = |name: &'static str, page: &str| {
        let path = format!("/api/v1/visitor/site/{}", world.site);
        world.request(Method::GET, &path).header(name, page).send()
    };
    ok(look("origin", &world.url).await.unwrap()).await;
    ok(look("referer", &format!("{}/demo", world.url)).await.unwrap()).await;
    assert_eq!(steps().await, ["knowledge"], "the demo comes with some");
    let settings = json!({ "name": "Shop", "colour": "#112233", "domains": ["shop.example"] });
    let path = format!("/api/v1/sites/{}", world.site);
    ok(world.by(&owner, Method::PUT, &path).json(&settings).send().await.unwrap()).await;
    ok(look("origin", "https://evil.example").await.unwrap()).await;
    assert_eq!(steps().await, ["site", "snippet", "knowledge"], "a page of somebody else's counts for nothing either");
    ok(look("referer", "https://shop.example/cart").await.unwrap()).await;
    assert_eq!(steps().await, ["site", "snippet", "seen", "knowledge"]);
    let sites = ok(world.by(&owner, Method::GET, "/api/v1/sites").send().await.unwrap()).await;
    assert!(sites[0]["seen_at"].is_i64(), "{sites}");
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "hello").await).await;
    let path = format!("/api/v1/conversations/{}", visitor.conversation);
    ok(world.by(&owner, Method::POST, &format!("{path}/accept")).json(&json!({})).send().await.unwrap()).await;
    assert!(!steps().await.contains(&"first_answer".to_owned()));
    let mut socket = open_agent(&world, &owner).await;
    let send = json!({ "op": "send", "conversation": visitor.conversation, "client_id": "r", "text": "Hi!" });
    futures_util::SinkExt::send(&mut socket, tokio_tungstenite::tungstenite::Message::text(send.to_string()))
        .await
        .unwrap();
    while crate::socket::next(&mut socket).await.unwrap()["t"] != "ack" {}
    world.join(&owner, "ann@shop.example", "agent").await;
    assert_eq!(steps().await, ["site", "snippet", "seen", "knowledge", "first_answer", "colleague"]);
}
