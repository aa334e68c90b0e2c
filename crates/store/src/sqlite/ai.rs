//! What tenants set about AI.

use super::rows::SqlError;
use crate::rows::stored_engine;
use macaw_app::StoredEngine;
use macaw_domain::{EngineId, TenantId};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

pub(super) fn version(db: &Connection, tenant: TenantId) -> Result<u64, SqlError> {
    let mut find = db.prepare_cached("select version from ai_version where tenant_id = ?1")?;
    Ok(find.query_row([tenant.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

pub(super) fn changed(db: &Connection, tenant: TenantId) -> Result<(), SqlError> {
    db.execute(
        "insert into ai_version (tenant_id, version) values (?1, 1)
         on conflict (tenant_id) do update set version = version + 1",
        [tenant.0],
    )?;
    Ok(())
}

/// By name.
pub(super) fn engines(db: &Connection, tenant: TenantId) -> Result<Vec<StoredEngine>, SqlError> {
    let columns = crate::rows::ENGINE;
    let mut select = db.prepare_cached(&format!("select {columns} from engine where tenant_id = ?1 order by name"))?;
    let mut rows = select.query([tenant.0])?;
    let mut engines = Vec::new();
    while let Some(row) = rows.next()? {
        engines.push(stored_engine(row)?);
    }
    Ok(engines)
}

/// Whether another engine of the tenant has the name.
pub(super) fn is_taken(db: &Connection, engine: &StoredEngine) -> Result<bool, SqlError> {
    let mut find = db.prepare_cached("select id from engine where tenant_id = ?1 and name = ?2")?;
    let standing: Option<Uuid> = find.query_row(params![engine.tenant.0, engine.name], |row| row.get(0)).optional()?;
    Ok(standing.is_some_and(|id| id != engine.id.0))
}

/// An id of another tenant is not this tenant's to overwrite.
pub(super) fn put(db: &Connection, engine: &StoredEngine) -> Result<(), SqlError> {
    db.prepare_cached(
        "insert into engine (id, tenant_id, name, kind, settings, secrets, enabled, created_at, updated_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         on conflict (id) do update set settings = excluded.settings, secrets = excluded.secrets,
           enabled = excluded.enabled, updated_at = excluded.updated_at
         where tenant_id = excluded.tenant_id",
    )?
    .execute(params![
        engine.id.0,
        engine.tenant.0,
        engine.name,
        engine.kind,
        engine.settings,
        engine.secrets,
        engine.enabled,
        engine.created_at,
        engine.updated_at
    ])?;
    changed(db, engine.tenant)
}

pub(super) fn delete(db: &Connection, tenant: TenantId, id: EngineId) -> Result<bool, SqlError> {
    let gone = db.execute("delete from engine where tenant_id = ?1 and id = ?2", params![tenant.0, id.0])?;
    if gone > 0 {
        changed(db, tenant)?;
    }
    Ok(gone > 0)
}
