//! JSON inside columns, the same in every dialect.

use crate::looks::{look, stored_look};
use macaw_domain::{Block, Content, DeskSettings, Event, File, Millis, SiteLook, SiteSettings, Source, TurnId};
use serde_json::{Value, json};

/// The stored form of a content: `{"text"}`, `{"text","quotes"}`, `{"text","turn",…}`, `{"file",…}`,
/// `{"event",…}` or, once it was taken back, `{"recalled"}`.
pub(crate) fn stored_content(content: &Content) -> String {
    match content {
        Content::Text(text) => json!({ "text": text }),
        Content::Quoting { text, quotes } => json!({ "text": text, "quotes": quotes }),
        Content::Recalled => json!({ "recalled": true }),
        Content::Answer { text, sources, turn, asked, interrupted, offers_human } => json!({
            "text": text,
            "turn": turn.to_string(),
            "asked": asked,
            "interrupted": interrupted,
            "offers_human": offers_human,
            "sources": sources.iter().map(|s| json!([s.title, s.entry])).collect::<Vec<_>>(),
        }),
        Content::File(file) => json!({
            "file": file.id.to_string(),
            "name": file.name,
            "size": file.size,
            "kind": file.kind,
            "pixels": file.pixels.map(|(width, height)| json!([width, height])),
        }),
        Content::Event(Event::Rated { score, comment }) => {
            json!({ "event": "rated", "score": score, "comment": comment })
        }
        Content::Event(Event::Recalled { seq }) => json!({ "event": "recalled", "seq": seq }),
        Content::Event(event) => {
            let why = match event {
                Event::Assigned { why, .. } => Some(why),
                _ => None,
            };
            let mut stored =
                json!({ "event": event.kind(), "agent": event.agent().map(|a| a.to_string()), "why": why });
            if let (Some(stored), Value::Object(more)) = (stored.as_object_mut(), told(event)) {
                stored.extend(more);
            }
            stored
        }
    }
    .to_string()
}

/// What an event says besides what all say.
fn told(event: &Event) -> Value {
    match event {
        Event::SummedUp { reason, summary, .. } => json!({ "reason": reason, "summary": summary }),
        Event::Blocked { reason, until, .. } => json!({ "reason": reason, "until": until }),
        _ => Value::Null,
    }
}

/// The stored form of a block; when it began has a column of its own.
pub(crate) fn stored_block(block: &Block) -> String {
    json!({ "reason": block.reason, "until": block.until, "by": block.by.to_string() }).to_string()
}

/// The block of its stored form.
pub(crate) fn block(stored: &str, at: Millis) -> Option<Block> {
    let value: Value = serde_json::from_str(stored).ok()?;
    let by = value.get("by")?.as_str()?.parse().ok()?;
    let until = value.get("until").and_then(Value::as_i64);
    Some(Block { reason: value.get("reason")?.as_str()?.to_owned(), until, by, at })
}

pub(crate) fn content(stored: &str) -> Option<Content> {
    let value: Value = serde_json::from_str(stored).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(kind) = text("event") {
        let agent = text("agent").and_then(|id| id.parse().ok());
        return Some(Content::Event(match kind.as_str() {
            "queued" => Event::Queued,
            "assigned" => Event::Assigned { agent: agent?, why: text("why")? },
            "taken_over" => Event::TakenOver { agent: agent? },
            "given_back" => Event::GivenBack,
            "transferred" => Event::Transferred { to: agent },
            "closed" => Event::Closed,
            "reopened" => Event::Reopened,
            "recalled" => Event::Recalled { seq: value.get("seq").and_then(Value::as_u64)? },
            "rated" => Event::Rated {
                score: value.get("score").and_then(Value::as_u64)?.try_into().ok()?,
                comment: text("comment"),
            },
            "summed_up" => Event::SummedUp { agent: agent?, reason: text("reason"), summary: text("summary") },
            "blocked" => Event::Blocked {
                agent: agent?,
                reason: text("reason")?,
                until: value.get("until").and_then(Value::as_i64),
            },
            "unblocked" => Event::Unblocked { agent: agent? },
            _ => return None,
        }));
    }
    if let Some(id) = text("file") {
        let pixel = |n: usize| value.get("pixels")?.get(n)?.as_u64()?.try_into().ok();
        return Some(Content::File(File {
            id: id.parse().ok()?,
            name: text("name")?,
            size: value.get("size").and_then(Value::as_u64)?,
            kind: text("kind")?,
            pixels: pixel(0).zip(pixel(1)),
        }));
    }
    if value.get("recalled").is_some() {
        return Some(Content::Recalled);
    }
    let Some(turn) = text("turn") else {
        let quotes = value.get("quotes").and_then(Value::as_u64);
        let text = text("text")?;
        return Some(quotes.map_or(Content::Text(text.clone()), |quotes| Content::Quoting { text, quotes }));
    };
    let sources = value.get("sources").and_then(Value::as_array)?;
    let source = |pair: &Value| {
        let part = |n: usize| pair.get(n).and_then(Value::as_str).map(str::to_owned);
        Some(Source { title: part(0)?, entry: part(1)? })
    };
    Some(Content::Answer {
        text: text("text")?,
        sources: sources.iter().map(source).collect::<Option<_>>()?,
        turn: TurnId(turn.parse().ok()?),
        asked: value.get("asked").and_then(Value::as_u64).unwrap_or(0),
        interrupted: value.get("interrupted").and_then(Value::as_bool)?,
        // Answers that were stored before there was an offer have none.
        offers_human: value.get("offers_human").and_then(Value::as_bool).unwrap_or(false),
    })
}

