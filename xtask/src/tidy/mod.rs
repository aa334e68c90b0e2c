//! Rules that no compiler checks. Each is a function from the files to what is wrong with them.

mod direction;
mod faults;
mod map;
mod rust;
mod sizes;
mod table;
mod tree;
mod words;

pub(crate) use tree::Tree;

use std::fmt;

/// Something that is wrong, or worth a look.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// File, and line where there is one.
    place: String,
    words: String,
}

impl Finding {
    fn new(place: impl Into<String>, words: impl Into<String>) -> Self {
        Self { place: place.into(), words: words.into() }
    }

    fn at(path: &str, line: usize, words: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), words)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.words)
    }
}

/// Findings fail, notes do not.
pub(crate) struct Report {
    pub(crate) findings: Vec<Finding>,
    notes: Vec<Finding>,
    files: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for finding in &self.findings {
            writeln!(f, "error: {finding}")?;
        }
        writeln!(f, "tidy: {} files, {} errors, {} notes", self.files, self.findings.len(), self.notes.len())
    }
}

/// Applies every rule.
pub(crate) fn check(tree: &Tree) -> Report {
    let rules: [fn(&Tree) -> Vec<Finding>; 12] = [
        direction::walls,
        direction::vendors,
        sizes::too_long,
        rust::blunt_endings,
        rust::sql_outside_the_store,
        words::machine_paths,
        words::download_addresses,
        map::every_crate_is_on_the_map,
        map::every_path_exists,
        map::every_invariant_is_held,
        map::links_lead_somewhere,
        faults::every_fault_has_a_status,
    ];
    let notes: [fn(&Tree) -> Vec<Finding>; 3] = [sizes::long, map::open_invariants, faults::pending];
    Report {
        findings: rules.iter().flat_map(|rule| rule(tree)).collect(),
        notes: notes.iter().flat_map(|rule| rule(tree)).collect(),
        files: tree.files().count(),
    }
}
