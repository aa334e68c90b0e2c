//! Knowledge over the API: what an import leaves alone, and what comes back after a deletion.

use crate::world::{World, ok, problem};
use reqwest::Method;
use serde_json::{Value, json};

async fn write(world: &World, session: &str, body: &Value) -> Value {
    ok(world.by(session, Method::POST, "/api/v1/knowledge").json(body).send().await.unwrap()).await
}

async fn import(world: &World, session: &str, table: &str) -> Value {
    let request = world.by(session, Method::POST, "/api/v1/knowledge/import").header("content-type", "text/csv");
    ok(request.body(table.to_owned()).send().await.unwrap()).await
}

/// Whether the entries are enabled, by question.
async fn enabled(world: &World, session: &str) -> Value {
    let page = ok(world.by(session, Method::GET, "/api/v1/knowledge").send().await.unwrap()).await;
    let entries = page["entries"].as_array().unwrap().iter();
    entries.map(|entry| (entry["question"].as_str().unwrap().to_owned(), entry["enabled"].clone())).collect()
}

#[tokio::test]
async fn an_import_leaves_what_is_switched_off_as_it_is_unless_it_says_so() {
    // Without the demo's knowledge there is nothing else.
    let world = World::start();
    let session = world.sign_in().await;
    for entry in
        ok(world.by(&session, Method::GET, "/api/v1/knowledge?limit=200").send().await.unwrap()).await["entries"]
            .as_array()
            .unwrap()
    {
        let path = format!("/api/v1/knowledge/{}", entry["id"].as_str().unwrap());
        ok(world.by(&session, Method::DELETE, &path).send().await.unwrap()).await;
    }
    write(&world, &session, &json!({ "question": "Off?", "answer": "a", "enabled": false })).await;
    let done = import(&world, &session, "question,answer\nOff?,b\nNew?,n\n").await;
    assert_eq!((&done["added"], &done["updated"]), (&json!(1), &json!(1)));
    assert_eq!(enabled(&world, &session).await, json!({ "Off?": false, "New?": true }));
    let done = import(&world, &session, "question,answer\nOff?,b\n").await;
    assert_eq!(done["unchanged"], 1, "nothing of it differs");
    import(&world, &session, "question,answer,enabled\nOff?,b,true\nNew?,n,no\n").await;
    assert_eq!(enabled(&world, &session).await, json!({ "Off?": true, "New?": false }));
    // What is exported comes back the same.
    let table = world.by(&session, Method::GET, "/api/v1/knowledge/export").send().await.unwrap().text().await.unwrap();
    assert_eq!(import(&world, &session, &table).await["unchanged"], 2, "{table}");
}

#[tokio::test]
async fn what_was_deleted_comes_back_under_its_id_and_no_other_id_is_taken() {
    let world = World::start();
    let session = world.sign_in().await;
    let mut entry = json!({ "question": "Do you repair cages?", "answer": "Yes." });
    let made = write(&world, &session, &entry).await;
    let path = format!("/api/v1/knowledge/{}", made["id"].as_str().unwrap());
    ok(world.by(&session, Method::DELETE, &path).send().await.unwrap()).await;
    entry["id"] = made["id"].clone();
    assert_eq!(write(&world, &session, &entry).await["id"], made["id"]);
    // It is there now: another entry under that id is another entry.
    let other = json!({ "id": made["id"], "question": "Another?", "answer": "No." });
    assert_ne!(write(&world, &session, &other).await["id"], made["id"]);
    let read =
        world.by(&session, Method::PUT, &path).json(&json!({ "question": "Do you repair cages?", "answer": "So." }));
    assert_eq!(ok(read.send().await.unwrap()).await["answer"], "So.");
    let gone = "/api/v1/knowledge/01900000-0000-7000-8000-0000000000ff";
    let unknown = world.by(&session, Method::PUT, gone).json(&json!({ "question": "x", "answer": "y" }));
    assert_eq!(problem(unknown.send().await.unwrap()).await, (404, "not_found".into()));
}
