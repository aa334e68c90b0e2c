//! Entries of a tenant's knowledge base, and what may become one.

use crate::{KnowledgeId, Millis, TenantId};

/// The longest question or alternative, in characters.
const MAX_QUESTION: usize = 300;
/// The longest answer, in characters: it must fit one message in any language.
const MAX_ANSWER: usize = 5_000;
/// Other ways to ask one question.
const MAX_ALTERNATIVES: usize = 50;

/// A question, other ways to ask it, and the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeDraft {
    /// As people read it.
    pub question: String,
    /// Other ways to ask it.
    pub alternatives: Vec<String>,
    /// What a visitor is told.
    pub answer: String,
    /// Whether it may answer.
    pub enabled: bool,
}

/// An entry of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeEntry {
    /// Its id.
    pub id: KnowledgeId,
    /// Whose.
    pub tenant: TenantId,
    /// What it says.
    pub draft: KnowledgeDraft,
    /// When it was written last.
    pub updated_at: Millis,
}

/// Why a text is no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KnowledgeError {
    /// Blank or too long.
    #[error("question: 1 to {MAX_QUESTION} characters")]
    Question,
    /// Too many, blank or too long.
    #[error("alternatives: at most {MAX_ALTERNATIVES}, each 1 to {MAX_QUESTION} characters")]
    Alternatives,
    /// Blank or too long.
    #[error("answer: 1 to {MAX_ANSWER} characters")]
    Answer,
    /// A character that databases and browsers treat differently.
    #[error("the text holds a NUL character")]
    Nul,
}

impl KnowledgeDraft {
    /// Trims, drops alternatives that repeat another one, and checks the bounds.
    pub fn checked(self) -> Result<Self, KnowledgeError> {
        let question = self.question.trim().to_owned();
        let answer = self.answer.trim().to_owned();
        let mut alternatives: Vec<String> = Vec::new();
        for text in self.alternatives.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            if text != question && !alternatives.iter().any(|known| known == text) {
                alternatives.push(text.to_owned());
            }
        }
        let fits = |text: &str, most: usize| !text.is_empty() && text.chars().count() <= most;
        if !fits(&question, MAX_QUESTION) {
            return Err(KnowledgeError::Question);
        }
        if alternatives.len() > MAX_ALTERNATIVES || !alternatives.iter().all(|text| fits(text, MAX_QUESTION)) {
            return Err(KnowledgeError::Alternatives);
        }
        if !fits(&answer, MAX_ANSWER) {
            return Err(KnowledgeError::Answer);
        }
        if [&question, &answer].into_iter().chain(&alternatives).any(|text| text.contains('\0')) {
            return Err(KnowledgeError::Nul);
        }
        Ok(Self { question, alternatives, answer, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(question: &str, alternatives: &[&str], answer: &str) -> KnowledgeDraft {
        KnowledgeDraft {
            question: question.into(),
            alternatives: alternatives.iter().map(|a| (*a).to_owned()).collect(),
            answer: answer.into(),
            enabled: true,
        }
    }

    #[test]
    fn texts_are_trimmed_and_repeats_dropped() {
        let checked = draft(" 怎么退货 ", &["退货流程", "", "退货流程 ", "怎么退货"], " 七天内。\n").checked();
        assert_eq!(checked, Ok(draft("怎么退货", &["退货流程"], "七天内。")));
    }

    #[test]
    fn what_is_blank_or_too_long_is_refused_by_name() {
        let long = "x".repeat(MAX_ANSWER + 1);
        assert_eq!(draft(" ", &[], "a").checked(), Err(KnowledgeError::Question));
        assert_eq!(draft("q", &[], "").checked(), Err(KnowledgeError::Answer));
        assert_eq!(draft("q", &[], &long).checked(), Err(KnowledgeError::Answer));
        assert_eq!(draft("q", &[&long], "a").checked(), Err(KnowledgeError::Alternatives));
        assert_eq!(draft("q", &["a\0"], "a").checked(), Err(KnowledgeError::Nul));
    }
}
