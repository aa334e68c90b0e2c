//! No failure of an engine leaves a visitor without an answer or a person.
#![expect(clippy::unwrap_used, reason = "test code")]

use async_trait::async_trait;
use macaw_app::testkit::{ManualClock, World};
use macaw_app::{
    Abilities, AiConnector, AiHub, Answer, Append, Ask, Clock, ConversationView, Delta, EngineError, Engines,
    ErrorClass, Fanout, First, Job, Limits, Outcome, PageRange, Part, Profile, Routes, Store, StoredFile, Turns,
};
use macaw_domain::{
    AccountId, Author, Content, Conversation, ConversationId, Draft, Entry, File, FileId, Log, MessageId, Owner,
    Source, TenantId, VisitorId,
};
use macaw_store::Sqlite;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// An engine that does as it is told.
#[derive(Clone)]
enum Script {
    Says(&'static [&'static str], Result<Answer, EngineError>),
    /// The first so often, then the second.
    First(usize, Box<Script>, Box<Script>),
    /// Says what it was asked, a character at a time.
    Echoes,
    /// Says the first, and then the second instead.
    TakesBack(&'static str, &'static str),
    Panics,
    ClosesItsPartsAndGoesOn,
}

struct Scripted {
    name: &'static str,
    script: Script,
    asked: Arc<Mutex<Vec<Ask>>>,
}

#[async_trait]
impl AiConnector for Scripted {
    fn name(&self) -> &str {
        self.name
    }

    fn profile(&self) -> Profile {
        let abilities = Abilities { outside: true, remembers: true, ..Abilities::default() };
        Profile { masks: true, ..Profile::built_in("scripted", abilities) }
    }

    async fn check(&self) -> Result<String, EngineError> {
        Ok(String::new())
    }

    async fn ask(&self, ask: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        let asked = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(ask.clone());
            asked.len()
        };
        let started = Part::Started { conversation: Some(format!("own-{}", self.name)), run: None };
        match self.script.clone().now(asked) {
            Script::Says(words, end) => {
                if !words.is_empty() {
                    parts.send(started).await.unwrap();
                }
                for word in words {
                    parts.send(Part::Text((*word).to_owned())).await.unwrap();
                }
                let source = Source { title: "t".into(), entry: "e".into() };
                parts.send(Part::Reference(source)).await.unwrap();
                end
            }
            Script::Echoes => {
                for c in ask.question.text.chars() {
                    parts.send(Part::Text(c.to_string())).await.unwrap();
                }
                Ok(Answer::Given)
            }
            Script::TakesBack(first, second) => {
                parts.send(Part::Text(first.to_owned())).await.unwrap();
                parts.send(Part::Replace(second.to_owned())).await.unwrap();
                Ok(Answer::Given)
            }
            Script::First(..) => unreachable!("it was resolved"),
            Script::Panics => panic!("as it was told"),
            Script::ClosesItsPartsAndGoesOn => {
                drop(parts);
                std::future::pending().await
            }
        }
    }
}

impl Script {
    fn now(self, asked: usize) -> Self {
        match self {
            Self::First(often, first, _) if asked <= often => *first,
            Self::First(_, _, then) => *then,
            script => script,
        }
    }
}

#[derive(Default)]
struct Heard(Mutex<String>);

impl Fanout for Heard {
    fn entry(&self, _: TenantId, _: &Entry, _: Option<&str>, _: Option<&str>) {}
    fn header(&self, _: &ConversationView, _: bool) {}
    fn state(&self, _: &ConversationView) {}
    fn delta(&self, _: TenantId, _: ConversationId, delta: &Delta<'_>) {
        self.0.lock().unwrap().push_str(delta.text);
    }
    fn is_connected(&self, _: TenantId, _: AccountId) -> bool {
        false
    }
}

