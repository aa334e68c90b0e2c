//! Pointers into an answer (RFC 6901): where its words are, how sure it is, whether a person is wanted.

use macaw_app::ErrorClass;
use serde::Deserialize;
use serde_json::Value;

/// One pointer, or several of which the first counts that leads to something.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Pointers {
    One(String),
    Several(Vec<String>),
}

impl Pointers {
    fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(several) => several,
        }
    }

    fn find<'a>(&self, body: &'a Value) -> Option<&'a Value> {
        let there = |value: &&Value| !matches!(value, Value::Null) && value.as_str() != Some("");
        self.all().iter().filter_map(|pointer| body.pointer(pointer)).find(there)
    }

    fn check(&self, name: &str) -> Result<(), String> {
        match self.all().iter().find(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
            Some(bad) => Err(format!("map.{name}: {bad:?} is no pointer; write \"/data/answer\"")),
            None => Ok(()),
        }
    }
}

/// A place that holds one of some values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holds {
    pointer: String,
    equals: Vec<Value>,
}

impl Holds {
    fn holds(&self, body: &Value) -> bool {
        body.pointer(&self.pointer).is_some_and(|value| self.equals.contains(value))
    }
}

/// When an answer is one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Success {
    http: Vec<u16>,
    pointer: Option<String>,
    equals: Vec<Value>,
}

impl Default for Success {
    fn default() -> Self {
        Self { http: Vec::new(), pointer: Some("/code".to_owned()), equals: vec![0.into(), "0".into(), 200.into()] }
    }
}

impl Success {
    pub(super) fn admits(&self, status: u16) -> bool {
        if self.http.is_empty() { (200..300).contains(&status) } else { self.http.contains(&status) }
    }

    /// What has no such place says nothing against itself.
    pub(super) fn holds(&self, body: &Value) -> bool {
        let value = self.pointer.as_ref().and_then(|pointer| body.pointer(pointer));
        value.is_none_or(|value| value.is_null() || self.equals.contains(value))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct References {
    list: String,
    title: String,
    url: String,
}

impl Default for References {
    fn default() -> Self {
        let [list, title, url] = ["/data/references", "/title", "/url"].map(str::to_owned);
        Self { list, title, url }
    }
}

/// Where in an answer its parts are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mapping {
    answer: Pointers,
    confidence: Pointers,
    /// 1, or 100 for per cent.
    confidence_scale: f64,
    references: References,
    suggestions: Pointers,
    conversation_id: Pointers,
    handoff: Holds,
    error_message: Pointers,
    retryable: Pointers,
}

impl Default for Mapping {
    fn default() -> Self {
        let one = |pointer: &str| Pointers::One(pointer.to_owned());
        Self {
            answer: one("/data/answer"),
            confidence: one("/data/confidence"),
            confidence_scale: 1.0,
            references: References::default(),
            suggestions: one("/data/suggestions"),
            conversation_id: one("/data/conversation_id"),
            handoff: Holds { pointer: "/data/handoff".to_owned(), equals: vec![true.into()] },
            error_message: one("/message"),
            retryable: one("/retryable"),
        }
    }
}

impl Mapping {
    pub(super) fn check(&self) -> Result<(), String> {
        let all = [
            ("answer", &self.answer),
            ("confidence", &self.confidence),
            ("suggestions", &self.suggestions),
            ("conversation_id", &self.conversation_id),
            ("error_message", &self.error_message),
            ("retryable", &self.retryable),
        ];
        all.into_iter().try_for_each(|(name, pointers)| pointers.check(name))?;
        if self.confidence_scale > 0.0 {
            Ok(())
        } else {
            Err("map.confidence_scale: 1, or 100 for per cent".to_owned())
        }
    }

