//! The log of the whole installation, read by consumers that keep a cursor into it.
//!
//! Positions become visible in their order: see [`super::messages::insert`].

use super::errors::SqlError;
use crate::rows::{Columns, ENTRY, entry};
use macaw_app::{LogPage, Logged, Scope};
use sqlx::AssertSqlSafe;
use sqlx::mysql::{MySqlPool, MySqlRow};
use uuid::Uuid;

/// Rows looked at for one page: a quiet tenant among busy ones costs no more than this.
const SCAN: u32 = 10_000;

/// What follows the cursor.
pub(super) async fn log_after(db: &MySqlPool, consumer: &str, scope: Scope, limit: u32) -> Result<LogPage, SqlError> {
    let (tenant, limit) = (tenant_of(scope), limit.max(1));
    let after = sqlx::query("select position from log_cursor where consumer = ? and tenant_id = ?")
        .bind(consumer)
        .bind(tenant)
        .fetch_optional(db)
        .await?;
    let after = after.map_or(Ok(0), |row| row.number(0))?;
    let end = sqlx::query(
        "select max(position) from (
           select position from message where position > ? order by position limit ?) as looked_at",
    )
    .bind(after)
    .bind(SCAN)
    .fetch_one(db)
    .await?
    .maybe_number(0)?;
    let whole = u64::try_from(after).unwrap_or(0);
    let Some(end) = end else { return Ok(LogPage { after: whole, entries: Vec::new(), through: whole }) };
    let select = format!(
        "select {ENTRY}, position from message
         where position > ? and position <= ? and (? or tenant_id = ?)
         order by position limit ?"
    );
    let rows = sqlx::query(AssertSqlSafe(select))
        .bind(after)
        .bind(end)
        .bind(scope == Scope::Installation)
        .bind(tenant)
        .bind(limit)
        .fetch_all(db)
        .await?;
    let position = ENTRY.split(',').count();
    let logged = |row: &MySqlRow| -> Result<Logged, SqlError> {
        Ok(Logged { entry: entry(row)?, position: row.count(position)? })
    };
    let entries = rows.iter().map(logged).collect::<Result<Vec<_>, _>>()?;
    let through = match entries.last() {
        Some(last) if entries.len() >= limit as usize => last.position,
        _ => u64::try_from(end).unwrap_or(whole),
    };
    Ok(LogPage { after: whole, entries, through })
}

/// Moves the cursor forward, never beyond the newest entry.
pub(super) async fn advance(db: &MySqlPool, consumer: &str, scope: Scope, position: u64) -> Result<(), SqlError> {
    let newest = sqlx::query("select coalesce(max(position), 0) from message").fetch_one(db).await?.count(0)?;
    sqlx::query(
        "insert into log_cursor (consumer, tenant_id, position) values (?, ?, ?)
         on duplicate key update position = greatest(position, values(position))",
    )
    .bind(consumer)
    .bind(tenant_of(scope))
    .bind(position.min(newest))
    .execute(db)
    .await?;
    Ok(())
}

/// No tenant has the nil id; it stands for all of them.
fn tenant_of(scope: Scope) -> Uuid {
    match scope {
        Scope::Tenant(tenant) => tenant.0,
        Scope::Installation => Uuid::nil(),
    }
}
