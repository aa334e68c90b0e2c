//! `macaw migrate`: what a start would do to the database, done before it.

use super::{Place, run};
use crate::clock::WallClock;
use crate::data::{self, DATABASE};
use crate::print;
use anyhow::{Result, bail};
use clap::Args;
use macaw_store::Sqlite;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::mpsc;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn command(options: &Options) -> ExitCode {
    let folder = match options.place.data() {
        Ok(folder) => folder,
        Err(code) => return code,
    };
    run("migrate", async {
        let path = data::database(&folder)?;
        let seen = macaw_store::inspect(&path)?;
        let (from, to) = (seen.schema, seen.known);
        if from > to {
            bail!("schema {from}, this Macaw knows up to {to}; use the newer Macaw, or restore a backup");
        }
        let does = from < to && !options.dry_run;
        if does {
            migrate(&folder).await?;
        }
        if options.json {
            return Ok(print(&json!({ "from": from, "to": to, "done": does }).to_string()));
        }
        Ok(print(&match (from == to, does) {
            (true, _) => format!("schema {from}: nothing to do"),
            (false, true) => format!("schema {from} became {to}; a copy of before lies beside {DATABASE}"),
            (false, false) => format!("schema {from} would become {to}, with a copy before"),
        }))
    })
}

async fn migrate(folder: &Path) -> Result<()> {
    let _lock = data::lock(folder)?;
    let (told, _committed) = mpsc::channel(1);
    let store = Sqlite::open(&folder.join(DATABASE), Arc::new(WallClock), told)?;
    macaw_app::Store::close(&store).await;
    Ok(())
}
