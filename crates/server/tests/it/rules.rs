//! Rules that a manager writes in the workbench, from the editor to who answers a visitor.

use crate::engines::Manager;
use crate::hub::Service;
use crate::world::{World, ok};
use reqwest::{Method, Response};
use serde_json::{Value, json};

const RULES: &str = "rules:\n  - name: returns\n    pattern: '退货'\n    ai_engine: two\n    chain: [one]\n";

/// Two engines of the tenant, and the site begins with the first.
async fn stage(one: &Service, two: &Service) -> World {
    let world = World::start_env(&[("MACAW__AI__ALLOW_NETWORKS", r#"["127.0.0.0/8"]"#)]);
    let manager = Manager::of(&world).await;
    manager.adds("one", &one.url).await;
    manager.adds("two", &two.url).await;
    ok(manager.site_begins_with(Some("one")).await).await;
    world
}

async fn writes(manager: &Manager<'_>, version: u64, text: &str) -> Response {
    manager.try_do(Method::PUT, "/api/v1/routing", json!({ "version": version, "text": text })).await
}

#[tokio::test]
async fn rules_count_at_the_next_question_are_kept_when_others_are_wrong_and_can_be_had_back() {
    let (one, two) = (Service::start(&["one"], true).await, Service::start(&["two"], true).await);
    let world = stage(&one, &two).await;
    let manager = Manager::of(&world).await;
    let none = manager.get("/api/v1/routing").await;
    assert_eq!((&none["version"], &none["text"], &none["history"]), (&json!(0), &json!(""), &json!([])));
    assert_eq!(manager.hears("我想退货", "engine").await, "one");

    let written = ok(writes(&manager, 0, RULES).await).await;
    assert_eq!((&written["version"], &written["rules"], &written["warnings"]), (&json!(1), &json!(1), &json!([])));
    assert_eq!(manager.hears("我想退货", "engine").await, "two");
    assert_eq!(manager.hears("你好", "engine").await, "one");

    let refused = writes(&manager, 1, "rules:\n  - pattern: '退(货'\n    ai_engine: two\n").await;
    assert_eq!(refused.status(), 400);
    let words: Value = refused.json().await.unwrap();
    assert!(words["detail"].as_str().unwrap().starts_with("line 2, column 16: pattern: "), "{words}");
    assert_eq!(manager.hears("我想退货", "engine").await, "two", "a wrong text changes nothing");

    assert_eq!(writes(&manager, 0, "rules: []").await.status(), 409, "somebody else was first");
    ok(writes(&manager, 1, "rules: []").await).await;
    assert_eq!(manager.hears("我想退货", "engine").await, "one");

    let past = manager.get("/api/v1/routing/past?version=1").await;
    assert_eq!(past["text"], RULES);
    let back = json!({ "version": 2, "text": past["text"], "restores": 1 });
    let back = ok(manager.try_do(Method::PUT, "/api/v1/routing", back).await).await;
    assert_eq!(manager.hears("我想退货", "engine").await, "two");
    let history = back["history"].as_array().unwrap();
    let versions: Vec<_> = history.iter().map(|row| (row["version"].as_u64().unwrap(), &row["restores"])).collect();
    assert_eq!(versions, [(3, &json!(1)), (2, &Value::Null), (1, &Value::Null)]);
    assert!(history.iter().all(|row| row["by"] == "Owner" && row["at"].as_i64().unwrap() > 0), "{history:?}");
}

#[tokio::test]
async fn the_tester_shows_which_rule_a_question_meets_and_who_is_asked() {
    let (one, two) = (Service::start(&["one"], true).await, Service::start(&["two"], true).await);
    let world = stage(&one, &two).await;
    let manager = Manager::of(&world).await;
    ok(writes(&manager, 0, RULES).await).await;
    let routed = async |body: Value| ok(manager.try_do(Method::POST, "/api/v1/routing/test", body).await).await;
    let met = routed(json!({ "question": "我想退货" })).await;
    assert_eq!((&met["from"], &met["index"], &met["name"]), (&json!("tenant"), &json!(0), &json!("returns")));
    assert!(met["why"].as_str().unwrap().contains("退货"), "{met}");
    let engines: Vec<_> = met["chain"].as_array().unwrap().iter().map(|step| step["engine"].clone()).collect();
    assert_eq!(engines, ["two", "one"]);
    let own = routed(json!({ "question": "你好", "site": world.site })).await;
    assert_eq!(
        (&own["from"], &own["index"], &own["chain"][0]["engine"]),
        (&json!("site"), &Value::Null, &json!("one"))
    );
    let other = "rules: [{pattern: '你好', ai_engine: coze, params: {bot_id: '7'}}]";
    let tried = routed(json!({ "question": "你好", "text": other })).await;
    let step = &tried["chain"][0];
    assert_eq!((&step["engine"], &step["params"]), (&json!("coze"), &json!({ "bot_id": "7" })));
    assert!(step["missing"].as_str().unwrap().contains("not configured"), "{step}");
    let person = routed(json!({ "question": "投诉", "text": "rules: [{pattern: '投诉', handoff: true}]" })).await;
    assert_eq!((&person["from"], &person["chain"]), (&json!("tenant"), &json!([])));
    let checked = json!({ "text": "rules:\n  - pattern: a\n    ai_engin: b\n" });
    let checked = ok(manager.try_do(Method::POST, "/api/v1/routing/check", checked).await).await;
    assert_eq!((&checked["error"]["line"], &checked["error"]["column"]), (&json!(3), &json!(5)), "{checked}");
    let warned = json!({ "text": "rules:\n  - pattern: a\n    ai_engine: nobody\n" });
    let warned = ok(manager.try_do(Method::POST, "/api/v1/routing/check", warned).await).await;
    assert_eq!((&warned["rules"], &warned["warnings"][0]["line"]), (&json!(1), &json!(3)), "{warned}");
}

#[tokio::test]
async fn the_rules_of_the_installation_count_where_none_of_the_tenant_matches() {
    let (one, two) = (Service::start(&["one"], true).await, Service::start(&["two"], true).await);
    let world = World::start_in(|dir| {
        let file = dir.join("routing.yaml");
        std::fs::write(&file, "rules: [{pattern: '退货|换货', ai_engine: one}]").unwrap();
        std::fs::write(dir.join("macaw.toml"), format!("{}{}", one.table("one"), two.table("two"))).unwrap();
        vec![("MACAW__CHAT__ENGINE", "two".into()), ("MACAW__AI__ROUTING", file.to_string_lossy().into_owned())]
    });
    let manager = Manager::of(&world).await;
    ok(writes(&manager, 0, "rules: [{pattern: '退货', ai_engine: two}]").await).await;
    assert_eq!(manager.get("/api/v1/routing").await["installed"], 1);
    for (text, answer) in [("退货", "two"), ("换货", "one"), ("你好", "two")] {
        assert_eq!(manager.hears(text, "engine").await, answer, "{text}");
    }
}

#[tokio::test]
async fn a_tenant_cannot_write_rules_that_make_every_question_slow() {
    let world = World::start();
    let manager = Manager::of(&world).await;
    let rules = |n: usize, pattern: &str| -> String {
        let rule =
            |at| format!("  - pattern: '{}'\n    ai_engine: knowledge\n", pattern.replace("N", &format!("{at}")));
        format!("rules:\n{}", (0..n).map(rule).collect::<String>())
    };
    for (text, words) in [
        (rules(501, "wordN"), "at most 500 rules"),
        (rules(51, r"\d{3,}[a-z]{N}"), "tried on every question"),
        (rules(1, r"[\w\s]{500}"), "too large"),
        ("#".repeat(65 << 10), "more than 64 KiB"),
    ] {
        let refused = writes(&manager, 0, &text).await;
        assert_eq!(refused.status(), 400);
        let detail: Value = refused.json().await.unwrap();
        assert!(detail["detail"].as_str().unwrap().contains(words), "{detail}");
    }
    ok(writes(&manager, 0, &rules(500, "wordN")).await).await;
}
