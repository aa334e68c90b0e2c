//! `macaw ai …`: asks engines and looks at routes from a terminal.

mod ask;
mod eval;
mod route;
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
    /// Ask a set of questions: how many an engine gets right, how long it takes, how it fails.
    Eval(eval::EvalArgs),
    /// Show which rule of a routing file a question meets, and why.
    Route(route::RouteArgs),
}

pub(crate) fn run(args: &AiArgs) -> ExitCode {
    match &args.command {
        AiCommand::Ask(args) => ask::run(args),
        AiCommand::Eval(args) => eval::run(args),
        AiCommand::Route(args) => route::run(args),
    }
}
