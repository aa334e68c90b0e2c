//! What a pattern needs in a text: words that one automaton looks for in all rules at once.
//!
//! Patterns are searched for, so what may be empty at either end of one (`.*` above all) changes nothing. What is
//! left is often a few words and nothing else; then the automaton's finding is already the match.

use regex_syntax::hir::{Class, Hir, HirKind};

/// Words of one pattern; more of them and they are not listed but given up.
const MOST: usize = 64;
/// Characters of a class that are listed.
const MOST_IN_CLASS: usize = 8;

/// What is known of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Needs {
    /// It matches every text.
    Nothing,
    /// It matches exactly the texts that hold one of these.
    JustOneOf(Vec<Vec<u8>>),
    /// It matches only texts that hold one of these, and not all of them.
    OneOf(Vec<Vec<u8>>),
    /// No word is needed: it has to be tried on every text.
    Unknown,
}

/// What a pattern needs.
pub(super) fn needs(pattern: &Hir) -> Needs {
    let Info { exact, required } = of(&core(pattern));
    match (exact, required) {
        (Some(exact), _) if exact.iter().any(Vec::is_empty) => Needs::Nothing,
        (Some(exact), _) => Needs::JustOneOf(exact),
        (None, Some(required)) => Needs::OneOf(required),
        (None, None) => Needs::Unknown,
    }
}

/// The pattern without what may be empty at its ends.
fn core(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min == 0 => Hir::empty(),
        HirKind::Capture(capture) => core(&capture.sub),
        HirKind::Concat(parts) => {
            let optional = |part: &&Hir| matches!(part.kind(), HirKind::Repetition(r) if r.min == 0);
            let from = parts.iter().take_while(optional).count();
            let rest = parts.get(from..).unwrap_or_default();
            let until = rest.len() - rest.iter().rev().take_while(optional).count();
            Hir::concat(rest.get(..until).unwrap_or_default().to_vec())
        }
        _ => hir.clone(),
    }
}

struct Info {
    /// All texts that it can be, if they are few.
    exact: Option<Vec<Vec<u8>>>,
    /// Of these it holds at least one.
    required: Option<Vec<Vec<u8>>>,
}

impl Info {
    fn exact(words: Vec<Vec<u8>>) -> Self {
        let required = (!words.iter().any(Vec::is_empty)).then(|| words.clone());
        Self { exact: Some(words), required }
    }

    fn unknown() -> Self {
        Self { exact: None, required: None }
    }
}

fn of(hir: &Hir) -> Info {
    match hir.kind() {
        HirKind::Empty => Info::exact(vec![Vec::new()]),
        HirKind::Literal(literal) => Info::exact(vec![literal.0.to_vec()]),
        HirKind::Class(class) => listed(class).map_or_else(Info::unknown, Info::exact),
        HirKind::Look(_) => Info::unknown(),
        HirKind::Repetition(repetition) if repetition.min == 0 => Info::unknown(),
        HirKind::Repetition(repetition) => Info { exact: None, required: of(&repetition.sub).required },
        HirKind::Capture(capture) => of(&capture.sub),
        HirKind::Concat(parts) => row(parts),
        HirKind::Alternation(parts) => either(parts),
    }
}

fn listed(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Unicode(class) = class else { return None };
    let count: usize = class.ranges().iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    let of_range = |range: &regex_syntax::hir::ClassUnicodeRange| range.start()..=range.end();
    let bytes = |c: char| c.to_string().into_bytes();
    (1..=MOST_IN_CLASS).contains(&count).then(|| class.ranges().iter().flat_map(of_range).map(bytes).collect())
}

