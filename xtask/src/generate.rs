//! Files that are made from the code. Each is held by a test that compares it; told to update, the
//! same test writes it, so that there is one source and nothing to keep in step.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Tests that write files: package, target, and the names they begin with.
const WRITERS: [(&str, &[&str], &str); 7] = [
    ("macaw-http", &["--lib"], "api::document::tests::the_committed_document_is_what_the_code_says"),
    ("macaw-http", &["--lib"], "problem::"),
    ("macaw-wire", &["--test", "it"], "replay::the_committed_frames_are_what_the_types_say"),
    ("macaw-wire", &["--test", "it"], "stories::"),
    ("macaw-server", &["--test", "it"], "transcripts::"),
    ("macaw-server", &["--test", "it"], "answers::"),
    ("macaw-server", &["--test", "it"], "authorisation::"),
];

/// Runs every generator, in an order in which each finds what it reads.
pub(crate) fn all(root: &Path) -> Result<()> {
    for (package, target, tests) in WRITERS {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--quiet", "--package", package]).args(target).args(["--", tests]).env("UPDATE", "1");
        cargo.env("INSTA_UPDATE", "always");
        run(&mut cargo, root)?;
    }
    run(Command::new("bash").args(["scripts/web.sh", "--install"]), root)?;
    run(Command::new("npm").args(["run", "--silent", "generate"]), &root.join("web"))
}

fn run(command: &mut Command, root: &Path) -> Result<()> {
    let words = format!("{command:?}");
    let ended = command.current_dir(root).status().with_context(|| format!("start {words}"))?;
    ensure!(ended.success(), "{words} failed with {ended}");
    Ok(())
}
