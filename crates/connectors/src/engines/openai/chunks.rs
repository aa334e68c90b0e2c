//! The stream of an OpenAI-compatible service, put together.

use super::class;
use super::grounding::Grounding;
use crate::engines::service::{Listener, refused, text};
use crate::outgoing::Reply;
use macaw_app::{Answer, EngineError, ErrorClass};
use serde_json::Value;

/// What has come so far.
pub(super) struct Chunks {
    ground: Option<Grounding>,
    place: String,
    /// Held back at the beginning: it may be thinking, or the word that says "I do not know".
    held: String,
    begun: bool,
    thinking: bool,
    /// All that was said, for its citations.
    said: String,
    finish: Option<String>,
    usage: Value,
}

const THINK: (&str, &str) = ("<think>", "</think>");

impl Chunks {
    pub(super) fn new(ground: Option<Grounding>, place: &str) -> Self {
        Self {
            ground,
            place: place.to_owned(),
            held: String::new(),
            begun: false,
            thinking: false,
            said: String::new(),
            finish: None,
            usage: Value::Null,
        }
    }

    /// Reads a stream to its end.
    pub(super) async fn follow(&mut self, mut reply: Reply, to: &Listener) -> Result<Answer, EngineError> {
        let mut done = false;
        while let Some(event) = reply.event().await? {
            if to.is_gone() {
                return Ok(Answer::Given);
            }
            if event.data.trim() == "[DONE]" {
                done = true;
                break;
            }
            let chunk: Value = serde_json::from_str(&event.data).map_err(|_| self.broken("a piece is no JSON"))?;
            self.chunk(&chunk, to).await?;
        }
        // Some end without [DONE]; the reason why it finished says as much.
        if !done && self.finish.is_none() {
            return Err(self.broken("the stream ended before the answer did"));
        }
        self.end(to).await
    }

    /// A whole answer that came at once.
    pub(super) async fn whole(&mut self, body: &Value, to: &Listener) -> Result<Answer, EngineError> {
        let choice = body.pointer("/choices/0").unwrap_or(&Value::Null);
        if choice.is_null() {
            return Err(self.in_stream(body.get("error").unwrap_or(body)));
        }
        self.take(choice.get("message"), to).await;
        self.finish = choice.get("finish_reason").and_then(Value::as_str).map(str::to_owned);
        self.keep_usage(body.get("usage"));
        self.end(to).await
    }

    async fn chunk(&mut self, chunk: &Value, to: &Listener) -> Result<(), EngineError> {
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Err(self.in_stream(error));
        }
        self.keep_usage(chunk.get("usage"));
        // May be empty: the chunk of the usage, or of a filter.
        let Some(choice) = chunk.pointer("/choices/0") else { return Ok(()) };
        self.keep_usage(choice.get("usage"));
        self.take(choice.get("delta"), to).await;
        if let Some(reason) = choice.get("finish_reason").and_then(Value::as_str) {
            self.finish = Some(reason.to_owned());
        }
        Ok(())
    }

    /// The words of a delta or a message.
    async fn take(&mut self, words: Option<&Value>, to: &Listener) {
        let Some(words) = words else { return };
        let thoughts = ["reasoning_content", "reasoning"].iter().map(|name| text(words, name));
        to.reasoning(thoughts.into_iter().find(|thought| !thought.is_empty()).unwrap_or_default()).await;
        let content = text(words, "content");
        if self.begun {
            self.say(content, to).await;
        } else if !content.is_empty() {
            self.held.push_str(content);
            self.begin(false, to).await;
        }
    }

    /// Looks at what is held back, and lets go of it once it is known to be answer.
    async fn begin(&mut self, at_end: bool, to: &Listener) {
        if !self.thinking
            && let Some(thought) = self.held.trim_start().strip_prefix(THINK.0)
        {
            self.held = thought.to_owned();
            self.thinking = true;
        }
        if self.thinking {
            let Some((thought, answer)) = self.held.split_once(THINK.1) else {
                // Of a long thought only what may be the beginning of its end is kept.
                let long = self.held.len().saturating_sub(THINK.1.len());
                let cut = (0..=long).rev().find(|at| self.held.is_char_boundary(*at)).unwrap_or(0);
                let thought: String = self.held.drain(..cut).collect();
                to.reasoning(&thought).await;
                return;
            };
            to.reasoning(thought).await;
            self.held = answer.trim_start().to_owned();
            self.thinking = false;
        }
        if at_end || !self.is_undecided() {
            self.begun = true;
            let held = std::mem::take(&mut self.held);
            self.say(&held, to).await;
        }
    }

    /// Whether what is held may still become thinking, or the word of not knowing.
    fn is_undecided(&self) -> bool {
        let head = self.held.trim_start();
        THINK.0.starts_with(head) || (self.ground.is_some() && Grounding::NOT_COVERED.starts_with(head))
    }

    async fn say(&mut self, words: &str, to: &Listener) {
        self.said.push_str(words);
        if !self.knows_not() {
            to.text(words).await;
        }
    }

    fn knows_not(&self) -> bool {
        self.ground.is_some() && self.said.trim_start().starts_with(Grounding::NOT_COVERED)
    }

    async fn end(&mut self, to: &Listener) -> Result<Answer, EngineError> {
        if !self.begun && !self.held.is_empty() {
            self.begin(true, to).await;
        }
        to.usage(&self.usage, "prompt_tokens", "completion_tokens").await;
        match self.finish.as_deref() {
            Some("content_filter") => {
                return Err(EngineError::new(
                    ErrorClass::Content,
                    format!("{}: its filter cut the answer", self.place),
                ));
            }
            Some("insufficient_system_resource") => {
                return Err(EngineError::new(ErrorClass::Unavailable, format!("{}: it ran out of room", self.place)));
            }
            Some("tool_calls") if self.said.is_empty() => {
                return Err(EngineError::new(ErrorClass::Refused, format!("{}: wants tools, has none", self.place)));
            }
            _ => {}
        }
        if self.knows_not() {
            return Ok(Answer::Unknown);
        }
        if let Some(ground) = &self.ground {
            for (title, entry) in ground.cited(&self.said) {
                to.reference(&title, &entry).await;
            }
        }
        Ok(Answer::Given)
    }

    fn keep_usage(&mut self, usage: Option<&Value>) {
        if let Some(usage) = usage.filter(|usage| usage.is_object()) {
            self.usage = usage.clone();
        }
    }

    fn in_stream(&self, error: &Value) -> EngineError {
        let message = error.as_str().unwrap_or_else(|| text(error, "message"));
        refused(class(error, ErrorClass::Unavailable), &self.place, message, None)
    }

    fn broken(&self, why: &str) -> EngineError {
        EngineError::new(ErrorClass::BrokenStream, format!("{}: {why}", self.place))
    }
}
