//! `macaw ai …`: asks engines and looks at routes from a terminal.

mod ask;
mod seek;

pub(super) use seek::Seek;

use clap::{Args, Subcommand};
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct AiArgs {
    #[command(subcommand)]
    command: AiCommand,
}

#[derive(Subcommand)]
enum AiCommand {
    /// Ask an engine and show its answer while it comes.
    Ask(ask::AskArgs),
}

pub(crate) fn run(args: &AiArgs) -> ExitCode {
    match &args.command {
        AiCommand::Ask(args) => ask::run(args),
    }
}
