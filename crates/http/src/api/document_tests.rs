use super::*;
use std::collections::BTreeSet;

fn document() -> Value {
    whole()
}

/// Each operation as `get /path` with what the document says of it.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        item.as_object().into_iter().flatten().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let text = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(committed == text, "docs/openapi.json is not what the code says; run `cargo xtask generate`");
}

#[test]
fn every_operation_says_in_words_what_it_does_and_who_may_call_it() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{name} has no doc comment");
        let actors = actors(operation);
        assert!(!actors.is_empty(), "{name} does not say who may call it: add the extension x-macaw-actor");
        for actor in actors {
            assert!(ACTORS.iter().any(|(known, _)| *known == actor), "{name}: no actor is called {actor}");
        }
        assert!(ids.insert(operation["operationId"].to_string()), "{name} has the id of another operation");
    }
    assert!(ids.len() > 20, "only {} operations", ids.len());
}

#[test]
fn every_reference_leads_somewhere() {
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|child| references(child, found));
            }
            Value::Array(list) => list.iter().for_each(|child| references(child, found)),
            _ => {}
        }
    }
    let (document, mut found) = (document(), BTreeSet::new());
    references(&document, &mut found);
    for reference in found {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} is not in the document");
    }
}

#[test]
fn the_list_of_codes_is_the_list_of_the_wire() {
    let document = document();
    let listed: BTreeSet<_> = document["components"]["schemas"]["Code"]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    assert_eq!(listed, macaw_wire::Code::ALL.iter().map(|code| code.as_str()).collect());
}

#[test]
#[should_panic(expected = "two types are called")]
fn two_types_of_one_name_are_noticed_at_start() {
    mod other {
        #[derive(utoipa::ToSchema)]
        #[expect(dead_code, reason = "only its schema counts")]
        pub(super) struct Twin {
            pub(super) text: String,
        }
    }
    #[derive(utoipa::ToSchema)]
    #[expect(dead_code, reason = "only its schema counts")]
    struct Twin {
        number: u64,
    }
    #[utoipa::path(get, path = "/one", responses((status = 200, body = Twin)))]
    async fn one() {}
    #[utoipa::path(get, path = "/two", responses((status = 200, body = other::Twin)))]
    async fn two() {}
    let _ = Routes::of("twins").with(utoipa_axum::routes!(one)).with(utoipa_axum::routes!(two));
}
