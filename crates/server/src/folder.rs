//! The data folder: one process at a time.

use anyhow::{Context, Result};
use std::path::Path;

/// Holds the folder until it is dropped: two writers would each believe to be the only one.
pub(crate) fn lock(data: &Path) -> Result<std::fs::File> {
    let path = data.join("lock");
    let file = std::fs::File::create(&path).with_context(|| format!("{}: cannot be written", path.display()))?;
    file.try_lock().map_err(|_| anyhow::anyhow!("{}: another Macaw uses this data folder", data.display()))?;
    Ok(file)
}
