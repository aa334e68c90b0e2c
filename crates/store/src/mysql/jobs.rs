//! The table of due work.

use super::batch::JobChange;
use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::{Columns, bad_row};
use macaw_app::Job;
use macaw_domain::{ConversationId, JobId, JobKind, Millis, TenantId};
use sqlx::MySqlExecutor;
use sqlx::mysql::MySqlPool;
use std::collections::BTreeMap;

/// Writes and removes the jobs of a batch; one that exists becomes due again, under a new generation.
pub(super) fn change(script: &mut Script, completed: &[Job], changes: &BTreeMap<(ConversationId, JobKind), JobChange>) {
    for Job { id, conversation, kind, generation, .. } in completed {
        script.add(format!(
            "delete from job where {} and id = {} and generation = {generation}",
            key(*conversation, *kind),
            script::id(id.0)
        ));
    }
    let mut puts = Vec::new();
    for ((id, kind), change) in changes {
        match change {
            JobChange::Cancel => script.add(format!("delete from job where {}", key(*id, *kind))),
            JobChange::Put(job, tenant, due_at) => puts.push(script::row([
                script::id(id.0),
                script::text(kind.as_str()),
                script::id(*job),
                script::id(tenant.0),
                due_at.to_string(),
            ])),
        }
    }
    script.add_insert(
        "insert into job (conversation_id, kind, id, tenant_id, due_at)",
        puts.into_iter(),
        " on duplicate key update due_at = values(due_at), generation = generation + 1",
    );
}

fn key(id: ConversationId, kind: JobKind) -> String {
    format!("conversation_id = {} and kind = {}", script::id(id.0), script::text(kind.as_str()))
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
