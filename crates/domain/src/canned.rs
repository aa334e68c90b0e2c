//! Replies that agents write beforehand and put into their messages with a few keys.

use crate::{AccountId, CannedId, Millis, TenantId};

/// The longest folder or title, in characters.
const MAX_NAME: usize = 60;
/// The longest text, in characters: it must fit one message in any language.
const MAX_TEXT: usize = 5_000;

/// What a canned reply says. Names in double braces, such as `{{visitor}}`, are filled in where it
/// is put into a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedDraft {
    /// Where it is kept; empty for no folder.
    pub folder: String,
    /// What it is found by.
    pub title: String,
    /// What is put into the message.
    pub text: String,
}

/// A reply written beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReply {
    /// Its id.
    pub id: CannedId,
    /// Whose.
    pub tenant: TenantId,
    /// The one agent who has it; `None` for everybody of the tenant.
    pub owner: Option<AccountId>,
    /// What it says.
    pub draft: CannedDraft,
    /// When it was written last.
    pub updated_at: Millis,
}

/// Why a text is no canned reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CannedError {
    /// Too long.
    #[error("folder: at most {MAX_NAME} characters")]
    Folder,
    /// Blank or too long.
    #[error("title: 1 to {MAX_NAME} characters")]
    Title,
    /// Blank or too long.
    #[error("text: 1 to {MAX_TEXT} characters")]
    Text,
    /// A character that databases and browsers treat differently.
    #[error("the text holds a NUL character")]
    Nul,
}

impl CannedDraft {
    /// Trims and checks the bounds.
    pub fn checked(self) -> Result<Self, CannedError> {
        let [folder, title, text] = [self.folder, self.title, self.text].map(|text| text.trim().to_owned());
        if folder.chars().count() > MAX_NAME {
            return Err(CannedError::Folder);
        }
        if !(1..=MAX_NAME).contains(&title.chars().count()) {
            return Err(CannedError::Title);
        }
        if !(1..=MAX_TEXT).contains(&text.chars().count()) {
            return Err(CannedError::Text);
        }
        if [&folder, &title, &text].iter().any(|text| text.contains('\0')) {
            return Err(CannedError::Nul);
        }
        Ok(Self { folder, title, text })
    }
}

impl CannedReply {
    /// Whether this agent finds it.
    pub fn is_seen_by(&self, agent: AccountId) -> bool {
        self.owner.is_none_or(|owner| owner == agent)
    }

    /// Whether this agent may change it: the own ones, and as a manager those of the team.
    pub fn is_changed_by(&self, agent: AccountId, may_manage: bool) -> bool {
        self.owner.map_or(may_manage, |owner| owner == agent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn draft(folder: &str, title: &str, text: &str) -> CannedDraft {
        CannedDraft { folder: folder.into(), title: title.into(), text: text.into() }
    }

    #[test]
    fn texts_are_trimmed_and_a_folder_may_be_missing() {
        assert_eq!(draft(" ", " 问候 ", "您好 {{visitor}}\n").checked(), Ok(draft("", "问候", "您好 {{visitor}}")));
    }

    #[test]
    fn what_is_blank_or_too_long_is_refused_by_name() {
        let long = "长".repeat(MAX_TEXT + 1);
        let name = "长".repeat(MAX_NAME + 1);
        assert_eq!(draft(&name, "t", "x").checked(), Err(CannedError::Folder));
        assert_eq!(draft("", " ", "x").checked(), Err(CannedError::Title));
        assert_eq!(draft("", &name, "x").checked(), Err(CannedError::Title));
        assert_eq!(draft("", "t", " ").checked(), Err(CannedError::Text));
        assert_eq!(draft("", "t", &long).checked(), Err(CannedError::Text));
        assert_eq!(draft("", "t\0", "x").checked(), Err(CannedError::Nul));
    }

    #[test]
    fn the_teams_are_changed_by_managers_and_the_own_by_their_owner_alone() {
        let [one, two] = [1, 2].map(|n| AccountId(Uuid::from_u128(n)));
        let id = Uuid::from_u128(3);
        let own = CannedReply {
            id: CannedId(id),
            tenant: TenantId(id),
            owner: Some(one),
            draft: draft("", "t", "x"),
            updated_at: 1,
        };
        let team = CannedReply { owner: None, ..own.clone() };
        assert!(own.is_seen_by(one) && own.is_changed_by(one, false));
        assert!(!own.is_seen_by(two) && !own.is_changed_by(two, true));
        assert!(team.is_seen_by(two) && team.is_changed_by(two, true) && !team.is_changed_by(two, false));
    }
}
