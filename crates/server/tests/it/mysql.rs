//! Serving on MySQL or MariaDB. `MACAW_TEST_MYSQL` names the server; see `scripts/mariadb.sh`.

use crate::world::{Visitor, World, macaw, ok};
use reqwest::Method;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection};
use std::io::Write;
use std::process::{Command, Output};

/// A fresh MariaDB has a nameless user at localhost, who would come before ours at any host.
const HOSTS: [&str; 2] = ["%", "localhost"];

/// An empty database, and a user of it whose password must appear nowhere.
struct Database {
    admin: String,
    name: String,
    url: String,
}

impl Database {
    async fn make(admin: String) -> Self {
        let name = format!("macaw_it_{}", std::process::id());
        let mut db = MySqlConnection::connect(&admin).await.unwrap();
        db.execute(AssertSqlSafe(format!("create database {name}"))).await.unwrap();
        for host in HOSTS {
            let create = format!("create user '{name}'@'{host}' identified by 'canary/pass@word'");
            db.execute(AssertSqlSafe(create)).await.unwrap();
            db.execute(AssertSqlSafe(format!("grant all on {name}.* to '{name}'@'{host}'"))).await.unwrap();
        }
        let host = admin.rsplit('@').next().unwrap();
        let url = format!("mysql://{name}:canary%2Fpass%40word@{host}/{name}");
        Self { url, name, admin }
    }

    async fn drop(self) {
        let mut db = MySqlConnection::connect(&self.admin).await.unwrap();
        let name = &self.name;
        for host in HOSTS {
            db.execute(AssertSqlSafe(format!("drop user '{name}'@'{host}'"))).await.unwrap();
        }
        db.execute(AssertSqlSafe(format!("drop database {name}"))).await.unwrap();
    }
}

#[tokio::test]
async fn on_a_server_a_kill_loses_nothing_and_sessions_live_on() {
    let Ok(admin) = std::env::var("MACAW_TEST_MYSQL") else {
        // Past the capture of the test harness, so that it is seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED serving on MariaDB: MACAW_TEST_MYSQL names no server");
        return;
    };
    let database = Database::make(admin).await;
    let mut world = World::start_env(&[("MACAW__STORE__URL", &database.url)]);
    assert!(!world.data().join("macaw.db").exists(), "nothing is embedded");
    let (visitor, session) = (world.visitor().await, world.sign_in().await);
    let mut acked = Vec::new();
    for n in 0..10 {
        acked.push(ok(world.say(&visitor, &format!("m{n}"), &format!("第 {n} 条 🦜")).await).await);
    }
    world.kill_and_restart();
    for (n, first) in acked.iter().enumerate() {
        let again = ok(world.say(&visitor, &format!("m{n}"), &format!("第 {n} 条 🦜")).await).await;
        for field in ["id", "seq", "at"] {
            assert_eq!(again[field], first[field], "the same message");
        }
    }
    ok(world.say(&visitor, "after", "after the kill").await).await;
    let messages = world.messages(&visitor).await;
    let seqs: Vec<_> = messages.iter().map(|m| m["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=11).collect::<Vec<_>>());
    assert_eq!(messages[9]["text"], "第 9 条 🦜");
    ok(world.request(Method::GET, "/api/v1/me").header("cookie", session).send().await.unwrap()).await;
    let data = world.data().to_str().unwrap().to_owned();
    assert_eq!(world.admin(&["sessions", &world.login, "--end"])["ended"], 1, "by the server that runs");
    let table = world.dir.path().join("table.csv");
    std::fs::write(&table, "question,alternatives,answer\nDo you clean cages?,,Every Friday.\n").unwrap();
    let imported = macaw(&["knowledge", "import", table.to_str().unwrap(), "--data", &data]);
    assert_eq!(imported, (Some(0), "1 added, 0 updated, 0 unchanged, 0 refused".to_owned()));
    let file = a_file_lives_through_a_kill(&mut world, &visitor).await;
    let backup = format!("{data}-backup");
    let (code, words) = macaw(&["backup", &backup, "--data", &data]);
    assert!(code == Some(0) && words.contains("the database is not in it"), "{words}");
    assert!(world.terminate().success());
    the_folder_is_restored(&database, &backup, &visitor, &file).await;
    let stopped = macaw(&["admin", "sessions", &world.login, "--data", &data]);
    assert!(stopped.0 == Some(1) && stopped.1.contains("while it serves"), "{stopped:?}");
    assert!(!world.log().contains("canary"), "the password of the database is logged nowhere");
    database.drop().await;
}

/// Uploads and sends a file; it is there after a kill, and not sent twice.
async fn a_file_lives_through_a_kill(world: &mut World, visitor: &Visitor) -> String {
    let upload = world.request(Method::POST, "/api/v1/visitor/files?name=bill.txt").bearer_auth(&visitor.token);
    let uploaded = ok(upload.body("a bill").send().await.unwrap()).await;
    let send = json!({ "client_id": "f", "file": uploaded["id"] });
    let path = "/api/v1/visitor/messages";
    let sending = |world: &World| world.request(Method::POST, path).bearer_auth(&visitor.token).json(&send);
    let first = ok(sending(world).send().await.unwrap()).await;
    world.kill_and_restart();
    let again = ok(sending(world).send().await.unwrap()).await;
    assert_eq!((&again["seq"], &again["duplicate"]), (&first["seq"], &json!(true)));
    let id = uploaded["id"].as_str().unwrap().to_owned();
    let read = world.request(Method::GET, &format!("/api/v1/visitor/files/{id}")).bearer_auth(&visitor.token);
    assert_eq!(read.send().await.unwrap().text().await.unwrap(), "a bill");
    id
}

/// A folder from the backup, on the same database.
async fn the_folder_is_restored(database: &Database, backup: &str, visitor: &Visitor, file: &str) {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (code, words) = macaw(&["restore", backup, "--data", data.to_str().unwrap()]);
    assert!(code == Some(0) && words.contains("its database is on a server"), "{words}");
    assert!(data.join("secret.key").is_file() && !data.join("macaw.db").exists());
    assert!(manifest_of(backup).contains(file), "the file is in it");
    let url = database.url.clone();
    let world = World::start_on_with(&data, &[("MACAW__STORE__URL", &url)]);
    // The secret is the same: the visitor's token is still good, and the file there.
    let read = world.request(Method::GET, &format!("/api/v1/visitor/files/{file}")).bearer_auth(&visitor.token);
    assert_eq!(read.send().await.unwrap().text().await.unwrap(), "a bill");
}

fn manifest_of(backup: &str) -> String {
    std::fs::read_to_string(format!("{backup}/manifest.json")).unwrap()
}

fn serve(url: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let mut macaw = Command::new(env!("CARGO_BIN_EXE_macaw"));
    macaw.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(dir.path().join("data"));
    macaw.env("MACAW__STORE__URL", url).output().unwrap()
}

#[test]
fn a_database_that_is_not_there_is_code_4_with_a_sentence_and_no_password() {
    for (url, sentence) in [
        ("mysql://macaw:canary@127.0.0.1:1/macaw", "the database macaw on 127.0.0.1:1 cannot be used"),
        ("mysql://macaw:canary@127.0.0.1:1", "store.url: the address names no database"),
        ("postgres://macaw:canary@127.0.0.1/macaw", "store.url: the address does not begin with mysql://"),
    ] {
        let ended = serve(url);
        let words = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(4), "{words}");
        assert!(words.contains(sentence) && !words.contains("canary"), "{words}");
    }
}
