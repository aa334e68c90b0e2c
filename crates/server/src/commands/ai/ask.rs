//! `macaw ai ask`: one question to one engine, its answer while it comes.

use super::seek::FolderSearch;
use crate::clock::WallClock;
use crate::commands::{Place, run as run_command};
use crate::config::{Config, make_engines};
use crate::{EXIT_DEPENDENCY, EXIT_USAGE};
use anyhow::Result;
use clap::Args;
use macaw_app::{AiConnector, Answer, Ask, Clock, EngineError, Engines, ErrorClass, Params, Part};
use macaw_connectors::engines::{Needs, built_in};
use macaw_connectors::outgoing::Stops;
use macaw_domain::{ConversationId, Question, TenantId, TurnId, VisitorId};
use serde_json::{Value, json};
use std::io::{Stdout, Write, stdout};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

#[derive(Args)]
pub(crate) struct AskArgs {
    /// The engine's name.
    #[arg(long)]
    engine: String,
    /// The question.
    question: String,
    #[command(flatten)]
    place: Place,
    /// The tenant whose knowledge is used; without it the oldest one's.
    #[arg(long)]
    tenant: Option<TenantId>,
    /// A line of JSON for each part.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &AskArgs) -> ExitCode {
    let config = match crate::load(args.place.config.as_deref()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    run_command("ai", async {
        let (stops, stopping) = Stops::new();
        let stopping = tokio::spawn(stopping);
        let engines = engines(&config, &args.place, args.tenant, stops.clone())?;
        let engine = match engines.find(&args.engine) {
            Ok(engine) => engine.clone(),
            Err(error) => {
                let known = engines.names().collect::<Vec<_>>().join(", ");
                eprintln!("ai: {}; known: {known}", error.message);
                return Ok(ExitCode::from(EXIT_USAGE));
            }
        };
        let code = ask(&*engine, args).await;
        // A run that was given up is still being stopped there.
        let _ = tokio::time::timeout(Duration::from_secs(3), stops.idle()).await;
        stopping.abort();
        code
    })
}

/// The engines of a configuration, with the knowledge of the data folder.
pub(super) fn engines(config: &Config, place: &Place, tenant: Option<TenantId>, stops: Stops) -> Result<Engines> {
    let folder = place.data.clone().unwrap_or_else(|| config.server.data.clone());
    let search = Arc::new(FolderSearch { folder, tenant });
    let needs = Needs { search, pace: Duration::ZERO, stops, clock: Arc::new(WallClock) };
    let configured = make_engines(&config.engines, &needs)?;
    Ok(Engines::new(built_in(&needs).into_iter().chain(configured)))
}

/// A question of nobody in particular.
pub(super) fn question(text: &str, tenant: Option<TenantId>) -> Ask {
    let id = WallClock.fresh();
    Ask {
        tenant: tenant.unwrap_or(TenantId(Uuid::nil())),
        conversation: ConversationId(id),
        visitor: VisitorId(id),
        turn: TurnId(id),
        question: Question { text: text.to_owned(), asked: 1, history: Vec::new() },
        params: Params::new(),
        remembered: None,
    }
}

async fn ask(engine: &dyn AiConnector, args: &AskArgs) -> Result<ExitCode> {
    let (sender, mut parts) = mpsc::channel(64);
    let mut shown = Shown { out: stdout(), json: args.json, begun: Instant::now(), first: None, after: Vec::new() };
    let showing = async {
        while let Some(part) = parts.recv().await {
            shown.part(&part)?;
        }
        anyhow::Ok(())
    };
    let (ended, written) = tokio::join!(engine.ask(question(&args.question, args.tenant), sender), showing);
    // A closed pipe is no reason to go on, and none to complain.
    if written.is_err() {
        return Ok(ExitCode::SUCCESS);
    }
    shown.end(&ended)?;
    Ok(match ended {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) if error.class == ErrorClass::Refused => ExitCode::FAILURE,
        Err(_) => ExitCode::from(EXIT_DEPENDENCY),
    })
}

struct Shown {
    out: Stdout,
    json: bool,
    begun: Instant,
    first: Option<Duration>,
    /// What is shown behind the answer.
    after: Vec<String>,
}

impl Shown {
    fn part(&mut self, part: &Part) -> Result<()> {
        if matches!(part, Part::Text(_) | Part::Replace(_)) {
            self.first.get_or_insert(self.begun.elapsed());
        }
        if self.json {
            return self.line(&as_json(part));
        }
        match part {
            Part::Text(text) => write!(self.out, "{text}")?,
            Part::Replace(text) => write!(self.out, "\n[taken back; instead:]\n{text}")?,
            Part::Reference(source) => self.after.push(format!("source      {}", source.title)),
            Part::Suggestion(text) => self.after.push(format!("suggestion  {text}")),
            Part::Usage(usage) => self.after.push(format!("tokens      {} in, {} out", usage.input, usage.output)),
            Part::Started { .. } | Part::Reasoning(_) => {}
        }
        Ok(self.out.flush()?)
    }

    fn end(&mut self, ended: &Result<Answer, EngineError>) -> Result<()> {
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (first, all) = (self.first.map(ms), ms(self.begun.elapsed()));
        if self.json {
            let times = json!({ "first_ms": first, "total_ms": all });
            let mut end = match ended {
                Ok(answer) => json!({ "part": "finished", "answer": word(*answer) }),
                Err(error) => {
                    json!({ "part": "failed", "class": error.class.as_str(), "message": error.message, "said": error.said })
                }
            };
            if let (Some(end), Value::Object(times)) = (end.as_object_mut(), times) {
                end.extend(times);
            }
            return self.line(&end);
        }
        writeln!(self.out)?;
        for line in std::mem::take(&mut self.after) {
            writeln!(self.out, "{line}")?;
        }
        let first = first.map(|ms| format!(", first words after {ms} ms")).unwrap_or_default();
        match ended {
            Ok(answer) => writeln!(self.out, "{}      in {all} ms{first}", word(*answer))?,
            Err(error) => eprintln!("ai: {}; after {all} ms{first}", error.in_full()),
        }
        Ok(())
    }

    fn line(&mut self, value: &Value) -> Result<()> {
        writeln!(self.out, "{value}")?;
        Ok(self.out.flush()?)
    }
}

pub(super) fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Given => "given",
        Answer::Unknown => "unknown",
        Answer::WantsHuman => "wants_human",
    }
}

fn as_json(part: &Part) -> Value {
    match part {
        Part::Started { conversation, run } => json!({ "part": "started", "conversation": conversation, "run": run }),
        Part::Reasoning(text) => json!({ "part": "reasoning", "text": text }),
        Part::Text(text) => json!({ "part": "text", "text": text }),
        Part::Replace(text) => json!({ "part": "replace", "text": text }),
        Part::Reference(source) => json!({ "part": "reference", "title": source.title, "entry": source.entry }),
        Part::Suggestion(text) => json!({ "part": "suggestion", "text": text }),
        Part::Usage(usage) => json!({ "part": "usage", "input": usage.input, "output": usage.output }),
    }
}
