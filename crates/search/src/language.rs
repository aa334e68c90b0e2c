//! Normalising of raw text: width, case, traditional characters, punctuation.

use unicode_normalization::UnicodeNormalization as _;

/// Full-width folded, traditional made simplified, lower case; every other sign becomes one space.
///
/// Clause marks survive as `\n`, so that a rambling question can be read clause by clause.
pub(crate) fn normalise(text: &str) -> String {
    let folded: String = text.nfkc().collect();
    let simple = simplified(folded);
    let mut out = String::with_capacity(simple.len());
    for c in simple.chars().flat_map(char::to_lowercase) {
        let c = match c {
            '’' => '\'',
            '帐' => '账',
            c => c,
        };
        if c.is_alphanumeric() || c == '\'' {
            out.push(c);
        } else if matches!(c, '。' | ',' | '，' | '、' | '!' | '?' | ';' | '.' | '\n' | '~' | ':') {
            push_once(&mut out, '\n');
        } else {
            push_once(&mut out, ' ');
        }
    }
    out.trim().to_owned()
}

/// Traditional text in simplified characters, and with the words of the mainland; other text as it is.
fn simplified(text: String) -> String {
    if !text.chars().any(is_han) || hanconv::t2s(&text) == text {
        return text;
    }
    hanconv::tw2sp(&text)
}

fn push_once(out: &mut String, gap: char) {
    match out.chars().last() {
        Some('\n') | None => {}
        Some(' ') if gap == '\n' => {
            out.pop();
            out.push(gap);
        }
        Some(' ') => {}
        _ => out.push(gap),
    }
}

/// Whether a character is a Chinese ideograph.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// Whether the text is mainly Chinese: a Han character weighs as much as half an English word.
pub(crate) fn is_chinese(text: &str) -> bool {
    let han = text.chars().filter(|c| is_han(*c)).count();
    let latin = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty()).count();
    han > 0 && han >= latin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_traditional_characters_fold() {
        assert_eq!(normalise("ＲＥＦＵＮＤ　退貨運費？"), "refund 退货运费");
    }

    #[test]
    fn mixed_text_has_the_language_of_its_larger_part() {
        assert!(is_chinese("refund 退款多久"));
        assert!(!is_chinese("how long does 退款 take please"));
    }
}
