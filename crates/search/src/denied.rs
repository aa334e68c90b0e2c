//! What a question is said not to be about: `不是要退货，是要换`, `don't want to cancel, just move it`.

use crate::segment::Word;

/// Words that deny what follows them.
const DENY: [&str; 12] =
    ["不是", "不是要", "不是想", "不是问", "并不是", "并非", "不要", "不用", "不想", "先不", "没要", "没想"];
/// Words that turn to what is meant.
const TURN: [&str; 17] = [
    "是", "而是", "就", "就是", "只", "只是", "只想", "就想", "只要", "我是", "是要", "是想", "要", "想", "只问",
    "就问", "改成",
];
const DENY_LATIN: [&str; 6] = ["not", "dont", "don't", "no", "isn't", "never"];
const TURN_LATIN: [&str; 6] = ["just", "but", "only", "rather", "instead", "actually"];

/// For each word whether it is denied; nothing is, unless the question goes on to what is meant.
pub(crate) fn denied(words: &[Word]) -> Vec<bool> {
    let mut marks = vec![false; words.len()];
    let mut from: Option<usize> = None;
    for (at, word) in words.iter().enumerate() {
        match from {
            None if says(word, &DENY, &DENY_LATIN) => from = Some(at),
            // Right after the denial stands what it denies.
            Some(start) if at > start + 1 && says(word, &TURN, &TURN_LATIN) && goes_on(&words[at + 1..]) => {
                marks[start..at].fill(true);
                from = None;
            }
            // A denial reaches no further than the next clause but one.
            Some(start) if words[start..at].iter().filter(|w| is_pause(w)).count() > 1 => from = None,
            _ => {}
        }
    }
    marks
}

fn says(word: &Word, han: &[&str], latin: &[&str]) -> bool {
    match word {
        Word::Han(text) => han.contains(&text.as_str()),
        Word::Latin(text) => latin.contains(&text.as_str()),
        _ => false,
    }
}

fn is_pause(word: &Word) -> bool {
    matches!(word, Word::Gap | Word::Pause)
}

fn goes_on(rest: &[Word]) -> bool {
    rest.iter().any(|w| matches!(w, Word::Han(_) | Word::Latin(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::segment;

    fn denied_words(text: &str) -> Vec<String> {
        let words = segment(text);
        let marks = denied(&words);
        let kept = words.iter().zip(marks).filter(|(_, denied)| *denied);
        kept.filter_map(|(w, _)| if let Word::Han(t) | Word::Latin(t) = w { Some(t.clone()) } else { None }).collect()
    }

    #[test]
    fn what_is_said_not_to_be_meant_is_marked() {
        assert!(denied_words("不是退货 是换货").contains(&"退货".to_owned()));
        assert!(denied_words("dont want to cancel just move it").contains(&"cancel".to_owned()));
    }

    #[test]
    fn a_plain_denial_is_part_of_the_question() {
        assert!(denied_words("不想要了怎么退").is_empty());
        assert!(denied_words("i do not get the code").is_empty());
    }
}
