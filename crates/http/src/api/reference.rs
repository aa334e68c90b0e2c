//! The API as a page for people, at `/docs/api`: the document, and the socket's frames, as plain
//! HTML. No script and nothing from elsewhere, so the strictest policy holds and it works offline.

use super::Routes;
use super::document;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;
use utoipa_axum::routes;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = concat!(include_str!("../../../../web/ui/tokens.css"), include_str!("reference.css"));

static PAGE: LazyLock<String> = LazyLock::new(|| page(&document::whole(), &macaw_wire::schema::frames()));

pub(super) fn router() -> Routes {
    Routes::of("reference").with(routes!(html)).with(routes!(css))
}

/// The API as a page.
#[utoipa::path(
    get,
    path = "/docs/api",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The page", body = str, content_type = "text/html")),
)]
async fn html() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, PAGE.as_str()).into_response()
}

/// The page's style.
#[utoipa::path(
    get,
    path = "/docs/api.css",
    extensions(("x-macaw-actor" = json!("anyone"))),
    responses((status = 200, description = "The style", body = str, content_type = "text/css")),
)]
async fn css() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], STYLE).into_response()
}

fn page(document: &Value, frames: &Value) -> String {
    let mut nouns: Map<String, Value> = Map::new();
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            let list = nouns.entry(text(&operation["tags"][0])).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().into_iter().for_each(|list| list.push(Value::String(one(method, path, operation))));
        }
    }
    let mut menu = String::new();
    let mut body = String::new();
    for (noun, operations) in &nouns {
        let _ = write!(menu, "<li><a href=\"#{0}\">{0}</a></li>", escaped(noun));
        let _ = write!(body, "<section id=\"{0}\"><h2>{0}</h2>", escaped(noun));
        operations.as_array().into_iter().flatten().filter_map(Value::as_str).for_each(|html| body += html);
        body += "</section>";
    }
    let _ = write!(body, "<section id=\"frames\"><h2>Frames of the socket</h2>{}</section>", socket(frames));
    let _ = write!(body, "<section id=\"types\"><h2>Types</h2>{}</section>", types(document, frames));
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Macaw: the API</title>\
         <link rel=\"stylesheet\" href=\"/docs/api.css\"></head><body><header><h1>Macaw: the API</h1><p>{}</p>\
         <p><a href=\"/openapi.json\">openapi.json</a></p></header><nav aria-label=\"Parts\"><ul>{menu}\
         <li><a href=\"#frames\">frames</a></li><li><a href=\"#types\">types</a></li></ul></nav><main>{body}</main></body></html>",
        prose(&document["info"]["description"])
    )
}

fn one(method: &str, path: &str, operation: &Value) -> String {
    let id = escaped(&text(&operation["operationId"]));
    let mut html = format!(
        "<article id=\"{id}\"><h3><span class=\"method\">{}</span> <code>{}</code></h3><p>{}</p>",
        escaped(&method.to_uppercase()),
        escaped(path),
        prose(&operation["summary"])
    );
    if operation["description"].is_string() {
        let _ = write!(html, "<p>{}</p>", prose(&operation["description"]));
    }
    let _ = write!(html, "<dl><dt>Who</dt><dd>{}</dd>", escaped(&document::actors(operation).join(", ")));
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let _ = write!(
            html,
            "<dt><code>{}</code></dt><dd>{}, {}. {}</dd>",
            escaped(&text(&parameter["name"])),
            escaped(&text(&parameter["in"])),
            kind(&parameter["schema"]),
            prose(&parameter["description"])
        );
    }
    for (media, content) in object(&operation["requestBody"]["content"]) {
        let _ = write!(html, "<dt>Body</dt><dd>{} ({})</dd>", kind(&content["schema"]), escaped(media));
    }
    for (status, answer) in object(&operation["responses"]) {
        let bodies: Vec<_> = object(&answer["content"]).map(|(_, content)| kind(&content["schema"])).collect();
        let status = if status == "default" { "Otherwise" } else { status };
        let what = prose(&answer["description"]);
        let _ = write!(html, "<dt>{}</dt><dd>{what} {}</dd>", escaped(status), bodies.join(" or "));
    }
    html + "</dl></article>"
}

