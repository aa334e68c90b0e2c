//! Marks that agents put on conversations.

use crate::{TagId, TenantId};

/// The longest name, in characters.
const MAX_NAME: usize = 30;
/// Tags of one conversation.
pub const MOST_TAGS: usize = 10;

/// The colours of tags: names of the workbench's own pairs, light and dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagColour {
    /// Calm, for what is only sorted.
    Grey,
    /// As replies and actions.
    Blue,
    /// As what is well.
    Green,
    /// As notes.
    Gold,
    /// As what calls.
    Scarlet,
}

impl TagColour {
    const ALL: [Self; 5] = [Self::Grey, Self::Blue, Self::Green, Self::Gold, Self::Scarlet];

    /// The stable word, in the store and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grey => "grey",
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Gold => "gold",
            Self::Scarlet => "scarlet",
        }
    }

    /// The value of a stable word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.as_str() == word)
    }
}

/// What a tag looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagDraft {
    /// What people read; unique in its tenant.
    pub name: String,
    /// Its colour.
    pub colour: TagColour,
}

/// A tag of a tenant's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Whose.
    pub tenant: TenantId,
    /// What it looks like.
    pub draft: TagDraft,
}

/// Why a text is no name of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("name: 1 to {MAX_NAME} characters, in one line")]
pub struct TagError;

impl TagDraft {
    /// Trims and checks the bounds.
    pub fn checked(self) -> Result<Self, TagError> {
        let name = self.name.trim().to_owned();
        let fits = (1..=MAX_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if fits { Ok(Self { name, ..self }) } else { Err(TagError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_in_one_line() {
        let draft = |name: &str| TagDraft { name: name.into(), colour: TagColour::Gold };
        assert_eq!(draft(" 退款 ").checked(), Ok(draft("退款")));
        for bad in ["", "  ", "a\nb", &"长".repeat(MAX_NAME + 1)] {
            assert_eq!(draft(bad).checked(), Err(TagError), "{bad:?}");
        }
    }

    #[test]
    fn every_colour_is_its_word() {
        for colour in TagColour::ALL {
            assert_eq!(TagColour::parse(colour.as_str()), Some(colour));
        }
        assert_eq!(TagColour::parse("mauve"), None);
    }
}
