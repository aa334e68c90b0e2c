//! First start, kill, restart, the end; configuration and exit codes.

use crate::socket::{next, open_visitor};
use crate::world::{World, ok, problem};
use reqwest::Method;
use std::process::Command;

#[tokio::test]
async fn a_kill_loses_nothing_and_tokens_and_sessions_live_on() {
    let mut world = World::start();
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    ok(world.say(&visitor, "before", "before the kill").await).await;
    world.kill_and_restart();
    ok(world.say(&visitor, "before", "before the kill").await).await;
    ok(world.say(&visitor, "after", "after the kill").await).await;
    let texts: Vec<_> = world.messages(&visitor).await.iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect();
    assert_eq!(texts, ["before the kill", "after the kill"]);
    ok(world.request(Method::GET, "/api/v1/me").header("cookie", session).send().await.unwrap()).await;
}

#[tokio::test]
async fn terminating_drains_with_words_and_ends_with_zero() {
    let mut world = World::start();
    let visitor = world.visitor().await;
    let mut socket = open_visitor(&world, &visitor.token).await;
    ok(world.say(&visitor, "a", "hi").await).await;
    let ending = tokio::task::spawn_blocking(move || {
        let status = world.terminate();
        (world, status)
    });
    assert_eq!(next(&mut socket).await.unwrap()["t"], "going_away");
    assert_eq!(next(&mut socket).await, Err(4010));
    drop(socket);
    let (world, status) = ending.await.unwrap();
    assert_eq!(status.code(), Some(0), "{}", world.log());
}

#[tokio::test]
async fn health_and_readiness_answer() {
    let world = World::start();
    for path in ["/healthz", "/readyz"] {
        assert!(world.request(Method::GET, path).send().await.unwrap().status().is_success(), "{path}");
    }
    assert_eq!(problem(world.request(Method::GET, "/api/v1/nothing").send().await.unwrap()).await.0, 404);
}

#[tokio::test]
async fn every_answer_forbids_sniffing_and_pages_forbid_inline_script_and_framing() {
    let world = World::start();
    for path in ["/", "/healthz", "/api/v1/me", "/chat/nowhere", "/demo", "/docs/api"] {
        let answer = world.request(Method::GET, path).header("accept", "text/html").send().await.unwrap();
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
        if let Some(policy) = answer.headers().get("content-security-policy") {
            let policy = policy.to_str().unwrap();
            assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors"), "{path}: {policy}");
        }
    }
}

#[tokio::test]
async fn neither_tokens_nor_texts_nor_passwords_reach_the_log() {
    let world = World::start();
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    ok(world.say(&visitor, "a", "canary in the text").await).await;
    drop(open_visitor(&world, &visitor.token).await);
    let log = world.log();
    // What the first start shows once is for the person who started it.
    let log: String = log.lines().filter(|line| line.starts_with('{')).collect();
    let secret = session.split_once('=').unwrap().1;
    for canary in ["canary in the text", &visitor.token, secret, &world.password] {
        assert!(!log.contains(canary), "{canary}");
    }
}

#[tokio::test]
async fn two_installations_share_no_secret() {
    use std::os::unix::fs::PermissionsExt;
    let (one, two) = (World::start(), World::start());
    assert_ne!(one.password, two.password);
    let secret = |world: &World| std::fs::read(world.data().join("secret.key")).unwrap();
    assert_ne!(secret(&one), secret(&two));
    let mode = std::fs::metadata(one.data().join("secret.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let visitor = one.visitor().await;
    let foreign = two.request(Method::GET, "/api/v1/visitor/messages").bearer_auth(&visitor.token);
    assert_eq!(problem(foreign.send().await.unwrap()).await.0, 401);
}

#[tokio::test]
async fn one_folder_serves_one_server_and_bad_configuration_is_code_3() {
    let world = World::start();
    let macaw = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_macaw")).args(args).output().unwrap();
    let data = world.data();
    let second = macaw(&["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()]);
    assert_eq!(second.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another Macaw uses this data folder"));
    let file = world.dir.path().join("bad.toml");
    std::fs::write(&file, "[server]\nlisten = \"somewhere\"\n").unwrap();
    assert_eq!(macaw(&["check-config", "--config", file.to_str().unwrap()]).status.code(), Some(3));
    assert_eq!(macaw(&["serve", "--no-such-flag"]).status.code(), Some(2));
    assert!(macaw(&["version", "--json"]).status.success());
}

/// The files of the server may not grow beyond a bound, as on a disk that is full.
#[tokio::test]
async fn a_store_that_cannot_write_acks_nothing_and_says_so() {
    let world = World::start_in(|_| {
        vec![("TEST_FILE_BLOCKS", "2000".to_owned()), ("MACAW__LIMITS__ENABLE", "false".to_owned())]
    });
    let visitor = world.visitor().await;
    let text = "x".repeat(16_000);
    let (mut acked, mut refused) = (Vec::new(), Vec::new());
    for n in 0..400 {
        let answer = world.say(&visitor, &format!("m{n}"), &text).await;
        if answer.status().is_success() {
            acked.push(ok(answer).await["seq"].as_u64().unwrap());
        } else {
            refused.push(problem(answer).await);
        }
        if refused.len() == 3 {
            break;
        }
    }
    assert_eq!(refused.len(), 3, "{} were acked and none refused: the bound was not met", acked.len());
    assert!(refused.iter().all(|(status, _)| matches!(status, 500 | 503 | 507)), "{refused:?}");
    // Reading goes on, and what was acked is what is there: nothing more, nothing less.
    let seqs: Vec<_> = world.messages(&visitor).await.iter().map(|m| m["seq"].as_u64().unwrap()).collect();
    let newest: Vec<_> = acked.iter().copied().filter(|seq| seqs.contains(seq)).collect();
    assert_eq!(seqs, newest);
    assert!(acked.len() >= seqs.len() && !acked.is_empty());
}
