//! No file longer than a reader can hold.

use super::tree::{File, is_test};
use super::{Finding, Tree};

/// Over this a file wants a reason.
const LONG: usize = 400;
/// Over this it fails, tests apart.
const TOO_LONG: usize = 800;
const KINDS: [&str; 4] = [".rs", ".ts", ".tsx", ".vue"];

/// Files that must be cut.
pub(super) fn too_long(tree: &Tree) -> Vec<Finding> {
    counted(tree).filter(|(_, lines)| *lines > TOO_LONG).map(|(file, lines)| tell(file, lines, TOO_LONG)).collect()
}

/// Files that should have a reason.
pub(super) fn long(tree: &Tree) -> Vec<Finding> {
    let between = |lines: &usize| *lines > LONG && *lines <= TOO_LONG;
    counted(tree).filter(|(_, lines)| between(lines)).map(|(file, lines)| tell(file, lines, LONG)).collect()
}

fn tell(file: &File, lines: usize, most: usize) -> Finding {
    Finding::new(&*file.path, format!("{lines} lines, over {most}"))
}

fn counted(tree: &Tree) -> impl Iterator<Item = (&File, usize)> {
    tree.files()
        .filter(|file| KINDS.iter().any(|kind| file.path.ends_with(kind)) && !is_test(&file.path))
        .filter(|file| !file.text.lines().take(3).any(|line| line.contains("@generated")))
        .map(|file| (file, file.text.lines().count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_800_fails_over_400_is_noted_and_tests_are_apart() {
        let (long_text, huge) = ("x\n".repeat(401), "x\n".repeat(801));
        let generated = format!("// @generated\n{huge}");
        let tree = Tree::of(&[
            ("a.rs", &huge),
            ("b.vue", &long_text),
            ("c.ts", "x\n"),
            ("crates/a/tests/d.rs", &huge),
            ("e.ts", &generated),
            ("f.json", &huge),
        ]);
        assert_eq!(too_long(&tree), [Finding::new("a.rs", "801 lines, over 800")]);
        assert_eq!(long(&tree), [Finding::new("b.vue", "401 lines, over 400")]);
    }
}
