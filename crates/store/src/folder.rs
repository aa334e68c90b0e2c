//! Bytes of files in a local folder: `<tenant>/<xx>/<id>`, where xx are the last two digits of the id.
//!
//! A draft has a name of its own in `.drafts`, is synced and then renamed, so that a file is whole
//! or not there. Only one server uses the folder: drafts that are found at the start are nobody's.

use async_trait::async_trait;
use bytes::Bytes;
use macaw_app::{Blob, BlobDraft, BlobError, BlobKey, BlobPart, BlobSlice, Clock};
use macaw_domain::{FileId, TenantId};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where it keeps what is being uploaded.
pub const DRAFTS: &str = ".drafts";
const THUMB: &str = ".thumb";
/// The room on the disk is looked at again after this much was written.
const LOOK_EVERY_BYTES: u64 = 1024 * 1024;

/// A local folder.
pub struct Folder {
    inner: Arc<Inner>,
}

struct Inner {
    root: PathBuf,
    keep_free: u64,
    clock: Arc<dyn Clock>,
}

impl Folder {
    /// Opens or makes the folder. While the disk has no more than `keep_free` bytes nothing is
    /// taken, so that files never use up the room that the database needs.
    pub fn open(root: &Path, keep_free: u64, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let drafts = root.join(DRAFTS);
        match fs::remove_dir_all(&drafts) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&drafts)?,
        }
        Ok(Self { inner: Arc::new(Inner { root: root.to_owned(), keep_free, clock }) })
    }
}

impl Inner {
    fn has_room(&self) -> Result<(), BlobError> {
        let disk = rustix::fs::statvfs(&self.root).map_err(|error| failed(&error.into()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free > self.keep_free { Ok(()) } else { Err(BlobError::Full) }
    }

    fn bucket(&self, tenant: TenantId, id: FileId) -> PathBuf {
        let last = id.0.as_bytes().last().copied().unwrap_or_default();
        self.root.join(tenant.to_string()).join(format!("{last:02x}"))
    }

    fn path(&self, key: BlobKey) -> PathBuf {
        let bucket = self.bucket(key.tenant, key.id);
        match key.part {
            BlobPart::Whole => bucket.join(key.id.to_string()),
            BlobPart::Thumb => bucket.join(format!("{}{THUMB}", key.id)),
        }
    }
}

#[async_trait]
impl Blob for Folder {
    async fn draft(&self) -> Result<Box<dyn BlobDraft>, BlobError> {
        let inner = self.inner.clone();
        blocking(move || {
            inner.has_room()?;
            let path = inner.root.join(DRAFTS).join(inner.clock.fresh().to_string());
            let file = File::options().read(true).write(true).create_new(true).open(&path).map_err(|e| failed(&e))?;
            let open = Open { path, file, written: 0, looked_at: 0, kept: false };
            Ok(Box::new(Draft { inner, open: Some(open) }) as Box<dyn BlobDraft>)
        })
        .await
    }

    async fn read(&self, key: BlobKey, from: u64, len: usize) -> Result<Option<Bytes>, BlobError> {
        let path = self.inner.path(key);
        blocking(move || {
            let mut file = match File::open(path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(failed(&error)),
            };
            let mut bytes = Vec::new();
            let read = file.seek(SeekFrom::Start(from)).and_then(|_| file.take(len as u64).read_to_end(&mut bytes));
            read.map_err(|error| failed(&error))?;
            Ok(Some(bytes.into()))
        })
        .await
    }

    async fn delete(&self, tenant: TenantId, id: FileId) -> Result<(), BlobError> {
        let paths = [BlobPart::Thumb, BlobPart::Whole].map(|part| self.inner.path(BlobKey { tenant, id, part }));
        blocking(move || {
            for path in paths {
                remove(&path).map_err(|error| failed(&error))?;
            }
            Ok(())
        })
        .await
    }

    async fn slice(&self, from: Option<String>) -> Result<BlobSlice, BlobError> {
        let inner = self.inner.clone();
        blocking(move || slice(&inner.root, from.as_deref()).map_err(|error| failed(&error))).await
    }
}

/// A draft on the disk; dropped before it was kept, it is removed, wherever that happens.
struct Open {
    path: PathBuf,
    file: File,
    written: u64,
    looked_at: u64,
    kept: bool,
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.kept
            && let Err(error) = remove(&self.path)
        {
            tracing::warn!(%error, "a draft of a file is left for the next start");
        }
    }
}

struct Draft {
    inner: Arc<Inner>,
    /// Lent to a blocking thread while it works there; gone once that failed.
    open: Option<Open>,
}

impl Draft {
    async fn with<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&Inner, &mut Open) -> Result<T, BlobError> + Send + 'static,
    ) -> Result<T, BlobError> {
        let mut open = self.open.take().ok_or_else(|| BlobError::Other("the draft has failed before".to_owned()))?;
        let inner = self.inner.clone();
        let (result, open) = blocking(move || Ok((work(&inner, &mut open)?, open))).await?;
        self.open = Some(open);
        Ok(result)
    }
}

