//! `macaw restore`: a data folder from a backup, under a new epoch, so that no client is silently ahead of it.

use super::backup::copy;
use super::manifest::Manifest;
use super::{Place, run};
use crate::clock::WallClock;
use crate::data::{self, DATABASE, LOCK, RESTORING, SOCKET, sync_folder};
use crate::print;
use anyhow::{Context, Result, bail};
use clap::Args;
use macaw_app::Clock;
use serde_json::json;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where the copy is made before anything is moved.
const STAGE: &str = ".restore-stage";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The backup.
    from: PathBuf,
    #[command(flatten)]
    place: Place,
    /// Also into a folder that is not empty; what was there is put aside in it.
    #[arg(long)]
    force: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub(crate) fn command(options: &Options) -> ExitCode {
    let folder = match options.place.data() {
        Ok(folder) => folder,
        Err(code) => return code,
    };
    run("restore", async {
        let done = restore(&options.from, &folder, options.force)?;
        if options.json {
            let aside = done.aside.as_ref().map(|aside| aside.display().to_string());
            return Ok(print(&json!({ "epoch": done.epoch, "aside": aside }).to_string()));
        }
        let after = match done.epoch {
            Some(_) => "clients that were connected before start over",
            None => {
                "its database is on a server: load the dump of the same time into an empty database, and renew its \
                 epoch as docs/guide/operate.md says before Macaw starts, so that clients start over"
            }
        };
        let mut words = format!("{}: restored; {after}", folder.display());
        if let Some(aside) = done.aside {
            words += &format!("\nwhat was there is in {}; remove it once you are content", aside.display());
        }
        Ok(print(&words))
    })
}

struct Done {
    /// `None` when the database is on a server, where it has to be renewed.
    epoch: Option<String>,
    aside: Option<PathBuf>,
}

fn restore(from: &Path, folder: &Path, force: bool) -> Result<Done> {
    let manifest = Manifest::verified(from)?;
    let known = macaw_store::known_schema();
    if manifest.schema > known {
        bail!("the backup has schema {}, this Macaw knows up to {known}; use the newer Macaw", manifest.schema);
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("{}: cannot be made", folder.display()))?;
    let Some(_lock) = data::try_lock(folder)? else {
        bail!("{}: a Macaw uses this data folder; stop it first", folder.display());
    };
    let present = present(folder)?;
    if !present.is_empty() && !force {
        bail!("{}: is not empty; --force puts aside what is there", folder.display());
    }
    let epoch = stage(from, folder, &manifest)?;
    let aside = swap(folder, &present)?;
    Ok(Done { epoch, aside })
}

/// What a restore would replace.
fn present(folder: &Path) -> Result<Vec<PathBuf>> {
    let ours = [LOCK, SOCKET, RESTORING, STAGE, "lost+found"];
    let mut present = Vec::new();
    for item in folder.read_dir().with_context(|| format!("{}: cannot be read", folder.display()))? {
        let path = item?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !ours.contains(&name) && !name.starts_with("before-restore-") {
            present.push(path);
        }
    }
    Ok(present)
}

/// A whole copy inside the folder, so that the moves that follow stay on one file system, whatever is mounted.
fn stage(from: &Path, folder: &Path, manifest: &Manifest) -> Result<Option<String>> {
    let stage = folder.join(STAGE);
    if stage.exists() {
        std::fs::remove_dir_all(&stage).with_context(|| format!("{}: cannot be removed", stage.display()))?;
    }
    for row in &manifest.files {
        copy(&from.join(&row.path), &stage.join(&row.path))?;
    }
    if !manifest.database {
        sync_folder(&stage)?;
        return Ok(None);
    }
    let database = stage.join(DATABASE);
    let broken = macaw_store::integrity(&database)?;
    if let Some(first) = broken.first() {
        let _ = std::fs::remove_dir_all(&stage);
        bail!("{}: the database is damaged: {first}", from.display());
    }
    let epoch = WallClock.fresh();
    macaw_store::renew_epoch(&database, epoch)?;
    std::fs::File::open(&database)?.sync_all()?;
    sync_folder(&stage)?;
    Ok(Some(epoch.to_string()))
}

/// Moves the old aside and the new in. Cut off in between, the mark keeps a server from starting on half of it.
fn swap(folder: &Path, present: &[PathBuf]) -> Result<Option<PathBuf>> {
    let mark = folder.join(RESTORING);
    std::fs::write(&mark, "a restore changes this folder\n")?;
    sync_folder(folder)?;
    let aside = folder.join(format!("before-restore-{}", WallClock.now()));
    for old in present {
        std::fs::create_dir_all(&aside)?;
        let name = old.file_name().context("an entry of a folder has a name")?;
        std::fs::rename(old, aside.join(name)).with_context(|| format!("{}: cannot be moved", old.display()))?;
    }
    let stage = folder.join(STAGE);
    for item in stage.read_dir()? {
        let path = item?.path();
        let name = path.file_name().context("an entry of a folder has a name")?;
        std::fs::rename(&path, folder.join(name)).with_context(|| format!("{}: cannot be moved", path.display()))?;
    }
    std::fs::remove_dir(&stage)?;
    sync_folder(folder)?;
    std::fs::remove_file(&mark)?;
    sync_folder(folder)?;
    Ok((!present.is_empty()).then_some(aside))
}