/// The types of both; the two kinds of frames are shown in their place.
fn types(document: &Value, frames: &Value) -> String {
    let both = object(&frames["components"]["schemas"]).filter(|(name, _)| !name.ends_with("Frame"));
    let all: BTreeMap<_, _> = both.chain(object(&document["components"]["schemas"])).collect();
    all.into_iter().fold(String::new(), |html, (name, schema)| {
        let about = prose(&schema["description"]);
        let name = escaped(name);
        let content =
            if schema["properties"].is_object() { fields(schema) } else { format!("<p>{}</p>", kind(schema)) };
        html + &format!("<article id=\"type-{name}\"><h3><code>{name}</code></h3><p>{about}</p>{content}</article>")
    })
}

fn socket(frames: &Value) -> String {
    let mut html = String::from("<p>Text frames of one JSON object each; close codes in the protocol's page.</p>");
    for (heading, name, tag) in [("From the client", "ClientFrame", "op"), ("From the server", "ServerFrame", "t")] {
        let _ = write!(html, "<h3>{heading}</h3>");
        for frame in frames["components"]["schemas"][name]["oneOf"].as_array().into_iter().flatten() {
            let about = prose(&frame["description"]);
            let word = escaped(&text(&frame["properties"][tag]["enum"][0]));
            let _ =
                write!(html, "<article><h4><code>{tag}: {word}</code></h4><p>{about}</p>{}</article>", fields(frame));
        }
    }
    html
}

fn fields(schema: &Value) -> String {
    let required = |name: &str| schema["required"].as_array().is_some_and(|list| list.iter().any(|word| word == name));
    let rows = object(&schema["properties"]).fold(String::new(), |rows, (name, property)| {
        let may_lack = if required(name) { "" } else { " (may be left out)" };
        let about = prose(&property["description"]);
        rows + &format!("<dt><code>{}</code></dt><dd>{}{may_lack}. {about}</dd>", escaped(name), kind(property))
    });
    format!("<dl>{rows}</dl>")
}

/// What a schema takes, in words, with a link where it has a name.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return format!("<a href=\"#type-{0}\">{0}</a>", escaped(name));
    }
    if let Some(words) = schema["enum"].as_array() {
        return words
            .iter()
            .map(|word| format!("<code>{}</code>", escaped(&text(word))))
            .collect::<Vec<_>>()
            .join(" | ");
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["allOf"].as_array()) {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(kind_word) if kind_word == "array" && schema["items"].is_object() => {
            format!("list of {}", kind(&schema["items"]))
        }
        Value::Array(words) => words.iter().map(|word| escaped(&text(word))).collect::<Vec<_>>().join(" or "),
        word => escaped(&text(word)),
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Prose, with what stands in back-ticks as code.
fn prose(value: &Value) -> String {
    let parts = text(value);
    let part = |(n, part): (usize, &str)| {
        if n % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }
    };
    parts.split('`').enumerate().map(part).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_and_every_type_has_its_place_and_every_link_leads_there() {
        let document = document::whole();
        let html = page(&document, &macaw_wire::schema::frames());
        let ids: BTreeSet<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        for (_, item) in object(&document["paths"]) {
            for (_, operation) in object(item) {
                assert!(ids.contains(operation["operationId"].as_str().unwrap()), "{}", operation["operationId"]);
            }
        }
        for target in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(ids.contains(target), "nothing is called {target}");
        }
    }

    #[test]
    fn a_type_that_socket_and_api_share_is_one_type() {
        let (document, frames) = (document::whole(), macaw_wire::schema::frames());
        for (name, schema) in object(&frames["components"]["schemas"]) {
            let other = &document["components"]["schemas"][name];
            assert!(other.is_null() || other == schema, "{name} means two things");
        }
    }

    #[test]
    fn words_of_the_document_are_no_markup_and_nothing_is_inline() {
        assert_eq!(escaped("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
        assert_eq!(prose(&Value::String("as `<b>` says".to_owned())), "as <code>&lt;b&gt;</code> says");
        let html = page(&document::whole(), &macaw_wire::schema::frames());
        for inline in ["<script", "<style", " style=", " onclick=", "http://", "https://"] {
            assert!(!html.contains(inline), "{inline}");
        }
    }
}
