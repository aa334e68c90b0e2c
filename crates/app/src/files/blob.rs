//! Where the bytes of files are: a local folder now, an object store later.

use async_trait::async_trait;
use bytes::Bytes;
use macaw_domain::{FileId, TenantId};

/// Which bytes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobPart {
    /// The file itself.
    Whole,
    /// The small picture of an image.
    Thumb,
}

/// Where bytes are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlobKey {
    /// Whose.
    pub tenant: TenantId,
    /// Of which file.
    pub id: FileId,
    /// Which part of it.
    pub part: BlobPart,
}

/// Why bytes could not be kept or read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BlobError {
    /// No room: reading goes on, writing will when there is room.
    #[error("there is no room for files")]
    Full,
    /// Anything else.
    #[error("files: {0}")]
    Other(String),
}

/// Files found in one slice, and where the next slice begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlobSlice {
    /// Whose and which.
    pub files: Vec<(TenantId, FileId)>,
    /// The position to go on from; `None` at the end.
    pub next: Option<String>,
}

/// Bytes of files.
///
/// What it promises, held by the contract suite in `testkit`: a kept draft is durable and whole, a
/// draft that is dropped leaves nothing, and what one tenant keeps is not found under another.
#[async_trait]
pub trait Blob: Send + Sync {
    /// An empty draft. [`BlobError::Full`] when there is no room to begin with.
    async fn draft(&self) -> Result<Box<dyn BlobDraft>, BlobError>;
    /// At most `len` bytes from `from` on; empty beyond the end, `None` when there is no such file.
    async fn read(&self, key: BlobKey, from: u64, len: usize) -> Result<Option<Bytes>, BlobError>;
    /// Removes all parts of a file; one that is not there is no error.
    async fn delete(&self, tenant: TenantId, id: FileId) -> Result<(), BlobError>;
    /// A small part of the list of all files, from the `next` of the slice before.
    async fn slice(&self, from: Option<String>) -> Result<BlobSlice, BlobError>;
}

/// Bytes that are being written. Nobody sees them before [`keep`](Self::keep); dropped, they are gone.
#[async_trait]
pub trait BlobDraft: Send {
    /// Appends.
    async fn write(&mut self, bytes: Bytes) -> Result<(), BlobError>;
    /// All that was written so far.
    async fn read_back(&mut self) -> Result<Vec<u8>, BlobError>;
    /// Makes it durable under this key.
    async fn keep(self: Box<Self>, key: BlobKey) -> Result<(), BlobError>;
}