struct Stage {
    asked: Arc<Mutex<Vec<Ask>>>,
    world: World,
    turns: Arc<Turns>,
    heard: Arc<Heard>,
    id: ConversationId,
    _dir: tempfile::TempDir,
}

/// A conversation at the engine `owner`, with one question.
async fn stage(script: Script, owner: &str) -> Stage {
    stage_of(vec![("scripted", script)], owner, "rules: []", "a question").await
}

/// The same with several engines, rules, and other words.
async fn stage_of(scripts: Vec<(&'static str, Script)>, owner: &str, rules: &str, question: &str) -> Stage {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let (told, committed) = mpsc::channel(1_000);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("t.db"), clock.clone(), told).unwrap());
    let world = World::new(store.clone(), clock.clone(), committed).await;
    let heard = Arc::new(Heard::default());
    let asked = Arc::<Mutex<Vec<Ask>>>::default();
    let scripted = scripts.into_iter().map(|(name, script)| {
        // Each counts its own questions unless it is the only one.
        let asked = if name == "scripted" { asked.clone() } else { Arc::default() };
        Arc::new(Scripted { name, script, asked }) as Arc<dyn AiConnector>
    });
    let hub = AiHub::from(Engines::new(scripted));
    hub.routing.replace(Routes::read(rules).unwrap());
    let (turns, _) = Turns::new(store.clone(), heard.clone(), clock.clone(), hub, Arc::new(Limits::off()));
    let (id, visitor) = (ConversationId(clock.fresh()), VisitorId(clock.fresh()));
    let draft = Draft {
        id: MessageId(clock.fresh()),
        client_id: None,
        author: Author::Visitor(visitor),
        content: Content::Text(question.into()),
        at: clock.now(),
    };
    let first = Some(First { site: world.site, visitor, owner: Owner::Engine(owner.to_owned()) });
    let (tenant, log) = (world.tenant, Log::Public);
    let append = Append { tenant, conversation: id, log, draft, first, owner_epoch: None, completes: None };
    store.append(append).await.unwrap();
    Stage { asked, world, turns, heard, id, _dir: dir }
}

impl Stage {
    async fn due(&self) -> Vec<Job> {
        self.world.store.due_jobs(self.world.clock.now(), 10).await.unwrap().0
    }

    async fn runs(&self) -> Outcome {
        let job = self.due().await[0];
        self.turns.work(job).await.unwrap()
    }

    async fn header(&self) -> Conversation {
        self.world.store.conversation(self.world.tenant, self.id).await.unwrap().unwrap()
    }

    /// The contents after the question.
    async fn log(&self) -> Vec<Content> {
        let range = PageRange::After(1);
        let page = self.world.store.page(self.world.tenant, self.id, Log::Public, range, 50).await.unwrap();
        page.entries.into_iter().map(|entry| entry.draft.content).collect()
    }

    /// It waits for a person, nothing is left to do, and what was seen is still there.
    async fn is_with_people(&self) {
        assert_eq!(self.header().await.owner, Owner::Queue);
        assert!(self.due().await.is_empty());
        let log = self.log().await;
        let seen = self.heard.0.lock().unwrap().clone();
        let kept: String = log.iter().map(Content::text).collect();
        assert_eq!(kept, seen);
        assert!(matches!(log.last(), Some(Content::Event(_))), "{log:?}");
    }
}

#[tokio::test]
async fn a_given_answer_is_one_entry_and_the_turn_is_over() {
    let stage = stage(Script::Says(&["seven ", "days"], Ok(Answer::Given)), "scripted").await;
    assert_eq!(stage.runs().await, Outcome::Answered);
    assert_eq!(*stage.heard.0.lock().unwrap(), "seven days");
    let log = stage.log().await;
    let [Content::Answer { text, sources, interrupted: false, .. }] = log.as_slice() else { panic!("{log:?}") };
    assert_eq!((text.as_str(), sources.len()), ("seven days", 1));
    assert!(stage.due().await.is_empty());
}

#[tokio::test]
async fn every_failure_ends_at_a_person_with_what_was_seen() {
    let failed = || Err(EngineError::new(ErrorClass::BrokenStream, "cut"));
    for (script, owner) in [
        (Script::Says(&["half an ans"], failed()), "scripted"),
        (Script::Says(&[], failed()), "scripted"),
        (Script::Says(&[], Ok(Answer::Given)), "scripted"),
        (Script::Says(&["  "], Ok(Answer::Given)), "scripted"),
        (Script::Says(&[], Err(EngineError::new(ErrorClass::Timeout, "20 s"))), "scripted"),
        (Script::Says(&[], Ok(Answer::Given)), "an engine that was removed"),
    ] {
        let stage = stage(script, owner).await;
        assert_eq!(stage.runs().await, Outcome::Failed);
        stage.is_with_people().await;
    }
}

#[tokio::test]
async fn who_asks_for_a_person_gets_one() {
    let stage = stage(Script::Says(&[], Ok(Answer::WantsHuman)), "scripted").await;
    assert_eq!(stage.runs().await, Outcome::HandedOver);
    stage.is_with_people().await;
}

#[tokio::test]
async fn a_file_without_words_is_for_a_person_and_no_engine_is_asked() {
    let stage = stage(Script::Says(&["seven days"], Ok(Answer::Given)), "scripted").await;
    assert_eq!(stage.runs().await, Outcome::Answered);
    let (store, clock) = (&stage.world.store, &stage.world.clock);
    let id = FileId(clock.fresh());
    let file = File { id, name: "cup.pdf".into(), size: 9, kind: "application/pdf".into(), pixels: None };
    let (tenant, conversation, log) = (stage.world.tenant, stage.id, Log::Public);
    let (by, created_at) = (Author::Visitor(stage.header().await.visitor), clock.now());
    let (content, sha256) = (Content::File(file.clone()), [7; 32]);
    let draft = Draft { id: MessageId(clock.fresh()), client_id: None, author: by.clone(), content, at: created_at };
    let stored = StoredFile { tenant, conversation, file, by, sha256, thumb_size: 0, sent: false, created_at };
    assert!(store.put_file(stored, 1_000).await.unwrap());
    let append = Append { tenant, conversation, log, draft, first: None, owner_epoch: None, completes: None };
    store.append(append).await.unwrap();
    assert_eq!(stage.runs().await, Outcome::OnlyFiles);
    assert_eq!(stage.header().await.owner, Owner::Queue);
    assert!(stage.due().await.is_empty());
    let answers = |log: Vec<Content>| log.iter().filter(|content| matches!(content, Content::Answer { .. })).count();
    assert_eq!(answers(stage.log().await), 1);
}

#[tokio::test]
async fn an_endless_answer_is_cut_and_a_person_asked() {
    const FLOOD: &[&str] = &["0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"; 400];
    let stage = stage(Script::Says(FLOOD, Ok(Answer::Given)), "scripted").await;
    assert_eq!(stage.runs().await, Outcome::Failed);
    assert!(stage.heard.0.lock().unwrap().len() <= macaw_domain::MAX_TEXT_BYTES);
    stage.is_with_people().await;
}

#[tokio::test]
async fn an_engine_that_dies_each_time_is_not_asked_for_ever() {
    let stage = stage(Script::Panics, "scripted").await;
    for attempt in 1..=3 {
        let job = stage.due().await[0];
        let turns = stage.turns.clone();
        assert!(tokio::spawn(async move { turns.work(job).await }).await.is_err(), "it panics");
        // Nobody finished it: it is due again when the lease ends.
        assert!(stage.due().await.is_empty());
        stage.world.clock.advance(180_000);
        assert_eq!(stage.due().await[0].attempt, attempt);
    }
    assert_eq!(stage.runs().await, Outcome::Failed);
    stage.is_with_people().await;
}

fn error(class: ErrorClass) -> Result<Answer, EngineError> {
    Err(EngineError::new(class, "as it was told"))
}

impl Stage {
    /// The notes for agents.
    async fn notes(&self) -> Vec<String> {
        let range = PageRange::After(0);
        let page = self.world.store.page(self.world.tenant, self.id, Log::Internal, range, 50).await.unwrap();
        page.entries.into_iter().map(|entry| entry.draft.content.text().to_owned()).collect()
    }
}

const CHAIN: &str = "rules: [{pattern: question, ai_engine: first, chain: [nobody, second]}]";

#[tokio::test]
async fn the_next_engine_of_a_chain_answers_with_a_sentence_that_says_so() {
    for first in [
        Script::Says(&["half an ans"], error(ErrorClass::BrokenStream)),
        Script::Says(&[], error(ErrorClass::Timeout)),
        Script::Says(&[], Ok(Answer::Unknown)),
        Script::Says(&[], Ok(Answer::Given)),
    ] {
        let second = Script::Says(&["seven ", "days"], Ok(Answer::Given));
        let stage = stage_of(vec![("first", first), ("second", second)], "first", CHAIN, "a question").await;
        assert_eq!(stage.runs().await, Outcome::Answered);
        let log = stage.log().await;
        let [Content::Answer { text, interrupted: false, .. }] = log.as_slice() else { panic!("{log:?}") };
        assert_eq!(text, "The first assistant could not answer; here is what another one says:\n\nseven days");
        assert!(stage.heard.0.lock().unwrap().ends_with(text), "it was seen as it is kept");
        assert_eq!(stage.header().await.owner, Owner::Engine("first".into()));
    }
}

#[tokio::test]
async fn when_the_whole_chain_fails_a_person_is_told_why_and_the_visitor_that_one_comes() {
    let scripts = vec![
        ("first", Script::Says(&[], error(ErrorClass::Auth))),
        ("second", Script::Says(&["half an ans"], error(ErrorClass::BrokenStream))),
    ];
    let stage = stage_of(scripts, "first", CHAIN, "a question").await;
    assert_eq!(stage.runs().await, Outcome::Failed);
    stage.is_with_people().await;
    let log = stage.log().await;
    assert!(log[0].text().contains("half an ans\n\nSorry, the assistant cannot answer"), "{log:?}");
    let notes = stage.notes().await;
    let [note] = &notes[..] else { panic!("{notes:?}") };
    for reason in [
        "first: as it was told (auth)",
        "nobody is not configured",
        "second: as it was told (broken_stream)",
        "a question",
    ] {
        assert!(note.contains(reason), "{note}");
    }
}

#[tokio::test]
async fn an_engine_that_is_busy_is_asked_again_only_while_nothing_was_seen() {
    let busy = Script::Says(&[], error(ErrorClass::RateLimited));
    let answers = Script::Says(&["seven days"], Ok(Answer::Given));
    let recovers = stage(Script::First(1, Box::new(busy), Box::new(answers)), "scripted").await;
    assert_eq!(recovers.runs().await, Outcome::Answered);
    assert_eq!(recovers.asked.lock().unwrap().len(), 2);
    for script in [
        Script::Says(&["half an ans"], error(ErrorClass::RateLimited)),
        Script::Says(&[], error(ErrorClass::Auth)),
        Script::Says(&[], error(ErrorClass::Timeout)),
    ] {
        let stage = stage(script, "scripted").await;
        assert_eq!(stage.runs().await, Outcome::Failed);
        assert_eq!(stage.asked.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_rule_gives_a_question_to_a_person_at_once() {
    let rules = "rules: [{pattern: question, handoff: true}]";
    let stage = stage_of(vec![("scripted", Script::Panics)], "scripted", rules, "a question").await;
    assert_eq!(stage.runs().await, Outcome::HandedOver);
    stage.is_with_people().await;
}

#[tokio::test]
async fn without_a_rule_the_sites_own_engine_answers_and_a_rule_gives_parameters() {
    let answers = || Script::Says(&["seven days"], Ok(Answer::Given));
    let rules = "rules: [{pattern: '退货', ai_engine: scripted, params: {model: commerce_v2}}]";
    let own = stage_of(vec![("scripted", answers())], "scripted", rules, "a question").await;
    assert_eq!(own.runs().await, Outcome::Answered);
    assert!(own.asked.lock().unwrap()[0].params.is_empty());
    let ruled = stage_of(vec![("scripted", answers())], "nobody", rules, "怎么退货").await;
    assert_eq!(ruled.runs().await, Outcome::Answered);
    assert_eq!(ruled.asked.lock().unwrap()[0].params["model"].as_text(), Some("commerce_v2"));
}

#[tokio::test]
async fn personal_data_does_not_leave_and_is_back_in_the_answer() {
    let stage = stage_of(vec![("scripted", Script::Echoes)], "scripted", "rules: []", "打13812345678给我").await;
    assert_eq!(stage.runs().await, Outcome::Answered);
    assert_eq!(stage.asked.lock().unwrap()[0].question.text, "打[phone-1]给我");
    assert_eq!(stage.log().await[0].text(), "打13812345678给我");
    assert_eq!(*stage.heard.0.lock().unwrap(), "打13812345678给我");
}

#[tokio::test]
async fn an_answer_that_is_taken_back_is_kept_as_it_stands_instead() {
    let stage = stage(Script::TakesBack("rude words", "I cannot say that."), "scripted").await;
    assert_eq!(stage.runs().await, Outcome::Answered);
    assert_eq!(stage.log().await[0].text(), "I cannot say that.");
}

#[tokio::test]
async fn an_engine_is_given_its_own_name_for_the_conversation_back() {
    let stage = stage(Script::Says(&["seven days"], Ok(Answer::Given)), "scripted").await;
    assert_eq!(stage.runs().await, Outcome::Answered);
    let (clock, header) = (&stage.world.clock, stage.header().await);
    let (id, author, at) = (MessageId(clock.fresh()), Author::Visitor(header.visitor), clock.now());
    let draft = Draft { id, client_id: None, author, content: Content::Text("and then?".into()), at };
    let (tenant, log) = (stage.world.tenant, Log::Public);
    let append = Append { tenant, conversation: stage.id, log, draft, first: None, owner_epoch: None, completes: None };
    stage.world.store.append(append).await.unwrap();
    assert_eq!(stage.runs().await, Outcome::Answered);
    let remembered: Vec<_> = stage.asked.lock().unwrap().iter().map(|ask| ask.remembered.clone()).collect();
    assert_eq!(remembered, [None, Some("own-scripted".to_owned())]);
}

#[tokio::test]
async fn an_engine_that_died_with_the_process_each_time_ends_at_a_person() {
    let stage = stage(Script::Says(&["seven days"], Ok(Answer::Given)), "scripted").await;
    let store = stage.world.store.clone();
    for _ in 0..3 {
        // Taken by a process that is gone by now.
        let job = stage.due().await[0];
        store.take_job(job, stage.world.clock.now() + 1).await.unwrap().unwrap();
        stage.world.clock.advance(180_000);
    }
    assert_eq!(stage.runs().await, Outcome::Failed);
    stage.is_with_people().await;
    assert!(stage.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_engine_that_closed_its_parts_and_goes_on_is_stopped_at_once() {
    let stage = stage(Script::ClosesItsPartsAndGoesOn, "scripted").await;
    let (turns, job) = (stage.turns.clone(), stage.due().await[0]);
    let run = tokio::spawn(async move { turns.work(job).await.unwrap() });
    while stage.turns.stop(stage.id).is_none() {
        tokio::task::yield_now().await;
    }
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), run).await;
    assert_eq!(ended.expect("long before its time is over").unwrap(), Outcome::Stopped);
}
