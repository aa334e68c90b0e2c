//! What an engine is asked, and what it says when it does not know.

use crate::{Author, ClientId, Content, Entry, JobId, TurnId};
use uuid::Uuid;

/// Something that was said in the conversation so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// By the visitor; otherwise by an engine or an agent.
    pub by_visitor: bool,
    /// What.
    pub text: String,
}

/// What an engine is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// All that the visitor wrote since it was last answered, one message a line.
    pub text: String,
    /// The newest seq of it.
    pub asked: u64,
    /// What was said before, oldest first.
    pub history: Vec<Said>,
}

/// What a public log ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Nobody waits for an answer.
    Nothing,
    /// The visitor sent files without a word since it was last answered: no engine looks into them.
    OnlyFiles {
        /// The newest seq of them.
        asked: u64,
    },
    /// Words, perhaps with files beside them.
    Question(Question),
}

/// What waits for an answer in a public log, oldest entry first.
pub fn question(log: &[Entry]) -> Asked {
    let answered = log.iter().filter_map(answers_up_to).max().unwrap_or(0);
    // What was taken back is no question.
    let is_asked = |entry: &&Entry| {
        matches!(entry.draft.author, Author::Visitor(_))
            && entry.seq > answered
            && entry.draft.content != Content::Recalled
    };
    let (open, history): (Vec<&Entry>, Vec<&Entry>) = log.iter().partition(is_asked);
    let Some(asked) = open.last().map(|entry| entry.seq) else { return Asked::Nothing };
    let texts: Vec<String> = open.into_iter().filter_map(said).map(|said| said.text).collect();
    if texts.is_empty() {
        return Asked::OnlyFiles { asked };
    }
    let history = history.into_iter().filter_map(said).collect();
    Asked::Question(Question { text: texts.join("\n"), asked, history })
}

/// Up to which seq an entry answers what was asked. What a visitor writes during an answer comes
/// before it in the log and is not answered by it.
fn answers_up_to(entry: &Entry) -> Option<u64> {
    match (&entry.draft.author, &entry.draft.content) {
        (Author::Engine(_), Content::Answer { asked, .. }) => Some(*asked),
        (Author::Agent(_), Content::Text(_) | Content::Quoting { .. } | Content::File(_)) => Some(entry.seq),
        _ => None,
    }
}

fn said(entry: &Entry) -> Option<Said> {
    let by_visitor = match entry.draft.author {
        Author::Visitor(_) => true,
        Author::Engine(_) | Author::Agent(_) => false,
        Author::System => return None,
    };
    match &entry.draft.content {
        Content::Text(text) | Content::Quoting { text, .. } | Content::Answer { text, .. } => {
            Some(Said { by_visitor, text: text.clone() })
        }
        // A name of a file is nothing that anybody said.
        Content::File(_) | Content::Event(_) | Content::Recalled => None,
    }
}

/// The run that a job of this `generation` stands for: the same one after a crash, so that its answer
/// is one entry however often it is begun.
pub fn turn_id(job: JobId, generation: u64) -> TurnId {
    TurnId(Uuid::from_u128(job.0.as_u128() ^ u128::from(generation)))
}

/// What makes a run's answer one entry: whole or interrupted, whoever writes first.
pub fn turn_client_id(turn: TurnId) -> ClientId {
    ClientId::of_turn(turn)
}

/// The honest sentence of an engine that does not know, in the asker's language.
pub fn apology(asked: &str) -> &'static str {
    if language(asked) == "zh" {
        "抱歉，这个问题我还答不上来。您可以换个说法再问，或者点“转人工”，由客服为您解答。"
    } else {
        "Sorry, I do not know the answer to that. You can ask in other words, or talk to a person."
    }
}

/// The sentence between an engine that could not answer and the next one's answer.
pub fn another_answers(asked: &str) -> &'static str {
    match language(asked) {
        "zh" => "刚才的助手没能答上来，换一位助手为您解答：\n\n",
        _ => "The first assistant could not answer; here is what another one says:\n\n",
    }
}

/// The sentence with which a conversation goes to a person because no engine answered.
pub fn handing_over(asked: &str) -> &'static str {
    match language(asked) {
        "zh" => "抱歉，智能助手暂时没能答上来，已为您转接人工客服，请稍候。",
        _ => "Sorry, the assistant cannot answer right now. A person will take over; please wait a moment.",
    }
}