/// Parts in a row: neighbours that are known grow together into longer words.
fn row(parts: &[Hir]) -> Info {
    let mut best: Option<Vec<Vec<u8>>> = None;
    let mut keep = |words: Vec<Vec<u8>>| {
        let worth =
            |words: &[Vec<u8>]| (words.iter().map(Vec::len).min().unwrap_or(0).min(12), usize::MAX - words.len());
        if words.iter().all(|word| !word.is_empty()) && best.as_ref().is_none_or(|best| worth(&words) > worth(best)) {
            best = Some(words);
        }
    };
    let (mut run, mut whole) = (vec![Vec::new()], true);
    for part in parts {
        let Info { exact, required } = of(part);
        match exact {
            Some(exact) if run.len() * exact.len() <= MOST => run = joined(&run, &exact),
            exact => {
                whole = false;
                keep(std::mem::replace(&mut run, exact.unwrap_or_else(|| vec![Vec::new()])));
                if let Some(required) = required {
                    keep(required);
                }
            }
        }
    }
    keep(run.clone());
    Info { exact: whole.then_some(run), required: best }
}

fn joined(run: &[Vec<u8>], next: &[Vec<u8>]) -> Vec<Vec<u8>> {
    run.iter().flat_map(|left| next.iter().map(move |right| [left.as_slice(), right].concat())).collect()
}

fn either(parts: &[Hir]) -> Info {
    let all: Vec<Info> = parts.iter().map(of).collect();
    let union = |words: Vec<Option<Vec<Vec<u8>>>>| {
        let words: Option<Vec<Vec<Vec<u8>>>> = words.into_iter().collect();
        words.map(|words| words.concat()).filter(|words| words.len() <= MOST)
    };
    Info {
        exact: union(all.iter().map(|info| info.exact.clone()).collect()),
        required: union(all.iter().map(|info| info.required.clone()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs_of(pattern: &str) -> Needs {
        needs(&regex_syntax::parse(pattern).expect("a pattern"))
    }

    fn words(words: &[&str]) -> Vec<Vec<u8>> {
        words.iter().map(|word| word.as_bytes().to_vec()).collect()
    }

    #[test]
    fn the_founding_form_is_its_word_and_nothing_else() {
        assert_eq!(needs_of(".*退货.*"), Needs::JustOneOf(words(&["退货"])));
        assert_eq!(needs_of("(.*退货.*)"), Needs::JustOneOf(words(&["退货"])));
        assert_eq!(needs_of("退货|退款"), Needs::JustOneOf(words(&["退货", "退款"])));
        assert_eq!(needs_of(".*(退货|退款)单.*"), Needs::JustOneOf(words(&["退货单", "退款单"])));
        assert_eq!(
            needs_of("(?i)ok"),
            Needs::JustOneOf(words(&["OK", "O\u{212a}", "Ok", "oK", "o\u{212a}", "ok"])).clone_if(needs_of("(?i)ok"))
        );
    }

    impl Needs {
        /// The order of variants is the library's business; that they are all there is ours.
        fn clone_if(self, other: Needs) -> Needs {
            let set = |needs: &Needs| match needs {
                Needs::JustOneOf(words) => words.iter().cloned().collect::<std::collections::BTreeSet<_>>(),
                _ => std::collections::BTreeSet::new(),
            };
            if set(&self) == set(&other) { other } else { self }
        }
    }

    #[test]
    fn the_best_word_of_a_longer_pattern_is_needed() {
        assert_eq!(needs_of("^.*退货"), Needs::OneOf(words(&["退货"])));
        assert_eq!(needs_of("订单\\d+.*发货时间"), Needs::OneOf(words(&["发货时间"])));
        assert_eq!(needs_of("(a|b).+(开发票|invoice)"), Needs::OneOf(words(&["开发票", "invoice"])));
    }

    #[test]
    fn what_needs_no_word_is_known_to_need_none() {
        assert_eq!(needs_of(".*"), Needs::Nothing);
        assert_eq!(needs_of(""), Needs::Nothing);
        assert_eq!(needs_of("a?"), Needs::Nothing);
        assert_eq!(needs_of("\\d{6,}"), Needs::Unknown);
        assert_eq!(needs_of("^$"), Needs::Unknown);
        assert_eq!(needs_of("退货|\\d+"), Needs::Unknown);
    }
}
