//! One upload: bytes go into a draft, which becomes a file when all of it is there and allowed.

use super::images::{self, Picture};
use super::sniff::{HEAD_BYTES, IMAGES, kind_of};
use super::{BlobDraft, BlobError, BlobKey, BlobPart, FileError, Files, StoredFile};
use crate::Actor;
use bytes::Bytes;
use macaw_domain::{ConversationId, File, FileId, TenantId, clean_name, is_program, named_after};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedSemaphorePermit;

/// An upload under way. Dropped, it leaves nothing.
pub struct Upload {
    actor: Actor,
    conversation: ConversationId,
    name: String,
    draft: Box<dyn BlobDraft>,
    head: Vec<u8>,
    digest: Sha256,
    size: u64,
    max_size: u64,
    _permit: OwnedSemaphorePermit,
}

impl Upload {
    /// Appends. The limit counts what comes, whatever was announced.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.size > self.max_size {
            return Err(FileError::TooLarge(self.max_size));
        }
        let room = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.digest.update(&bytes);
        Ok(self.draft.write(bytes).await?)
    }
}

impl Files {
    /// Begins an upload of `actor` to a conversation. `name` is cleaned; `announced` is the length
    /// that the sender says, if it says one: a refusal that can be known now comes now.
    ///
    /// Visitors upload to their own conversation, agents to one that they answer.
    pub async fn begin(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        name: &str,
        announced: Option<u64>,
    ) -> Result<Upload, FileError> {
        self.may_upload(actor, conversation).await?;
        let max_size = self.rules.max_size;
        if announced.is_some_and(|bytes| bytes > max_size) {
            return Err(FileError::TooLarge(max_size));
        }
        if announced == Some(0) {
            return Err(FileError::Empty);
        }
        let name = clean_name(name);
        if is_program(&name) {
            return Err(FileError::Type("a program or script, by its name".to_owned()));
        }
        let used = self.store.file_bytes(actor.tenant()).await?;
        if used.saturating_add(announced.unwrap_or(1)) > self.rules.quota {
            return Err(FileError::Quota(self.rules.quota));
        }
        let permit = self.uploads.clone().try_acquire_owned().map_err(|_| FileError::Busy)?;
        let draft = self.blob.draft().await?;
        let (head, digest) = (Vec::with_capacity(HEAD_BYTES), Sha256::new());
        Ok(Upload { actor: *actor, conversation, name, draft, head, digest, size: 0, max_size, _permit: permit })
    }

    async fn may_upload(&self, actor: &Actor, id: ConversationId) -> Result<(), FileError> {
        let agent = match actor {
            // Its first message may be a file: the conversation need not exist.
            Actor::Visitor(visitor) if visitor.conversation == id => return Ok(()),
            Actor::Visitor(_) => return Err(FileError::NotFound),
            Actor::Agent(agent) => agent,
        };
        let conversation = self.store.conversation(agent.tenant, id).await?.ok_or(FileError::NotFound)?;
        if conversation.may_reply(agent.account) { Ok(()) } else { Err(FileError::NotOwner) }
    }

    /// Ends an upload: all bytes are there. `Ok` means durable; the file waits to be sent.
    pub async fn finish(&self, upload: Upload) -> Result<StoredFile, FileError> {
        if upload.size == 0 {
            return Err(FileError::Empty);
        }
        let kind = kind_of(&upload.head, &upload.name);
        if !self.allows(kind) {
            return Err(FileError::Type(kind.to_owned()));
        }
        let (tenant, id) = (upload.actor.tenant(), FileId(self.clock.fresh()));
        let kept = self.keep(upload, tenant, id, kind).await;
        let stored = match kept {
            Ok(file) => match self.store.put_file(file.clone(), self.rules.quota).await {
                Ok(true) => Ok(file),
                Ok(false) => Err(FileError::Quota(self.rules.quota)),
                Err(error) => Err(error.into()),
            },
            Err(error) => Err(error),
        };
        if stored.is_err()
            && let Err(error) = self.blob.delete(tenant, id).await
        {
            tracing::warn!(%error, file.id = %id, "bytes of a refused file are left for the collector");
        }
        stored
    }

    /// Writes the bytes under the id: a picture's anew with its thumbnail, others as they came.
    async fn keep(&self, upload: Upload, tenant: TenantId, id: FileId, kind: &str) -> Result<StoredFile, FileError> {
        let Upload { actor, conversation, name, mut draft, digest, size, .. } = upload;
        let mut stored = StoredFile {
            tenant,
            conversation,
            file: File { id, name, size, kind: kind.to_owned(), pixels: None },
            by: actor.author(),
            sha256: [0; 32],
            thumb_size: 0,
            sent: false,
            created_at: self.clock.now(),
        };
        if !IMAGES.contains(&kind) {
            stored.sha256 = digest.finalize().into();
            draft.keep(BlobKey { tenant, id, part: BlobPart::Whole }).await?;
            return Ok(stored);
        }
        let picture = self.rewrite(&mut *draft, kind.to_owned()).await?;
        drop(draft);
        stored.file.name = named_after(&stored.file.name, picture.kind);
        stored.file.kind = picture.kind.to_owned();
        stored.file.pixels = Some(picture.pixels);
        stored.file.size = picture.bytes.len() as u64;
        stored.thumb_size = picture.thumb.len() as u64;
        stored.sha256 = Sha256::digest(&picture.bytes).into();
        self.put(BlobKey { tenant, id, part: BlobPart::Whole }, picture.bytes).await?;
        self.put(BlobKey { tenant, id, part: BlobPart::Thumb }, picture.thumb).await?;
        Ok(stored)
    }

    /// A few at a time, on threads that may block: decoding takes memory and a core.
    async fn rewrite(&self, draft: &mut dyn BlobDraft, kind: String) -> Result<Picture, FileError> {
        let permit = self.decoding.clone().acquire_owned().await.map_err(|_| FileError::Busy)?;
        let bytes = draft.read_back().await?;
        // The permit goes with the work: a sender that leaves does not make room before it ends.
        let work = tokio::task::spawn_blocking(move || {
            let picture = images::rewrite(&bytes, &kind);
            drop(permit);
            picture
        });
        let rewritten = work.await.map_err(|error| BlobError::Other(error.to_string()))?;
        Ok(rewritten?)
    }

    async fn put(&self, key: BlobKey, bytes: Vec<u8>) -> Result<(), BlobError> {
        let mut draft = self.blob.draft().await?;
        draft.write(bytes.into()).await?;
        draft.keep(key).await
    }

    fn allows(&self, kind: &str) -> bool {
        let group = kind.split('/').next().unwrap_or_default();
        self.rules.types.iter().any(|allowed| match allowed.strip_suffix("/*") {
            Some(all_of) => all_of == group,
            None => allowed == kind,
        })
    }
}