/// The sentence with which a conversation goes to a person because enough was asked of engines.
pub fn too_many(asked: &str) -> &'static str {
    match language(asked) {
        "zh" => "智能助手能回答的次数已用完，已为您转接人工客服，请稍候。",
        _ => "The assistant has answered as much as it may for now. A person will take over; please wait a moment.",
    }
}

/// The language that a text is taken for: `zh` as soon as it has a Chinese character, otherwise `en`.
pub fn language(text: &str) -> &'static str {
    if text.chars().any(is_han) { "zh" } else { "en" }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AccountId, ConversationId, Draft, Event, File, FileId, Log, MessageId, TenantId, VisitorId};

    fn log(said: impl IntoIterator<Item = (Author, Content)>) -> Vec<Entry> {
        said.into_iter().zip(1..).map(|((author, content), seq)| entry(seq, author, content)).collect()
    }

    fn entry(seq: u64, author: Author, content: Content) -> Entry {
        let id = Uuid::from_u128(1);
        let draft = Draft { id: MessageId(id), client_id: None, author, content, at: 0 };
        Entry { tenant: TenantId(id), conversation: ConversationId(id), log: Log::Public, seq, draft }
    }

    fn asks(text: &str) -> (Author, Content) {
        (Author::Visitor(VisitorId(Uuid::from_u128(2))), Content::Text(text.into()))
    }

    fn sends_a_file(author: Author) -> (Author, Content) {
        let id = FileId(Uuid::from_u128(8));
        (author, Content::File(File { id, name: "cup.png".into(), size: 9, kind: "image/png".into(), pixels: None }))
    }

    fn words(log: &[Entry]) -> Option<Question> {
        match question(log) {
            Asked::Question(question) => Some(question),
            Asked::Nothing | Asked::OnlyFiles { .. } => None,
        }
    }

    fn answers(asked: u64) -> (Author, Content) {
        let turn = TurnId(Uuid::from_u128(5));
        let (text, sources) = ("seven days".into(), Vec::new());
        let content = Content::Answer { text, sources, turn, asked, interrupted: false, offers_human: false };
        (Author::Engine("knowledge".into()), content)
    }

    #[test]
    fn the_question_is_all_that_was_asked_since_the_last_answer() {
        let agent = (Author::Agent(AccountId(Uuid::from_u128(3))), Content::Text("hello".into()));
        let event = (Author::System, Content::Event(Event::GivenBack));
        let asked = words(&log([asks("a"), agent, asks("b"), event, asks("c")])).expect("somebody waits");
        assert_eq!((asked.text.as_str(), asked.asked), ("b\nc", 5));
        assert_eq!(asked.history.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["a", "hello"]);
    }

    #[test]
    fn an_answered_or_empty_log_asks_nothing() {
        assert_eq!(question(&[]), Asked::Nothing);
        assert_eq!(question(&log([asks("a"), answers(1)])), Asked::Nothing);
    }

    #[test]
    fn what_was_asked_during_an_answer_is_still_asked() {
        let asked = words(&log([asks("a"), asks("b"), answers(1)])).expect("b is open");
        assert_eq!((asked.text.as_str(), asked.asked), ("b", 2));
        assert_eq!(question(&log([asks("a"), asks("b"), answers(1), answers(2)])), Asked::Nothing);
    }

    #[test]
    fn a_file_is_no_words_of_a_question_and_alone_it_asks_no_engine() {
        let (visitor, agent) = (asks("").0, Author::Agent(AccountId(Uuid::from_u128(3))));
        let file = || sends_a_file(visitor.clone());
        assert_eq!(question(&log([file()])), Asked::OnlyFiles { asked: 1 });
        assert_eq!(question(&log([asks("a"), answers(1), file(), file()])), Asked::OnlyFiles { asked: 4 });
        let both = words(&log([file(), asks("is it broken"), file()])).expect("it says something");
        assert_eq!((both.text.as_str(), both.asked, both.history), ("is it broken", 3, Vec::new()));
        assert_eq!(question(&log([file(), sends_a_file(agent)])), Asked::Nothing, "an agent answered with a file");
    }

    #[test]
    fn each_generation_of_a_job_is_a_run_of_its_own() {
        let job = JobId(Uuid::from_u128(77));
        assert_eq!(turn_id(job, 2), turn_id(job, 2));
        assert_ne!(turn_id(job, 2), turn_id(job, 3));
    }

    #[test]
    fn the_apology_is_in_the_askers_language() {
        assert!(apology("你们几点下班 today").starts_with("抱歉"));
        assert!(apology("when do you close").starts_with("Sorry"));
    }
}
