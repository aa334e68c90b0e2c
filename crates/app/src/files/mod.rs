//! Files: uploaded to a conversation, seen there once a message sends them, forgotten when none does.
//!
//! What a file is, is decided by its content. Pictures are decoded and written anew; everything else
//! is kept as it came and only ever offered for saving.

mod blob;
mod collect;
mod images;
mod sniff;
mod upload;

pub use blob::{Blob, BlobDraft, BlobError, BlobKey, BlobPart, BlobSlice};
pub use images::ImageRefusal;
pub(crate) use images::logo;
pub use upload::Upload;

use crate::{Actor, Clock, Store, StoreError};
use bytes::Bytes;
use macaw_domain::{Author, ConversationId, File, FileId, Millis, TenantId};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Uploads under way at once. Each holds a draft on the disk and little memory, so that slow ones shut nobody out.
const MOST_UPLOADS: usize = 256;
/// Pictures decoded at once; each takes up to 256 MiB for a moment.
const MOST_DECODING: usize = 2;

/// What may be uploaded.
#[derive(Debug, Clone)]
pub struct FileRules {
    /// The longest file, in bytes.
    pub max_size: u64,
    /// The bytes that all files of a tenant may take.
    pub quota: u64,
    /// Media types, by content; `image/*` stands for all pictures.
    pub types: Vec<String>,
}

/// A file as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Whose.
    pub tenant: TenantId,
    /// Of which conversation; the conversation of a visitor may not exist yet.
    pub conversation: ConversationId,
    /// What people see of it.
    pub file: File,
    /// Who uploaded it, and alone may send it.
    pub by: Author,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// The length of its thumbnail in bytes; 0 when it has none.
    pub thumb_size: u64,
    /// A message holds it: those who see the conversation see it.
    pub sent: bool,
    /// When it was uploaded.
    pub created_at: Millis,
}

impl StoredFile {
    /// What it takes of the quota, in bytes.
    pub fn bytes(&self) -> u64 {
        self.file.size + self.thumb_size
    }
}

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No such conversation for this actor.
    #[error("there is no such conversation")]
    NotFound,
    /// Another agent, an engine or nobody owns the conversation.
    #[error("only the agent of the conversation may send files there; take it over first")]
    NotOwner,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Over the limit, which is told in bytes.
    #[error("the file is too large; at most {} are allowed", in_words(*.0))]
    TooLarge(u64),
    /// A kind that is not taken here.
    #[error("files of this kind ({0}) are not allowed here")]
    Type(String),
    /// A picture that is not taken.
    #[error(transparent)]
    Image(#[from] ImageRefusal),
    /// The tenant's files would take more than this many bytes.
    #[error("the space for files is used up ({}); a manager can make room", in_words(*.0))]
    Quota(u64),
    /// Too many at once.
    #[error("too many uploads at this moment; try again")]
    Busy,
    /// See [`BlobError`].
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Uploading, opening, collecting.
pub struct Files {
    store: Arc<dyn Store>,
    blob: Arc<dyn Blob>,
    clock: Arc<dyn Clock>,
    rules: FileRules,
    uploads: Arc<Semaphore>,
    decoding: Arc<Semaphore>,
}

impl Files {
    /// Over these ports.
    pub fn new(store: Arc<dyn Store>, blob: Arc<dyn Blob>, clock: Arc<dyn Clock>, rules: FileRules) -> Self {
        let (uploads, decoding) = (Arc::new(Semaphore::new(MOST_UPLOADS)), Arc::new(Semaphore::new(MOST_DECODING)));
        Self { store, blob, clock, rules, uploads, decoding }
    }

    /// What may be uploaded.
    pub fn rules(&self) -> &FileRules {
        &self.rules
    }

    /// The file, if this actor may read it: it was sent in a conversation that the actor sees, or
    /// the actor uploaded it.
    pub async fn open(&self, actor: &Actor, id: FileId) -> Result<Option<StoredFile>, StoreError> {
        let found = self.store.file(actor.tenant(), id).await?;
        Ok(found.filter(|file| actor.may_see(file.conversation) && (file.sent || file.by == actor.author())))
    }

    /// At most `len` bytes of a part of a file; `None` when the bytes are not there (any more).
    pub async fn read(
        &self,
        file: &StoredFile,
        part: BlobPart,
        from: u64,
        len: usize,
    ) -> Result<Option<Bytes>, BlobError> {
        self.blob.read(BlobKey { tenant: file.tenant, id: file.file.id, part }, from, len).await
    }

    /// The media type of a part, to be served with.
    ///
    /// `head` are its first bytes; only a thumbnail's are looked at.
    pub fn media_type<'a>(file: &'a StoredFile, part: BlobPart, head: &[u8]) -> &'a str {
        match part {
            BlobPart::Whole => &file.file.kind,
            BlobPart::Thumb => images::thumb_kind(head),
        }
    }
}

/// `20 MiB`.
fn in_words(bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let fitting = UNITS.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    match fitting.or(UNITS.iter().find(|(unit, _)| bytes >= *unit)) {
        Some((unit, name)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn limits_are_told_in_words() {
        for (bytes, words) in
            [(20 << 20, "20 MiB"), (5 << 30, "5 GiB"), (1_000, "1000 bytes"), (1_536, "1 KiB"), (0, "0 bytes")]
        {
            assert_eq!(in_words(bytes), words);
        }
    }
}
