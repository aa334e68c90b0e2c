//! A request with placeholders. They are put into the parsed tree, never into text that is parsed afterwards: what a
//! visitor writes cannot become a part of the request.

use crate::engines::service::json;
use macaw_app::Ask;
use serde_json::{Map, Value, json as tree};

/// What placeholders stand for.
pub(super) struct Values<'a> {
    ask: &'a Ask,
    key: &'a str,
    params: Map<String, Value>,
}

/// The placeholders besides `params.…` and `history:json:…`.
const KNOWN: [&str; 9] =
    ["text", "user_id", "tenant_id", "conversation_id", "engine_conversation_id", "trace_id", "lang", "key", "params"];

impl<'a> Values<'a> {
    pub(super) fn new(ask: &'a Ask, key: &'a str) -> Self {
        Self { ask, key, params: json(&ask.params) }
    }

    /// A tree with all placeholders filled in.
    pub(super) fn tree(&self, template: &Value) -> Value {
        match template {
            // One placeholder alone keeps its type.
            Value::String(text) => match only(text) {
                Some(name) => self.value(name),
                None => Value::String(self.text(text)),
            },
            Value::Array(list) => list.iter().map(|item| self.tree(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(name, item)| (name.clone(), self.tree(item))).collect::<Map<_, _>>().into()
            }
            plain => plain.clone(),
        }
    }

    /// A text with all placeholders filled in.
    pub(super) fn text(&self, template: &str) -> String {
        let mut text = String::new();
        for piece in pieces(template) {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Named(name) => match self.value(name) {
                    Value::String(value) => text.push_str(&value),
                    Value::Null => {}
                    value => text.push_str(&value.to_string()),
                },
            }
        }
        text
    }

    fn value(&self, name: &str) -> Value {
        let ask = self.ask;
        if let Some(name) = name.strip_prefix("params.") {
            return self.params.get(name).cloned().unwrap_or_default();
        }
        if let Some(most) = name.strip_prefix("history:json:") {
            let history = &ask.question.history;
            let from = history.len().saturating_sub(most.parse().unwrap_or(0));
            let said = history.iter().skip(from);
            return said
                .map(|said| tree!({ "role": if said.by_visitor { "user" } else { "assistant" }, "content": said.text }))
                .collect();
        }
        match name {
            "text" => ask.question.text.clone().into(),
            "user_id" => ask.visitor.to_string().into(),
            "tenant_id" => ask.tenant.to_string().into(),
            "conversation_id" => ask.conversation.to_string().into(),
            "engine_conversation_id" => ask.remembered.clone().unwrap_or_default().into(),
            "trace_id" => ask.turn.to_string().into(),
            "lang" => macaw_domain::language(&ask.question.text).into(),
            "key" => self.key.into(),
            "params" => self.params.clone().into(),
            _ => Value::Null,
        }
    }
}

/// Refuses placeholders that stand for nothing.
pub(super) fn check(template: &Value) -> Result<(), String> {
    match template {
        Value::String(text) => pieces(text).into_iter().try_for_each(|piece| match piece {
            Piece::Named(name) if !is_known(name) => Err(format!(
                "{{{{{name}}}}} stands for nothing; known: {}, params.NAME, history:json:N",
                KNOWN.join(", ")
            )),
            _ => Ok(()),
        }),
        Value::Array(list) => list.iter().try_for_each(check),
        Value::Object(map) => map.values().try_for_each(check),
        _ => Ok(()),
    }
}

fn is_known(name: &str) -> bool {
    let count = |most: &str| most.parse::<usize>().is_ok();
    KNOWN.contains(&name)
        || name.strip_prefix("params.").is_some_and(|name| !name.is_empty())
        || name.strip_prefix("history:json:").is_some_and(count)
}

enum Piece<'a> {
    Plain(&'a str),
    Named(&'a str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        pieces.push(Piece::Plain(before));
        pieces.push(Piece::Named(name.trim()));
        rest = after;
    }
    pieces.push(Piece::Plain(rest));
    pieces
}

fn only(template: &str) -> Option<&str> {
    let name = template.strip_prefix("{{")?.strip_suffix("}}")?;
    (!name.contains("{{") && !name.contains("}}")).then(|| name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use macaw_app::Param;
    use macaw_app::testkit::ask;
    use proptest::prelude::*;

    #[test]
    fn a_placeholder_alone_keeps_its_type_and_in_text_it_is_text() {
        let mut asked = ask("怎么退货");
        asked.params.insert("top".into(), Param::Integer(3));
        let values = Values::new(&asked, "k");
        let template = tree!({ "q": "{{text}}", "n": "{{ params.top }}", "t": "top {{params.top}} of {{text}}",
            "h": "{{history:json:1}}", "none": "{{params.missing}}", "open": "{{text" });
        let filled = values.tree(&template);
        assert_eq!(filled["q"], "怎么退货");
        assert_eq!(filled["n"], 3);
        assert_eq!(filled["t"], "top 3 of 怎么退货");
        assert_eq!(filled["h"].as_array().map(Vec::len), Some(1));
        assert_eq!((&filled["none"], filled["open"].as_str()), (&Value::Null, Some("{{text")));
    }

    #[test]
    fn a_placeholder_that_stands_for_nothing_is_refused() {
        assert!(check(&tree!({ "a": ["{{text}}", { "b": "x {{history:json:6}}" }] })).is_ok());
        for bad in ["{{question}}", "{{history:json:x}}", "{{params.}}", "{{}}"] {
            assert!(check(&tree!({ "a": [bad] })).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_a_visitor_writes_never_changes_the_shape_of_a_request(text in any::<String>()) {
            let asked = ask(&text);
            let values = Values::new(&asked, "secret");
            let filled = values.tree(&tree!({ "a": "{{text}}", "b": "<{{text}}>" }));
            prop_assert_eq!(filled["a"].as_str(), Some(text.as_str()));
            prop_assert_eq!(&filled["b"], &Value::String(format!("<{text}>")));
            prop_assert_eq!(filled.as_object().map(Map::len), Some(2));
        }

        #[test]
        fn no_template_panics(template in any::<String>()) {
            let asked = ask("q");
            let _ = check(&Value::String(template.clone()));
            let _ = Values::new(&asked, "k").tree(&Value::String(template));
        }
    }
}
