//! The table of due work.

use super::rows::{SqlError, bad_row};
use super::writer::Batch;
use macaw_app::{Committed, Job};
use macaw_domain::{Conversation, ConversationId, JobDraft, JobId, JobKind, Millis, TenantId};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const COLUMNS: &str = "id, tenant_id, conversation_id, kind, due_at, generation, attempt";

/// Writes a job; one that exists becomes due again under a new generation, or, while somebody works
/// on it, when that is done.
pub(super) fn put(db: &Connection, header: &Conversation, id: Uuid, job: JobDraft) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into job (id, tenant_id, conversation_id, kind, due_at) values (?1, ?2, ?3, ?4, ?5)
         on conflict (conversation_id, kind)
         do update set due_at = iif(taken, due_at, excluded.due_at), generation = generation + 1",
    )?
    .execute(params![id, header.tenant.0, header.id.0, job.kind.as_str(), job.due_at])?;
    Ok(())
}

/// Removes a job whatever its generation.
pub(super) fn cancel(db: &Connection, id: ConversationId, kind: JobKind) -> Result<(), SqlError> {
    db.prepare_cached("delete from job where conversation_id = ?1 and kind = ?2")?
        .execute(params![id.0, kind.as_str()])?;
    Ok(())
}

/// Takes a job until `until`, if it is still as it was found.
pub(super) fn take(db: &Connection, job: &Job, until: Millis) -> Result<Option<Job>, SqlError> {
    let mut update = db.prepare_cached(&format!(
        "update job set taken = 1, due_at = ?4, attempt = attempt + 1
         where id = ?1 and generation = ?2 and due_at = ?3
         returning {COLUMNS}"
    ))?;
    update.query_row(params![job.id.0, job.generation, job.due_at, until], |row| Ok(read(row))).optional()?.transpose()
}

/// Makes a job due again that was taken.
pub(super) fn give_back(batch: &mut Batch<'_>, job: &Job, due_at: Millis) -> Result<(), SqlError> {
    let given = batch
        .db()
        .prepare_cached("update job set taken = 0, due_at = ?2 where id = ?1 and taken = 1")?
        .execute(params![job.id.0, due_at])?;
    if given > 0 {
        batch.tell(Committed::Due(due_at));
    }
    Ok(())
}

/// Removes a job; one that was asked for again is due now, for the first time.
pub(super) fn finish(batch: &mut Batch<'_>, job: &Job) -> Result<(), SqlError> {
    let now = batch.clock().now();
    let db = batch.db();
    let gone = db
        .prepare_cached("delete from job where id = ?1 and generation = ?2")?
        .execute(params![job.id.0, job.generation])?;
    if gone > 0 {
        return Ok(());
    }
    let again = db
        .prepare_cached("update job set taken = 0, attempt = 0, due_at = ?2 where id = ?1 and taken = 1")?
        .execute(params![job.id.0, now])?;
    if again > 0 {
        batch.tell(Committed::Due(now));
    }
    Ok(())
}

/// Whoever took a job and did not finish it is gone: only one process opens the database.
pub(super) fn recover(db: &Connection, now: Millis) -> Result<(), rusqlite::Error> {
    db.execute("update job set taken = 0, due_at = ?1 where taken = 1", [now])?;
    Ok(())
}

/// Work due by `now`, and when the next is due if all of it is listed.
pub(super) fn due(db: &Connection, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), SqlError> {
    let mut select =
        db.prepare_cached(&format!("select {COLUMNS} from job where due_at <= ?1 order by due_at limit ?2"))?;
    let mut rows = select.query(params![now, limit])?;
    let mut jobs = Vec::new();
    while let Some(row) = rows.next()? {
        jobs.push(read(row)?);
    }
    let next = db
        .prepare_cached("select min(due_at) from job where due_at > ?1")?
        .query_row([now], |row| row.get(0))
        .optional()?
        .flatten();
    Ok((jobs, next))
}

fn read(row: &Row<'_>) -> Result<Job, SqlError> {
    let kind: String = row.get(3)?;
    Ok(Job {
        id: JobId(row.get(0)?),
        tenant: TenantId(row.get(1)?),
        conversation: ConversationId(row.get(2)?),
        kind: JobKind::parse(&kind).ok_or_else(|| bad_row("job", kind))?,
        due_at: row.get(4)?,
        generation: row.get(5)?,
        attempt: row.get(6)?,
    })
}
