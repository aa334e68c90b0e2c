//! The binary `macaw`: sub-commands and exit codes.

mod ai;
mod capacity;
mod clock;
mod commands;
mod config;
mod control;
mod data;
mod demo;
mod first_start;
mod listen;
mod routing;
mod serve;
mod store;
mod tls;

use clap::{Args, Parser, Subcommand};
use config::{Config, LogFormat};
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

const EXIT_RUN_TIME: u8 = 1;
const EXIT_USAGE: u8 = 2;
const EXIT_CONFIG: u8 = 3;
const EXIT_DEPENDENCY: u8 = 4;

/// Macaw (金刚鹦鹉): a self-hosted customer-service system.
#[derive(Parser)]
#[command(name = "macaw", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve(Serve),
    /// Check a configuration file and print what is risky.
    CheckConfig(CheckConfig),
    /// Operators, tenants, passwords and sessions.
    Admin(commands::admin::Options),
    /// Copy the data folder, also while a server uses it.
    Backup(commands::backup::Options),
    /// Make a data folder from a backup.
    Restore(commands::restore::Options),
    /// Look for what is wrong, here and on the way to here, and say what to do.
    Doctor(commands::doctor::Options),
    /// Bring the database to this version's schema.
    Migrate(commands::migrate::Options),
    /// Load and truth over the real protocol, against a server of its own on loopback.
    Bench(macaw_bench::BenchArgs),
    /// Import questions and answers, and test how they are found.
    Knowledge(commands::knowledge::KnowledgeArgs),
    /// Ask AI engines from a terminal.
    Ai(commands::ai::AiArgs),
    /// Print version and commit.
    Version {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 takes a free one.
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// The data folder.
    #[arg(long)]
    data: Option<PathBuf>,
    /// A configuration file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Serve a demo shop at /demo.
    #[arg(long)]
    demo: bool,
    /// Write url, site and (on the first start) login and password here, as JSON, once ready.
    #[arg(long)]
    ready_file: Option<PathBuf>,
}

#[derive(Args)]
struct CheckConfig {
    /// A configuration file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    // The one crypto library, also for clients that ask for none. Nobody was here before, so it cannot be taken.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    match Cli::parse().command {
        Command::Serve(args) => run_serve(args),
        Command::CheckConfig(args) => check_config(&args),
        Command::Admin(options) => commands::admin::command(options),
        Command::Backup(options) => commands::backup::command(&options),
        Command::Restore(options) => commands::restore::command(&options),
        Command::Doctor(options) => commands::doctor::command(&options),
        Command::Migrate(options) => commands::migrate::command(&options),
        Command::Bench(args) => bench(&args),
        Command::Knowledge(args) => commands::knowledge::run(&args),
        Command::Ai(args) => commands::ai::run(&args),
        Command::Version { json } => version(json),
    }
}

fn load(file: Option<&std::path::Path>) -> Result<Config, ExitCode> {
    let loaded = config::load(file, std::env::vars());
    loaded.and_then(|config| config::engines_are_there(&config).map(|()| config)).map_err(|error| {
        eprintln!("configuration: {error:#}");
        ExitCode::from(EXIT_CONFIG)
    })
}

fn run_serve(args: Serve) -> ExitCode {
    let mut config = match load(args.config.as_deref()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    config.server.listen = args.listen.unwrap_or(config.server.listen);
    config.server.data = args.data.unwrap_or(config.server.data);
    if let Err(error) = start_log(&config.log) {
        eprintln!("configuration: log.level: {error}");
        return ExitCode::from(EXIT_CONFIG);
    }
    let options = serve::Options { config, demo: args.demo, ready_file: args.ready_file };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let served = match runtime {
        Ok(runtime) => runtime.block_on(serve::serve(options)),
        Err(error) => Err(error.into()),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("macaw: {error:#}");
            ExitCode::from(if store::is_out_of_reach(&error) { EXIT_DEPENDENCY } else { EXIT_RUN_TIME })
        }
    }
}

fn start_log(log: &config::Log) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter = tracing_subscriber::EnvFilter::builder().parse(&log.level)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let text = match log.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    if text {
        builder.init()
    } else {
        builder.json().init()
    }
    Ok(())
}

fn check_config(args: &CheckConfig) -> ExitCode {
    let config = match load(args.config.as_deref()) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let warnings = config::warnings(&config);
    if args.json {
        return print(&serde_json::json!({ "ok": true, "warnings": warnings }).to_string());
    }
    let risky: String = warnings.iter().map(|warning| format!("warning: {warning}\n")).collect();
    print(&format!("{risky}the configuration is good"))
}

fn bench(args: &macaw_bench::BenchArgs) -> ExitCode {
    match macaw_bench::run(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("bench: truth was broken; see the violations above");
            ExitCode::from(EXIT_RUN_TIME)
        }
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::from(EXIT_RUN_TIME)
        }
    }
}

fn version(json: bool) -> ExitCode {
    let (version, commit) = (env!("CARGO_PKG_VERSION"), env!("MACAW_COMMIT"));
    if json {
        let sentences = macaw_search::has_sentences();
        return print(&serde_json::json!({ "version": version, "commit": commit, "sentences": sentences }).to_string());
    }
    print(&format!("macaw {version} ({commit})"))
}

/// A closed pipe is no reason to panic.
fn print(text: &str) -> ExitCode {
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(EXIT_RUN_TIME),
    }
}
