//! Rules about Rust source: no blunt endings outside tests, no SQL outside the store.

use super::tree::{File, is_test};
use super::{Finding, Tree};

const BLUNT: [&str; 4] = [".unwrap()", ".unwrap_err()", "todo!", "unimplemented!"];

/// Rust must say why it cannot fail, or handle that it does.
pub(super) fn blunt_endings(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in product(tree) {
        let code = without_tests(&parts(&file.text).code);
        for (line, text) in code.lines().enumerate() {
            for blunt in BLUNT.iter().filter(|blunt| text.contains(**blunt)) {
                findings.push(Finding::at(&file.path, line + 1, format!("{blunt} outside tests")));
            }
        }
    }
    findings
}

/// SQL text lives in `store`.
pub(super) fn sql_outside_the_store(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let ours = |file: &&File| file.path.starts_with("crates/") && !file.path.starts_with("crates/store/");
    for file in tree.files().filter(ours) {
        if file.path.ends_with(".sql") {
            findings.push(Finding::new(&*file.path, "SQL lives in crates/store"));
        }
        if !file.path.ends_with(".rs") {
            continue;
        }
        for (line, _) in parts(&file.text).strings.iter().filter(|(_, string)| is_sql(string)) {
            findings.push(Finding::at(&file.path, *line, "SQL outside crates/store"));
        }
    }
    findings
}

fn product(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files().filter(|file| file.path.ends_with(".rs") && !is_test(&file.path))
}

/// Statements, not words: "select an agent" is prose.
fn is_sql(string: &str) -> bool {
    let text = string.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let both = |start: &str, later: &str| text.starts_with(start) && text.contains(later);
    both("select ", " from ")
        || both("update ", " set ")
        || both("with ", " select ")
        || both("insert ", " into ")
        || [
            "delete from ",
            "create table ",
            "create index ",
            "create unique index ",
            "alter table ",
            "drop table ",
            "pragma ",
        ]
        .iter()
        .any(|start| text.starts_with(start))
}

/// Source taken apart. `code` has spaces where comments and the inside of strings were, so lines and columns stay.
struct SourceParts {
    code: String,
    /// Each string with the line that it starts on.
    strings: Vec<(usize, String)>,
}

fn parts(source: &str) -> SourceParts {
    let mut parts = SourceParts { code: String::with_capacity(source.len()), strings: Vec::new() };
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let piece = next_piece(rest, parts.code.chars().next_back());
        let (text, after) = rest.split_at(piece.length.max(first.len_utf8()));
        match piece.kind {
            Kind::Code => parts.code.push_str(text),
            Kind::Comment => blank(text, &mut parts.code),
            Kind::Text => {
                parts.strings.push((line, text.trim_start_matches(['b', 'r', '#', '"']).to_owned()));
                blank(text, &mut parts.code);
            }
        }
        line += text.matches('\n').count();
        rest = after;
    }
    parts
}

enum Kind {
    Code,
    Comment,
    Text,
}

struct Piece {
    kind: Kind,
    length: usize,
}

fn next_piece(rest: &str, before: Option<char>) -> Piece {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return Piece { kind: Kind::Comment, length: rest.find('\n').unwrap_or(rest.len()) };
    }
    if rest.starts_with("/*") {
        return Piece { kind: Kind::Comment, length: block_comment(rest) };
    }
    if let (false, Some(length)) = (in_word, raw_string(rest)) {
        return Piece { kind: Kind::Text, length };
    }
    if rest.starts_with('"') {
        return Piece { kind: Kind::Text, length: quoted(rest, '"') };
    }
    if let Some(length) = character(rest) {
        return Piece { kind: Kind::Comment, length };
    }
    Piece { kind: Kind::Code, length: 1 }
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let here = rest.as_bytes().get(at..at + 2);
        match here {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r'))?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let start = rest.len() - body.len() + hashes;
    let inside = rest.get(start..)?.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(inside.find(&end).map_or(rest.len(), |at| start + 1 + at + end.len()))
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A character such as `'"'`; `None` for a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    if inside.starts_with('\\') {
        return Some(quoted(rest, '\''));
    }
    let c = inside.chars().next()?;
    inside.get(c.len_utf8()..)?.starts_with('\'').then_some(2 + c.len_utf8())
}

fn blank(text: &str, code: &mut String) {
    code.extend(text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
}

/// Blanks what follows `#[cfg(test)]`: a block up to its closing brace, or an item up to its semicolon.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        let (before, tests) = rest.split_at(at);
        kept.push_str(before);
        let (tests, after) = tests.split_at(item_length(tests));
        blank(tests, &mut kept);
        rest = after;
    }
    kept + rest
}

fn item_length(item: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in item.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    item.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blunt(source: &str) -> Vec<Finding> {
        blunt_endings(&Tree::of(&[("crates/a/src/a.rs", source)]))
    }

    #[test]
    fn an_unwrap_outside_tests_is_found_with_its_line() {
        assert_eq!(
            blunt("fn a() {\n    b().unwrap();\n}\n"),
            [Finding::at("crates/a/src/a.rs", 2, ".unwrap() outside tests")]
        );
        assert_eq!(blunt("fn a() { todo!() }").len(), 1);
    }

    #[test]
    fn tests_comments_and_strings_may_say_it() {
        let source = "// .unwrap()\nconst A: &str = \".unwrap() todo!\";\n/* todo! /* x */ todo! */\n\
                      const B: &str = r#\"a \" todo!\"#;\nconst C: char = '\"';\nfn f<'a>(x: &'a str) {}\n\
                      #[cfg(test)]\nmod tests {\n    fn a() { { b().unwrap(); } }\n}\n";
        assert_eq!(blunt(source), []);
        assert_eq!(blunt_endings(&Tree::of(&[("crates/a/tests/a.rs", "fn a() { b().unwrap(); }")])), []);
    }

    #[test]
    fn code_after_tests_and_after_odd_quotes_is_still_seen() {
        assert_eq!(blunt("#[cfg(test)]\nmod tests { fn a() {} }\nfn b() { c().unwrap(); }").len(), 1);
        assert_eq!(blunt("#[cfg(test)]\nmod a_tests;\nfn b() { c().unwrap(); }").len(), 1);
        assert_eq!(blunt("const A: char = '\\'';\nfn b() { c(\"\\\"\").unwrap(); }").len(), 1);
    }

    #[test]
    fn statements_outside_the_store_are_found_and_prose_is_not() {
        let source = "fn a() {\n  q(\"select id\\n from account\");\n  say(\"select an agent\");\n  q(r\"  UPDATE a SET b = 1\");\n}";
        let found = sql_outside_the_store(&Tree::of(&[("crates/app/src/a.rs", source)]));
        assert_eq!(
            found.iter().map(|finding| finding.place.as_str()).collect::<Vec<_>>(),
            ["crates/app/src/a.rs:2", "crates/app/src/a.rs:4"]
        );
        assert_eq!(sql_outside_the_store(&Tree::of(&[("crates/store/src/a.rs", source)])), []);
        assert_eq!(sql_outside_the_store(&Tree::of(&[("crates/http/a.sql", "")])).len(), 1);
    }
}
