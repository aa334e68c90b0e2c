//! ARCHITECTURE.md against the tree: an unchecked map rots.
//!
//! Its section "Invariants" is a table: number, invariant, what holds it. The last cell names checks
//! (see [`super::table`]), or says `later: which work brings it`.

use super::table::{Row, in_code, rows, wrong_checks};
use super::{Finding, Tree};

const MAP: &str = "ARCHITECTURE.md";
/// Pages that send the reader to files: the map and the recipes.
const GUIDES: [&str; 2] = [MAP, "docs/extend.md"];
const INVARIANTS: usize = 12;
const LATER: &str = "later: ";
/// Where paths of the tree begin; anything else in back-ticks is not a path.
const ROOTS: [&str; 9] = ["crates/", "web/", "docs/", "config/", "xtask/", "e2e/", "scripts/", "deploy/", ".ci/"];

/// Nobody finds what is not on the map.
pub(super) fn every_crate_is_on_the_map(tree: &Tree) -> Vec<Finding> {
    let Some(map) = tree.find(MAP) else {
        return vec![Finding::new(MAP, "is missing")];
    };
    let on_map =
        |name: &&str| [format!("crates/{name}`"), format!("crates/{name}/")].iter().any(|path| map.contains(path));
    tree.crates()
        .into_iter()
        .filter(|name| !on_map(name))
        .map(|name| Finding::new(MAP, format!("does not mention `crates/{name}`")))
        .collect()
}

/// Nobody should look for what is gone, or not there yet.
pub(super) fn every_path_exists(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = |page| tree.find(page).unwrap_or_default().lines().enumerate().map(move |(at, line)| (page, at, line));
    for (page, at, line) in GUIDES.into_iter().flat_map(lines) {
        for code in in_code(line).filter(|code| ROOTS.iter().any(|root| code.starts_with(root))) {
            let path = code.split("::").next().unwrap_or(code);
            let is_pattern = path.contains(['*', '<', '{', ' ']);
            if !is_pattern && !tree.has(path) {
                findings.push(Finding::at(page, at + 1, format!("there is no {path}")));
            }
        }
    }
    findings
}

/// An invariant without a check is a wish.
pub(super) fn every_invariant_is_held(tree: &Tree) -> Vec<Finding> {
    let table = invariants(tree);
    let mut findings = Vec::new();
    // That there is no map at all is said once, by the first rule.
    for number in (1..=INVARIANTS).filter(|_| tree.has(MAP)) {
        match table.iter().filter(|row| row.first() == number.to_string()).collect::<Vec<_>>()[..] {
            [row] => findings.extend(wrong_row(tree, row)),
            [] => findings.push(Finding::new(MAP, format!("invariant {number} has no row"))),
            _ => findings.push(Finding::new(MAP, format!("invariant {number} has more than one row"))),
        }
    }
    findings
}

/// Invariants that a later work will hold.
pub(super) fn open_invariants(tree: &Tree) -> Vec<Finding> {
    let open = |row: &&Row| row.last().starts_with(LATER);
    invariants(tree)
        .iter()
        .filter(open)
        .map(|row| Finding::at(MAP, row.line, format!("invariant {}: {}", row.first(), row.last())))
        .collect()
}

fn wrong_row(tree: &Tree, row: &Row) -> Vec<Finding> {
    if row.last().strip_prefix(LATER).is_some_and(|work| !work.trim().is_empty()) {
        return Vec::new();
    }
    let wrong = wrong_checks(tree, row.last());
    wrong.into_iter().map(|words| Finding::at(MAP, row.line, format!("invariant {}: {words}", row.first()))).collect()
}

/// The rows under the heading "Invariants", up to the next heading.
fn invariants(tree: &Tree) -> Vec<Row> {
    let map = tree.find(MAP).unwrap_or_default();
    let heading = |line: &str| line.starts_with('#');
    let mut lines = map.lines().enumerate();
    let start = lines.find(|(_, line)| heading(line) && line.contains("Invariants")).map(|(at, _)| at + 1);
    let Some(start) = start else { return Vec::new() };
    let end = lines.find(|(_, line)| heading(line)).map_or(usize::MAX, |(at, _)| at);
    rows(map).into_iter().filter(|row| (start..end).contains(&(row.line - 1))).collect()
}

/// Pages link to files that are there.
pub(super) fn links_lead_somewhere(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| file.path.ends_with(".md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (at, line) in file.text.lines().enumerate() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let target = target.split('#').next().unwrap_or_default();
                let elsewhere =
                    target.is_empty() || target.contains(':') || target.starts_with('/') || target.contains(' ');
                if !elsewhere && !tree.has(&resolve(folder, target)) {
                    findings.push(Finding::at(&file.path, at + 1, format!("the link to {target} leads nowhere")));
                }
            }
        }
    }
    findings
}

fn resolve<'a>(folder: &'a str, target: &'a str) -> String {
    let mut path: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATE: (&str, &str) = ("crates/store/Cargo.toml", "");

    fn words(findings: Vec<Finding>) -> Vec<String> {
        findings.into_iter().map(|finding| finding.words).collect()
    }

    #[test]
    fn a_crate_off_the_map_and_a_missing_map_are_found() {
        assert_eq!(words(every_crate_is_on_the_map(&Tree::of(&[CRATE]))), ["is missing"]);
        let tree = Tree::of(&[CRATE, (MAP, "the `crates/stores`")]);
        assert_eq!(words(every_crate_is_on_the_map(&tree)), ["does not mention `crates/store`"]);
        assert_eq!(every_crate_is_on_the_map(&Tree::of(&[CRATE, (MAP, "`crates/store`: rows")])), []);
    }

    #[test]
    fn a_path_that_is_gone_is_found() {
        let tree =
            Tree::of(&[CRATE, (MAP, "`crates/store` and `crates/*/src`\n`crates/cluster`, `web/dist/x.js`, `cargo`")]);
        assert_eq!(words(every_path_exists(&tree)), ["there is no crates/cluster", "there is no web/dist/x.js"]);
        let recipes = Tree::of(&[("docs/extend.md", "write `crates/http/src/x.rs`")]);
        assert_eq!(words(every_path_exists(&recipes)), ["there is no crates/http/src/x.rs"]);
    }

    #[test]
    fn each_invariant_needs_one_row_with_checks_that_exist() {
        let rows: String = (3..=12).map(|n| format!("| {n} | kept | later: the cluster |\n")).collect();
        let page = format!(
            "## Invariants\n| | | |\n|---|---|---|\n| 1 | kept | `a.rs::one` |\n{rows}\n## Next\n| 2 | no | later: x |\n"
        );
        let tree = Tree::of(&[("a.rs", "fn one() {}"), (MAP, &page)]);
        assert_eq!(words(every_invariant_is_held(&tree)), ["invariant 2 has no row"]);
        assert_eq!(open_invariants(&tree).len(), 10);
        let bad = page.replace("a.rs::one", "a.rs::gone").replace("later: the cluster", "later: ");
        let found = words(every_invariant_is_held(&Tree::of(&[("a.rs", "fn one() {}"), (MAP, &bad)])));
        assert_eq!(found.len(), 12);
        assert_eq!(found[0], "invariant 1: a.rs has no gone");
    }

    #[test]
    fn a_dead_link_is_found() {
        let tree = Tree::of(&[
            ("docs/guide/a.md", "[b](../b.md#top) [c](c.md) [d](https://e.org) [f](#g)"),
            ("docs/b.md", ""),
        ]);
        assert_eq!(words(links_lead_somewhere(&tree)), ["the link to c.md leads nowhere"]);
    }
}
