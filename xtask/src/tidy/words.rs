//! Words that must not be in the repository.

use super::{Finding, Tree};

/// Where somebody's machine keeps things. In two halves, so that this file does not name them.
const MACHINE_PATHS: [(&str, &str); 3] = [("/wo", "rk/"), ("/ro", "ot/"), ("/home/run", "ner/")];

/// Paths of a machine mean nothing on another.
pub(super) fn machine_paths(tree: &Tree) -> Vec<Finding> {
    let words = MACHINE_PATHS.map(|(start, end)| format!("{start}{end}"));
    let mut findings = Vec::new();
    for file in tree.files() {
        for (line, text) in file.text.lines().enumerate() {
            for word in words.iter().filter(|word| names(text, word)) {
                findings.push(Finding::at(&file.path, line + 1, format!("{word} is a path of somebody's machine")));
            }
        }
    }
    findings
}

/// At the start of a path; "framework/" and "a/…/b" in an address are something else.
fn names(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}'))
    })
}

/// A lock file with addresses works only where those addresses are reachable.
pub(super) fn download_addresses(tree: &Tree) -> Vec<Finding> {
    let locks = tree.files().filter(|file| file.path.ends_with("package-lock.json"));
    let mut findings = Vec::new();
    for file in locks {
        let first = file.text.lines().position(|line| line.contains("\"resolved\": \"http"));
        findings
            .extend(first.map(|line| Finding::at(&file.path, line + 1, "holds download addresses; lock without them")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_paths_are_found_in_any_text() {
        let [path, ..] = MACHINE_PATHS.map(|(start, end)| format!("{start}{end}"));
        let tree =
            Tree::of(&[("docs/a.md", &format!("fine\nsee {path}main\n")), ("b.sh", &format!("x=.{path} frame{path}"))]);
        assert_eq!(
            machine_paths(&tree).iter().map(|finding| finding.place.as_str()).collect::<Vec<_>>(),
            ["docs/a.md:2"]
        );
    }

    #[test]
    fn a_lock_file_with_addresses_is_found() {
        let lock = "{\n  \"resolved\": \"https://example.org/a.tgz\"\n}";
        assert_eq!(download_addresses(&Tree::of(&[("web/package-lock.json", lock)])).len(), 1);
        let own = "{ \"resolved\": \"client\" }";
        assert_eq!(download_addresses(&Tree::of(&[("web/package-lock.json", own)])), []);
    }
}
