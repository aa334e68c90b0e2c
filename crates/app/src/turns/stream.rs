//! The engine's parts on their way to those who watch: joined for a moment, told, kept.

use super::Turns;
use crate::masking::Restoring;
use crate::{AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Usage};
use macaw_domain::Source;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout_at};

/// Parts that come closer together than this are told as one: 25 a second read as fluent.
const JOIN: Duration = Duration::from_millis(40);
/// A whole run.
const TOTAL: Duration = Duration::from_secs(150);
/// Until the first part, and between two: a last resort, engines have shorter ones of their own.
const IDLE: Duration = Duration::from_secs(60);
/// Parts that may wait to be told; beyond it the engine waits.
const PARTS: usize = 64;
/// The longest answer, in bytes: that of a message, with room for a sentence of ours.
const MOST_BYTES: usize = macaw_domain::MAX_TEXT_BYTES - 512;
/// Sources that are kept of one answer.
const MOST_SOURCES: usize = 20;

/// How an answer is told.
pub(super) struct Telling<'a> {
    /// Puts back what was masked in the question.
    pub(super) restoring: Restoring,
    /// Our own sentence before it.
    pub(super) preface: &'a str,
    /// Until when it may take.
    pub(super) end: Instant,
}

/// How an engine's call ended, and what it had said by then.
pub(super) struct Ended {
    pub(super) text: String,
    pub(super) sources: Vec<Source>,
    pub(super) usage: Usage,
    /// What the engine calls the conversation.
    pub(super) own: Option<String>,
    /// It was asked, and not kept from it.
    pub(super) asked: bool,
    /// Something of an answer came, so that it cannot be asked again as if nothing had been.
    pub(super) began: bool,
    /// Our own sentence before the answer, in bytes.
    preface: usize,
    pub(super) answer: Result<Answer, EngineError>,
}

impl Ended {
    pub(super) fn nothing() -> Self {
        let (text, sources, usage) = (String::new(), Vec::new(), Usage::default());
        Self { text, sources, usage, own: None, asked: false, began: false, preface: 0, answer: Ok(Answer::Given) }
    }

    /// A part that no visitor is shown while it comes.
    fn note(&mut self, part: Part) {
        match part {
            Part::Started { conversation, .. } => self.own = conversation.or(self.own.take()),
            Part::Reference(source) if self.sources.len() < MOST_SOURCES => self.sources.push(source),
            Part::Usage(usage) => self.usage = usage,
            _ => {}
        }
    }

    /// Whether the engine said nothing that could be read.
    pub(super) fn is_blank(&self) -> bool {
        self.text.get(self.preface..).is_none_or(|said| said.trim().is_empty())
    }
}

impl From<EngineError> for Ended {
    fn from(error: EngineError) -> Self {
        Self { answer: Err(error), ..Self::nothing() }
    }
}

impl Turns {
    /// Asks the engine once and tells its answer while it comes. Ends early when the run is stopped.
    pub(super) async fn once(
        &self,
        engine: &dyn AiConnector,
        ask: Ask,
        stopped: &mut oneshot::Receiver<()>,
        telling: &mut Telling<'_>,
    ) -> Ended {
        let Telling { restoring, preface, end } = telling;
        let (conversation, turn, name) = (ask.conversation, ask.turn, engine.name());
        let (sender, mut parts) = mpsc::channel(PARTS);
        let mut asking = pin!(timeout_at((Instant::now() + TOTAL).min(*end), engine.ask(ask, sender)));
        let mut ended = Ended { asked: true, ..Ended::nothing() };
        let (mut waiting, mut answer) = (String::new(), None);
        // No part comes any more; the engine may still run, and can still be stopped.
        let mut silent = false;
        let (mut told_at, mut heard_at) = (Instant::now(), Instant::now());
        while !(silent && answer.is_some()) {
            tokio::select! {
                biased;
                _ = &mut *stopped => return ended,
                () = sleep_until(told_at + JOIN), if !waiting.is_empty() => {
                    if !self.running.say(conversation, turn, &waiting, &*self.fanout) {
                        return ended;
                    }
                    ended.text.push_str(&waiting);
                    waiting.clear();
                    told_at = Instant::now();
                }
                part = parts.recv(), if !silent => {
                    heard_at = Instant::now();
                    match part {
                        Some(Part::Text(text)) => {
                            if !ended.began {
                                ended.began = true;
                                ended.preface = preface.len();
                                waiting.push_str(preface);
                            }
                            waiting.push_str(&restoring.push(&text));
                        }
                        Some(Part::Replace(text)) => {
                            if !self.running.anew(conversation, turn, name, &*self.fanout) {
                                let error = EngineError::new(ErrorClass::BrokenStream, "it took its answer back too often");
                                return Ended { answer: Err(error), ..ended };
                            }
                            ended.began = true;
                            ended.preface = preface.len();
                            ended.text.clear();
                            waiting = format!("{preface}{}", restoring.replace(&text));
                        }
                        Some(other) => ended.note(other),
                        None => silent = true,
                    }
                }
                done = &mut asking, if answer.is_none() => answer = Some(finished(done)),
                () = sleep_until(heard_at + IDLE), if answer.is_none() && !silent => {
                    answer = Some(Err(EngineError::timed_out("the engine", IDLE)));
                    break;
                }
            }
            if ended.text.len() + waiting.len() > MOST_BYTES {
                answer = Some(Err(EngineError::new(ErrorClass::BrokenStream, "the answer is too long for a message")));
                waiting.clear();
                break;
            }
        }
        waiting.push_str(&restoring.end());
        if !waiting.is_empty() && self.running.say(conversation, turn, &waiting, &*self.fanout) {
            ended.text.push_str(&waiting);
        }
        Ended { answer: answer.unwrap_or(Ok(Answer::Given)), ..ended }
    }
}

fn finished(done: Result<Result<Answer, EngineError>, tokio::time::error::Elapsed>) -> Result<Answer, EngineError> {
    done.unwrap_or_else(|_| Err(EngineError::timed_out("the engine", TOTAL)))
}
