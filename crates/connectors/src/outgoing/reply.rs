//! An answer as it comes: its status at once, its body within the bounds.

use super::{Lines, Sse, SseEvent, Times};
use bytes::Bytes;
use macaw_app::{EngineError, ErrorClass};
use serde_json::Value;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The longest event, line or whole document that is read.
const MOST_BYTES: usize = 1 << 20;
/// The longest stream: many times the longest answer, with all that surrounds it.
const MOST_STREAMED: usize = 32 << 20;
/// The longest wait that an engine may wish for.
const MOST_WAIT: Duration = Duration::from_secs(3_600);

/// What a body says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// `text/event-stream`.
    Events,
    /// JSON of some name.
    Json,
    /// A page, or nothing that is known.
    Other,
}

/// The head of an answer, and its body to come.
#[derive(Debug)]
pub struct Reply {
    response: reqwest::Response,
    place: String,
    times: Times,
    /// When the whole call has to be over.
    end: Instant,
    /// When the next thing has to have come.
    next: Instant,
    read: usize,
    sse: Sse,
    events: VecDeque<SseEvent>,
    cut: Lines,
    lines: VecDeque<String>,
    over: bool,
}

impl Reply {
    pub(super) fn new(response: reqwest::Response, place: String, times: Times, begun: Instant) -> Self {
        let (end, next) = (begun + times.total, Instant::now() + times.first_byte);
        let (sse, events) = (Sse::new(MOST_BYTES), VecDeque::new());
        let (cut, lines) = (Lines::new(MOST_BYTES), VecDeque::new());
        Self { response, place, times, end, next, read: 0, sse, events, cut, lines, over: false }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// Whether the status is of the 2xx.
    pub fn is_success(&self) -> bool {
        self.response.status().is_success()
    }

    /// Where it comes from, for messages.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// A header, if it is there and plain text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// When the engine wishes to be asked again, in seconds or not at all: dates are not read.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header("retry-after")?.trim().parse::<u64>().ok()?;
        Some(Duration::from_secs(seconds).min(MOST_WAIT))
    }

    /// What the body says it is.
    pub fn kind(&self) -> BodyKind {
        let kind = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        match kind {
            "text/event-stream" => BodyKind::Events,
            _ if kind.ends_with("json") => BodyKind::Json,
            _ => BodyKind::Other,
        }
    }

    /// The next piece of the body; `None` at its end.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, EngineError> {
        let until = self.next.min(self.end);
        let Ok(read) = timeout_at(until, self.response.chunk()).await else {
            let after = if until == self.end { self.times.total } else { self.times.between };
            return Err(EngineError::timed_out(&self.place, after));
        };
        let broke = |_| EngineError::new(ErrorClass::BrokenStream, format!("{}: broke off in the middle", self.place));
        let piece = read.map_err(broke)?;
        self.read += piece.as_ref().map_or(0, Bytes::len);
        if self.read > MOST_STREAMED {
            return Err(EngineError::new(ErrorClass::BrokenStream, format!("{}: sends without end", self.place)));
        }
        Ok(piece)
    }

    /// Something that counts as progress has come.
    pub fn progressed(&mut self) {
        self.next = Instant::now() + self.times.between;
    }

    /// The next event of a stream; `None` at its end. Only events count as progress.
    pub async fn event(&mut self) -> Result<Option<SseEvent>, EngineError> {
        loop {
            if let Some(event) = self.events.pop_front() {
                self.progressed();
                return Ok(Some(event));
            }
            if self.over {
                return Ok(None);
            }
            match self.chunk().await? {
                Some(piece) => {
                    let events = &mut self.events;
                    self.sse.push(&piece, |event| events.push_back(event)).map_err(|e| self.too_long(&e))?;
                }
                None => {
                    self.over = true;
                    self.events.extend(self.sse.rest());
                }
            }
        }
    }

    /// The next line that is not blank, of a stream of documents, one a line; `None` at its end.
    pub async fn line(&mut self) -> Result<Option<String>, EngineError> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                if line.trim().is_empty() {
                    continue;
                }
                self.progressed();
                return Ok(Some(line));
            }
            if self.over {
                return Ok(None);
            }
            match self.chunk().await? {
                Some(piece) => {
                    let lines = &mut self.lines;
                    self.cut.push(&piece, |line| lines.push_back(line.to_owned())).map_err(|e| self.too_long(&e))?;
                }
                None => {
                    self.over = true;
                    self.lines.extend(self.cut.rest());
                }
            }
        }
    }

    /// The whole body, which has to be small.
    pub async fn bytes(mut self) -> Result<Vec<u8>, EngineError> {
        let mut whole = Vec::new();
        while let Some(piece) = self.chunk().await? {
            self.progressed();
            if whole.len() + piece.len() > MOST_BYTES {
                return Err(self.too_long(&format!("more than {MOST_BYTES} bytes")));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }

    /// The whole body as JSON. Blank lines before it are fine.
    pub async fn json(self) -> Result<Value, EngineError> {
        let place = self.place.clone();
        let bytes = self.bytes().await?;
        serde_json::from_slice(&bytes)
            .map_err(|_| EngineError::new(ErrorClass::BrokenStream, format!("{place}: the answer is no JSON")))
    }

    /// The body of a refusal as JSON, as far as it is any; never an error of its own.
    pub async fn refusal(self) -> Value {
        let bytes = self.bytes().await.unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    }

    fn too_long(&self, what: &dyn std::fmt::Display) -> EngineError {
        EngineError::new(ErrorClass::BrokenStream, format!("{}: {what}", self.place))
    }
}

/// What a status means when the body says nothing better.
pub(crate) fn class_of(status: u16) -> ErrorClass {
    match status {
        401 | 403 => ErrorClass::Auth,
        402 => ErrorClass::Quota,
        408 => ErrorClass::Timeout,
        409 | 423 => ErrorClass::Busy,
        429 => ErrorClass::RateLimited,
        400..=499 => ErrorClass::Refused,
        500..=599 => ErrorClass::Unavailable,
        _ => ErrorClass::Unknown,
    }
}
