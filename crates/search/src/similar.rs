//! How near two words are: the same, the same concept, a neighbour, a part of one another.

use crate::analyse::Unit;
use crate::language::is_han;
use crate::lexicon::lexicon;

/// The same concept in other words.
const CONCEPT: f32 = 0.96;
/// One word inside the other.
const INSIDE: f32 = 0.7;
/// Characters shared by words that the vocabulary does not have.
const SHARED: f32 = 0.55;
/// The same, where the vocabulary has both and calls them different.
const DIFFERENT: f32 = 0.4;

/// 1 for the same word, 0 for nothing in common.
pub(crate) fn similar(a: &Unit, b: &Unit) -> f32 {
    if a.text == b.text {
        return 1.0;
    }
    if opposed(a, b) {
        return 0.0;
    }
    concepts(a, b).max(letters(a, b))
}

/// Whether one names what excludes the other.
pub(crate) fn opposed(a: &Unit, b: &Unit) -> bool {
    a.says.iter().filter(|(_, w)| *w == 1.0).any(|(c, _)| {
        let others = lexicon().concept(*c).map_or(&[][..], |c| &c.opposite);
        b.says.iter().any(|(d, w)| *w == 1.0 && others.contains(d))
    })
}

fn concepts(a: &Unit, b: &Unit) -> f32 {
    let mut missing = 1.0;
    for (d, v) in &b.says {
        let best = a.says.iter().map(|(c, w)| w * v * nearness(*c, *d)).fold(0.0, f32::max);
        missing *= 1.0 - best.min(CONCEPT);
    }
    (1.0 - missing).min(CONCEPT)
}

fn nearness(a: u32, b: u32) -> f32 {
    let near = lexicon().concept(a).map_or(&[][..], |c| &c.near);
    near.iter().find(|(c, _)| *c == b).map_or(0.0, |(_, s)| *s)
}

fn letters(a: &Unit, b: &Unit) -> f32 {
    if !a.text.chars().all(is_han) || !b.text.chars().all(is_han) {
        return 0.0;
    }
    let (m, n) = (a.text.chars().count(), b.text.chars().count());
    let both_known = [a, b].iter().all(|u| u.says.iter().any(|(_, w)| *w == 1.0));
    let scale = if both_known { DIFFERENT } else { 1.0 };
    if a.text.contains(&b.text) || b.text.contains(&a.text) {
        let inside = if m.min(n) >= 2 { INSIDE } else { INSIDE * 2.0 / (1.0 + m.max(n) as f32) };
        return inside * scale;
    }
    let both = a.text.chars().filter(|c| b.text.contains(*c)).count() as f32;
    if m.min(n) < 2 { 0.0 } else { SHARED * scale * both / m.max(n) as f32 }
}
