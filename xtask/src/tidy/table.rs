//! Tables in Markdown, and the checks that their cells name.
//!
//! A check is written `` `path` `` or `` `path::name` ``: a file of the repository, and a test or words in it.

use super::Tree;

/// A row that begins and ends with a bar, and the line it is on.
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

impl Row {
    pub(super) fn first(&self) -> &str {
        self.cells.first().map_or("", String::as_str)
    }

    pub(super) fn last(&self) -> &str {
        self.cells.last().map_or("", String::as_str)
    }
}

/// All rows of all tables of a page, heads and rules among them.
pub(super) fn rows(page: &str) -> Vec<Row> {
    let lines = page.lines().map(str::trim).enumerate();
    let bars = lines.filter_map(|(at, line)| Some((at, line.strip_prefix('|')?.strip_suffix('|')?)));
    bars.map(|(at, line)| Row { line: at + 1, cells: cells(line) }).collect()
}

/// A bar inside back-ticks or after a backslash is part of its cell.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut in_code, mut escaped) = (false, false);
    for c in line.chars() {
        match c {
            '|' if !in_code && !escaped => cells.push(String::new()),
            _ => {
                in_code ^= c == '`';
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
        escaped = c == '\\';
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// What stands between back-ticks.
pub(super) fn in_code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What is wrong with the checks that a cell names; it must name one at least.
pub(super) fn wrong_checks(tree: &Tree, cell: &str) -> Vec<String> {
    let checks: Vec<&str> = in_code(cell).collect();
    if checks.is_empty() {
        return vec!["names no check; write `path::name`".to_owned()];
    }
    checks.into_iter().filter_map(|check| wrong(tree, check)).collect()
}

fn wrong(tree: &Tree, check: &str) -> Option<String> {
    let (path, name) = check.split_once("::").map_or((check, None), |(path, name)| (path, Some(name)));
    if !tree.has(path) {
        return Some(format!("there is no {path}"));
    }
    let name = name?;
    let text = tree.find(path).unwrap_or_default();
    let wanted = if path.ends_with(".rs") {
        // `module::name` is fine too; the name is what a reader looks for.
        format!("fn {}(", name.rsplit("::").next().unwrap_or(name))
    } else {
        name.to_owned()
    };
    (!text.contains(&wanted)).then(|| format!("{path} has no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_in_code_do_not_end_a_cell() {
        let page = "text\n| a `x|y` | b \\| c |\n|---|---|\n";
        let rows = rows(page);
        assert_eq!(rows[0].cells, ["a `x|y`", "b \\| c"]);
        assert_eq!((rows[0].line, rows[0].first(), rows[1].last()), (2, "a `x|y`", "---"));
    }

    #[test]
    fn a_check_must_be_there() {
        let tree = Tree::of(&[("a.rs", "fn one() {}\n// two"), ("b.test.ts", "it('keeps order', …)")]);
        assert_eq!(wrong_checks(&tree, "`a.rs::one`, `b.test.ts::keeps order`, `a.rs`"), [""; 0]);
        assert_eq!(wrong_checks(&tree, "`a.rs::two`"), ["a.rs has no two"]);
        assert_eq!(wrong_checks(&tree, "`c.rs::one`"), ["there is no c.rs"]);
        assert_eq!(wrong_checks(&tree, "some day").len(), 1);
    }
}