#[async_trait]
impl BlobDraft for Draft {
    async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.with(move |inner, open| {
            open.written += bytes.len() as u64;
            if open.written >= open.looked_at + LOOK_EVERY_BYTES {
                open.looked_at = open.written;
                inner.has_room()?;
            }
            open.file.write_all(&bytes).map_err(|error| failed(&error))
        })
        .await
    }

    async fn read_back(&mut self) -> Result<Vec<u8>, BlobError> {
        self.with(|_, open| {
            let mut bytes = Vec::new();
            let read = open.file.rewind().and_then(|()| open.file.read_to_end(&mut bytes));
            read.map(|_| bytes).map_err(|error| failed(&error))
        })
        .await
    }

    async fn keep(mut self: Box<Self>, key: BlobKey) -> Result<(), BlobError> {
        self.with(move |inner, open| {
            let path = inner.path(key);
            let bucket = inner.bucket(key.tenant, key.id);
            let kept = open
                .file
                .sync_all()
                .and_then(|()| make_bucket(&inner.root, &bucket))
                .and_then(|()| fs::rename(&open.path, &path));
            open.kept = kept.is_ok();
            kept.and_then(|()| sync(&bucket)).map_err(|error| failed(&error))
        })
        .await
    }
}

/// A name is durable when the folder that holds it is synced.
fn make_bucket(root: &Path, bucket: &Path) -> io::Result<()> {
    if bucket.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(bucket)?;
    if let Some(tenant) = bucket.parent() {
        sync(tenant)?;
    }
    sync(root)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The files of the first bucket after `from`, which is `<tenant>/<xx>`.
fn slice(root: &Path, from: Option<&str>) -> io::Result<BlobSlice> {
    let (tenant_from, bucket_from) = from.and_then(|from| from.split_once('/')).unwrap_or_default();
    for tenant in names(root)?.into_iter().filter(|name| name.as_str() >= tenant_from) {
        let Ok(id) = tenant.parse::<TenantId>() else { continue };
        let after = if tenant == tenant_from { bucket_from } else { "" };
        if let Some(bucket) = names(&root.join(&tenant))?.into_iter().find(|name| name.as_str() > after) {
            let files = names(&root.join(&tenant).join(&bucket))?;
            let mut files: Vec<FileId> =
                files.iter().filter_map(|name| name.strip_suffix(THUMB).unwrap_or(name).parse().ok()).collect();
            files.dedup();
            let files = files.into_iter().map(|file| (id, file)).collect();
            return Ok(BlobSlice { files, next: Some(format!("{tenant}/{bucket}")) });
        }
    }
    Ok(BlobSlice::default())
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

fn failed(error: &io::Error) -> BlobError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => BlobError::Full,
        _ => BlobError::Other(error.to_string()),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| BlobError::Other(error.to_string()))?
}
