//! The contract suite of the engines: what each promises, whatever service is behind it.

use crate::{AiConnector, Answer, Ask, EngineError, ErrorClass, Params, Part};
use async_trait::async_trait;
use macaw_domain::{ConversationId, Question, Said, TenantId, TurnId, VisitorId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use uuid::Uuid;

/// What the service behind an engine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers with [`WORDS`], in its own pieces.
    Answers,
    /// The same, a byte at a time.
    AnswersByteByByte,
    /// Says the beginning of [`WORDS`], and then nothing any more.
    HangsInTheMiddle,
    /// Takes the question and says nothing; pings, if the service has any.
    PingsForEver,
    /// Says the beginning of [`WORDS`], and the connection ends as if all were well.
    EndsInTheMiddle,
    /// Says the beginning of [`WORDS`], and the connection breaks.
    BreaksOff,
    /// Says the beginning of [`WORDS`], and then in its own way that it failed.
    FailsInTheMiddle,
    /// Says that the key is wrong.
    RefusesTheKey,
    /// Says that it is busy for a moment, or asked too often.
    IsBusy,
    /// Sends something that is no answer: a page of a proxy.
    SendsAPage,
    /// Sends a piece that is not what it should be.
    SendsRubbish,
    /// Says words without end.
    NeverEnds,
}

impl Behaviour {
    /// All.
    pub const ALL: [Self; 12] = [
        Self::Answers,
        Self::AnswersByteByByte,
        Self::HangsInTheMiddle,
        Self::PingsForEver,
        Self::EndsInTheMiddle,
        Self::BreaksOff,
        Self::FailsInTheMiddle,
        Self::RefusesTheKey,
        Self::IsBusy,
        Self::SendsAPage,
        Self::SendsRubbish,
        Self::NeverEnds,
    ];
}

/// What an engine that answers says: several bytes a character, and several lines.
pub const WORDS: [&str; 4] = ["签收后七天内，", "在“我的订单”里申请退货 🦜。\n", "Refunds take ", "3–5 days."];

/// An engine together with the service that it asks.
#[async_trait]
pub trait EngineStage: Send + Sync {
    /// The engine, with a service that behaves so. `None` when that cannot happen to it.
    async fn engine(&self, behaviour: Behaviour) -> Option<Arc<dyn AiConnector>>;
    /// Waits until the service has no run of this engine any more: it ended, it was stopped, or somebody hung up.
    async fn is_idle(&self);
    /// A word that must not be shown to anybody: the key.
    fn secret(&self) -> &'static str;
}

/// A question as visitors ask it.
pub fn ask(text: &str) -> Ask {
    let id = Uuid::from_u128(0x1234);
    let history = vec![
        Said { by_visitor: true, text: "你好".to_owned() },
        Said { by_visitor: false, text: "您好，请问有什么可以帮您？".to_owned() },
    ];
    Ask {
        tenant: TenantId(id),
        conversation: ConversationId(id),
        visitor: VisitorId(id),
        turn: TurnId(id),
        question: Question { text: text.to_owned(), asked: 3, history },
        params: Params::new(),
        remembered: None,
    }
}

/// A run to its end: how it ended, and its parts.
pub async fn listen(engine: &dyn AiConnector, ask: Ask) -> (Result<Answer, EngineError>, Vec<Part>) {
    let (sender, mut parts) = mpsc::channel(8);
    let mut heard = Vec::new();
    let listening = async {
        while let Some(part) = parts.recv().await {
            heard.push(part);
            assert!(heard.len() < 2_000_000, "it never ends");
        }
    };
    let both = async { tokio::join!(engine.ask(ask, sender), listening).0 };
    let ended = tokio::time::timeout(Duration::from_secs(60), both).await.expect("every call ends");
    (ended, heard)
}

/// The text that a reader of the parts has at the end.
pub fn text_of(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(more) => text.push_str(more),
            Part::Replace(instead) => instead.clone_into(&mut text),
            _ => {}
        }
    }
    text
}

/// Runs the suite.
pub async fn engine_contract(stage: &dyn EngineStage) {
    an_answer_is_the_words_of_the_service(stage).await;
    what_goes_wrong_is_told_by_its_class(stage).await;
    a_call_that_is_dropped_leaves_nothing_running(stage).await;
    a_call_to_which_nobody_listens_ends(stage).await;
    nothing_tells_the_key(stage).await;
}

