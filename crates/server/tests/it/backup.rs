//! Backup and restore with the real binary, while messages flow.

use crate::socket::{next, open_visitor};
use crate::world::{Visitor, World, macaw, ok};
use futures_util::SinkExt;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::Path;
use tokio_tungstenite::tungstenite::protocol::Message;

fn backup(world: &World, to: &Path) -> (Option<i32>, String) {
    macaw(&["backup", to.to_str().unwrap(), "--data", world.data().to_str().unwrap()])
}

fn restore(from: &Path, data: &Path, more: &[&str]) -> (Option<i32>, String) {
    let mut args = vec!["restore", from.to_str().unwrap(), "--data", data.to_str().unwrap()];
    args.extend(more);
    macaw(&args)
}

async fn epoch(world: &World, visitor: &Visitor) -> String {
    let mut socket = open_visitor(world, &visitor.token).await;
    let watch = json!({ "op": "watch", "conversation": visitor.conversation, "after": 0 }).to_string();
    socket.send(Message::text(watch)).await.unwrap();
    loop {
        let frame = next(&mut socket).await.unwrap();
        if frame["t"] == "watched" {
            return frame["epoch"].as_str().unwrap().to_owned();
        }
    }
}

fn texts(messages: &[Value]) -> Vec<String> {
    messages.iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_was_acked_before_a_backup_is_in_it_once_and_old_positions_start_over() {
    let world = World::start();
    let visitor = world.visitor().await;
    for n in 0..20 {
        ok(world.say(&visitor, &format!("b{n}"), &format!("before {n}")).await).await;
    }
    let uploaded = |name: &str| world.request(Method::POST, &format!("/api/v1/visitor/files?name={name}"));
    let file = ok(uploaded("a.pdf").bearer_auth(&visitor.token).body("%PDF-1.7 a").send().await.unwrap()).await;
    let drafted = world.data().join("files/.drafts/half");
    std::fs::write(&drafted, "half a file").unwrap();
    let to = world.dir.path().join("backup");
    let running = {
        let (data, to) = (world.data(), to.clone());
        tokio::task::spawn_blocking(move || {
            macaw(&["backup", to.to_str().unwrap(), "--data", data.to_str().unwrap(), "--json"])
        })
    };
    // Messages go on while the copy is made; they may or may not be in it, but never half.
    for n in 0..20 {
        world.say(&visitor, &format!("d{n}"), &format!("during {n}")).await;
    }
    let (code, printed) = running.await.unwrap();
    assert_eq!(code, Some(0), "{printed}");
    let manifest: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(manifest["epoch"], epoch(&world, &visitor).await);
    assert!(manifest["files"].as_array().unwrap().iter().any(|f| f["path"] == "secret.key"), "{printed}");
    assert!(!printed.contains(".drafts"), "what is being uploaded is nobody's: {printed}");
    let head = world.messages(&visitor).await.len();
    let old_epoch = epoch(&world, &visitor).await;

    let elsewhere = world.dir.path().join("elsewhere");
    assert_eq!(restore(&to, &elsewhere, &[]).0, Some(0));
    let restored = World::start_on(&elsewhere);
    let path = format!("/api/v1/visitor/files/{}", file["id"].as_str().unwrap());
    let saved = restored.request(Method::GET, &path).bearer_auth(&visitor.token).send().await.unwrap();
    assert_eq!(saved.text().await.unwrap(), "%PDF-1.7 a");
    let messages = restored.messages(&visitor).await;
    let expected: Vec<_> = (0..20).map(|n| format!("before {n}")).collect();
    assert_eq!(texts(&messages)[..20], expected, "with the token of before");
    let seqs: Vec<_> = messages.iter().map(|m| m["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=messages.len() as u64).collect::<Vec<_>>(), "once each");
    let new_epoch = epoch(&restored, &visitor).await;
    assert_ne!(new_epoch, old_epoch);

    let mut socket = open_visitor(&restored, &visitor.token).await;
    let ahead = json!({ "op": "watch", "conversation": visitor.conversation, "after": head, "epoch": old_epoch });
    socket.send(Message::text(ahead.to_string())).await.unwrap();
    let answer = next(&mut socket).await.unwrap();
    assert_eq!((&answer["t"], &answer["epoch"]), (&json!("resync"), &json!(new_epoch)));
}

#[tokio::test]
async fn a_backup_is_whole_or_not_at_all_and_a_damaged_one_is_refused() {
    let mut world = World::start();
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "hi").await).await;
    let to = world.dir.path().join("backup");
    std::fs::create_dir(&to).unwrap();
    std::fs::write(to.join("mine"), "not yours").unwrap();
    let (code, words) = backup(&world, &to);
    assert_eq!(code, Some(1));
    assert!(words.contains("not empty"), "{words}");
    let nowhere = world.dir.path().join("no/such/folder/backup");
    assert_eq!(backup(&world, &nowhere).0, Some(1));
    let drafts = || std::fs::read_dir(world.dir.path()).unwrap().flatten().map(|e| e.file_name()).collect::<Vec<_>>();
    assert!(!drafts().iter().any(|name| name.to_string_lossy().ends_with(".part")), "{:?}", drafts());

    std::fs::remove_file(to.join("mine")).unwrap();
    // Without a server it works as well.
    assert_eq!(world.terminate().code(), Some(0));
    assert_eq!(backup(&world, &to).0, Some(0));
    let elsewhere = world.dir.path().join("elsewhere");
    let secret = std::fs::read(to.join("secret.key")).unwrap();
    std::fs::write(to.join("secret.key"), [7; 32]).unwrap();
    let (code, words) = restore(&to, &elsewhere, &[]);
    assert_eq!(code, Some(1));
    assert!(words.contains("secret.key: differs from the manifest"), "{words}");
    std::fs::write(to.join("secret.key"), secret).unwrap();
    std::fs::remove_file(to.join("manifest.json")).unwrap();
    assert!(restore(&to, &elsewhere, &[]).1.contains("no backup"));
    assert!(!elsewhere.exists(), "nothing was begun");
}

#[tokio::test]
async fn a_restore_leaves_a_used_folder_alone_unless_forced_and_puts_aside_what_was_there() {
    let mut world = World::start();
    let visitor = world.visitor().await;
    ok(world.say(&visitor, "a", "kept").await).await;
    let to = world.dir.path().join("backup");
    assert_eq!(backup(&world, &to).0, Some(0));
    ok(world.say(&visitor, "b", "after the backup").await).await;
    let (code, words) = restore(&to, &world.data(), &["--force"]);
    assert_eq!(code, Some(1));
    assert!(words.contains("uses this data folder"), "{words}");
    assert_eq!(world.messages(&visitor).await.len(), 2, "the server goes on");
    world.terminate();
    assert!(restore(&to, &world.data(), &[]).1.contains("is not empty"));
    let (code, words) = restore(&to, &world.data(), &["--force"]);
    assert_eq!(code, Some(0), "{words}");
    let aside = words.split_once("what was there is in ").unwrap().1.split(';').next().unwrap().to_owned();
    assert!(Path::new(&aside).join("macaw.db").is_file(), "{aside}");
    world.kill_and_restart();
    assert_eq!(texts(&world.messages(&visitor).await), ["kept"]);
}

#[tokio::test]
async fn a_folder_whose_restore_was_cut_off_is_not_served() {
    let mut world = World::start();
    let to = world.dir.path().join("backup");
    assert_eq!(backup(&world, &to).0, Some(0));
    world.terminate();
    std::fs::write(world.data().join("restoring"), "").unwrap();
    std::fs::remove_file(world.data().join("macaw.db")).unwrap();
    let (code, words) = macaw(&["serve", "--listen", "127.0.0.1:0", "--data", world.data().to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(words.contains("a restore was cut off"), "{words}");
    assert_eq!(restore(&to, &world.data(), &["--force"]).0, Some(0));
    world.kill_and_restart();
}

#[tokio::test]
async fn the_local_socket_is_the_owners_alone_and_works_in_a_deep_folder() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("a-folder-with-a-rather-long-name".repeat(6));
    let mut world = World::start_on(&deep);
    let mode = std::fs::metadata(deep.join("control.sock")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let to = dir.path().join("backup");
    assert_eq!(macaw(&["backup", to.to_str().unwrap(), "--data", deep.to_str().unwrap()]).0, Some(0));
    world.terminate();
    assert!(!deep.join("control.sock").exists());
    let missing = macaw(&["backup", "x", "--data", dir.path().to_str().unwrap()]);
    assert!(missing.1.contains("there is no Macaw here"), "{}", missing.1);
}
