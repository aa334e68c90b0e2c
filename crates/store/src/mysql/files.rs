//! Files that wait to be sent, and those that were.

use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::{Columns, author, author_columns, bad_row};
use macaw_app::StoredFile;
use macaw_domain::{ConversationId, File, FileId, Millis, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool, MySqlRow};
use std::collections::{BTreeMap, BTreeSet};

/// Writes a file; `false` when there is no room in the quota.
pub(super) async fn put(db: &mut MySqlConnection, stored: &StoredFile, quota: u64) -> Result<bool, SqlError> {
    let used = lock_usage(db, stored.tenant).await?.saturating_add(stored.bytes());
    if used > quota {
        return Ok(false);
    }
    let file = &stored.file;
    let (author, author_id, engine) = author_columns(&stored.by);
    sqlx::query(
        "insert into file
           (tenant_id, id, conversation_id, name, size, thumb_size, kind, width, height, sha256, state,
            author, author_id, engine, created_at)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(stored.tenant.0)
    .bind(file.id.0)
    .bind(stored.conversation.0)
    .bind(&file.name)
    .bind(file.size)
    .bind(stored.thumb_size)
    .bind(&file.kind)
    .bind(file.pixels.map(|(width, _)| width))
    .bind(file.pixels.map(|(_, height)| height))
    .bind(stored.sha256.as_slice())
    .bind(if stored.sent { "sent" } else { "waiting" })
    .bind(author)
    .bind(author_id)
    .bind(engine)
    .bind(stored.created_at)
    .execute(&mut *db)
    .await?;
    use_bytes(db, stored.tenant, used).await?;
    Ok(true)
}

/// What a tenant's files take; other nodes wait with theirs until the transaction ends.
async fn lock_usage(db: &mut MySqlConnection, tenant: TenantId) -> Result<u64, SqlError> {
    sqlx::query("insert into file_usage (tenant_id, bytes) values (?, 0) on duplicate key update bytes = bytes")
        .bind(tenant.0)
        .execute(&mut *db)
        .await?;
    let select = "select bytes from file_usage where tenant_id = ? for update";
    sqlx::query(select).bind(tenant.0).fetch_one(db).await?.count(0)
}

async fn use_bytes(db: &mut MySqlConnection, tenant: TenantId, bytes: u64) -> Result<(), SqlError> {
    let update = "update file_usage set bytes = ? where tenant_id = ?";
    sqlx::query(update).bind(bytes).bind(tenant.0).execute(db).await?;
    Ok(())
}

/// The bytes that a tenant's files take.
pub(super) async fn bytes(db: &MySqlPool, tenant: TenantId) -> Result<u64, SqlError> {
    let select = "select bytes from file_usage where tenant_id = ?";
    let row = sqlx::query(select).bind(tenant.0).fetch_optional(db).await?;
    row.map_or(Ok(0), |row| row.count(0))
}

/// A file of this tenant.
pub(super) async fn find(db: &MySqlPool, tenant: TenantId, id: FileId) -> Result<Option<StoredFile>, SqlError> {
    let row = sqlx::query(
        "select tenant_id, id, conversation_id, name, size, thumb_size, kind, width, height, sha256, state,
                author, author_id, engine, created_at
         from file where tenant_id = ? and id = ?",
    )
    .bind(tenant.0)
    .bind(id.0)
    .fetch_optional(db)
    .await?;
    row.as_ref().map(stored).transpose()
}

fn stored(row: &MySqlRow) -> Result<StoredFile, SqlError> {
    let id = row.id(1)?;
    let side = |at| -> Result<Option<u32>, SqlError> {
        let side = row.maybe_number(at)?.map(u32::try_from).transpose();
        side.map_err(|_| bad_row("file", ("pixels", id)).into())
    };
    let sent = match row.text(10)?.as_str() {
        "sent" => true,
        "waiting" => false,
        _ => return Err(bad_row("file", ("state", id)).into()),
    };
    Ok(StoredFile {
        tenant: TenantId(row.id(0)?),
        conversation: ConversationId(row.id(2)?),
        file: File {
            id: FileId(id),
            name: row.text(3)?,
            size: row.count(4)?,
            kind: row.text(6)?,
            pixels: side(7)?.zip(side(8)?),
        },
        by: author("file", &row.text(11)?, row.maybe_id(12)?, row.maybe_text(13)?)?,
        sha256: row.bytes(9)?.try_into().map_err(|_| bad_row("file", ("sha256", id)))?,
        thumb_size: row.count(5)?,
        sent,
        created_at: row.number(14)?,
    })
}

/// The number of columns that [`lock_waiting`] asks for.
pub(super) const WAITING: usize = 4;

/// Asks for those of the files that wait to be sent, and locks them: tenant, id, conversation, state.
pub(super) fn lock_waiting(script: &mut Script, wanted: &BTreeSet<(TenantId, FileId)>) {
    for (tenant, id) in wanted {
        script.add(format!(
            "select tenant_id, id, conversation_id, state from file
             where tenant_id = {} and id = {} and state = 'waiting' for update",
            script::id(tenant.0),
            script::id(id.0)
        ));
    }
}

/// Marks files as sent.
pub(super) fn send(script: &mut Script, sent: &BTreeSet<(TenantId, FileId)>) {
    for (tenant, id) in sent {
        let (tenant, id) = (script::id(tenant.0), script::id(id.0));
        script.add(format!("update file set state = 'sent' where tenant_id = {tenant} and id = {id}"));
    }
}

/// Files whose messages were taken back: as before they were sent, for their uploaders alone, until they are collected.
pub(super) fn unsend(script: &mut Script, unsent: &BTreeSet<(TenantId, FileId)>) {
    for (tenant, id) in unsent {
        let (tenant, id) = (script::id(tenant.0), script::id(id.0));
        script.add(format!("update file set state = 'waiting' where tenant_id = {tenant} and id = {id}"));
    }
}

/// Removes files that were uploaded before `before` and never sent.
pub(super) async fn take_unsent(
    db: &mut MySqlConnection,
    before: Millis,
    limit: u32,
) -> Result<Vec<(TenantId, FileId)>, SqlError> {
    let rows = sqlx::query(
        "select tenant_id, id, size + thumb_size from file
         where state = 'waiting' and created_at < ? order by created_at limit ? for update",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(&mut *db)
    .await?;
    let mut freed = BTreeMap::<TenantId, u64>::new();
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        let (tenant, id) = (TenantId(row.id(0)?), FileId(row.id(1)?));
        *freed.entry(tenant).or_default() += row.count(2)?;
        let delete = "delete from file where tenant_id = ? and id = ?";
        sqlx::query(delete).bind(tenant.0).bind(id.0).execute(&mut *db).await?;
        taken.push((tenant, id));
    }
    for (tenant, bytes) in freed {
        let used = lock_usage(db, tenant).await?;
        use_bytes(db, tenant, used.saturating_sub(bytes)).await?;
    }
    Ok(taken)
}
