//! What visitors think of a conversation that has ended.

use crate::{ClientId, ConversationId, Event, Millis, Owner, SiteId, VisitorId};

/// The longest comment, in characters.
pub const MOST_COMMENT_CHARS: usize = 1_000;

/// Why something is no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RatingError {
    /// Out of its range.
    #[error("score: 1 to 5")]
    Score,
    /// Too long, or a character that databases and browsers treat differently.
    #[error("comment: at most 1000 characters, and no NUL")]
    Comment,
}

/// What happened: the visitor rated the conversation with 1 to 5, the best. Blank comments are none.
pub fn rated(score: u8, comment: &str) -> Result<Event, RatingError> {
    if !(1..=5).contains(&score) {
        return Err(RatingError::Score);
    }
    let comment = comment.trim();
    if comment.chars().count() > MOST_COMMENT_CHARS || comment.contains('\0') {
        return Err(RatingError::Comment);
    }
    Ok(Event::Rated { score, comment: (!comment.is_empty()).then(|| comment.to_owned()) })
}

/// What makes one closing rated once, however often that is sent. `closing` is the owner epoch of the closed
/// conversation, which no other closing has.
pub fn rating_client_id(closing: u64) -> ClientId {
    ClientId::of_rating(closing)
}

/// A rating, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Which of its closings.
    pub closing: u64,
    /// Where it began.
    pub site: SiteId,
    /// Who rated.
    pub visitor: VisitorId,
    /// Who had it last.
    pub owner: Owner,
    /// 1 to 5, the best.
    pub score: u8,
    /// In the visitor's words.
    pub comment: Option<String>,
    /// When.
    pub at: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_one_to_five_with_a_short_comment_or_none() {
        assert_eq!(rated(5, " 很好 "), Ok(Event::Rated { score: 5, comment: Some("很好".into()) }));
        assert_eq!(rated(1, " \n"), Ok(Event::Rated { score: 1, comment: None }));
        assert_eq!([rated(0, ""), rated(6, "")], [Err(RatingError::Score), Err(RatingError::Score)]);
        assert!(rated(3, &"好".repeat(1_000)).is_ok());
        for bad in ["好".repeat(1_001), "a\0b".to_owned()] {
            assert_eq!(rated(3, &bad), Err(RatingError::Comment));
        }
    }
}
