//! Files that wait to be sent, and those that were.

use super::rows::{SqlError, author, author_columns, bad_row};
use macaw_app::StoredFile;
use macaw_domain::{ConversationId, File, FileId, Millis, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// Writes a file; `false` when there is no room in the quota.
pub(super) fn put(db: &Connection, stored: &StoredFile, quota: u64) -> Result<bool, SqlError> {
    let used = bytes(db, stored.tenant)?.saturating_add(stored.bytes());
    if used > quota {
        return Ok(false);
    }
    let file = &stored.file;
    let (author, author_id, engine) = author_columns(&stored.by);
    db.prepare_cached(
        "insert into file
           (tenant_id, id, conversation_id, name, size, thumb_size, kind, width, height, sha256, state,
            author, author_id, engine, created_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        stored.tenant.0,
        file.id.0,
        stored.conversation.0,
        file.name,
        file.size,
        stored.thumb_size,
        file.kind,
        file.pixels.map(|(width, _)| width),
        file.pixels.map(|(_, height)| height),
        stored.sha256,
        if stored.sent { "sent" } else { "waiting" },
        author,
        author_id,
        engine,
        stored.created_at,
    ])?;
    use_bytes(db, stored.tenant, used)?;
    Ok(true)
}

fn use_bytes(db: &Connection, tenant: TenantId, bytes: u64) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into file_usage (tenant_id, bytes) values (?1, ?2)
         on conflict (tenant_id) do update set bytes = excluded.bytes",
    )?
    .execute(params![tenant.0, bytes])?;
    Ok(())
}

/// The bytes that a tenant's files take.
pub(super) fn bytes(db: &Connection, tenant: TenantId) -> Result<u64, SqlError> {
    let mut find = db.prepare_cached("select bytes from file_usage where tenant_id = ?1")?;
    Ok(find.query_row([tenant.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// A file of this tenant.
pub(super) fn find(db: &Connection, tenant: TenantId, id: FileId) -> Result<Option<StoredFile>, SqlError> {
    let mut find = db.prepare_cached(
        "select tenant_id, id, conversation_id, name, size, thumb_size, kind, width, height, sha256, state,
                author, author_id, engine, created_at
         from file where tenant_id = ?1 and id = ?2",
    )?;
    find.query_row([tenant.0, id.0], |row| Ok(stored(row))).optional()?.transpose()
}

fn stored(row: &Row<'_>) -> Result<StoredFile, SqlError> {
    let id: Uuid = row.get(1)?;
    let pixels = match (row.get(7)?, row.get(8)?) {
        (Some(width), Some(height)) => Some((width, height)),
        _ => None,
    };
    let sent = match row.get::<_, String>(10)?.as_str() {
        "sent" => true,
        "waiting" => false,
        _ => return Err(bad_row("file", ("state", id))),
    };
    Ok(StoredFile {
        tenant: TenantId(row.get(0)?),
        conversation: ConversationId(row.get(2)?),
        file: File { id: FileId(id), name: row.get(3)?, size: row.get(4)?, kind: row.get(6)?, pixels },
        by: author("file", &row.get::<_, String>(11)?, row.get(12)?, row.get(13)?)?,
        sha256: row.get(9)?,
        thumb_size: row.get(5)?,
        sent,
        created_at: row.get(14)?,
    })
}

/// Whether a file waits to be sent in this conversation. Asked before the first write of an append.
pub(super) fn waits(
    db: &Connection,
    tenant: TenantId,
    conversation: ConversationId,
    id: FileId,
) -> Result<bool, SqlError> {
    let mut find = db.prepare_cached(
        "select exists (select 1 from file
         where tenant_id = ?1 and id = ?2 and conversation_id = ?3 and state = 'waiting')",
    )?;
    Ok(find.query_row([tenant.0, id.0, conversation.0], |row| row.get(0))?)
}

/// Marks a file as sent.
pub(super) fn send(db: &Connection, tenant: TenantId, id: FileId) -> Result<(), SqlError> {
    db.prepare_cached("update file set state = 'sent' where tenant_id = ?1 and id = ?2")?.execute([tenant.0, id.0])?;
    Ok(())
}

/// A file whose message was taken back: as before it was sent, for its uploader alone, until it is collected.
pub(super) fn unsend(db: &Connection, tenant: TenantId, id: FileId) -> Result<(), SqlError> {
    db.prepare_cached("update file set state = 'waiting' where tenant_id = ?1 and id = ?2")?
        .execute([tenant.0, id.0])?;
    Ok(())
}

/// Removes files that were uploaded before `before` and never sent.
pub(super) fn take_unsent(db: &Connection, before: Millis, limit: u32) -> Result<Vec<(TenantId, FileId)>, SqlError> {
    let mut select = db.prepare_cached(
        "select tenant_id, id, size + thumb_size from file
         where state = 'waiting' and created_at < ?1 order by created_at limit ?2",
    )?;
    let mut rows = select.query(params![before, limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let file: (TenantId, FileId, u64) = (TenantId(row.get(0)?), FileId(row.get(1)?), row.get(2)?);
        found.push(file);
    }
    let mut remove = db.prepare_cached("delete from file where tenant_id = ?1 and id = ?2")?;
    for (tenant, id, size) in &found {
        remove.execute([tenant.0, id.0])?;
        use_bytes(db, *tenant, bytes(db, *tenant)?.saturating_sub(*size))?;
    }
    Ok(found.into_iter().map(|(tenant, id, _)| (tenant, id)).collect())
}
