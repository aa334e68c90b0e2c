//! Who may do what: every operation of `/openapi.json` and every frame of the socket, asked by
//! everybody, also for things of another tenant. `docs/authorisation.md` is the table.

mod calls;
mod cast;
mod frames;

use calls::{Row, rows};
use cast::{Answer, Cast, ROLES};
use serde_json::Value;
use std::collections::BTreeSet;

/// What the document says that must happen.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(super) enum Expected {
    Allowed,
    /// 401 or 403.
    Refused,
    /// As an id that nobody has.
    Unknown,
}

impl Expected {
    fn word(self) -> &'static str {
        match self {
            Self::Allowed => "yes",
            Self::Refused => "–",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether one of the actors of an operation stands for this role.
pub(super) fn stands_for(actors: &Value, role: &str) -> bool {
    let words = actors.as_array().cloned().unwrap_or_else(|| vec![actors.clone()]);
    words.iter().filter_map(Value::as_str).any(|actor| match actor {
        // The tests ask from this machine, where figures need no proof.
        "anyone" | "metrics" => true,
        "visitor" => role.ends_with("visitor"),
        "agent" => matches!(role, "agent" | "manager" | "owner" | "foreign owner"),
        "manager" => matches!(role, "manager" | "owner" | "foreign owner"),
        "owner" => role.ends_with("owner"),
        "operator" => role == "operator",
        _ => false,
    })
}

fn expected(operation: &Value, row: &Row, role: &str) -> Expected {
    let actors = &operation["x-macaw-actor"];
    if !stands_for(actors, role) {
        Expected::Refused
    } else if role == "operator" && row.path == "/api/v1/me/tenant" {
        // There is no tenant that it is a member of.
        Expected::Unknown
    } else if row.names_something() && role.starts_with("foreign") && actors != "anyone" {
        Expected::Unknown
    } else {
        Expected::Allowed
    }
}

#[tokio::test]
async fn everybody_may_do_what_the_document_says_and_nothing_else() {
    let mut cast = Cast::assemble().await;
    let document = cast.document().await;
    let mut table = Vec::new();
    let mut missing = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = format!("{} {path}", method.to_uppercase());
            let found: Vec<Row> = rows(&name);
            if found.is_empty() {
                missing.insert(name.clone());
            }
            for row in found {
                let mut cells = Vec::new();
                for role in ROLES {
                    let expected = expected(operation, &row, role);
                    let answer = cast.ask(role, &row).await;
                    check(&format!("{role}: {} {}", row.method, row.path), expected, &answer);
                    if role.starts_with("foreign") || role == "operator" {
                        cast.sees_nothing_of_the_first_tenant(&row, &answer);
                    }
                    cells.push(expected.word());
                }
                table.push((name.replace("{change}", row.variant), cells));
                if row.names_something() && stands_for(&operation["x-macaw-actor"], "owner") {
                    cast.foreign_ids_are_unknown_ids(&row).await;
                }
            }
        }
    }
    assert!(missing.is_empty(), "crates/server/tests/it/authorisation/calls.rs has no row for {missing:?}");
    let frames = frames::table(&mut cast).await;
    is_the_page(&page(&table, &frames));
}

fn check(what: &str, expected: Expected, answer: &Answer) {
    let Answer { status, body } = answer;
    let fits = match expected {
        // Another refusal than one of right is an answer: a conflict, say.
        // A build without the front ends has no page to give, and says so.
        Expected::Allowed => matches!(status, 101 | 200..=299 | 409) || body.starts_with("The front ends are not in"),
        Expected::Refused => matches!(status, 401 | 403),
        Expected::Unknown => *status == 404,
    };
    assert!(fits, "{what}: {expected:?} and answered with {status} {body}");
}

fn page(operations: &[(String, Vec<&'static str>)], frames: &[(String, Vec<&'static str>)]) -> String {
    let mut text = String::from(
        "# Who may do what\n\nMade by the test that tries each cell with the real binary: `yes` may, `–` is refused (401 or 403), \
         `unknown` is told what is told of an id that nobody has. *Foreign* people belong to another tenant and name things \
         of this one where an operation names anything; where it names nothing, they get their own. \
         The *operator* runs the installation and is a member of no tenant.\n\n## HTTP\n",
    );
    text += &table("operation", operations);
    text += "\n## The socket\n";
    text + &table("frame", frames)
}

fn table(first: &str, rows: &[(String, Vec<&'static str>)]) -> String {
    let head = format!("| {first} | {} |\n|---|{}\n", ROLES.join(" | "), "---|".repeat(ROLES.len()));
    rows.iter().fold(head, |text, (name, cells)| text + &format!("| `{name}` | {} |\n", cells.join(" | ")))
}

fn is_the_page(text: &str) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/authorisation.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, text).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(committed == text, "docs/authorisation.md is not what the server does; run `cargo xtask generate`");
}
