//! What is seen of a question and an entry: how well they cover one another, and what speaks against it.

use std::collections::HashSet;

use crate::analyse::{Analysis, Unit};
use crate::lexicon::{Class, ConceptId, lexicon};
use crate::model::{FEATURES, Features, SENSED, WORDS};
use crate::sense::Sense;
use crate::tenant::{Phrase, Prepared, Tells, Tenant};

/// Found in another phrase of the same entry.
const ELSEWHERE: f32 = 0.9;
/// Found in the answer only.
const ANSWER: f32 = 0.55;
/// From here on a word counts as covered.
const COVERED: f32 = 0.5;

/// A question, compared with every word of the tenant once.
pub(crate) struct Asked<'a> {
    pub(crate) analysis: &'a Analysis,
    /// Per unit: how near each of the tenant's terms is, and the unit's weight.
    pub(crate) rows: Vec<(Vec<f32>, f32)>,
    /// Per unit: whether the tenant's knowledge has anything near it; the others speak for no entry.
    pub(crate) near: Vec<bool>,
    /// What it means, where the build has a model of sentences.
    pub(crate) sense: Option<Sense>,
}

/// The part of a question that is looked at: these clauses.
pub(crate) type Part = (usize, usize);

/// Per unit of the question: covered by the phrase, by any phrase of the entry, by the answer.
struct Cover {
    phrase: f32,
    entry: f32,
    answer: f32,
}

impl Asked<'_> {
    fn inside(&self, part: Part) -> impl Iterator<Item = (usize, &Unit)> {
        let units = self.analysis.units.iter().enumerate();
        units.filter(move |(_, u)| part.0 <= u.clause && u.clause < part.1)
    }

    fn best(&self, unit: usize, terms: &[u32]) -> f32 {
        let Some((row, _)) = self.rows.get(unit) else { return 0.0 };
        terms.iter().filter_map(|t| row.get(*t as usize)).copied().fold(0.0, f32::max)
    }

    fn weight(&self, unit: usize) -> f32 {
        self.rows.get(unit).map_or(0.0, |(_, w)| *w)
    }

    fn is_near(&self, unit: usize) -> bool {
        self.near.get(unit).copied().unwrap_or(false)
    }

    /// The weight of the question's words that are near one of `terms`.
    pub(crate) fn shared(&self, terms: &[u32]) -> f32 {
        let best = |row: &[f32]| terms.iter().filter_map(|t| row.get(*t as usize)).copied().fold(0.0, f32::max);
        self.rows.iter().map(|(row, weight)| (best(row), weight)).filter(|(b, _)| *b > 0.3).map(|(b, w)| b * w).sum()
    }

    /// The weight of what is near and of what is not, of all units.
    pub(crate) fn mass(&self) -> (f32, f32) {
        let all = (0..self.rows.len()).map(|u| (self.is_near(u), self.weight(u)));
        all.fold((0.0, 0.0), |(a, b), (near, w)| if near { (a + w, b) } else { (a, b + w) })
    }
}

/// One phrase of one entry, beside the others of the entry.
struct Candidate<'a> {
    phrase: &'a Phrase,
    siblings: Vec<&'a Phrase>,
    entry: &'a Prepared,
}

impl Candidate<'_> {
    fn cover(&self, asked: &Asked<'_>, unit: usize) -> Cover {
        let here = asked.best(unit, &self.phrase.terms);
        let near = self.siblings.iter().map(|p| asked.best(unit, &p.terms)).fold(0.0, f32::max) * ELSEWHERE;
        let answer = asked.best(unit, &self.entry.answer) * ANSWER;
        Cover { phrase: here, entry: here.max(near).max(answer), answer }
    }
}

/// What the words of a part of the question come to.
#[derive(Default)]
struct Sums {
    all: f32,
    by_phrase: f32,
    by_entry: f32,
    by_answer: f32,
    /// The heaviest word, and how well it is covered.
    focus: (f32, f32),
    content: f32,
    open: f32,
    worst: f32,
    stray: f32,
}

