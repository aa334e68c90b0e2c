//! docs/gofly-faults.md: a row for each fault, each with a status.
//!
//! The last cell of a row is `test:` with checks that exist (see [`super::table`]), `later:` with the work that
//! brings it, or `pending:` with the test to be written. Pending rows are noted, not failed.

use super::table::{Row, rows, wrong_checks};
use super::{Finding, Tree};

const PAGE: &str = "docs/gofly-faults.md";
const FAULTS: usize = 53;
/// The list that the page follows has no such numbers.
const NOT_USED: [usize; 2] = [28, 29];

/// Each fault has one row, and each row a status that is true.
pub(super) fn every_fault_has_a_status(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.find(PAGE) else {
        return vec![Finding::new(PAGE, "is missing")];
    };
    let table = rows(page);
    let mut findings = Vec::new();
    for number in (1..=FAULTS).filter(|number| !NOT_USED.contains(number)) {
        let name = format!("T{number}");
        match table.iter().filter(|row| row.first() == name).collect::<Vec<_>>()[..] {
            [row] => findings.extend(
                wrong_status(tree, row)
                    .into_iter()
                    .map(|words| Finding::at(PAGE, row.line, format!("{name}: {words}"))),
            ),
            [] => findings.push(Finding::new(PAGE, format!("{name} has no row"))),
            _ => findings.push(Finding::new(PAGE, format!("{name} has more than one row"))),
        }
    }
    findings
}

/// Faults whose test is still to be written.
pub(super) fn pending(tree: &Tree) -> Vec<Finding> {
    let page = tree.find(PAGE).unwrap_or_default();
    let names: Vec<String> =
        rows(page).iter().filter(|row| row.last().starts_with("pending:")).map(|row| row.first().to_owned()).collect();
    if names.is_empty() {
        Vec::new()
    } else {
        vec![Finding::new(PAGE, format!("{} pending: {}", names.len(), names.join(" ")))]
    }
}

fn wrong_status(tree: &Tree, row: &Row) -> Vec<String> {
    let Some((kind, rest)) = row.last().split_once(':') else {
        return vec!["has no status; write test:, later: or pending:".to_owned()];
    };
    match kind {
        "test" if !rest.contains("::") => vec!["names no test; write `path::name`".to_owned()],
        "test" => wrong_checks(tree, rest),
        "later" | "pending" if !rest.trim().is_empty() => Vec::new(),
        "later" | "pending" => vec![format!("{kind}: says nothing")],
        _ => vec![format!("{kind} is no status; write test:, later: or pending:")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(first: &str) -> String {
        let rest: String = (2..=FAULTS).map(|n| format!("| T{n} | fault | how | later: the cluster |\n")).collect();
        format!("| T1 | fault | how | {first} |\n{rest}")
    }

    fn found(first: &str) -> Vec<String> {
        let tree = Tree::of(&[("a.rs", "fn one() {}"), (PAGE, &page(first))]);
        every_fault_has_a_status(&tree).into_iter().map(|finding| finding.words).collect()
    }

    #[test]
    fn a_status_must_be_true() {
        for good in ["test: `a.rs::one`", "later: tickets", "pending: one is to be written"] {
            assert_eq!(found(good), [""; 0], "{good}");
        }
        assert_eq!(found("test: `a.rs::gone`"), ["T1: a.rs has no gone"]);
        assert_eq!(found("test: `a.rs`"), ["T1: names no test; write `path::name`"]);
        assert_eq!(found("done"), ["T1: has no status; write test:, later: or pending:"]);
        assert_eq!(found("fixed: yes"), ["T1: fixed is no status; write test:, later: or pending:"]);
        assert_eq!(found("later:"), ["T1: later: says nothing"]);
    }

    #[test]
    fn a_missing_row_a_second_row_and_a_missing_page_are_found() {
        let twice = format!("{}| T2 | x | y | later: z |\n", page("later: x").replace("| T53 ", "| T54 "));
        let findings = every_fault_has_a_status(&Tree::of(&[(PAGE, &twice)]));
        let words: Vec<&str> = findings.iter().map(|finding| finding.words.as_str()).collect();
        assert_eq!(words, ["T2 has more than one row", "T53 has no row"]);
        assert_eq!(every_fault_has_a_status(&Tree::of(&[])).len(), 1);
    }

    #[test]
    fn pending_rows_are_noted() {
        let notes = pending(&Tree::of(&[(PAGE, &page("pending: soon"))]));
        assert_eq!(notes, [Finding::new(PAGE, "1 pending: T1")]);
        assert_eq!(pending(&Tree::of(&[(PAGE, &page("later: x"))])), []);
    }
}
