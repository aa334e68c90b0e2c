//! The table of due work.

use super::batch::JobChange;
use super::errors::SqlError;
use crate::rows::{Columns, bad_row};
use macaw_app::Job;
use macaw_domain::{ConversationId, JobId, JobKind, Millis, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use sqlx::{MySql, MySqlExecutor, QueryBuilder};
use std::collections::BTreeMap;

/// Writes and removes the jobs of a batch; one that exists becomes due again, under a new generation.
pub(super) async fn change(
    db: &mut MySqlConnection,
    changes: &BTreeMap<(ConversationId, JobKind), JobChange>,
) -> Result<(), SqlError> {
    let mut puts = Vec::new();
    for ((id, kind), change) in changes {
        match change {
            JobChange::Put(job, tenant, due_at) => puts.push((id, kind, job, tenant, due_at)),
            JobChange::Cancel => {
                let delete = "delete from job where conversation_id = ? and kind = ?";
                sqlx::query(delete).bind(id.0).bind(kind.as_str()).execute(&mut *db).await?;
            }
        }
    }
    if puts.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<MySql>::new("insert into job (conversation_id, kind, id, tenant_id, due_at) ");
    query.push_values(&puts, |mut row, (id, kind, job, tenant, due_at)| {
        row.push_bind(id.0).push_bind(kind.as_str()).push_bind(*job).push_bind(tenant.0).push_bind(*due_at);
    });
    query.push(" on duplicate key update due_at = values(due_at), generation = generation + 1");
    query.build().persistent(puts.len() == 1).execute(db).await?;
    Ok(())
}

/// Removes a job unless it became due again.
pub(super) async fn finish(db: impl MySqlExecutor<'_>, job: &Job) -> Result<(), SqlError> {
    sqlx::query("delete from job where conversation_id = ? and kind = ? and id = ? and generation = ?")
        .bind(job.conversation.0)
        .bind(job.kind.as_str())
        .bind(job.id.0)
        .bind(job.generation)
        .execute(db)
        .await?;
    Ok(())
}

/// Work due by `now`, and when the next is due if all of it is listed.
pub(super) async fn due(db: &MySqlPool, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), SqlError> {
    let rows = sqlx::query(
        "select id, tenant_id, conversation_id, kind, due_at, generation from job
         where due_at <= ? order by due_at limit ?",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(db)
    .await?;
    let mut jobs = Vec::new();
    for row in &rows {
        let kind = row.text(3)?;
        jobs.push(Job {
            id: JobId(row.id(0)?),
            tenant: TenantId(row.id(1)?),
            conversation: ConversationId(row.id(2)?),
            kind: JobKind::parse(&kind).ok_or_else(|| bad_row("job", kind))?,
            due_at: row.number(4)?,
            generation: row.count(5)?,
        });
    }
    let next = sqlx::query("select min(due_at) from job where due_at > ?").bind(now).fetch_one(db).await?;
    Ok((jobs, next.maybe_number(0)?))
}