impl Sums {
    fn of(asked: &Asked<'_>, part: Part, candidate: &Candidate<'_>) -> Self {
        let mut sums = Self::default();
        for (place, unit) in asked.inside(part) {
            let weight = asked.weight(place);
            if !asked.is_near(place) {
                sums.stray += weight;
                continue;
            }
            let cover = candidate.cover(asked, place);
            sums.all += weight;
            sums.by_entry += weight * cover.entry;
            sums.by_phrase += weight * cover.phrase;
            sums.by_answer += weight * (cover.answer - cover.phrase).max(0.0);
            if matches!(unit.class, Class::Content | Class::Thing) && weight > 0.9 {
                sums.content += 1.0;
                sums.open += f32::from(u8::from(cover.entry < COVERED));
                sums.worst = sums.worst.max(weight * (1.0 - cover.entry));
            }
            if weight > sums.focus.0 {
                sums.focus = (weight, cover.entry);
            }
        }
        sums
    }
}

fn share(a: f32, b: f32) -> f32 {
    if b > 0.0 { a / b } else { 0.0 }
}

/// The share of the phrase that the question covers, and the heaviest word that it does not.
fn back(asked: &Asked<'_>, part: Part, tenant: &Tenant, phrase: &Phrase) -> (f32, f32) {
    let (mut wanted, mut given, mut missing) = (0.0, 0.0, 0.0_f32);
    for term in &phrase.terms {
        let weight = tenant.weights.get(*term as usize).copied().unwrap_or(0.0);
        let best = asked.inside(part).map(|(u, _)| asked.best(u, &[*term])).fold(0.0, f32::max);
        wanted += weight;
        given += weight * best;
        missing = missing.max(weight * (1.0 - best));
    }
    (share(given, wanted), missing)
}

/// Scores one phrase of one entry against a part of a question; `skip` is a phrase that is left out.
pub(crate) fn features(
    asked: &Asked<'_>,
    part: Part,
    tenant: &Tenant,
    phrase: &Phrase,
    skip: Option<usize>,
) -> Features {
    let entry = &tenant.entries[phrase.entry];
    let siblings = entry.phrases.iter().filter(|p| Some(**p) != skip).map(|p| &tenant.phrases[*p]).collect();
    let candidate = Candidate { phrase, siblings, entry };
    let sums = Sums::of(asked, part, &candidate);
    let whole = Sums::of(asked, (0, usize::MAX), &candidate);
    let (back, missing) = back(asked, part, tenant, phrase);
    let cov = share(sums.by_phrase, sums.all);
    let (agree, clash) = intents(asked.analysis, part, &phrase.intents);
    let own = || asked.analysis.intents.iter().filter(move |(_, c)| part.0 <= *c && *c < part.1).map(|(c, _)| *c);
    let theirs = || candidate.siblings.iter().flat_map(|p| &p.intents).copied();
    let told = own().map(|c| told(c, entry.tells)).fold(0.0, |a: f32, b| if b.abs() > a.abs() { b } else { a });
    let flag = |is: bool| f32::from(u8::from(is));
    let mut seen: Features = [0.0; FEATURES];
    seen[..12].copy_from_slice(&[
        1.0,
        cov,
        share(sums.by_entry, sums.all),
        back,
        dice(&asked.analysis.grams, &phrase.grams),
        agree,
        clash,
        flag(contrast(asked, part, tenant, phrase, &candidate.siblings)),
        sums.worst / 4.0,
        missing / 4.0,
        (1.0 + sums.by_entry).ln(),
        flag(!phrase.text.is_empty() && asked.analysis.text == phrase.text),
    ]);
    // Place 12 is the language, which the caller knows.
    seen[13..WORDS].copy_from_slice(&[
        share(whole.by_entry, whole.all),
        sums.focus.1,
        share(sums.by_answer, sums.all),
        flag(sums.content < 1.5),
        sums.open / 4.0,
        cov * back,
        share(sums.stray, sums.all + sums.stray),
        (1.0 + sums.stray).ln(),
        unmet(phrase.intents.iter().copied(), own),
        unmet(own(), theirs),
        told,
        share(sums.all, whole.all),
    ]);
    let at = seen.len() - SENSED;
    seen[at..].copy_from_slice(&sensed(asked, part, phrase, entry));
    seen
}

