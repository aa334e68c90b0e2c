//! What an engine tells about itself.

/// What an engine can do beyond answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Abilities {
    /// Its answer comes in parts.
    pub streams: bool,
    /// It thinks aloud.
    pub reasoning: bool,
    /// It says where an answer is taken from.
    pub references: bool,
    /// It says what might be asked next.
    pub suggestions: bool,
    /// It says what a run cost.
    pub usage: bool,
    /// It keeps the conversation itself; others are sent what was said before.
    pub remembers: bool,
    /// A run that is given up is stopped there by a call of its own, not only by hanging up.
    pub stops: bool,
    /// Questions leave this installation.
    pub outside: bool,
}

/// What an engine is, for people. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The kind, such as `dify`.
    pub kind: &'static str,
    /// The host it is asked at; empty for one that is built in.
    pub host: String,
    /// What else identifies it there: a model, a bot. May be empty.
    pub target: String,
    /// What it can do.
    pub abilities: Abilities,
    /// Personal data is replaced by stand-ins before a question goes there.
    pub masks: bool,
    /// Questions of one tenant that may be at it at once.
    pub at_once: usize,
    /// Tokens that one tenant may use a day; 0 for as many as it likes.
    pub tokens_per_day: u64,
}

impl Profile {
    /// A built-in engine of this kind.
    pub fn built_in(kind: &'static str, abilities: Abilities) -> Self {
        let (host, target) = (String::new(), String::new());
        Self { kind, host, target, abilities, masks: false, at_once: usize::MAX, tokens_per_day: 0 }
    }
}
