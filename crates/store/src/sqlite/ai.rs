//! What tenants set about AI.

use super::rows::SqlError;
use crate::rows::{MOST_RULES, STAMP, stamp, stored_engine};
use macaw_app::{RulesStamp, StoredEngine, StoredRules};
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

/// One text of rules, or the newest.
pub(super) fn rules(db: &Connection, tenant: TenantId, version: Option<u64>) -> Result<Option<StoredRules>, SqlError> {
    let mut find = db.prepare_cached(&format!(
        "select {STAMP}, text from ai_rules where tenant_id = ?1 and (?2 is null or version = ?2)
         order by version desc limit 1"
    ))?;
    let mut rows = find.query(params![tenant.0, version])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(StoredRules { tenant, stamp: stamp(row)?, text: row.get(4)? }))
}

/// Newest first.
pub(super) fn rules_history(db: &Connection, tenant: TenantId) -> Result<Vec<RulesStamp>, SqlError> {
    let mut select =
        db.prepare_cached(&format!("select {STAMP} from ai_rules where tenant_id = ?1 order by version desc"))?;
    let mut rows = select.query([tenant.0])?;
    let mut stamps = Vec::new();
    while let Some(row) = rows.next()? {
        stamps.push(stamp(row)?);
    }
    Ok(stamps)
}

/// `false` when the version does not follow the newest one.
pub(super) fn put_rules(db: &Connection, rules: &StoredRules) -> Result<bool, SqlError> {
    let (tenant, stamp) = (rules.tenant.0, rules.stamp);
    let newest: u64 = db
        .prepare_cached("select coalesce(max(version), 0) from ai_rules where tenant_id = ?1")?
        .query_row([tenant], |row| row.get(0))?;
    if stamp.version != newest + 1 {
        return Ok(false);
    }
    db.prepare_cached(
        "insert into ai_rules (tenant_id, version, text, account_id, at, restores) values (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![tenant, stamp.version, rules.text, stamp.by.0, stamp.at, stamp.restores])?;
    let oldest = stamp.version.saturating_sub(MOST_RULES);
    db.execute("delete from ai_rules where tenant_id = ?1 and version <= ?2", params![tenant, oldest])?;
    changed(db, rules.tenant)?;
    Ok(true)
}
