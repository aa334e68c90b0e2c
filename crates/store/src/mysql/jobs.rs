//! The table of due work.

use super::batch::{Given, JobChange};
use super::errors::SqlError;
use super::script::{self, Script};
use crate::rows::{Columns, bad_row};
use macaw_app::Job;
use macaw_domain::{ConversationId, JobId, JobKind, Millis, TenantId};
use sqlx::mysql::{MySqlConnection, MySqlPool};
use std::collections::BTreeMap;

/// Removes the jobs that are done, and makes those due again that were given back.
///
/// Whoever took a job when the lease of another had ended has a higher attempt: to the other it is gone.
pub(super) fn end(script: &mut Script, completed: &[Job], given: &[Given], now: Millis) {
    for job in completed {
        let (key, generation) = (held(job), job.generation);
        script.add(format!("delete from job where {key} and generation = {generation}"));
        // It is still there if it was asked for again while it was taken: it is due now, for the first time.
        script
            .add(format!("update job set taken = 0, attempt = 0, due_at = {now} where {key} and taken = 1", key = key));
    }
    for Given { job, due_at } in given {
        script.add(format!("update job set taken = 0, due_at = {due_at} where {} and taken = 1", held(job)));
    }
}

/// Writes and removes the jobs of a batch; one that exists becomes due again under a new generation, or, while somebody
/// works on it, when that is done.
pub(super) fn change(script: &mut Script, changes: &BTreeMap<(ConversationId, JobKind), JobChange>) {
    let mut puts = Vec::new();
    for ((id, kind), change) in changes {
        if !matches!(change, JobChange::Put { afresh: false, .. }) {
            script.add(format!("delete from job where {}", key(*id, *kind)));
        }
        if let JobChange::Put { job, tenant, due_at, .. } = change {
            puts.push(script::row([
                script::id(id.0),
                script::text(kind.as_str()),
                script::id(*job),
                script::id(tenant.0),
                due_at.to_string(),
            ]));
        }
    }
    script.add_insert(
        "insert into job (conversation_id, kind, id, tenant_id, due_at)",
        puts.into_iter(),
        " on duplicate key update due_at = if(taken, due_at, values(due_at)), generation = generation + 1",
    );
}

fn key(id: ConversationId, kind: JobKind) -> String {
    format!("conversation_id = {} and kind = {}", script::id(id.0), script::text(kind.as_str()))
}

/// The job, if it is still of this attempt.
fn held(job: &Job) -> String {
    format!("{} and id = {} and attempt = {}", key(job.conversation, job.kind), script::id(job.id.0), job.attempt)
}

/// Takes a job until `until`, if it is still as it was found. Nobody takes it back when this node dies: other nodes
/// cannot know that it did, so the job is due again when `until` has passed.
pub(super) async fn take(db: &mut MySqlConnection, job: &Job, until: Millis) -> Result<Option<Job>, SqlError> {
    let taken = sqlx::query(
        "update job set taken = 1, due_at = ?, attempt = attempt + 1
         where conversation_id = ? and kind = ? and id = ? and generation = ? and due_at = ? and attempt = ?",
    )
    .bind(until)
    .bind(job.conversation.0)
    .bind(job.kind.as_str())
    .bind(job.id.0)
    .bind(job.generation)
    .bind(job.due_at)
    .bind(job.attempt)
    .execute(db)
    .await?;
    Ok((taken.rows_affected() > 0).then_some(Job { due_at: until, attempt: job.attempt + 1, ..*job }))
}

/// Work due by `now`, and when the next is due if all of it is listed.
pub(super) async fn due(db: &MySqlPool, now: Millis, limit: u32) -> Result<(Vec<Job>, Option<Millis>), SqlError> {
    let rows = sqlx::query(
        "select id, tenant_id, conversation_id, kind, due_at, generation, attempt from job
         where due_at <= ? order by due_at limit ?",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(db)
    .await?;
    let mut jobs = Vec::new();
    for row in &rows {
        let (id, kind) = (row.id(0)?, row.text(3)?);
        jobs.push(Job {
            id: JobId(id),
            tenant: TenantId(row.id(1)?),
            conversation: ConversationId(row.id(2)?),
            kind: JobKind::parse(&kind).ok_or_else(|| bad_row("job", kind))?,
            due_at: row.number(4)?,
            generation: row.count(5)?,
            attempt: row.count(6)?.try_into().map_err(|_| bad_row("job", ("attempt", id)))?,
        });
    }
    let next = sqlx::query("select min(due_at) from job where due_at > ?").bind(now).fetch_one(db).await?;
    Ok((jobs, next.maybe_number(0)?))
}
