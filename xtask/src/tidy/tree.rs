//! The files that the rules look at.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// A text file, by its path from the root with forward slashes.
pub(crate) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

/// What git tracks or would track; ignored and binary files are left out, but their paths are known.
pub(crate) struct Tree {
    files: Vec<File>,
    paths: Vec<String>,
}

impl Tree {
    pub(crate) fn of_repository(root: &Path) -> Result<Self> {
        let listed = Command::new("git")
            .current_dir(root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .context("git lists the files")?;
        ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
        let mut tree = Self { files: Vec::new(), paths: Vec::new() };
        for path in String::from_utf8(listed.stdout)?.split_terminator('\0') {
            // Deleted but not yet committed: still listed.
            let Ok(bytes) = std::fs::read(root.join(path)) else { continue };
            tree.paths.push(path.to_owned());
            if let Ok(text) = String::from_utf8(bytes) {
                tree.files.push(File { path: path.to_owned(), text });
            }
        }
        Ok(tree)
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    pub(super) fn find(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }

    /// Whether there is such a file, or a folder with a file in it.
    pub(super) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.paths.iter().any(|known| known == path || known.starts_with(&folder))
    }

    /// The names of the folders in `crates/`.
    pub(super) fn crates(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.paths.iter().filter_map(|path| path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")).collect();
        names.sort_unstable();
        names
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files: Vec<File> =
            files.iter().map(|(path, text)| File { path: (*path).to_owned(), text: (*text).to_owned() }).collect();
        Self { paths: files.iter().map(|file| file.path.clone()).collect(), files }
    }
}

/// Rust that only tests see: it may be blunt.
pub(super) fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folders = ["/tests/", "/testkit/", "/benches/"];
    path.starts_with("e2e/")
        || folders.iter().any(|folder| path.contains(folder))
        || name == "tests.rs"
        || name.ends_with("_tests.rs")
        || name.contains(".test.")
        || name.contains(".spec.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_when_a_file_in_it_is() {
        let tree = Tree::of(&[("crates/store/Cargo.toml", "")]);
        assert!(tree.has("crates/store") && tree.has("crates/store/") && tree.has("crates/store/Cargo.toml"));
        assert!(!tree.has("crates/sto") && !tree.has("crates/http"));
        assert_eq!(tree.crates(), ["store"]);
    }

    #[test]
    fn tests_are_told_from_the_rest() {
        for path in ["crates/a/tests/b.rs", "crates/a/src/b_tests.rs", "crates/app/src/testkit/mod.rs", "web/a.test.ts"]
        {
            assert!(is_test(path), "{path}");
        }
        for path in ["crates/a/src/b.rs", "crates/a/src/attests.rs", "web/latest/a.ts"] {
            assert!(!is_test(path), "{path}");
        }
    }
}