    /// The words; several answers stand apart.
    pub(super) fn answer(&self, body: &Value) -> String {
        match self.answer.find(body) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n\n"),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// How sure it is, 0 to 1; `None` if it does not say.
    pub(super) fn confidence(&self, body: &Value) -> Option<f64> {
        let said = match self.confidence.find(body)? {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        said.is_finite().then(|| (said / self.confidence_scale).clamp(0.0, 1.0))
    }

    pub(super) fn wants_human(&self, body: &Value) -> bool {
        self.handoff.holds(body)
    }

    pub(super) fn conversation(&self, body: &Value) -> Option<String> {
        match self.conversation_id.find(body)? {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    pub(super) fn references(&self, body: &Value) -> Vec<(String, String)> {
        let list = body.pointer(&self.references.list).and_then(Value::as_array);
        let at =
            |item: &Value, pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let both = |item: &Value| (at(item, &self.references.title), at(item, &self.references.url));
        list.into_iter().flatten().take(20).map(both).collect()
    }

    pub(super) fn suggestions(&self, body: &Value) -> Vec<String> {
        let list = self.suggestions.find(body).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).take(6).map(str::to_owned).collect()
    }

    pub(super) fn error_message(&self, body: &Value) -> String {
        self.error_message.find(body).and_then(Value::as_str).unwrap_or("it says that it failed").to_owned()
    }

    pub(super) fn error_class(&self, body: &Value) -> ErrorClass {
        match self.retryable.find(body) {
            Some(Value::Bool(true)) => ErrorClass::Unavailable,
            _ => ErrorClass::Unknown,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    Sse,
    Ndjson,
}

/// An answer in pieces.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stream {
    format: Format,
    #[serde(default = "delta")]
    delta: Pointers,
    #[serde(default)]
    done: Option<Holds>,
    #[serde(default = "done_text")]
    done_text: String,
}

fn delta() -> Pointers {
    Pointers::One("/delta".to_owned())
}

fn done_text() -> String {
    "[DONE]".to_owned()
}

impl Stream {
    pub(super) fn is_lines(&self) -> bool {
        self.format == Format::Ndjson
    }

    pub(super) fn is_done_text(&self, piece: &str) -> bool {
        piece.trim() == self.done_text
    }

    pub(super) fn is_done(&self, piece: &Value) -> bool {
        self.done.as_ref().is_some_and(|done| done.holds(piece))
    }

    pub(super) fn delta(&self, piece: &Value) -> String {
        self.delta.find(piece).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn map(map: Value) -> Mapping {
        serde_json::from_value(map).expect("a mapping")
    }

    #[test]
    fn the_first_pointer_that_leads_somewhere_counts() {
        let map = map(json!({ "answer": ["/data/answer", "/0/text", "/a~1b/c~0d"] }));
        assert_eq!(map.answer(&json!({ "data": { "answer": "x" } })), "x");
        assert_eq!(map.answer(&json!([{ "text": "y" }])), "y");
        assert_eq!(map.answer(&json!({ "data": { "answer": "" }, "a/b": { "c~d": ["p", "q"] } })), "p\n\nq");
        assert_eq!(map.answer(&json!({ "data": 7 })), "");
    }

    #[test]
    fn confidence_is_scaled_and_never_out_of_range() {
        let map = map(json!({ "confidence": "/s", "confidence_scale": 100 }));
        for (said, is) in
            [(json!(93), Some(0.93)), (json!("50"), Some(0.5)), (json!(-4), Some(0.0)), (json!(400), Some(1.0))]
        {
            assert_eq!(map.confidence(&json!({ "s": said })), is);
        }
        assert_eq!(map.confidence(&json!({})), None);
        assert_eq!(map.confidence(&json!({ "s": "sure" })), None);
    }

    #[test]
    fn what_is_no_pointer_is_refused() {
        assert!(map(json!({ "answer": "data.answer" })).check().is_err());
        assert!(map(json!({ "answer": "" })).check().is_ok(), "the whole document");
    }

    proptest! {
        #[test]
        fn no_answer_and_no_pointer_panics(pointer in any::<String>(), text in any::<String>()) {
            let map = map(json!({ "answer": pointer, "references": { "list": pointer } }));
            let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
            let _ = (map.answer(&body), map.confidence(&body), map.references(&body), map.wants_human(&body));
        }
    }
}
