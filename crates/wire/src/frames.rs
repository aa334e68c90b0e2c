//! Frames of the socket.

#[cfg(feature = "schema")]
use crate::words;
use crate::{Code, Entry, State, Summary, entries::log_word};
use macaw_domain::Log;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a client sends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(Serialize, utoipa::ToSchema))]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Subscribe and replay.
    Watch {
        /// Which.
        conversation: String,
        /// The newest seq that the client has.
        after: u64,
        /// The same of the internal log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notes_after: Option<u64>,
        /// The epoch that these positions are of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        epoch: Option<String>,
    },
    /// No more of it.
    Unwatch {
        /// Which.
        conversation: String,
    },
    /// Append to the public log: either a text or a file that was uploaded before.
    Send {
        /// Which.
        conversation: String,
        /// The sender's own name for it.
        client_id: String,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// The id of a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<String>,
        /// The seq of the message that the text is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        quotes: Option<u64>,
    },
    /// Append to the internal log.
    Note {
        /// Which.
        conversation: String,
        /// The sender's own name for it.
        client_id: String,
        /// What it says.
        text: String,
    },
    /// Typing now.
    Typing {
        /// Which.
        conversation: String,
        /// What a visitor has typed so far.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Read up to here.
    Read {
        /// Which.
        conversation: String,
        /// Up to.
        seq: u64,
    },
    /// A device has received up to here, though nobody has read it yet.
    Delivered {
        /// Which.
        conversation: String,
        /// Up to.
        seq: u64,
    },
    /// A sign of life.
    Ping {},
}

/// Who a connection is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    /// `visitor` or `agent`.
    #[cfg_attr(feature = "schema", schema(value_type = words::MeKind))]
    pub kind: &'static str,
    /// Its id.
    pub id: String,
}

/// What the server sends.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "t", rename_all = "snake_case")]
#[expect(missing_docs, reason = "docs/protocol.md says what each field is")]
pub enum ServerFrame<'a> {
    Welcome {
        version: u32,
        epoch: String,
        heartbeat_ms: u64,
        me: Me,
    },
    Ack {
        conversation: &'a str,
        client_id: &'a str,
        #[cfg_attr(feature = "schema", schema(value_type = words::Log))]
        log: &'static str,
        id: String,
        seq: u64,
        at: i64,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        duplicate: bool,
    },
    Entry {
        conversation: String,
        #[cfg_attr(feature = "schema", schema(value_type = words::Log))]
        log: &'static str,
        entry: Entry,
    },
    Watched {
        conversation: &'a str,
        head: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        notes_head: Option<u64>,
        first: u64,
        #[cfg_attr(feature = "schema", schema(required))]
        state: Option<State>,
        epoch: String,
    },
    Resync {
        conversation: &'a str,
        epoch: String,
    },
    State {
        conversation: String,
        state: State,
    },
    Inbox {
        conversation: Summary,
    },
    Typing {
        conversation: &'a str,
        #[cfg_attr(feature = "schema", schema(value_type = words::MeKind))]
        from: &'static str,
        by: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
    },
    Delta {
        conversation: String,
        turn: String,
        attempt: u32,
        position: u64,
        text: &'a str,
    },
    Heartbeat {
        at: i64,
        heads: BTreeMap<String, (u64, u64)>,
    },
    Pong,
    GoingAway {
        in_ms: u64,
    },
    Error {
        #[cfg_attr(feature = "schema", schema(value_type = Code))]
        code: &'static str,
        number: u16,
        message: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_id: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        conversation: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
}

impl ServerFrame<'_> {
    /// The stable word for a log.
    pub fn log(log: Log) -> &'static str {
        log_word(log)
    }

    /// A refusal of a frame.
    pub fn refusal<'a>(
        code: Code,
        message: String,
        conversation: Option<&'a str>,
        client_id: Option<&'a str>,
    ) -> ServerFrame<'a> {
        ServerFrame::Error {
            code: code.as_str(),
            number: code.number(),
            message,
            client_id,
            conversation,
            retry_after_ms: None,
        }
    }

    /// The frame's JSON.
    pub fn to_json(&self) -> String {
        let mut bytes = Vec::with_capacity(256);
        self.write_json(&mut bytes);
        String::from_utf8(bytes).unwrap_or_else(|error| unreachable!("JSON is UTF-8: {error}"))
    }

    /// Puts the frame's JSON behind what is in `into`.
    pub fn write_json(&self, into: &mut Vec<u8>) {
        serde_json::to_writer(into, self).unwrap_or_else(|error| {
            // Maps with text keys and plain values always serialise.
            unreachable!("a frame of plain values: {error}")
        })
    }
}

impl ClientFrame {
    /// Reads a frame; the message says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_frames_are_refused_with_words() {
        let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
        for bad in [
            "",
            "[]",
            "null",
            "{",
            "{\"type\":1,\"data\":1}",
            "{\"op\":1}",
            "{\"op\":\"nothing\"}",
            "{\"op\":\"send\",\"conversation\":1,\"client_id\":\"a\",\"text\":\"b\"}",
            "{\"op\":\"send\",\"conversation\":\"x\",\"client_id\":\"a\",\"file\":{}}",
            "{\"op\":\"ping\",\"more\":1}",
            "{\"op\":\"watch\",\"conversation\":\"x\",\"after\":-1}",
            "{\"op\":\"read\",\"conversation\":\"x\",\"seq\":1e99}",
            &deep,
        ] {
            let refusal = ClientFrame::parse(bad).expect_err(&bad[..bad.len().min(60)]);
            assert!(!refusal.is_empty());
        }
    }

    #[test]
    fn optional_fields_may_be_left_out() {
        let frame = ClientFrame::parse("{\"op\":\"watch\",\"conversation\":\"x\",\"after\":3}");
        let expected = ClientFrame::Watch { conversation: "x".into(), after: 3, notes_after: None, epoch: None };
        assert_eq!(frame, Ok(expected));
    }
}
