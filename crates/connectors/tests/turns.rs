//! No failure of an engine leaves a visitor without an answer or a person.
#![expect(clippy::unwrap_used, reason = "test code")]

use async_trait::async_trait;
use macaw_app::testkit::{ManualClock, World};
use macaw_app::{
    AiConnector, Answer, Append, Ask, Clock, ConversationView, Delta, EngineError, Engines, Fanout, First, Job, Limits,
    Outcome, PageRange, Part, Store, StoredFile, Turns,
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
    Panics,
    ClosesItsPartsAndGoesOn,
}

struct Scripted(Script);

#[async_trait]
impl AiConnector for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    async fn ask(&self, _: Ask, parts: mpsc::Sender<Part>) -> Result<Answer, EngineError> {
        match self.0.clone() {
            Script::Says(words, end) => {
                for word in words {
                    parts.send(Part::Text((*word).to_owned())).await.unwrap();
                }
                let source = Source { title: "t".into(), entry: "e".into() };
                parts.send(Part::Reference(source)).await.unwrap();
                end
            }
            Script::Panics => panic!("as it was told"),
            Script::ClosesItsPartsAndGoesOn => {
                drop(parts);
                std::future::pending().await
            }
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
    world: World,
    turns: Arc<Turns>,
    heard: Arc<Heard>,
    id: ConversationId,
    _dir: tempfile::TempDir,
}

/// A conversation at the engine `owner`, with one question.
async fn stage(script: Script, owner: &str) -> Stage {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let (told, committed) = mpsc::channel(1_000);
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(&dir.path().join("t.db"), clock.clone(), told).unwrap());
    let world = World::new(store.clone(), clock.clone(), committed).await;
    let heard = Arc::new(Heard::default());
    let engines = Engines::new([Arc::new(Scripted(script)) as Arc<dyn AiConnector>]);
    let (turns, _) = Turns::new(store.clone(), heard.clone(), clock.clone(), engines, Arc::new(Limits::off()));
    let (id, visitor) = (ConversationId(clock.fresh()), VisitorId(clock.fresh()));
    let draft = Draft {
        id: MessageId(clock.fresh()),
        client_id: None,
        author: Author::Visitor(visitor),
        content: Content::Text("a question".into()),
        at: clock.now(),
    };
    let first = Some(First { site: world.site, visitor, owner: Owner::Engine(owner.to_owned()) });
    let (tenant, log) = (world.tenant, Log::Public);
    let append = Append { tenant, conversation: id, log, draft, first, owner_epoch: None, completes: None };
    store.append(append).await.unwrap();
    Stage { world, turns, heard, id, _dir: dir }
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
    let failed = || Err(EngineError::Failed("broken stream".into()));
    for (script, owner) in [
        (Script::Says(&["half an ans"], failed()), "scripted"),
        (Script::Says(&[], failed()), "scripted"),
        (Script::Says(&[], Ok(Answer::Given)), "scripted"),
        (Script::Says(&["  "], Ok(Answer::Given)), "scripted"),
        (Script::Says(&[], Err(EngineError::TimedOut(20))), "scripted"),
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
