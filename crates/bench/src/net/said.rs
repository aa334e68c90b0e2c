//! What the server says, as far as the bench listens.

use serde::Deserialize;
use std::borrow::Cow;

/// A frame from the server. What its kind does not have is `None`.
#[derive(Debug, Deserialize)]
pub(crate) struct Said<'a> {
    /// Its kind.
    #[serde(borrow)]
    pub(crate) t: Cow<'a, str>,
    #[serde(default)]
    pub(crate) conversation: Option<String>,
    #[serde(default)]
    pub(crate) client_id: Option<String>,
    #[serde(default)]
    pub(crate) seq: Option<u64>,
    #[serde(default)]
    pub(crate) log: Option<String>,
    #[serde(default)]
    pub(crate) entry: Option<SaidEntry>,
    #[serde(default)]
    pub(crate) turn: Option<String>,
    #[serde(default)]
    pub(crate) attempt: Option<u64>,
    #[serde(default)]
    pub(crate) position: Option<u64>,
    #[serde(default)]
    pub(crate) text: Option<String>,
    #[serde(default)]
    pub(crate) code: Option<String>,
    #[serde(default)]
    pub(crate) message: Option<String>,
}

/// An entry of a log.
#[derive(Debug, Deserialize)]
pub(crate) struct SaidEntry {
    pub(crate) seq: u64,
    pub(crate) id: String,
    pub(crate) from: String,
    #[serde(default)]
    pub(crate) client_id: Option<String>,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) turn: Option<String>,
}

#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

/// The frame, or `None` for kinds that no scenario looks into (states, lists).
pub(crate) fn hear(bytes: &[u8]) -> Result<Option<Said<'_>>, serde_json::Error> {
    // Agents hear of every message of their tenant; this spares reading what is thrown away.
    if bytes.starts_with(br#"{"t":"inbox""#) {
        return Ok(None);
    }
    let kind: Kind<'_> = serde_json::from_slice(bytes)?;
    match &*kind.t {
        "ack" | "entry" | "watched" | "delta" | "error" | "welcome" | "resync" | "heartbeat" => {
            serde_json::from_slice(bytes).map(Some)
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_and_a_list_is_not() {
        let entry = br#"{"t":"entry","conversation":"c","log":"public","entry":{"seq":3,"id":"i","from":"visitor","client_id":"m1","kind":"text","text":"hi","at":1}}"#;
        let said = hear(entry).expect("JSON").expect("listened to");
        let entry = said.entry.expect("an entry");
        assert_eq!((entry.seq, &*entry.text, entry.client_id.as_deref()), (3, "hi", Some("m1")));
        assert!(hear(br#"{"t":"inbox","conversation":{"id":"c"}}"#).expect("JSON").is_none());
        assert!(hear(b"{").is_err());
    }
}
