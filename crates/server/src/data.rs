//! The data folder: who holds it, and whether it is whole.

use anyhow::{Context, Result, bail};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The database.
pub(crate) const DATABASE: &str = "macaw.db";
/// Signs visitors' tokens.
pub(crate) const SECRET: &str = "secret.key";
/// Uploaded files, where there are any.
pub(crate) const FILES: &str = "files";
/// Held while a process uses the folder.
pub(crate) const LOCK: &str = "lock";
/// Where a server that runs takes orders.
pub(crate) const SOCKET: &str = "control.sock";
/// There while a restore changes the folder.
pub(crate) const RESTORING: &str = "restoring";

/// Two processes on one folder would each believe to be the only writer. `None` when another one has it.
pub(crate) fn try_lock(data: &Path) -> Result<Option<File>> {
    let path = data.join(LOCK);
    let file = File::create(&path).with_context(|| format!("{}: cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("{}: cannot be locked", path.display())),
    }
}

/// The lock of a folder that is whole.
pub(crate) fn lock(data: &Path) -> Result<File> {
    let Some(file) = try_lock(data)? else { bail!("{}: another Macaw uses this data folder", data.display()) };
    if data.join(RESTORING).exists() {
        bail!("{}: a restore was cut off here; run `macaw restore … --force` again", data.display());
    }
    Ok(file)
}

/// The database of a folder that had a first start.
pub(crate) fn database(data: &Path) -> Result<PathBuf> {
    let path = data.join(DATABASE);
    if !path.is_file() {
        bail!(
            "{}: there is no Macaw here; `macaw serve --data {0}` makes one. One with store.url takes commands \
             while it serves",
            data.display()
        );
    }
    Ok(path)
}

/// What was written to a folder's list of names outlives a loss of power.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|it| it.sync_all()).with_context(|| format!("{}: cannot be synced", folder.display()))
}
