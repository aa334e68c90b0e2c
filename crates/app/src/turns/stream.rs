//! The engine's parts on their way to those who watch: joined for a moment, told, kept.

use super::Turns;
use crate::{Answer, Ask, EngineError, Job, Part};
use macaw_domain::Source;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

/// Parts that come closer together than this are told as one: 25 a second read as fluent.
const JOIN: Duration = Duration::from_millis(40);
/// A whole run.
const TOTAL: Duration = Duration::from_secs(120);
/// Until the first part, and between two.
const IDLE: Duration = Duration::from_secs(20);
/// Parts that may wait to be told; beyond it the engine waits.
const PARTS: usize = 64;
/// The longest answer, in bytes: that of a message.
const MOST_BYTES: usize = macaw_domain::MAX_TEXT_BYTES;

/// How an engine's call ended, and what it had said by then.
pub(super) struct Ended {
    pub(super) text: String,
    pub(super) sources: Vec<Source>,
    pub(super) answer: Result<Answer, EngineError>,
}

impl Turns {
    /// Asks the engine and tells its answer while it comes. Ends early when the run is stopped.
    pub(super) async fn stream(&self, name: &str, ask: Ask, job: Job) -> Ended {
        let (conversation, turn) = (ask.conversation, ask.turn);
        let mut stopped = self.running.begin(job, name, &ask, &*self.fanout);
        let engine = match self.engines.find(name) {
            Ok(engine) => engine,
            Err(error) => return error.into(),
        };
        let (sender, mut parts) = mpsc::channel(PARTS);
        let mut asking = pin!(timeout(TOTAL, engine.ask(ask, sender)));
        let mut ended = Ended { text: String::new(), sources: Vec::new(), answer: Ok(Answer::Given) };
        let (mut waiting, mut answer) = (String::new(), None);
        // No part comes any more; the engine may still run, and can still be stopped.
        let mut silent = false;
        let (mut told_at, mut heard_at) = (Instant::now(), Instant::now());
        while !(silent && answer.is_some()) {
            let due = told_at + JOIN;
            tokio::select! {
                biased;
                _ = &mut stopped => return ended,
                () = sleep_until(due), if !waiting.is_empty() => {
                    if !self.running.say(conversation, turn, &waiting, &*self.fanout) {
                        return ended;
                    }
                    ended.text.push_str(&waiting);
                    waiting.clear();
                    told_at = Instant::now();
                }
                part = parts.recv(), if !silent => match part {
                    Some(Part::Text(text)) => {
                        waiting.push_str(&text);
                        heard_at = Instant::now();
                    }
                    Some(Part::Reference(source)) => ended.sources.push(source),
                    None => silent = true,
                },
                done = &mut asking, if answer.is_none() => answer = Some(finished(done)),
                () = sleep_until(heard_at + IDLE), if answer.is_none() && !silent => {
                    answer = Some(Err(EngineError::TimedOut(IDLE.as_secs())));
                    break;
                }
            }
            if ended.text.len() + waiting.len() > MOST_BYTES {
                answer = Some(Err(EngineError::Failed("the answer is too long for a message".to_owned())));
                waiting.clear();
                break;
            }
        }
        if !waiting.is_empty() && self.running.say(conversation, turn, &waiting, &*self.fanout) {
            ended.text.push_str(&waiting);
        }
        Ended { answer: answer.unwrap_or(Ok(Answer::Given)), ..ended }
    }
}

fn finished(done: Result<Result<Answer, EngineError>, tokio::time::error::Elapsed>) -> Result<Answer, EngineError> {
    done.unwrap_or(Err(EngineError::TimedOut(TOTAL.as_secs())))
}
