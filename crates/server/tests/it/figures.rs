//! `/metrics`: what it shows, and to whom.

use crate::raw::{ask, connect};
use crate::socket::{open, open_visitor};
use crate::world::{World, ok};
use reqwest::Method;
use serde_json::Value;

#[tokio::test]
async fn health_readiness_and_figures_tell_how_it_does() {
    let world = World::start();
    for path in ["/healthz", "/readyz"] {
        assert!(world.request(Method::GET, path).send().await.unwrap().status().is_success(), "{path}");
    }
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    let _chat = open_visitor(&world, &visitor.token).await;
    let _desk = open(&world, &[("sec-websocket-protocol", "macaw.v1"), ("cookie", session.as_str())]).await.unwrap();
    ok(world.say(&visitor, "a", "hi").await).await;
    world.request(Method::GET, "/api/v1/conversations/secret-in-the-path").send().await.unwrap();
    world.request("INVENTED".parse().unwrap(), "/nowhere/secret-in-the-path").send().await.unwrap();
    let answer = world.request(Method::GET, "/metrics").send().await.unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let text = answer.text().await.unwrap();
    for line in [
        "macaw_connections{kind=\"visitor\"} 1",
        "macaw_connections{kind=\"agent\"} 1",
        "macaw_messages_total{from=\"visitor\"} 1",
        "macaw_conversations_waiting 1",
        "macaw_ack_seconds_count 1",
        "macaw_store_queue 0",
        "macaw_http_requests_total{route=\"/api/v1/visitor/messages\",method=\"POST\",status=\"200\"} 1",
        "macaw_http_requests_total{route=\"/api/v1/conversations/{id}\",method=\"GET\",status=\"401\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    for name in ["macaw_commit_seconds_bucket", "macaw_commit_batch_size_sum", "process_resident_memory_bytes"] {
        assert!(text.contains(name), "{name}\n{text}");
    }
    assert!(text.contains("macaw_build_info{version="), "{text}");
    for secret in [&visitor.conversation, &world.site, "secret-in-the-path", "INVENTED", "127.0.0.1"] {
        assert!(!text.contains(secret), "{secret}\n{text}");
    }
}

#[tokio::test]
async fn figures_are_for_this_machine_or_with_the_token() {
    let world = World::start_in(|_| {
        vec![
            ("MACAW__METRICS__TOKEN", "a token of some length".to_owned()),
            ("MACAW__SERVER__TRUSTED_PROXIES", "[\"127.0.0.9\"]".to_owned()),
        ]
    });
    let address = world.url.strip_prefix("http://").unwrap().parse().unwrap();
    let good = ("authorization", "Bearer a token of some length");
    let visitor = ("x-forwarded-for", "198.51.100.7");
    for (from, headers, status) in [
        ("127.0.0.1", vec![], 200),
        // A proxy on this machine that nobody configured makes everybody look local.
        ("127.0.0.1", vec![visitor], 403),
        ("127.0.0.9", vec![visitor], 403),
        ("127.0.0.9", vec![visitor, ("authorization", "Bearer another token here")], 403),
        ("127.0.0.9", vec![visitor, ("authorization", "Bearer ")], 403),
        ("127.0.0.9", vec![visitor, good], 200),
        ("127.0.0.1", vec![visitor, good], 200),
    ] {
        let answer = ask(connect(from, address).await, "GET /metrics", &headers, &Value::Null).await;
        assert_eq!(answer.status, status, "{from} {headers:?}");
    }
}
