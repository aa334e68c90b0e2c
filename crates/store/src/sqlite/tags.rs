//! The tags of tenants.

use super::rows::SqlError;
use crate::rows::{TAG, tag};
use macaw_domain::{Tag, TagId, TenantId};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

/// By name.
pub(super) fn list(db: &Connection, tenant: TenantId) -> Result<Vec<Tag>, SqlError> {
    let mut select = db.prepare_cached(&format!("select {TAG} from tag where tenant_id = ?1 order by name"))?;
    let mut rows = select.query([tenant.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(tag(row)?);
    }
    Ok(found)
}

/// Whether another tag of the tenant has this name.
pub(super) fn is_taken(db: &Connection, tag: &Tag) -> Result<bool, SqlError> {
    let mut find = db.prepare_cached("select id from tag where tenant_id = ?1 and name = ?2")?;
    let standing: Option<Uuid> = find.query_row(params![tag.tenant.0, tag.draft.name], |row| row.get(0)).optional()?;
    Ok(standing.is_some_and(|id| id != tag.id.0))
}

/// `false`, and nothing is written, when another tenant has this id.
pub(super) fn put(db: &Connection, tag: &Tag) -> Result<bool, SqlError> {
    let mut upsert = db.prepare_cached(&format!(
        "insert into tag ({TAG}) values (?1, ?2, ?3, ?4)
         on conflict (id) do update set name = excluded.name, colour = excluded.colour
         where tenant_id = excluded.tenant_id"
    ))?;
    let (name, colour) = (&tag.draft.name, tag.draft.colour.as_str());
    Ok(upsert.execute(params![tag.id.0, tag.tenant.0, name, colour])? > 0)
}

pub(super) fn delete(db: &Connection, tenant: TenantId, id: TagId) -> Result<bool, SqlError> {
    Ok(db.execute("delete from tag where tenant_id = ?1 and id = ?2", params![tenant.0, id.0])? > 0)
}
