//! Many rules at once.

use super::{Facts, Needs, Pattern, Place, Route, RouteBounds, RouteFileError, RouteWarning, Rule, file, yaml};
use aho_corasick::AhoCorasick;
use std::collections::HashMap;

/// Rules that are tried on every question, before it is a matter worth a warning.
pub(super) const MOST_TRIED: usize = 50;

/// The rules of a file, ready to be asked.
#[derive(Debug, Default)]
pub struct Routes {
    pub(super) rules: Vec<Rule>,
    pub(super) default: Option<Route>,
    /// Finds the words of all rules.
    words: Option<AhoCorasick>,
    /// Which rules need a word.
    needing: Vec<Vec<u32>>,
    /// Rules that need no word, in their order.
    tried: Vec<u32>,
}

/// Where a question goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Routed<'a> {
    /// The rule, from 0; `None` when it is the default of the file.
    pub index: Option<usize>,
    /// The rule's name.
    pub name: Option<&'a str>,
    /// Who is asked.
    pub route: &'a Route,
    /// Why this rule, for people.
    pub why: String,
}

impl Routes {
    /// Reads the installation's file.
    pub fn read(text: &str) -> Result<Self, RouteFileError> {
        Self::read_within(text, &RouteBounds::FILE)
    }

    /// Reads what a tenant wrote; nothing at all is no rule.
    pub fn read_of_tenant(text: &str) -> Result<Self, RouteFileError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        Self::read_within(text, &RouteBounds::TENANT)
    }

    fn read_within(text: &str, bounds: &RouteBounds) -> Result<Self, RouteFileError> {
        let routes = Self::build(file::read(text, bounds)?)?;
        match routes.slow() {
            Some(RouteWarning { place, message }) if bounds.tried <= MOST_TRIED => Err(yaml::error(place, message)),
            _ => Ok(routes),
        }
    }

    fn build((rules, default): (Vec<Rule>, Option<Route>)) -> Result<Self, RouteFileError> {
        let (mut words, mut needing, mut known) = (Vec::new(), Vec::<Vec<u32>>::new(), HashMap::new());
        let mut tried = Vec::new();
        for (rule, index) in rules.iter().zip(0u32..) {
            match rule.pattern.as_ref().map(|pattern| &pattern.needs) {
                Some(Needs::JustOneOf(all) | Needs::OneOf(all)) => {
                    for word in all {
                        let id = *known.entry(word.clone()).or_insert_with(|| {
                            words.push(word.clone());
                            needing.push(Vec::new());
                            words.len() - 1
                        });
                        needing.get_mut(id).into_iter().for_each(|rules| rules.push(index));
                    }
                }
                Some(Needs::Nothing | Needs::Unknown) | None => tried.push(index),
            }
        }
        let too_many = |error: aho_corasick::BuildError| {
            yaml::error(Place { line: 1, column: 1 }, format!("the patterns are too many: {error}"))
        };
        let words = (!words.is_empty()).then(|| AhoCorasick::new(&words)).transpose().map_err(too_many)?;
        Ok(Self { rules, default, words, needing, tried })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The first rule that matches, or the default of the file.
    pub fn route(&self, facts: &Facts<'_>) -> Option<Routed<'_>> {
        let candidates = self.candidates(facts.text);
        let first = candidates.into_iter().find_map(|index| {
            let rule = self.rules.get(index)?;
            (matches(rule.pattern.as_ref(), facts.text) && rule.conditions.unmet(facts).is_none())
                .then_some((index, rule))
        });
        if let Some((index, rule)) = first {
            let why = why(rule, facts.text);
            return Some(Routed { index: Some(index), name: rule.name.as_deref(), route: &rule.route, why });
        }
        let default = self.default.as_ref()?;
        Some(Routed {
            index: None,
            name: None,
            route: default,
            why: "no rule matches; this is the default of the file".to_owned(),
        })
    }

    /// The rules that may match, in their order.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let mut found: Vec<u32> = self.tried.clone();
        if let Some(words) = &self.words {
            let mut seen = vec![0u64; self.needing.len().div_ceil(64)];
            for hit in words.find_overlapping_iter(text) {
                let id = hit.pattern().as_usize();
                let Some(bits) = seen.get_mut(id / 64) else { continue };
                if *bits & (1 << (id % 64)) == 0 {
                    *bits |= 1 << (id % 64);
                    found.extend(self.needing.get(id).into_iter().flatten());
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|index| usize::try_from(index).ok()).collect()
    }

    /// That many rules are tried on every question.
    pub(super) fn slow(&self) -> Option<RouteWarning> {
        let unknown = |index: &&u32| {
            let rule = usize::try_from(**index).ok().and_then(|index| self.rules.get(index));
            rule.and_then(|rule| rule.pattern.as_ref()).is_some_and(|pattern| pattern.needs == Needs::Unknown)
        };
        let all: Vec<&u32> = self.tried.iter().filter(unknown).collect();
        let place = usize::try_from(**all.get(MOST_TRIED)?).ok().and_then(|index| self.rules.get(index))?.place;
        let message = format!(
            "{} patterns hold no word that they need, and are tried on every question; more than {MOST_TRIED} make each one slow",
            all.len()
        );
        Some(RouteWarning { place, message })
    }
}

/// Whether a pattern matches a text in which one of its words was found.
fn matches(pattern: Option<&Pattern>, text: &str) -> bool {
    pattern.and_then(|pattern| pattern.regex.as_ref()).is_none_or(|regex| regex.is_match(text))
}

fn why(rule: &Rule, text: &str) -> String {
    let Some(pattern) = &rule.pattern else { return "its conditions hold".to_owned() };
    let word = match &pattern.needs {
        Needs::JustOneOf(words) | Needs::OneOf(words) => words.iter().find_map(|word| {
            let word = std::str::from_utf8(word).ok()?;
            text.contains(word).then(|| format!(" by the word {word:?}"))
        }),
        Needs::Nothing | Needs::Unknown => None,
    };
    format!("the pattern {:?} matches{}", pattern.text, word.unwrap_or_default())
}