async fn an_answer_is_the_words_of_the_service(stage: &dyn EngineStage) {
    for behaviour in [Behaviour::Answers, Behaviour::AnswersByteByByte] {
        let Some(engine) = stage.engine(behaviour).await else { continue };
        let (ended, parts) = listen(&*engine, ask("怎么退货")).await;
        assert_eq!(ended, Ok(Answer::Given), "{behaviour:?}");
        assert_eq!(text_of(&parts), WORDS.concat(), "{behaviour:?}");
        let begins = parts.iter().position(|part| matches!(part, Part::Started { .. }));
        let says = parts.iter().position(|part| matches!(part, Part::Text(_)));
        assert!(begins.is_some() && begins < says, "{behaviour:?}: it begins before it says something");
        stage.is_idle().await;
    }
}

/// The class of each failure, and whether something was said before.
fn expected(behaviour: Behaviour) -> Option<(&'static [ErrorClass], bool)> {
    use ErrorClass::{Auth, BrokenStream, Busy, RateLimited, Timeout, Unavailable, Unknown};
    Some(match behaviour {
        Behaviour::Answers | Behaviour::AnswersByteByByte => return None,
        Behaviour::HangsInTheMiddle => (&[Timeout], true),
        Behaviour::PingsForEver => (&[Timeout], false),
        Behaviour::EndsInTheMiddle | Behaviour::BreaksOff => (&[BrokenStream], true),
        Behaviour::FailsInTheMiddle => (&[Unavailable, Unknown], true),
        Behaviour::RefusesTheKey => (&[Auth], false),
        Behaviour::IsBusy => (&[Busy, RateLimited], false),
        Behaviour::SendsAPage | Behaviour::SendsRubbish => (&[BrokenStream], false),
        Behaviour::NeverEnds => (&[BrokenStream, Timeout], true),
    })
}

async fn what_goes_wrong_is_told_by_its_class(stage: &dyn EngineStage) {
    for behaviour in Behaviour::ALL {
        let Some((classes, says)) = expected(behaviour) else { continue };
        let Some(engine) = stage.engine(behaviour).await else { continue };
        let (ended, parts) = listen(&*engine, ask("怎么退货")).await;
        let error = ended.expect_err(&format!("{behaviour:?} is no answer"));
        assert!(classes.contains(&error.class), "{behaviour:?}: {error:?}");
        assert!(!error.message.contains(stage.secret()), "{behaviour:?}: the key is in {error}");
        assert!(!error.message.contains("怎么退货"), "{behaviour:?}: the question is in {error}");
        let said = text_of(&parts);
        assert_eq!(!said.is_empty(), says, "{behaviour:?}: {said:?}");
        if says && behaviour != Behaviour::NeverEnds {
            assert!(WORDS.concat().starts_with(&said), "{behaviour:?}: {said:?}");
        }
        stage.is_idle().await;
    }
}

async fn a_call_that_is_dropped_leaves_nothing_running(stage: &dyn EngineStage) {
    for behaviour in [Behaviour::HangsInTheMiddle, Behaviour::PingsForEver, Behaviour::NeverEnds] {
        let Some(engine) = stage.engine(behaviour).await else { continue };
        let (sender, mut parts) = mpsc::channel(8);
        {
            let asking = engine.ask(ask("怎么退货"), sender);
            tokio::pin!(asking);
            let first = async {
                while let Some(part) = parts.recv().await {
                    if behaviour == Behaviour::PingsForEver || matches!(part, Part::Text(_)) {
                        return;
                    }
                }
            };
            let waited = async { tokio::time::timeout(Duration::from_millis(500), first).await };
            tokio::select! {
                _ = &mut asking => {}
                _ = waited => {}
            }
        }
        stage.is_idle().await;
    }
}

async fn a_call_to_which_nobody_listens_ends(stage: &dyn EngineStage) {
    for behaviour in [Behaviour::Answers, Behaviour::NeverEnds] {
        let Some(engine) = stage.engine(behaviour).await else { continue };
        let (sender, parts) = mpsc::channel(8);
        drop(parts);
        let ended = tokio::time::timeout(Duration::from_secs(30), engine.ask(ask("怎么退货"), sender)).await;
        assert!(ended.is_ok(), "{behaviour:?}: it goes on for nobody");
        stage.is_idle().await;
    }
}

async fn nothing_tells_the_key(stage: &dyn EngineStage) {
    let engine = stage.engine(Behaviour::Answers).await.expect("every engine can answer");
    let profile = engine.profile();
    assert!(!engine.name().is_empty() && !profile.kind.is_empty());
    assert!(!format!("{profile:?}").contains(stage.secret()));
    let checked = format!("{:?}", engine.check().await);
    assert!(!checked.contains(stage.secret()), "{checked}");
}
