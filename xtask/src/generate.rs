//! Files that are made from the code. Each is held by a test that compares it; told to update, the
//! same test writes it, so that there is one source and nothing to keep in step.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// The test that writes a file: package and name.
const WRITERS: [(&str, &str); 1] =
    [("macaw-http", "api::document::tests::the_committed_document_is_what_the_code_says")];

/// Runs every generator, in an order in which each finds what it reads.
pub(crate) fn all(root: &Path) -> Result<()> {
    for (package, test) in WRITERS {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--quiet", "--package", package, "--lib", "--", "--exact", test]).env("UPDATE", "1");
        run(&mut cargo, root)?;
    }
    Ok(())
}

fn run(command: &mut Command, root: &Path) -> Result<()> {
    let words = format!("{command:?}");
    let ended = command.current_dir(root).status().with_context(|| format!("start {words}"))?;
    ensure!(ended.success(), "{words} failed with {ended}");
    Ok(())
}
