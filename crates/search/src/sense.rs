//! How near the entries of a tenant are to a question in meaning.

use crate::score::Part;
use crate::sentences::{Meaning, Sentences};
use crate::tenant::Tenant;

/// How near one entry is to the whole question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Near {
    /// The cosine of its nearest phrase.
    pub(crate) phrase: f32,
    /// The cosine of its answer.
    pub(crate) answer: f32,
}

/// What the cosines of all entries are like, so that one of them can be told from the others.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Spread {
    pub(crate) mean: f32,
    pub(crate) deviation: f32,
    pub(crate) top: f32,
    pub(crate) second: f32,
}

impl Spread {
    fn of(values: impl Iterator<Item = f32> + Clone) -> Self {
        let count = values.clone().count().max(1) as f32;
        let mean = values.clone().sum::<f32>() / count;
        let deviation = (values.clone().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt().max(0.01);
        let (top, second) =
            values.fold((-1.0_f32, -1.0_f32), |(top, second), v| if v > top { (v, top) } else { (top, second.max(v)) });
        Self { mean, deviation, top, second }
    }

    /// By how many deviations a value stands out.
    pub(crate) fn stands_out(&self, value: f32) -> f32 {
        (value - self.mean) / self.deviation
    }

    /// How far the others stay behind a value, or it behind the first of them.
    pub(crate) fn lead(&self, value: f32) -> f32 {
        if value >= self.top { value - self.second } else { value - self.top }
    }
}

/// A question's meaning beside those of the entries.
pub(crate) struct Sense {
    parts: Vec<(Part, Meaning)>,
    /// By place; None for an entry that is left out.
    entries: Vec<Option<Near>>,
    pub(crate) phrases: Spread,
    pub(crate) answers: Spread,
}

impl Sense {
    /// Compares a question, given by its clauses, with every phrase and answer that is not left out. None without a
    /// model of sentences.
    pub(crate) fn new(
        clauses: &[String],
        parts: &[Part],
        tenant: &Tenant,
        is_left_out: impl Fn(usize, Option<usize>) -> bool,
    ) -> Option<Self> {
        let model = Sentences::get()?;
        let texts: Vec<String> = parts
            .iter()
            .map(|(from, to)| clauses[*from.min(&clauses.len())..*to.min(&clauses.len())].join(" "))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let meanings = model.meanings(&texts);
        let whole = meanings.first()?.clone();
        let entries: Vec<Option<Near>> = tenant
            .entries
            .iter()
            .enumerate()
            .map(|(place, entry)| {
                let phrases = entry.phrases.iter().filter(|p| !is_left_out(place, Some(**p)));
                let phrase = phrases.filter_map(|p| tenant.phrases[*p].meaning.as_ref()).map(|m| whole.alike(m));
                let answer = entry.meaning.as_ref().map_or(0.0, |m| whole.alike(m));
                (!is_left_out(place, None)).then_some(Near { phrase: phrase.fold(-1.0, f32::max), answer })
            })
            .collect();
        let all = || entries.iter().flatten();
        let phrases = Spread::of(all().map(|n| n.phrase));
        let answers = Spread::of(all().map(|n| n.answer));
        Some(Self { parts: parts.iter().copied().zip(meanings).collect(), entries, phrases, answers })
    }

    /// How near an entry is to the whole question.
    pub(crate) fn near(&self, place: usize) -> Option<Near> {
        self.entries.get(place).copied().flatten()
    }

    /// The cosine between a part of the question and a phrase or an answer.
    pub(crate) fn alike(&self, part: Part, other: Option<&Meaning>) -> f32 {
        let own = self.parts.iter().find(|(p, _)| *p == part);
        own.zip(other).map_or(0.0, |((_, own), other)| own.alike(other))
    }

    /// The places of the entries that are nearest, at most `most`.
    pub(crate) fn nearest(&self, most: usize) -> Vec<usize> {
        let strength = |near: &Near| near.phrase + 0.5 * near.answer;
        let mut places: Vec<(usize, f32)> =
            self.entries.iter().enumerate().filter_map(|(p, n)| n.as_ref().map(|n| (p, strength(n)))).collect();
        places.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        places.into_iter().take(most).map(|(place, _)| place).collect()
    }
}