/// The stored form of a list of texts.
pub(crate) fn stored_texts(texts: &[String]) -> String {
    json!(texts).to_string()
}

/// The texts of their stored form.
pub(crate) fn texts(stored: &str) -> Option<Vec<String>> {
    let value: Value = serde_json::from_str(stored).ok()?;
    value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}

/// The stored form of a site's settings.
pub(crate) fn stored_settings(s: &SiteSettings) -> String {
    json!({
        "name": s.name, "domains": s.domains, "greeting": s.greeting, "suggestions": s.suggestions,
        "colour": s.colour, "engine": s.engine, "typing_preview": s.typing_preview,
        "look": stored_look(&s.look),
    })
    .to_string()
}

/// The settings of their stored form.
pub(crate) fn settings(stored: &str) -> Option<SiteSettings> {
    let value: Value = serde_json::from_str(stored).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |key: &str| {
        let items = value.get(key)?.as_array()?;
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    };
    Some(SiteSettings {
        name: text("name")?,
        domains: list("domains")?,
        greeting: text("greeting")?,
        suggestions: list("suggestions")?,
        colour: text("colour")?,
        engine: text("engine"),
        typing_preview: value.get("typing_preview")?.as_bool()?,
        // Sites that were stored before there was a look have the usual one.
        look: value.get("look").map_or(Some(SiteLook::default()), look)?,
    })
}

/// The stored form of what a tenant decides about its desk.
pub(crate) fn stored_desk_settings(s: &DeskSettings) -> String {
    json!({ "close_reasons": s.close_reasons, "amber_ms": s.amber_ms, "red_ms": s.red_ms }).to_string()
}

/// The settings of their stored form.
pub(crate) fn desk_settings(stored: &str) -> Option<DeskSettings> {
    let value: Value = serde_json::from_str(stored).ok()?;
    let close_reasons = match value.get("close_reasons")? {
        Value::Null => None,
        list => Some(texts(&list.to_string())?),
    };
    let (amber_ms, red_ms) = (value.get("amber_ms")?.as_i64()?, value.get("red_ms")?.as_i64()?);
    Some(DeskSettings { close_reasons, amber_ms, red_ms })
}

#[cfg(test)]
mod tests {
    use super::*;
    use macaw_domain::AccountId;
    use uuid::Uuid;

    #[test]
    fn every_content_survives_being_stored() {
        let agent = AccountId(Uuid::from_u128(7));
        let events = [
            Event::Queued,
            Event::Assigned { agent, why: "least_busy".into() },
            Event::TakenOver { agent },
            Event::GivenBack,
            Event::Transferred { to: None },
            Event::Transferred { to: Some(agent) },
            Event::Closed,
            Event::Reopened,
            Event::Recalled { seq: 7 },
            Event::Rated { score: 5, comment: None },
            Event::Rated { score: 1, comment: Some("慢 \"很\"".into()) },
            Event::SummedUp { agent, reason: Some("已解决".into()), summary: None },
            Event::SummedUp { agent, reason: None, summary: Some("a \"lamp\"\n".into()) },
            Event::Blocked { agent, reason: "spam".into(), until: None },
            Event::Blocked { agent, reason: String::new(), until: Some(7) },
            Event::Unblocked { agent },
        ];
        let answer = Content::Answer {
            text: "七天 \"无理由\"".into(),
            sources: vec![Source { title: "退货".into(), entry: "e1".into() }],
            turn: TurnId(Uuid::from_u128(3)),
            asked: 9,
            interrupted: true,
            offers_human: true,
        };
        let quoting = Content::Quoting { text: "这个 \"recalled\"".into(), quotes: 3 };
        let texts = [Content::Text("{\"event\":\"closed\"}".into()), quoting, Content::Recalled, answer];
        let files = [None, Some((4_096, 82))].map(|pixels| {
            let id = macaw_domain::FileId(Uuid::from_u128(8));
            Content::File(File { id, name: "发票 \"1\".png".into(), size: 1 << 40, kind: "image/png".into(), pixels })
        });
        for all in events.into_iter().map(Content::Event).chain(texts).chain(files) {
            assert_eq!(content(&stored_content(&all)), Some(all));
        }
    }

    #[test]
    fn a_block_survives_being_stored() {
        for until in [None, Some(9)] {
            let by = AccountId(Uuid::from_u128(7));
            let all = Block { reason: "骂人 \"1\"".into(), until, by, at: 3 };
            assert_eq!(block(&stored_block(&all), 3), Some(all));
        }
    }
}
