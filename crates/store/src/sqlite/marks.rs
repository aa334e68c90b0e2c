//! First steps: what was done, and when.

use super::rows::SqlError;
use macaw_app::SiteMarks;
use macaw_domain::{Author, Conversation, Log, Millis, SiteId, TenantId};
use rusqlite::{Connection, OptionalExtension, params};

pub(super) fn edited(db: &Connection, site: SiteId, at: Millis) -> Result<(), SqlError> {
    db.execute("update site set edited_at = ?2 where id = ?1", params![site.0, at])?;
    Ok(())
}

pub(super) fn seen(db: &Connection, site: SiteId, at: Millis) -> Result<(), SqlError> {
    db.execute(
        "update site set first_seen_at = coalesce(first_seen_at, ?2), seen_at = ?2 where id = ?1",
        params![site.0, at],
    )?;
    Ok(())
}

pub(super) fn sites(db: &Connection, tenant: TenantId) -> Result<Vec<SiteMarks>, SqlError> {
    let mut select = db.prepare_cached(
        "select id, edited_at, first_seen_at, seen_at from site where tenant_id = ?1 order by created_at, id",
    )?;
    let found = select.query_map([tenant.0], |row| {
        Ok(SiteMarks {
            site: SiteId(row.get(0)?),
            edited_at: row.get(1)?,
            first_seen_at: row.get(2)?,
            seen_at: row.get(3)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Remembers the first answer to a visitor; every later one costs a look at one short row.
pub(super) fn answered(
    db: &Connection,
    header: &Conversation,
    log: Log,
    author: &Author,
    at: Millis,
) -> Result<(), SqlError> {
    if log == Log::Public && matches!(author, Author::Agent(_) | Author::Engine(_)) {
        db.prepare_cached("insert into first_answer (tenant_id, at) values (?1, ?2) on conflict do nothing")?
            .execute(params![header.tenant.0, at])?;
    }
    Ok(())
}

pub(super) fn first_answer(db: &Connection, tenant: TenantId) -> Result<Option<Millis>, SqlError> {
    let mut find = db.prepare_cached("select at from first_answer where tenant_id = ?1")?;
    Ok(find.query_row([tenant.0], |row| row.get(0)).optional()?)
}

pub(super) fn second_member(db: &Connection, tenant: TenantId) -> Result<Option<Millis>, SqlError> {
    let mut find =
        db.prepare_cached("select created_at from member where tenant_id = ?1 order by created_at limit 1 offset 1")?;
    Ok(find.query_row([tenant.0], |row| row.get(0)).optional()?)
}

/// Entries of the tenant's knowledge.
pub(super) fn knowledge(db: &Connection, tenant: TenantId) -> Result<u64, SqlError> {
    let mut count = db.prepare_cached("select count(*) from knowledge where tenant_id = ?1")?;
    Ok(count.query_row([tenant.0], |row| row.get(0))?)
}
