//! The sub-commands beside `serve`, a file each: arguments, what it asks of the data folder, what it prints.

pub(crate) mod admin;
pub(crate) mod ai;
pub(crate) mod backup;
pub(crate) mod doctor;
pub(crate) mod knowledge;
mod manifest;
pub(crate) mod migrate;
pub(crate) mod restore;
mod status;

pub(crate) use status::Status;

use crate::EXIT_RUN_TIME;
use crate::config;
use crate::control::{House, on};
use anyhow::Result;
use axum::Router;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Everything that a server does for a command; the one place to add a request to.
pub(crate) fn requests() -> Router<Arc<House>> {
    Router::new()
        .merge(on::<Status>())
        .merge(on::<doctor::Probe>())
        .merge(on::<backup::Backup>())
        .merge(on::<knowledge::Import>())
        .merge(on::<knowledge::Try>())
        .merge(on::<ai::Seek>())
        .merge(admin::requests())
}

/// Which data folder a command is about.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The data folder.
    #[arg(long, global = true)]
    pub(crate) data: Option<PathBuf>,
    /// A configuration file.
    #[arg(long, global = true)]
    pub(crate) config: Option<PathBuf>,
}

impl Place {
    /// The folder of the flag, or of the configuration.
    pub(crate) fn data(&self) -> Result<PathBuf, ExitCode> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        crate::load(self.config.as_deref()).map(|config: config::Config| config.server.data)
    }
}

/// Runs an asynchronous command to its end and prints its error for a person.
pub(crate) fn run(name: &str, work: impl Future<Output = Result<ExitCode>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.map_err(anyhow::Error::from).and_then(|runtime| runtime.block_on(work)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{name}: {error:#}");
            ExitCode::from(EXIT_RUN_TIME)
        }
    }
}
