//! `macaw backup`: a copy of the data folder, also while a server uses it. Whole or not at all.

use super::manifest::{self, FORMAT, Manifest};
use super::{Place, run};
use crate::clock::WallClock;
use crate::control::{House, Request, ask};
use crate::data::{self, DATABASE, FILES, SECRET, sync_folder};
use crate::print;
use anyhow::{Context, Result, bail};
use clap::Args;
use macaw_app::Clock;
use macaw_store::DRAFTS;
use serde::{Deserialize, Serialize};
use std::fs::{DirBuilder, File, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder to make; it must not exist yet, or be empty. Keep it as safe as a password.
    to: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Print the manifest as JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn command(options: &Options) -> ExitCode {
    let folder = match options.place.data() {
        Ok(folder) => folder,
        Err(code) => return code,
    };
    run("backup", async {
        // The server has a working folder of its own.
        let to = std::path::absolute(&options.to)?;
        let manifest = ask(&folder, Backup { to: to.clone() }).await?;
        if !manifest.database {
            eprintln!(
                "backup: the database is not in it, store.url has it: dump it with the tools of its server BEFORE this \
                 (mysqldump --single-transaction …), so that this has every file that the dump names"
            );
        }
        if options.json {
            return Ok(print(&serde_json::to_string(&manifest)?));
        }
        let (files, bytes) = (manifest.files.len(), manifest.size());
        Ok(print(&format!("{}: {files} files, {bytes} bytes; it holds the secret, keep it safe", to.display())))
    })
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Backup {
    to: PathBuf,
}

impl Request for Backup {
    const PATH: &'static str = "/backup";
    const PATIENCE: Duration = Duration::from_secs(24 * 3_600);
    type Answer = Manifest;

    async fn run(self, house: &House) -> Result<Manifest> {
        self.direct(&house.data).await
    }

    /// The store is not opened, so that an old database is copied as it is, before anything migrates it.
    async fn direct(self, folder: &Path) -> Result<Manifest> {
        let folder = folder.to_owned();
        tokio::task::spawn_blocking(move || write(&folder, &self.to)).await?
    }
}

/// Copies into a folder beside `to` and renames that at the very end.
fn write(from: &Path, to: &Path) -> Result<Manifest> {
    if to.read_dir().is_ok_and(|mut inside| inside.next().is_some()) || to.is_file() {
        bail!("{}: exists and is not empty; name a new folder", to.display());
    }
    let draft = draft(to)?;
    DirBuilder::new().mode(0o700).create(&draft).with_context(|| format!("{}: cannot be made", draft.display()))?;
    let written = fill(from, &draft).and_then(|manifest| {
        std::fs::rename(&draft, to).with_context(|| format!("{}: cannot be made", to.display()))?;
        sync_folder(to.parent().unwrap_or(Path::new("/")))?;
        Ok(manifest)
    });
    if written.is_err() {
        // The error that counts is told; what cannot be removed is named like a draft.
        let _ = std::fs::remove_dir_all(&draft);
    }
    written
}

fn draft(to: &Path) -> Result<PathBuf> {
    let name = to.file_name().and_then(|name| name.to_str()).context("name a folder to make")?;
    Ok(to.with_file_name(format!(".{name}.{}.part", WallClock.fresh())))
}

/// The database first: a file that it names was there before, and is still there when it is copied. A folder whose
/// database is on a server has a secret and no database.
fn fill(from: &Path, draft: &Path) -> Result<Manifest> {
    let made_at = WallClock.now();
    let is_embedded = from.join(DATABASE).is_file() || !from.join(SECRET).is_file();
    let database = draft.join(DATABASE);
    if is_embedded {
        macaw_store::copy(&data::database(from)?, &database)?;
    }
    copy(&from.join(SECRET), &draft.join(SECRET))?;
    let files = from.join(FILES);
    if files.is_dir() {
        for path in manifest::walk(&files)? {
            let to = draft.join(path.strip_prefix(from)?);
            // What is being uploaded is in no message; what was never sent may be collected meanwhile.
            if !path.starts_with(files.join(DRAFTS)) && path.exists() {
                copy(&path, &to)?;
            }
        }
    }
    let (schema, epoch) = if is_embedded { seal(&database)? } else { (0, String::new()) };
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        commit: env!("MACAW_COMMIT").to_owned(),
        database: is_embedded,
        schema,
        epoch,
        made_at,
        files: manifest::list(draft)?,
    };
    let path = draft.join(manifest::NAME);
    std::fs::write(&path, serde_json::to_vec_pretty(&manifest)?)?;
    File::open(&path)?.sync_all()?;
    sync_folder(draft)?;
    Ok(manifest)
}

/// The copied database for its owner alone, synced: its schema and epoch.
fn seal(database: &Path) -> Result<(usize, String)> {
    std::fs::set_permissions(database, Permissions::from_mode(0o600))?;
    File::open(database)?.sync_all()?;
    let seen = macaw_store::inspect(database)?;
    Ok((seen.schema, seen.epoch.map(|epoch| epoch.to_string()).unwrap_or_default()))
}

/// A file for its owner alone, synced, with the folders above it.
pub(super) fn copy(from: &Path, to: &Path) -> Result<()> {
    let parent = to.parent().context("a file lies in a folder")?;
    DirBuilder::new().recursive(true).mode(0o700).create(parent)?;
    std::fs::copy(from, to).with_context(|| format!("{}: cannot be copied", from.display()))?;
    std::fs::set_permissions(to, Permissions::from_mode(0o600))?;
    File::open(to)?.sync_all().with_context(|| format!("{}: cannot be synced", to.display()))
}
