//! Personal data stays here: before a question leaves, phone numbers, identity and bank cards, e-mail addresses and
//! keys are replaced by stand-ins, the same one for the same value; in the answer they are put back.

use macaw_domain::Question;
use regex::Regex;
use std::sync::LazyLock;

/// What a value must hold besides its shape.
type Holds = fn(&str) -> bool;

/// A pattern of this file; a test reads them all.
fn of(kind: &'static str, pattern: &str, holds: Holds) -> Option<(&'static str, Regex, Holds)> {
    Regex::new(pattern).ok().map(|regex| (kind, regex, holds))
}

/// In this order: the more special first.
static KINDS: LazyLock<Vec<(&str, Regex, Holds)>> = LazyLock::new(|| {
    [
        of("email", r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", |_| true),
        of("key", r"(?:sk|pk|rk|pat|app|ghp|gho|xox[bp]|AKIA|AIza|fastgpt)[-_]?[A-Za-z0-9_-]{16,}", is_key),
        of("id", r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx]", |_| true),
        of("card", r"[3-6]\d(?:[ -]?\d){13,17}", is_card),
        of("phone", r"(?:\+|00)\d{1,3}[ -]?\d(?:[ -]?\d){6,12}", |_| true),
        of("phone", r"1[3-9]\d(?:[ -]?\d){8}", |_| true),
        of("phone", r"0\d{2,3}[ -]\d{7,8}", |_| true),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// The longest stand-in, in bytes.
const LONGEST: usize = 16;

fn is_key(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit()) && text.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The check digit of bank cards.
fn is_card(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let doubled = |(place, digit): (usize, &u32)| match (place % 2 == 1, *digit) {
        (true, digit) if digit > 4 => digit * 2 - 9,
        (true, digit) => digit * 2,
        (false, digit) => digit,
    };
    digits.len() >= 15 && digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// What was replaced, for one question.
#[derive(Debug, Default)]
pub(crate) struct Masked {
    /// Stand-in and value.
    pairs: Vec<(String, String)>,
}

impl Masked {
    /// Replaces what is personal in a question and in what was said before.
    pub(crate) fn question(question: &mut Question) -> Self {
        let mut masked = Self::default();
        for said in &mut question.history {
            said.text = masked.text(&said.text);
        }
        question.text = masked.text(&question.text);
        masked
    }

    fn text(&mut self, text: &str) -> String {
        let mut text = text.to_owned();
        for (kind, regex, holds) in KINDS.iter() {
            let mut out = String::with_capacity(text.len());
            let mut last = 0;
            for found in regex.find_iter(&text) {
                // A number inside a longer one is neither, nor is a key inside a word.
                let inside = |c: Option<char>| match *kind {
                    "email" => false,
                    "key" => c.is_some_and(|c| c.is_ascii_alphanumeric()),
                    _ => c.is_some_and(|c| c.is_ascii_digit()),
                };
                let before = text.get(..found.start()).and_then(|before| before.chars().next_back());
                let after = text.get(found.end()..).and_then(|after| after.chars().next());
                let whole = !inside(before) && !inside(after);
                if !whole || !holds(found.as_str()) {
                    continue;
                }
                out.push_str(text.get(last..found.start()).unwrap_or_default());
                out.push_str(&self.stand_in(kind, found.as_str()));
                last = found.end();
            }
            out.push_str(text.get(last..).unwrap_or_default());
            text = out;
        }
        text
    }

    fn stand_in(&mut self, kind: &str, value: &str) -> String {
        if let Some((known, _)) = self.pairs.iter().find(|(_, other)| other == value) {
            return known.clone();
        }
        let stand_in = format!("[{kind}-{}]", self.pairs.len() + 1);
        self.pairs.push((stand_in.clone(), value.to_owned()));
        stand_in
    }

    fn restored(&self, text: &str) -> String {
        self.pairs.iter().fold(text.to_owned(), |text, (stand_in, value)| text.replace(stand_in, value))
    }
}

/// Puts values back into an answer that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Restoring {
    masked: Masked,
    /// The beginning of what may become a stand-in.
    held: String,
}

impl Restoring {
    /// For an answer to this question.
    pub(crate) fn new(masked: Masked) -> Self {
        Self { masked, held: String::new() }
    }

    /// What can be shown of the answer now.
    pub(crate) fn push(&mut self, piece: &str) -> String {
        if self.masked.pairs.is_empty() {
            return piece.to_owned();
        }
        self.held.push_str(piece);
        let open = self.held.rfind('[').filter(|at| {
            let rest = self.held.get(*at..).unwrap_or_default();
            !rest.contains(']') && rest.len() < LONGEST
        });
        let rest = self.held.split_off(open.unwrap_or(self.held.len()));
        let shown = std::mem::replace(&mut self.held, rest);
        self.masked.restored(&shown)
    }

    /// What is left when nothing more comes.
    pub(crate) fn end(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// The answer begins anew with this.
    pub(crate) fn replace(&mut self, whole: &str) -> String {
        self.held.clear();
        self.push(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn masked(text: &str) -> (String, Masked) {
        let mut question = Question { text: text.to_owned(), asked: 1, history: Vec::new() };
        let masked = Masked::question(&mut question);
        (question.text, masked)
    }

    #[test]
    fn all_patterns_are_patterns() {
        assert_eq!(KINDS.len(), 7);
    }

    #[test]
    fn what_is_personal_does_not_leave() {
        for (text, kind, value) in [
            ("我的手机是13812345678，打我", "phone", "13812345678"),
            ("call +44 20 7946 0958 please", "phone", "+44 20 7946 0958"),
            ("电话 021-12345678", "phone", "021-12345678"),
            ("138 1234 5678", "phone", "138 1234 5678"),
            ("邮箱zhang.san+a@mail.example.com谢谢", "email", "zhang.san+a@mail.example.com"),
            ("身份证11010519491231002X", "id", "11010519491231002X"),
            ("卡号4111 1111 1111 1111退款", "card", "4111 1111 1111 1111"),
            ("my key sk-abcdef1234567890abcd", "key", "sk-abcdef1234567890abcd"),
        ] {
            let (said, masked) = masked(text);
            assert!(!said.contains(value), "{said}");
            assert!(said.contains(&format!("[{kind}-1]")), "{said}");
            assert_eq!(masked.restored(&said), text);
        }
    }

    #[test]
    fn what_is_not_personal_stays() {
        for text in [
            "订单号20261125001234",
            "型号 A1234567890123",
            "退货要7天",
            "价格 12345.67",
            "sk-not-a-key-at-all-in-words",
            "4111 1111 1111 1112",
        ] {
            assert_eq!(masked(text).0, text);
        }
    }

    #[test]
    fn the_same_value_has_one_stand_in_also_in_what_was_said_before() {
        let said = macaw_domain::Said { by_visitor: true, text: "13812345678".into() };
        let mut question = Question { text: "13812345678和13912345678".into(), asked: 1, history: vec![said] };
        Masked::question(&mut question);
        assert_eq!((question.history[0].text.as_str(), question.text.as_str()), ("[phone-1]", "[phone-1]和[phone-2]"));
    }

    proptest! {
        #[test]
        fn an_answer_is_restored_however_it_is_cut(cuts in prop::collection::vec(1usize..6, 0..12)) {
            let (_, masked) = masked("13812345678 a@b.example");
            let answer = "好的，[email-1] 和 [phone-2] [其他] [phone";
            let (mut restoring, mut shown) = (Restoring::new(masked), String::new());
            let mut rest: Vec<char> = answer.chars().collect();
            for cut in cuts {
                let piece: String = rest.drain(..cut.min(rest.len())).collect();
                shown += &restoring.push(&piece);
            }
            shown += &restoring.push(&rest.into_iter().collect::<String>());
            shown += &restoring.end();
            prop_assert_eq!(shown, "好的，a@b.example 和 13812345678 [其他] [phone");
        }

        #[test]
        fn masking_and_restoring_gives_back_any_text(text in "[0-9a-z@.\\[\\] +-]{0,60}|.{0,40}") {
            let (said, masked) = masked(&text);
            // A stand-in that was written by hand is the one thing that changes.
            prop_assume!(!text.contains("[phone-") && !text.contains("[card-") && !text.contains("[id-"));
            prop_assert_eq!(masked.restored(&said), text);
        }
    }
}
