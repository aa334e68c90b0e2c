//! Every transcript, whoever wrote it: the types read each client's frame, the schemas fit each frame.

use macaw_wire::ClientFrame;
use macaw_wire::schema::frames;
use serde_json::{Value, json};
use std::path::Path;

fn transcripts() -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .map(|path| (path.display().to_string(), serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn lines(transcript: &Value) -> impl Iterator<Item = &Value> {
    transcript["lines"].as_array().unwrap().iter()
}

/// Says what a frame should have been.
fn validator(name: &str) -> jsonschema::Validator {
    let mut schema = frames();
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$ref"] = json!(format!("#/components/schemas/{name}"));
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn the_committed_frames_are_what_the_types_say() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/frames.json");
    let text = serde_json::to_string_pretty(&frames()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(committed == text, "docs/frames.json is not what the types say; run `cargo xtask generate`");
}

#[test]
fn every_frame_of_a_client_is_read_and_says_the_same_again() {
    let mut seen = 0;
    for (name, transcript) in transcripts() {
        for frame in lines(&transcript).filter_map(|line| line.get("sends")) {
            let read =
                ClientFrame::parse(&frame.to_string()).unwrap_or_else(|error| panic!("{name}: {frame}: {error}"));
            assert_eq!(serde_json::to_value(&read).unwrap(), *frame, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 20, "only {seen} frames");
}

#[test]
fn every_frame_fits_its_schema() {
    let (client, server) = (validator("ClientFrame"), validator("ServerFrame"));
    for (name, transcript) in transcripts() {
        for line in lines(&transcript) {
            for (key, schema) in [("sends", &client), ("gets", &server)] {
                let Some(frame) = line.get(key) else { continue };
                let wrong: Vec<_> = schema.iter_errors(frame).map(|error| error.to_string()).collect();
                assert!(wrong.is_empty(), "{name}: {frame}: {wrong:?}");
            }
        }
    }
    for bad in [json!({ "op": "send", "conversation": 1 }), json!({ "op": "nothing" }), json!({})] {
        assert!(!client.is_valid(&bad), "{bad}");
    }
    for bad in [json!({ "t": "ack" }), json!({ "t": "entry", "log": "other" })] {
        assert!(!server.is_valid(&bad), "{bad}");
    }
}

#[test]
fn the_transcripts_show_every_frame_there_is() {
    let kinds = |what: &str, tag: &str| -> Vec<String> {
        let listed = frames()["components"]["schemas"][what]["oneOf"].clone();
        let kind = |frame: &Value| frame["properties"][tag]["enum"][0].as_str().unwrap().to_owned();
        listed.as_array().unwrap().iter().map(kind).collect()
    };
    let all = transcripts();
    for (what, tag, key) in [("ClientFrame", "op", "sends"), ("ServerFrame", "t", "gets")] {
        for kind in kinds(what, tag) {
            let shown = all.iter().flat_map(|(_, transcript)| lines(transcript)).any(|line| line[key][tag] == kind);
            assert!(shown, "no transcript has the frame {kind}");
        }
    }
}

/// Times carry no zone of their own: whole milliseconds since 1970 in UTC, wherever there is one.
#[test]
fn every_time_is_milliseconds_in_utc() {
    fn times(value: &Value, name: &str, found: &mut u32) {
        match value {
            Value::Object(map) => {
                for (key, child) in map {
                    if matches!(key.as_str(), "at" | "until" | "created_at" | "waiting_since" | "expires_at") {
                        let fits = child.is_null() || child.as_i64().is_some_and(|ms| ms > 1_700_000_000_000);
                        assert!(fits, "{name}: {key} is {child}");
                        *found += 1;
                    }
                    times(child, name, found);
                }
            }
            Value::Array(list) => list.iter().for_each(|child| times(child, name, found)),
            _ => {}
        }
    }
    let mut found = 0;
    for (name, transcript) in transcripts() {
        times(&transcript, &name, &mut found);
    }
    assert!(found > 50, "only {found} times");
}
