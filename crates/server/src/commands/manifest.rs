//! What a backup says of itself: every file with its size and SHA-256.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// The file that is the manifest.
pub(super) const NAME: &str = "manifest.json";
/// The layout that this Macaw writes and reads.
pub(super) const FORMAT: u32 = 1;

/// What is in a backup.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The layout, now 1.
    pub(super) format: u32,
    /// The version that wrote it.
    pub(super) version: String,
    /// Its commit.
    pub(super) commit: String,
    /// Whether the database is in it; one on a server is not.
    #[serde(default = "embedded")]
    pub(super) database: bool,
    /// The schema of the database; 0 without one.
    pub(super) schema: usize,
    /// The epoch of the store it was taken from; empty without one.
    pub(super) epoch: String,
    /// When it began, in milliseconds since 1970.
    pub(super) made_at: i64,
    /// Every file but the manifest, by path.
    pub(super) files: Vec<Row>,
}

/// Backups that do not say so have it.
fn embedded() -> bool {
    true
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// Below the backup's folder, with `/`.
    pub(super) path: String,
    /// In bytes.
    pub(super) size: u64,
    /// In hexadecimal digits.
    pub(super) sha256: String,
}

impl Manifest {
    /// Bytes of all files.
    pub(super) fn size(&self) -> u64 {
        self.files.iter().map(|row| row.size).sum()
    }

    /// Reads the manifest of a backup and compares every file with it.
    pub(super) fn verified(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let text = std::fs::read(&path)
            .with_context(|| format!("{}: this is no backup of Macaw, or not a whole one", path.display()))?;
        let manifest: Self = serde_json::from_slice(&text).with_context(|| format!("{}: damaged", path.display()))?;
        if manifest.format != FORMAT {
            bail!("{}: has layout {}, this Macaw reads {FORMAT}; use the newer Macaw", path.display(), manifest.format);
        }
        let mut known = BTreeSet::new();
        for row in &manifest.files {
            if Path::new(&row.path).components().any(|part| !matches!(part, Component::Normal(_))) {
                bail!("{}: names {:?}, which is outside of the backup", path.display(), row.path);
            }
            let found = describe(folder, &folder.join(&row.path))?;
            if found != *row {
                bail!("{}: differs from the manifest; the backup is damaged", folder.join(&row.path).display());
            }
            known.insert(row.path.as_str());
        }
        for (needed, is_needed) in [(crate::data::DATABASE, manifest.database), (crate::data::SECRET, true)] {
            if is_needed && !known.contains(needed) {
                bail!("{}: does not list {needed}", path.display());
            }
        }
        Ok(manifest)
    }
}

/// All files below a folder but its manifest, by path.
pub(super) fn list(folder: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for path in walk(folder)? {
        let row = describe(folder, &path)?;
        if row.path != NAME {
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(rows)
}

/// The files below a folder. What is neither file nor folder is left out.
pub(super) fn walk(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for item in std::fs::read_dir(&next).with_context(|| format!("{}: cannot be read", next.display()))? {
            let item = item?;
            let kind = item.file_type()?;
            if kind.is_dir() {
                folders.push(item.path());
            } else if kind.is_file() {
                files.push(item.path());
            }
        }
    }
    Ok(files)
}

fn describe(folder: &Path, path: &Path) -> Result<Row> {
    let mut file = File::open(path).with_context(|| format!("{}: cannot be read", path.display()))?;
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut buffer).with_context(|| format!("{}: cannot be read", path.display()))?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        size += read as u64;
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let path = path.strip_prefix(folder)?.to_str().context("a file's name is no UTF-8")?.to_owned();
    Ok(Row { path, size, sha256 })
}
