//! The frames as a document, for generators and readers of other languages.

use crate::{ClientFrame, Close, ServerFrame};
use serde_json::{Map, Value, json};
use utoipa::openapi::{Components, Info, OpenApi, Paths};
use utoipa::{PartialSchema, ToSchema};

/// Who may send which frame; a frame that is not here is in no document.
const ACTORS: &[(&str, &[&str])] = &[
    ("watch", &["visitor", "agent"]),
    ("unwatch", &["visitor", "agent"]),
    ("send", &["visitor", "agent"]),
    ("note", &["agent"]),
    ("typing", &["visitor", "agent"]),
    ("read", &["visitor", "agent"]),
    ("delivered", &["visitor", "agent"]),
    ("ping", &["visitor", "agent"]),
];

/// The schemas of all frames as the components of an OpenAPI document. Every frame from a client
/// says in `x-macaw-actor` who may send it.
///
/// # Panics
/// When a frame has no row in the list of who may send it.
pub fn frames() -> Value {
    let mut components = Components::new();
    let mut found = Vec::new();
    ClientFrame::schemas(&mut found);
    ServerFrame::schemas(&mut found);
    found.push(("ClientFrame".to_owned(), ClientFrame::schema()));
    found.push(("ServerFrame".to_owned(), ServerFrame::schema()));
    components.schemas.extend(found);
    let info = Info::new("Macaw: frames of the socket", &*crate::VERSION.to_string());
    let mut document = OpenApi::new(info, Paths::new());
    document.components = Some(components);
    let mut value = serde_json::to_value(document).unwrap_or_default();
    for schema in object(value.pointer_mut("/components/schemas")).flat_map(Map::values_mut) {
        strip_null(schema);
    }
    let frames = value.pointer_mut("/components/schemas/ClientFrame/oneOf").and_then(Value::as_array_mut);
    for frame in frames.into_iter().flatten() {
        let op = frame.pointer("/properties/op/enum/0").and_then(Value::as_str).unwrap_or_default();
        let actors = ACTORS.iter().find(|(known, _)| *known == op).map(|(_, actors)| json!(actors));
        assert!(actors.is_some(), "nobody may send {op}: say who may");
        frame["x-macaw-actor"] = actors.into();
    }
    value["x-macaw-close"] = Close::ALL.iter().map(|close| (close.code().to_string(), json!(close.reason()))).collect();
    value
}

/// What may be left out is left out and never null, so only required properties keep their null.
pub fn strip_null(schema: &mut Value) {
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    for (name, property) in object(schema.get_mut("properties")).flat_map(Map::iter_mut) {
        if !required.contains(&json!(name)) {
            not_null(property);
        }
    }
    let children = match schema {
        Value::Object(map) => map.values_mut().collect::<Vec<_>>(),
        Value::Array(list) => list.iter_mut().collect(),
        _ => return,
    };
    children.into_iter().for_each(strip_null);
}

/// Takes the null out of a property's schema.
pub fn not_null(property: &mut Value) {
    let Some(property) = property.as_object_mut() else { return };
    if let Some(Value::Array(types)) = property.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            property.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(mut choices)) = property.remove("oneOf") {
        choices.retain(|choice| choice["type"] != "null");
        match choices.as_slice() {
            [Value::Object(one)] => property.extend(one.clone()),
            _ => _ = property.insert("oneOf".to_owned(), choices.into()),
        }
    }
}

/// The object, if it is one.
pub fn object(value: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    value.and_then(Value::as_object_mut).into_iter()
}
