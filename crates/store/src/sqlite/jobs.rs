//! The table of due work.

use super::rows::{SqlError, bad_row};
use macaw_app::Job;
use macaw_domain::{Conversation, ConversationId, JobDraft, JobId, JobKind, Millis, TenantId};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Writes a job; one that exists becomes due again, under a new generation.
pub(super) fn put(db: &Connection, header: &Conversation, id: Uuid, job: JobDraft) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into job (id, tenant_id, conversation_id, kind, due_at) values (?1, ?2, ?3, ?4, ?5)
         on conflict (conversation_id, kind)
         do update set due_at = excluded.due_at, generation = generation + 1",
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

/// Removes a job unless it became due again.
pub(super) fn finish(db: &Connection, job: &Job) -> Result<(), SqlError> {
    db.prepare_cached("delete from job where id = ?1 and generation = ?2")?
        .execute(params![job.id.0, job.generation])?;
    Ok(())
}

/// Work due by `now`, and when the next is due if all of it is listed.
pub(super) fn due(db: &Connection, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), SqlError> {
    let mut select = db.prepare_cached(
        "select id, tenant_id, conversation_id, kind, due_at, generation from job
         where due_at <= ?1 order by due_at limit ?2",
    )?;
    let mut rows = select.query(params![now, limit])?;
    let mut jobs = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(3)?;
        jobs.push(Job {
            id: JobId(row.get(0)?),
            tenant: TenantId(row.get(1)?),
            conversation: ConversationId(row.get(2)?),
            kind: JobKind::parse(&kind).ok_or_else(|| bad_row("job", kind))?,
            due_at: row.get(4)?,
            generation: row.get(5)?,
        });
    }
    let next = db
        .prepare_cached("select min(due_at) from job where due_at > ?1")?
        .query_row([now], |row| row.get(0))
        .optional()?
        .flatten();
    Ok((jobs, next))
}
