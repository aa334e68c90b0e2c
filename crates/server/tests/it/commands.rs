//! Commands beside `serve`.

use crate::world::World;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn knowledge(verb: &str, file: &Path, data: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_macaw"))
        .args(["knowledge", verb])
        .arg(file)
        .arg("--data")
        .arg(data)
        .arg("--json")
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn knowledge_is_imported_and_tested_from_the_command_line() {
    let mut world = World::start();
    world.terminate();
    let (table, set) = (world.dir.path().join("k.csv"), world.dir.path().join("set.csv"));
    std::fs::write(&table, "question,alternatives,answer\n门店在哪里,店铺地址|地址,上海市人民路一号\n").unwrap();
    let done = json(&knowledge("import", &table, &world.data()));
    assert_eq!((&done["added"], &done["unchanged"]), (&1.into(), &0.into()));
    assert_eq!(json(&knowledge("import", &table, &world.data()))["unchanged"], 1);
    std::fs::write(&set, "ask,expect,kind\n门店在哪里,门店在哪里,exact\n写一首诗,,far\n").unwrap();
    let tested = json(&knowledge("test", &set, &world.data()));
    let rows = tested["rows"].as_array().unwrap();
    assert_eq!((&rows[0]["got"], &rows[0]["expect"]), (&"门店在哪里".into(), &"门店在哪里".into()));
    assert!(rows[0]["score"].as_f64().unwrap() > 0.0);
    assert!(rows[1]["got"].is_null());
}

#[tokio::test]
async fn a_running_server_imports_and_answers_for_the_command_line() {
    let world = World::start_with("knowledge");
    let (table, set) = (world.dir.path().join("k.csv"), world.dir.path().join("set.csv"));
    std::fs::write(&table, "question,alternatives,answer\n门店在哪里,店铺地址|地址,上海市人民路一号\n").unwrap();
    std::fs::write(&set, "ask,expect\n门店在哪里,门店在哪里\n").unwrap();
    assert_eq!(json(&knowledge("import", &table, &world.data()))["added"], 1);
    assert_eq!(json(&knowledge("test", &set, &world.data()))["rows"][0]["got"], "门店在哪里");
    // The server itself answers with it at once.
    let session = world.sign_in().await;
    let body = serde_json::json!({ "text": "门店在哪里" });
    let request = world.by(&session, reqwest::Method::POST, "/api/v1/knowledge/ask").json(&body);
    assert_eq!(crate::world::ok(request.send().await.unwrap()).await["answer"], "上海市人民路一号");
}

#[test]
fn a_wrong_table_or_folder_is_refused_with_words() {
    let dir = tempfile::tempdir().unwrap();
    let table = dir.path().join("k.csv");
    std::fs::write(&table, "a,b\n1,2\n").unwrap();
    let wrong = knowledge("import", &table, dir.path());
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("column question is missing"));
    std::fs::write(&table, "question,answer\nq,a\n").unwrap();
    let nowhere = knowledge("import", &table, dir.path());
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("there is no Macaw here"));
}
