//! The built-in engine: answers with the tenant's own words or says that it does not know.

use async_trait::async_trait;
use macaw_app::{Abilities, AiConnector, Answer, Ask, EngineError, ErrorClass, Part, Profile, Search};
use macaw_domain::Source;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Characters of one piece; with the pace, some 300 a second, faster than anybody reads.
const PIECE: usize = 12;

/// The built-in engine.
pub(super) struct Knowledge {
    search: Arc<dyn Search>,
    pace: Duration,
}

impl Knowledge {
    pub(super) fn new(search: Arc<dyn Search>, pace: Duration) -> Self {
        Self { search, pace }
    }
}

#[async_trait]
impl AiConnector for Knowledge {
    fn name(&self) -> &str {
        "knowledge"
    }

    fn profile(&self) -> Profile {
        Profile::built_in("knowledge", Abilities { streams: true, references: true, ..Abilities::default() })
    }

    async fn check(&self) -> Result<String, EngineError> {
        Ok("built in".to_owned())
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        let found = self.search.ask(ask.tenant, &ask.question.text).await;
        let found = found.map_err(|error| EngineError::new(ErrorClass::Unavailable, error.to_string()))?;
        let Some(hit) = found.answer else {
            let to_person = found.wants_human || found.is_empty;
            return Ok(if to_person { Answer::WantsHuman } else { Answer::Unknown });
        };
        // Nobody may listen any more; then the rest is not needed either.
        let _ = parts.send(Part::Started { conversation: None, run: None }).await;
        for piece in pieces(&hit.answer) {
            if parts.send(Part::Text(piece)).await.is_err() {
                break;
            }
            if !self.pace.is_zero() {
                tokio::time::sleep(self.pace).await;
            }
        }
        let _ = parts.send(Part::Reference(Source { title: hit.question, entry: hit.entry })).await;
        Ok(Answer::Given)
    }
}

fn pieces(text: &str) -> impl Iterator<Item = String> {
    let mut rest = text.chars();
    std::iter::from_fn(move || {
        let piece: String = rest.by_ref().take(PIECE).collect();
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use macaw_app::testkit::{Behaviour, EngineStage, WORDS, engine_contract};
    use macaw_app::{Found, Hit, Params, SearchError};
    use macaw_domain::{ConversationId, Question, TenantId, TurnId, VisitorId};
    use uuid::Uuid;

    struct Fixed(Found);

    #[async_trait]
    impl Search for Fixed {
        async fn ask(&self, _: TenantId, _: &str) -> Result<Found, SearchError> {
            Ok(self.0.clone())
        }
    }

    fn found(answer: Option<&str>) -> Found {
        let hit = |answer: &str| Hit {
            entry: "e1".into(),
            question: "怎么退货".into(),
            answer: answer.into(),
            score: 0.9,
            why: String::new(),
        };
        Found { answer: answer.map(hit), wants_human: false, is_empty: false, gate: 0.5, hits: Vec::new() }
    }

    async fn asked(found: Found) -> (Answer, Vec<Part>) {
        let id = Uuid::from_u128(1);
        let question = Question { text: "退货".into(), asked: 1, history: Vec::new() };
        let ask = Ask {
            tenant: TenantId(id),
            conversation: ConversationId(id),
            visitor: VisitorId(id),
            turn: TurnId(id),
            question,
            params: Params::new(),
            remembered: None,
        };
        let (sender, mut parts) = mpsc::channel(64);
        let engine = Knowledge::new(Arc::new(Fixed(found)), Duration::ZERO);
        let answer = engine.ask(ask, sender).await.expect("the search works");
        let mut got = Vec::new();
        while let Some(part) = parts.recv().await {
            got.push(part);
        }
        (answer, got)
    }

    #[tokio::test]
    async fn an_answer_comes_in_pieces_that_join_to_the_whole_and_with_its_source() {
        let text = "签收后七天内，在“我的订单”里点“申请退货”即可 🦜。";
        let (answer, parts) = asked(found(Some(text))).await;
        let mut joined = String::new();
        let mut sources = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => joined.push_str(&text),
                Part::Reference(source) => sources.push(source.entry),
                Part::Started { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((answer, joined.as_str(), sources), (Answer::Given, text, vec!["e1".to_owned()]));
    }

    #[tokio::test]
    async fn what_is_not_known_is_said_and_nothing_is_invented() {
        assert_eq!(asked(found(None)).await, (Answer::Unknown, vec![]));
    }

    #[tokio::test]
    async fn a_person_is_fetched_when_asked_for_or_when_there_is_nothing_to_know() {
        let person = Found { wants_human: true, ..found(None) };
        assert_eq!(asked(person).await.0, Answer::WantsHuman);
        let empty = Found { is_empty: true, ..found(None) };
        assert_eq!(asked(empty).await.0, Answer::WantsHuman);
    }

    struct Stage;

    #[async_trait]
    impl EngineStage for Stage {
        async fn engine(&self, behaviour: Behaviour) -> Option<Arc<dyn AiConnector>> {
            // It asks nobody, so nobody can misbehave.
            let known = Arc::new(Fixed(found(Some(&WORDS.concat()))));
            (behaviour == Behaviour::Answers).then(|| Arc::new(Knowledge::new(known, Duration::ZERO)) as _)
        }

        async fn is_idle(&self) {}

        fn secret(&self) -> &'static str {
            "it has none"
        }
    }

    #[tokio::test]
    async fn it_keeps_the_contract_of_engines() {
        engine_contract(&Stage).await;
    }
}
