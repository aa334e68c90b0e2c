//! The log of the whole installation, read by consumers that keep a cursor into it.
//!
//! The position is the row id of the message. One writer gives them, in the order of its commits,
//! and the newest row is never deleted, so a reader that saw a position saw all before it.

use super::rows::{ENTRY, SqlError, entry};
use macaw_app::{LogPage, Logged, Scope};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// Rows looked at for one page: a quiet tenant among busy ones costs no more than this.
const SCAN: u32 = 10_000;

/// What follows the cursor.
pub(super) fn log_after(db: &Connection, consumer: &str, scope: Scope, limit: u32) -> Result<LogPage, SqlError> {
    let (tenant, limit) = (tenant_of(scope), limit.max(1));
    let after: u64 = db
        .prepare_cached("select position from cursor where consumer = ?1 and tenant_id = ?2")?
        .query_row(params![consumer, tenant], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let end: Option<u64> = db
        .prepare_cached(
            "select max(position) from (select position from message where position > ?1 order by position limit ?2)",
        )?
        .query_row(params![after, SCAN], |row| row.get(0))?;
    let Some(end) = end else { return Ok(LogPage { after, entries: Vec::new(), through: after }) };
    let mut select = db.prepare_cached(&format!(
        "select {ENTRY}, position from message
         where position > ?1 and position <= ?2 and (?3 or tenant_id = ?4)
         order by position limit ?5"
    ))?;
    let mut rows = select.query(params![after, end, scope == Scope::Installation, tenant, limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(Logged { entry: entry(row)?, position: row.get("position")? });
    }
    let through = match entries.last() {
        Some(last) if entries.len() >= limit as usize => last.position,
        _ => end,
    };
    Ok(LogPage { after, entries, through })
}

/// Moves the cursor forward, never beyond the newest entry.
pub(super) fn advance(db: &Connection, consumer: &str, scope: Scope, position: u64) -> Result<(), SqlError> {
    let newest: Option<u64> = db.query_row("select max(position) from message", [], |row| row.get(0))?;
    let position = position.min(newest.unwrap_or(0));
    db.prepare_cached(
        "insert into cursor (consumer, tenant_id, position) values (?1, ?2, ?3)
         on conflict (consumer, tenant_id) do update set position = max(position, excluded.position)",
    )?
    .execute(params![consumer, tenant_of(scope), position])?;
    Ok(())
}

/// No tenant has the nil id; it stands for all of them.
fn tenant_of(scope: Scope) -> Uuid {
    match scope {
        Scope::Tenant(tenant) => tenant.0,
        Scope::Installation => Uuid::nil(),
    }
}