/// How near the phrase, its entry and the answer are in meaning; nothing without a model.
fn sensed(asked: &Asked<'_>, part: Part, phrase: &Phrase, entry: &Prepared) -> [f32; SENSED] {
    let Some(sense) = &asked.sense else { return [0.0; SENSED] };
    let Some(near) = sense.near(phrase.entry) else { return [0.0; SENSED] };
    [
        sense.alike(part, phrase.meaning.as_ref()),
        sense.alike(part, entry.meaning.as_ref()),
        sense.phrases.stands_out(near.phrase),
        sense.answers.stands_out(near.answer),
        sense.phrases.lead(near.phrase),
        sense.answers.lead(near.answer),
    ]
}

/// Whether the two ask in the same way, and whether they ask differently.
fn intents(asked: &Analysis, part: Part, other: &[ConceptId]) -> (f32, f32) {
    let own = asked.intents.iter().filter(|(_, clause)| part.0 <= *clause && *clause < part.1);
    let best = own.map(|(c, _)| {
        let near = lexicon().concept(*c).map_or(&[][..], |c| &c.near);
        other.iter().map(|o| near.iter().find(|(n, _)| n == o).map_or(0.0, |(_, s)| *s)).fold(0.0, f32::max)
    });
    let best: Vec<f32> = best.collect();
    if best.is_empty() || other.is_empty() {
        return (0.0, 0.0);
    }
    let top = best.into_iter().fold(0.0, f32::max);
    (top, f32::from(u8::from(top < 0.3)))
}

/// Ways of asking that set entries apart; how, can I and what do not.
fn is_specific(intent: ConceptId) -> bool {
    let name = lexicon().concept(intent).map_or("", |c| c.name.as_str());
    !matches!(name, "怎么" | "可以" | "有没有" | "哪些" | "是什么意思")
}

/// Whether one side asks in a specific way that the other does not.
fn unmet<I: Iterator<Item = ConceptId>>(of: impl Iterator<Item = ConceptId>, by: impl Fn() -> I) -> f32 {
    let met = |c: ConceptId| {
        let near = lexicon().concept(c).map_or(&[][..], |c| &c.near);
        by().any(|o| near.iter().any(|(n, _)| *n == o))
    };
    let mut specific = of.filter(|c| is_specific(*c)).peekable();
    if specific.peek().is_none() { 0.0 } else { f32::from(u8::from(!specific.any(met))) }
}

/// 1 where the answer holds the kind of fact that is asked for, -1 where it does not.
fn told(intent: ConceptId, tells: Tells) -> f32 {
    let holds = match lexicon().concept(intent).map_or("", |c| c.name.as_str()) {
        "多少钱" => tells.money,
        "多久" | "什么时候" => tells.time,
        _ => return 0.0,
    };
    if holds { 1.0 } else { -1.0 }
}

/// Whether one side names one of two exclusive things, and the other side only the other.
fn contrast(asked: &Asked<'_>, part: Part, tenant: &Tenant, phrase: &Phrase, siblings: &[&Phrase]) -> bool {
    let own = |concept: ConceptId| asked.inside(part).any(|(_, u)| says(u, concept));
    let term = |t: &u32| tenant.terms.get(*t as usize);
    let theirs = |concept: ConceptId| {
        let all = siblings.iter().copied().chain([phrase]).flat_map(|p| &p.terms);
        all.filter_map(term).any(|u| says(u, concept))
    };
    phrase.terms.iter().filter_map(term).flat_map(|u| &u.says).filter(|(_, w)| *w == 1.0).any(|(concept, _)| {
        let others = lexicon().concept(*concept).map_or(&[][..], |c| &c.opposite);
        others.iter().any(|o| own(*o) && !own(*concept) && !theirs(*o))
    })
}

fn says(unit: &Unit, concept: ConceptId) -> bool {
    unit.says.iter().any(|(c, w)| *c == concept && *w == 1.0)
}

fn dice(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    let both = a.iter().filter(|g| b.contains(*g)).count() as f32;
    if both == 0.0 { 0.0 } else { 2.0 * both / (a.len() + b.len()) as f32 }
}
