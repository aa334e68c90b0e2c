//! Asking for a person: `转人工`, `talk to a human`, in many forms.

use crate::analyse::Analysis;
use crate::lexicon::{Class, ConceptId, lexicon};

/// Whether a person is asked for, and whether nothing else is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Human {
    pub(crate) wanted: bool,
    pub(crate) only: bool,
}

fn concept(name: &str) -> Option<ConceptId> {
    lexicon().get(name).first().copied()
}

/// Reads the question's units: a word for a person with a verb of getting one, or alone.
pub(crate) fn wants_human(asked: &Analysis) -> Human {
    let (person, get, bot) = (concept("人工客服"), concept("转接"), concept("机器人"));
    let says = |wanted: Option<ConceptId>| {
        asked.units.iter().any(|u| wanted.is_some_and(|w| u.says.iter().any(|(c, s)| *c == w && *s == 1.0)))
    };
    let (named, verb, bot) = (says(person), says(get), says(bot));
    let mine =
        |u: &&crate::analyse::Unit| u.says.iter().any(|(c, _)| [person, get, concept("机器人")].contains(&Some(*c)));
    let rest = asked.units.iter().filter(|u| !mine(u));
    let content = rest.clone().filter(|u| matches!(u.class, Class::Content | Class::Thing)).count();
    let asks = asked
        .intents
        .iter()
        .any(|(c, _)| lexicon().concept(*c).is_some_and(|c| !["可以", "有没有"].contains(&c.name.as_str())));
    let wanted = named && (verb || content == 0 || bot) || bot && content == 0;
    Human { wanted, only: wanted && (content == 0 || !asks) }
}
